"""How a hard-wrapped text was set, learnt from the text itself: what ends a paragraph in this very document.

Every sign (a short line, a trailing blank, an empty line, a lost indent) is weighed by how well it goes
together with short lines here; a sign that carries nothing in this document weighs nothing.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from content.marks import NEVER_FIRST, ends_sentence, heading_style
from content.structure.lines import Line

BAND_EM = 2
"""Full lines differ by hanging marks and by words that are not divided."""

FEWEST_BROKEN = 2
BROKEN_SHARE = 0.55
MARKED_SHARE = 0.3
LONG_SHARE = 0.05
NARROWEST_EM = 10
WIDEST_EM = 90
"""A text is hard-wrapped where most of the lines that end in mid-sentence have one width, between 10 and 90
squares, hardly any line is wider, and these lines hold commas or stops, as verse without marks does not."""

SHORT_EM = 2.5
"""A line that lacks more than this did not end because it was full."""

WINDOW = 30
"""Lines to both sides that tell the measure: a text may change its width between chapters."""

FEWEST_FULL = 8
LOST_INDENT_EM = 2.0
LOST_INDENT_RANGE = (1.2, 2.9)
"""Text from a PDF loses the two-square indent: first lines look two squares narrower than they were."""

RELIABLE = 0.5
"""Difference in shares from which on a sign is taken as the mark of a paragraph's beginning or end."""

INDENTS = range(2, 9)
"""Leading blanks of a first line; more of them centre a title or push a signature to the right."""

FEWEST_CASES = 4
PRIOR_CASES = 2
"""An empty line is taken to end a paragraph until as many cases speak against it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines of a hard-wrapped document look like."""

    measures: Sequence[float]
    """For each line, how wide a full line is around it."""
    trailing_blank_ends: bool
    indent_begins: bool
    usual_blanks: int
    """Empty lines between two lines, most often."""
    short_share: Mapping[int, float]
    """For a number of empty lines, the share of short lines before them."""
    lost_indent: float


def learn_layout(lines: Sequence[Line]) -> Layout | None:
    """Return how the text was wrapped, or None where one line is one paragraph."""
    width = _usual_width(lines)
    if width is None:
        return None
    measures = _measures(lines, width)
    short = [measure - line.edge > SHORT_EM for line, measure in zip(lines, measures, strict=True)]
    blanks = [line.block.blanks_before for line in lines[1:]]
    return Layout(
        measures=measures,
        trailing_blank_ends=_goes_with([line.block.trailing_blank for line in lines], short) > RELIABLE,
        indent_begins=_goes_with([is_indented(line) for line in lines[1:]], short[:-1]) > RELIABLE,
        usual_blanks=Counter(blanks).most_common(1)[0][0],
        short_share=_short_shares(blanks, short),
        lost_indent=_lost_indent(lines, measures),
    )


def is_indented(line: Line) -> bool:
    """Return whether the line has the indent of a first line."""
    return line.block.indent in INDENTS


def _usual_width(lines: Sequence[Line]) -> float | None:
    """Return the width at which lines were broken, or None where the text is not hard-wrapped."""
    broken = [line for line in lines if not ends_sentence(line.text)]
    counts = Counter(round(line.edge) for line in broken)
    width = max(range(NARROWEST_EM, WIDEST_EM), key=lambda em: counts[em - 1] + counts[em] + counts[em + 1])
    band = [line for line in broken if abs(line.edge - width) <= BAND_EM]
    marked = sum(not set(NEVER_FIRST).isdisjoint(line.text) for line in band)
    longer = sum(line.edge > width + 2 * BAND_EM for line in lines)
    wrapped = (
        len(band) >= max(FEWEST_BROKEN, BROKEN_SHARE * len(broken))
        and marked >= MARKED_SHARE * len(band)
        and longer <= LONG_SHARE * len(lines)
    )
    return float(width) if wrapped else None


def _measures(lines: Sequence[Line], width: float) -> list[float]:
    """Return the full width around each line: of the full lines nearby, the 60th percentile."""
    measures: list[float] = []
    for start in range(0, len(lines), WINDOW):
        near = lines[max(0, start - WINDOW) : start + 2 * WINDOW]
        full = sorted(line.edge for line in near if line.edge >= width - 2 * BAND_EM)
        measure = full[len(full) * 3 // 5] if len(full) >= FEWEST_FULL else width
        measures += [measure] * len(lines[start : start + WINDOW])
    return measures


def _goes_with(sign: Sequence[bool], short: Sequence[bool]) -> float:
    """Return the share of short lines among those with the sign, less the share among the others."""
    marked = [is_short for has, is_short in zip(sign, short, strict=True) if has]
    others = [is_short for has, is_short in zip(sign, short, strict=True) if not has]
    if min(len(marked), len(others)) < FEWEST_CASES:
        return 0.0
    return sum(marked) / len(marked) - sum(others) / len(others)


def _short_shares(blanks: Sequence[int], short: Sequence[bool]) -> dict[int, float]:
    cases: dict[int, list[bool]] = {}
    for count, is_short in zip(blanks, short, strict=False):
        cases.setdefault(count, []).append(is_short)
    return {
        count: (sum(group) + PRIOR_CASES * (count > 0)) / (len(group) + PRIOR_CASES)
        for count, group in cases.items()
    }


def _lost_indent(lines: Sequence[Line], measures: Sequence[float]) -> float:
    """Return how much narrower the first lines of paragraphs are, in squares: 2 or 0."""
    lacks = [
        measures[index + 1] - after.edge
        for index, (before, after) in enumerate(pairwise(lines))
        if ends_sentence(before.text)
        and measures[index] - before.edge > 2 * BAND_EM
        and not ends_sentence(after.text)
        and heading_style(after.text) is None
        and after.block.indent < BAND_EM
        and measures[index + 1] - after.edge < 2 * BAND_EM
    ]
    low, high = LOST_INDENT_RANGE
    return LOST_INDENT_EM if len(lacks) >= 3 and low <= statistics.median(lacks) <= high else 0.0
