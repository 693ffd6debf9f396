"""How a hard-wrapped text was set, learnt from the text itself: what ends a paragraph in this very document.

Every sign (a short line, a trailing blank, an empty line, a lost indent) is weighed by how well it goes
together with short lines here; a sign that carries nothing in this document weighs nothing.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from content.joints import WIDE
from content.marks import NEVER_FIRST, PAIRS, em, ends_sentence, heading_style
from content.structure.lines import Line

BINS_PER_EM = 2
NARROWEST_EM = 10
WIDEST_EM = 90
"""Where lines are broken, in squares."""

HUNG_EM = 1.0
"""A mark that may not begin a line may hang over its end."""

FEWEST_FULL = 2
FULL_SHARE = 0.45
MARKED_SHARE = 0.3
LONG_SHARE = 0.05
VERSE_SHARE = 0.8
"""A text is hard-wrapped where many of the lines that end in mid-sentence are full, hardly any line is wider,
the full ones hold commas or stops, as verse without marks does not, and do not all begin with a capital, as
English verse does."""

SHORT_EM = 1.5
"""A line that would have had so much room left behind the next word did not end because it was full."""

WORD = re.compile("[!-~\u00a1-\u024f\u2010-\u2013]+")
INNER_START = re.compile(
    r"(?:[。！？!?…][”’」』）]*|(?<=[\u4e00-\u9fff])\.|\.[”’\"')]*\s)\s*([^”’」』）。！？!?…\s])"
)
START_PRIOR = 2.0
"""Sentences of each beginning that are taken to be spread as all are."""

LONGEST_UNIT_EM = 14
"""A longer word, or address, would have been divided."""

WINDOW = 30
"""Lines to both sides that tell the measure: a text may change its width between chapters."""

FULL_EM = 4.0
"""A line that lacks more is not full; one that is wider is not of this text."""

FEWEST_NEAR = 8
"""Full lines nearby that tell a measure of their own."""

EVEN_SHARE = 0.75
"""Share of them that one width must account for; letters of different widths make no even edge."""

LOST_INDENT_EM = 2.0
LOST_INDENT_RANGE = (1.2, 2.9)
"""Text from a PDF loses the two-square indent: first lines look two squares narrower than they were."""

RELIABLE = 0.5
"""Difference in shares from which on a sign is taken as the mark of a paragraph's beginning or end."""

INDENTS = range(2, 9)
"""Leading blanks of a first line; more of them centre a title or push a signature to the right."""

FEWEST_CASES = 4
FEWEST_LOOSE = 2
FIRST_SHARE = 0.8
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
    keeps_marks: bool
    """True where marks that close never begin a line."""
    starts: Mapping[str, float]
    """For the first character of a sentence, the logarithm of the odds that it begins a paragraph here."""
    start: float
    """The same for any other character."""
    heading_styles: frozenset[str]
    """Styles of numbers whose lines stand alone here, as headings do."""


def learn_layout(lines: Sequence[Line]) -> Layout | None:
    """Return how the text was wrapped, or None where one line is one paragraph."""
    keeps_marks = sum(line.text[0] in NEVER_FIRST for line in lines) < FEWEST_LOOSE
    spans = [_full_span(before, after, keeps_marks) for before, after in pairwise(lines)]
    width = _usual_width(lines, spans)
    if width is None:
        return None
    measures = _measures(lines, spans, width)
    short = [
        measure - stop / BINS_PER_EM > SHORT_EM for measure, (_, stop) in zip(measures, spans, strict=False)
    ]
    blanks = [line.block.blanks_before for line in lines[1:]]
    start, starts = _start_odds(lines, short)
    return Layout(
        measures=measures,
        trailing_blank_ends=_goes_with([line.block.trailing_blank for line in lines[:-1]], short) > RELIABLE,
        indent_begins=_goes_with([is_indented(line) for line in lines[1:]], short) > RELIABLE,
        usual_blanks=_commonest_blanks(lines),
        short_share=_short_shares(blanks, short),
        lost_indent=_lost_indent(lines, measures),
        keeps_marks=keeps_marks,
        starts=starts,
        start=start,
        heading_styles=_heading_styles(lines, short),
    )


def is_indented(line: Line) -> bool:
    """Return whether the line has the indent of a first line."""
    return line.block.indent in INDENTS


def first_unit(before: str, after: str, keeps_marks: bool) -> float:
    """Return the width of what would have had to fit on the line before: a word and the marks glued to it."""
    start = 0
    while keeps_marks and start < len(after) - 1 and after[start] in PAIRS:
        start += 1
    word = WORD.match(after, start)
    stop = word.end() if word else start + 1
    while keeps_marks and stop < len(after) and after[stop] in NEVER_FIRST:
        stop += 1
    space = 0.5 if word and not WIDE.match(before[-1]) else 0.0
    return min(em(after[:stop]) + space, LONGEST_UNIT_EM)


def _full_span(before: Line, after: Line, keeps_marks: bool) -> tuple[int, int]:
    """Return the measures for which `before` would be a full line, half-open, in bins."""
    hung = HUNG_EM if before.text[-1] in NEVER_FIRST else 0.0
    stop = before.edge + first_unit(before.text, after.text, keeps_marks)
    return math.ceil((before.edge - hung) * BINS_PER_EM), math.ceil(stop * BINS_PER_EM)


def _usual_width(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> float | None:
    """Return the width at which lines were broken, or None where the text is not hard-wrapped."""
    broken = [index for index in range(len(spans)) if _is_broken(lines[index].text)]
    usual = _commonest_blanks(lines)
    running_on = sum(lines[index + 1].block.blanks_before <= usual for index in broken)
    measure, _ = _commonest(spans[index] for index in broken)
    widest = _past_first_lines(measure, [start for start, _ in spans])
    full = [index for index in broken if not {measure, widest}.isdisjoint(range(*spans[index]))]
    marked = sum(not set(NEVER_FIRST).isdisjoint(lines[index].text) for index in full)
    longer = sum(start > widest + FULL_EM * BINS_PER_EM for start, _ in spans)
    capitals = sum(lines[index + 1].text[:1].isupper() for index in full)
    wrapped = (
        NARROWEST_EM * BINS_PER_EM <= measure <= WIDEST_EM * BINS_PER_EM
        and len(full) >= max(FEWEST_FULL, FULL_SHARE * running_on)
        and marked >= MARKED_SHARE * len(full)
        and longer <= LONG_SHARE * len(lines)
        and capitals < VERSE_SHARE * len(full)
    )
    return widest / BINS_PER_EM if wrapped else None


def _past_first_lines(measure: int, starts: Sequence[int]) -> int:
    """Return the measure; wider by the indent where it is that of first lines, which lost theirs."""
    indent = int(LOST_INDENT_EM * BINS_PER_EM)
    wider = sum(start > measure for start in starts)
    indented = sum(measure + indent - 1 <= start <= measure + indent for start in starts)
    return measure + indent if indented >= max(FEWEST_CASES - 1, FIRST_SHARE * wider) else measure


def _commonest_blanks(lines: Sequence[Line]) -> int:
    """Return how many empty lines are between two lines most often."""
    return next(
        (count for count, _ in Counter(line.block.blanks_before for line in lines[1:]).most_common(1)), 0
    )


def _is_broken(text: str) -> bool:
    """Return whether the line ends in mid-sentence and is no heading or item of a list."""
    if ends_sentence(text) or text[-1] in "：:；;":
        return False
    return heading_style(text) is None or "，" in text


def _commonest(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the least bin that most of the spans hold, and how many do."""
    changes: Counter[int] = Counter()
    for start, stop in spans:
        changes[start] += 1
        changes[stop] -= 1
    best = held = most = 0
    for place in sorted(changes):
        held += changes[place]
        if held > most:
            best, most = place, held
    return best, most


def _measures(lines: Sequence[Line], spans: Sequence[tuple[int, int]], width: float) -> list[float]:
    """Return the full width around each line: that of the full lines nearby."""
    measures: list[float] = []
    for start in range(0, len(lines), WINDOW):
        near = slice(max(0, start - WINDOW), start + 2 * WINDOW)
        measure = _measure(lines[near], spans[near], width)
        measures += [measure] * len(lines[start : start + WINDOW])
    return measures


def _measure(lines: Sequence[Line], spans: Sequence[tuple[int, int]], width: float) -> float:
    """Return the width that accounts for nearly all lines, or where they differ more, a usual one of them."""
    spans = [span for span in spans if abs(span[0] / BINS_PER_EM - width) <= FULL_EM]
    best, held = _commonest(spans)
    widest = _past_first_lines(best, [start for start, _ in spans])
    held += sum(start <= widest < stop for start, stop in spans) if widest > best else 0
    edges = sorted(line.edge for line in lines if line.edge >= width - FULL_EM)
    if held < FEWEST_NEAR:
        return width
    return widest / BINS_PER_EM if held >= EVEN_SHARE * len(edges) else edges[len(edges) * 3 // 5]


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


def _start_odds(lines: Sequence[Line], short: Sequence[bool]) -> tuple[float, dict[str, float]]:
    """Return what sentences begin with where they open a paragraph, against those within one.

    The logarithm of the odds in all, and for each first character; few cases count little.
    """
    opening: Counter[str] = Counter()
    inner: Counter[str] = Counter()
    for (before, after), is_short in zip(pairwise(lines), short, strict=True):
        inner.update(found[1] for found in INNER_START.finditer(before.text))
        if is_short and ends_sentence(before.text):
            opening[after.text[0]] += 1
    odds = (opening.total() + 1) / (inner.total() + 1)
    return math.log(odds), {
        char: math.log((opening[char] + START_PRIOR * odds) / (inner[char] + START_PRIOR))
        for char in opening.keys() | inner.keys()
    }


def _heading_styles(lines: Sequence[Line], short: Sequence[bool]) -> frozenset[str]:
    """Return the styles of which most numbered lines are short and do not end a sentence."""
    alone: dict[str, list[bool]] = {}
    for line, is_short in zip(lines, short, strict=False):
        if style := heading_style(line.text):
            alone.setdefault(style, []).append(is_short and not ends_sentence(line.text))
    return frozenset(style for style, cases in alone.items() if sum(cases) > max(1, len(cases) / 2))


def _lost_indent(lines: Sequence[Line], measures: Sequence[float]) -> float:
    """Return how much narrower the first lines of paragraphs are, in squares: 2 or 0."""
    lacks = [
        measures[index + 1] - after.edge
        for index, (before, after) in enumerate(pairwise(lines))
        if ends_sentence(before.text)
        and measures[index] - before.edge > FULL_EM
        and not ends_sentence(after.text)
        and after.block.indent < LOST_INDENT_EM
        and measures[index + 1] - after.edge < FULL_EM
    ]
    low, high = LOST_INDENT_RANGE
    return LOST_INDENT_EM if len(lacks) >= 3 and low <= statistics.median(lacks) <= high else 0.0
