"""Places between two lines of hard-wrapped text: what is known of each, and how much speaks for an end there.

Every seam is scored by the evidence below; above zero a paragraph ends. The weights were set on five real
documents and checked on made ones (see the tests' floors).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from content.marks import (
    BRACKETED,
    NEVER_FIRST,
    SECTION,
    ends_sentence,
    heading_style,
)
from content.structure.fields import split_fields
from content.structure.layout import INDENTS, Layout, first_unit, is_indented
from content.structure.lines import Line

OPENER = re.compile(
    r".{2,6}(?:指出|强调|要求|认为|表示|提出)[，：]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，、]"
    r"|首先|其次|再次|最后[，、]|同志们|近年来|目前，|当前，|今年以来|下一步"
)
"""What paragraphs of reports begin with."""

CERTAIN = 10.0
"""Outweighs all other evidence."""

CLEAR_EM = 5.0
FITS_EM = 0.4
"""Room left on a line: more than a setter leaves within a paragraph; so little that the line was full."""

TAIL_EM = 4.0
"""The rest of a heading is shorter than its first line by at least this."""

ALONE_EM = 3.0
"""A line without a final mark that leaves more room is a title or a name."""

MOST_BY_START = 1.5
MORE_THAN_CHANCE = 0.4
"""The last line of a paragraph is full more often than a sentence within it ends with its line."""


@dataclass(frozen=True, slots=True)
class Seam:
    """Two lines that follow each other in hard-wrapped text, and what is known of the place between them."""

    before: Line
    after: Line
    opens: bool
    """True where `before` is the first line of its paragraph."""
    room: float
    """Squares that would be left at the end of `before` with the first word of `after` on it."""
    ended: bool
    """True where `before` ends a sentence."""
    depth: int
    """Quotes and brackets of the paragraph that are open here."""
    looks_first: bool | None
    """Whether `after` lacks an indent that was lost; None where that cannot be seen."""
    stands_alone: bool
    """True where `after` is short though it does not end a sentence, as a title is."""


def make_seam(lines: Sequence[Line], index: int, opens: bool, depth: int, layout: Layout) -> Seam:
    """Return the seam after the line at `index`."""
    before, after = lines[index], lines[index + 1]
    slack = layout.measures[index] - before.edge
    if opens and not before.block.indent:
        slack -= layout.lost_indent
    return Seam(
        before=before,
        after=after,
        opens=opens,
        room=slack - first_unit(before.text, after.text, layout.keeps_marks),
        ended=ends_sentence(before.text),
        depth=depth,
        looks_first=_looks_first(lines, index + 1, layout),
        stands_alone=_stands_alone(lines, index + 1, layout),
    )


def _stands_alone(lines: Sequence[Line], index: int, layout: Layout) -> bool:
    line = lines[index]
    if index + 1 >= len(lines) or ends_sentence(line.text) or line.text[-1] in "，、：；,:;":
        return False
    unit = first_unit(line.text, lines[index + 1].text, layout.keeps_marks)
    return layout.measures[index] - line.edge - unit > ALONE_EM


def _looks_first(lines: Sequence[Line], index: int, layout: Layout) -> bool | None:
    """Return whether the line is narrower by just the lost indent though the next word would have fitted."""
    line = lines[index]
    if not layout.lost_indent or index + 1 >= len(lines) or ends_sentence(line.text):
        return None
    lack = layout.measures[index] - line.edge
    if lack < 1.0:
        return False
    fits = first_unit(line.text, lines[index + 1].text, layout.keeps_marks) <= lack
    return True if 1.4 <= lack <= 2.6 and fits else None


def score(seam: Seam, layout: Layout) -> float:
    """Return how much speaks for the end of a paragraph: above zero it ends."""
    before, after = seam.before.block, seam.after.block
    if before.level or after.level:
        return CERTAIN if before.level != after.level or after.blanks_before else -CERTAIN
    return sum(evidence(seam, layout) for evidence in EVIDENCE)


def _by_room(seam: Seam, layout: Layout) -> float:
    if seam.room > CLEAR_EM:
        return 4.5
    if seam.room > 2.5:
        return 3.0
    if seam.room > 1.0:
        return 1.6
    return 0.4 if seam.room > FITS_EM else -2.0


def _by_end(seam: Seam, layout: Layout) -> float:
    if seam.ended:
        return 1.6
    if seam.before.text[-1] in "；;：:":
        return 0.0
    return -2.5 if seam.before.text[-1] in "，、," else -1.0


def _by_start(seam: Seam, layout: Layout) -> float:
    if seam.after.text[0] in NEVER_FIRST:
        return -4.0
    if not seam.ended:
        return 0.0
    if seam.before.text[-1] in "”』」" and seam.after.text[0] in "“『「":
        return 2.4
    return 0.9 if OPENER.match(seam.after.text) else 0.0


def _by_first_character(seam: Seam, layout: Layout) -> float:
    """Where a full line ends a sentence, what follows may begin as paragraphs of this document do."""
    if not seam.ended or seam.room > FITS_EM:
        return 0.0
    odds = layout.starts.get(seam.after.text[0], layout.start)
    return max(-MOST_BY_START, min(MOST_BY_START, odds + MORE_THAN_CHANCE))


def _by_indent(seam: Seam, layout: Layout) -> float:
    if layout.indent_begins:
        return 3.0 if is_indented(seam.after) else -1.5
    return 3.0 if is_indented(seam.after) and seam.after.block.indent > seam.before.block.indent else 0.0


def _by_headings(seam: Seam, layout: Layout) -> float:
    weight = 0.0
    if following := heading_style(seam.after.text):
        if seam.before.text[-1] in "：:；;" or (seam.ended and following in layout.heading_styles):
            weight += 2.5
        elif seam.ended or seam.room > 1.0:
            weight += 1.2
    style = heading_style(seam.before.text) if seam.opens and not seam.ended else None
    if style in layout.heading_styles and not _is_tail(seam):
        weight += 4.0
    elif style and seam.room > 1.0:
        weight += 2.5
    return weight


def _is_tail(seam: Seam) -> bool:
    """Return whether `after` looks like the rest of a heading that did not fit on its line."""
    narrower = seam.after.width < seam.before.width - TAIL_EM
    return seam.room <= FITS_EM and narrower and not ends_sentence(seam.after.text)


def _by_frames(seam: Seam, layout: Layout) -> float:
    """Sections and signatures stand alone."""
    weight = 0.0
    if SECTION.fullmatch(seam.after.text) or SECTION.fullmatch(seam.before.text):
        weight += 6.0
    if seam.ended and BRACKETED.fullmatch(seam.after.text):
        weight += 3.0
    if seam.opens and BRACKETED.fullmatch(seam.before.text):
        weight += 4.0
    before_apart = _is_apart(seam.before, seam.room > FITS_EM)
    if (seam.ended or seam.opens) and (before_apart or _is_apart(seam.after, seam.stands_alone)):
        weight += 6.0
    if seam.ended and seam.stands_alone:
        weight += 2.5
    return weight


def _is_apart(line: Line, is_short: bool) -> bool:
    """Return whether the line is centred or set to the right, or is short and says when or by whom."""
    return line.block.indent > INDENTS[-1] or (is_short and bool(split_fields(line.text)))


def _by_lost_indent(seam: Seam, layout: Layout) -> float:
    if not seam.ended or seam.looks_first is None:
        return 0.0
    return 2.2 if seam.looks_first else -0.8


def _by_trailing_blank(seam: Seam, layout: Layout) -> float:
    if not layout.trailing_blank_ends:
        return 0.0
    return 2.8 if seam.before.block.trailing_blank else -2.8


def _by_empty_lines(seam: Seam, layout: Layout) -> float:
    blanks = seam.after.block.blanks_before
    if blanks == layout.usual_blanks or seam.after.page_edge:
        return 0.0
    usual = layout.short_share.get(layout.usual_blanks, 0.2)
    difference = 4 * (layout.short_share.get(blanks, 0.5) - usual)
    return (
        max(0.0, min(3.0, difference)) if blanks > layout.usual_blanks else -max(0.0, min(1.5, -difference))
    )


def _by_open_marks(seam: Seam, layout: Layout) -> float:
    """Nothing ends within a quote; but where many are open, their closing marks were forgotten."""
    return -2.0 if 0 < seam.depth < 3 and not (seam.ended and seam.room > 2.5) else 0.0


EVIDENCE: tuple[Callable[[Seam, Layout], float], ...] = (
    _by_room,
    _by_end,
    _by_start,
    _by_first_character,
    _by_indent,
    _by_headings,
    _by_frames,
    _by_lost_indent,
    _by_trailing_blank,
    _by_empty_lines,
    _by_open_marks,
)
