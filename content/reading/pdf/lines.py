"""Glyphs to lines of text, by where they stand and not by the order in which the producer wrote them."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from content.joints import WIDE
from content.reading.pdf.glyphs import Glyph

DESCENT, ASCENT = 0.2, 0.8
"""A character's box below and above its baseline, as shares of its size."""

OVERLAP = 0.6
"""Share of the lower of two boxes that lies beside the other: a raised note mark belongs to its line, the
line above or below does not even where lines are set without leading."""

SEGMENT_GAP = 0.9
"""In squares: a gap this wide within a row may be a gutter or the space between two cells."""

WORD_GAP = 0.18
WIDE_GAP = 0.2
MIXED_GAP = 0.45
"""Gaps that show a blank: between letters, between wide characters, between a wide one and a letter. Programs
set up to 0.25 between Chinese and letters or digits by themselves."""

CELL_GAP, WORD_CELL_GAP = 2.0, 3.0
"""A wider gap stands between cells of a table, or between a name and a number. Justified
English has wide gaps between words."""

BOLD_SHARE = 0.8
"""Share of bold characters from which on a line is bold: numbers in it may be set in another font."""

OVERPRINT = 0.12
"""The same character drawn again within this share of its size is a bold one."""


@dataclass(slots=True)
class Segment:
    """Glyphs side by side on one baseline, without a wide gap."""

    glyphs: list[Glyph]
    x: float
    right: float
    y: float
    size: float


@dataclass(slots=True)
class PageLine:
    """A line of text as it stands on its page."""

    cells: tuple[str, ...]
    """Its text; several pieces where wide gaps stand between, as in rows of tables."""
    page: int
    column: int
    """Its number on the page, in reading order."""
    x: float
    right: float
    y: float
    size: float
    bold: bool
    left_edge: float = 0.0
    right_edge: float = 0.0
    """Where full lines begin and end in its column."""
    is_row: bool = False
    """True for a row of a table."""

    @property
    def text(self) -> str:
        return " ".join(self.cells)


def make_segments(glyphs: Iterable[Glyph]) -> list[Segment]:
    """Return the glyphs in pieces of lines, from the top of the page and from the left."""
    segments: list[Segment] = []
    for row in _rows(glyphs):
        start = 0
        size = _size(row)
        for index, (before, after) in enumerate(pairwise(row), start=1):
            if after.x - before.right > SEGMENT_GAP * size:
                segments.append(_segment(row[start:index]))
                start = index
        segments.append(_segment(row[start:]))
    return segments


def make_lines(segments: Sequence[Segment], page: int, column: int) -> list[PageLine]:
    """Return the lines of a column or a page, from its top; segments on one baseline are one line."""
    lines: list[PageLine] = []
    for row in side_by_side(segments):
        glyphs = [glyph for segment in row for glyph in segment.glyphs]
        bold = sum(glyph.bold for glyph in glyphs) > BOLD_SHARE * len(glyphs)
        ends = row[0].x, max(segment.right for segment in row)
        lines.append(PageLine(_cells(glyphs), page, column, *ends, row[0].y, _size(glyphs), bold))
    return lines


def body_size(lines: Iterable[PageLine]) -> float:
    """Return the size in which most of the text is set."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[line.size] += len(line.text)
    return max(counts, key=lambda size: (counts[size], size), default=0.0)


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Return the glyphs by baseline, each row from the left and without blanks at its ends."""
    rows: list[list[Glyph]] = []
    main: Glyph | None = None
    for glyph in sorted(glyphs, key=lambda glyph: (-glyph.y, glyph.x)):
        if main and rows and _beside(main, glyph):
            rows[-1].append(glyph)
            main = glyph if glyph.size > main.size else main
        else:
            rows.append([glyph])
            main = glyph
    tidied = (_trimmed(_single(sorted(row, key=lambda glyph: glyph.x))) for row in rows)
    return [row for row in tidied if row]


def _beside(main: Glyph, glyph: Glyph) -> bool:
    """Return whether the glyph stands on the same line as the largest one so far."""
    top = min(main.y + ASCENT * main.size, glyph.y + ASCENT * glyph.size)
    bottom = max(main.y - DESCENT * main.size, glyph.y - DESCENT * glyph.size)
    return top - bottom > OVERLAP * min(main.size, glyph.size)


def _single(row: list[Glyph]) -> list[Glyph]:
    """Return the row without characters that were drawn twice to look bold."""
    kept = row[:1]
    for glyph in row[1:]:
        before = kept[-1]
        again = before.text == glyph.text and before.run != glyph.run
        if not (again and glyph.x - before.x < OVERPRINT * glyph.size):
            kept.append(glyph)
    return kept


def _trimmed(row: list[Glyph]) -> list[Glyph]:
    start, stop = 0, len(row)
    while start < stop and row[start].text.isspace():
        start += 1
    while stop > start and row[stop - 1].text.isspace():
        stop -= 1
    return row[start:stop]


def _size(glyphs: Sequence[Glyph]) -> float:
    counts = Counter([glyph.size for glyph in glyphs])
    if len(counts) == 1:
        return glyphs[0].size
    return max(counts, key=lambda size: (counts[size], size))


def _segment(row: list[Glyph]) -> Segment:
    main = max(row, key=lambda glyph: glyph.size)
    return Segment(_trimmed(row), row[0].x, max(glyph.right for glyph in row), main.y, main.size)


def side_by_side(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments by baseline, from the top, each row from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: (-segment.y, segment.x)):
        if rows and rows[-1][0].y - segment.y <= 0.35 * min(rows[-1][0].size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda segment: segment.x) for row in rows]


def _cells(glyphs: Sequence[Glyph]) -> tuple[str, ...]:
    size, usual = _size(glyphs), _usual_gap(glyphs)
    cells = [glyphs[0].text]
    for before, after in pairwise(glyphs):
        if _is_cell_gap(before, after):
            cells.append(after.text)
        else:
            cells[-1] += _blank(before, after, size, usual) + after.text
    return tuple(cell.strip() for cell in cells)


@cache
def _is_wide(character: str) -> bool:
    return WIDE.match(character) is not None


def _is_cell_gap(before: Glyph, after: Glyph) -> bool:
    words = before.text.isascii() and after.text.isascii()
    return after.x - before.right > (WORD_CELL_GAP if words else CELL_GAP) * before.size


def _usual_gap(glyphs: Sequence[Glyph]) -> float:
    """Return the gap between wide characters of the line: above 0 where it is spaced out or justified."""
    gaps = [
        after.x - before.right
        for before, after in pairwise(glyphs)
        if _is_wide(before.text) and _is_wide(after.text)
    ]
    return max(0.0, statistics.median(gaps)) if len(gaps) > 2 else 0.0


def _blank(before: Glyph, after: Glyph, size: float, usual: float) -> str:
    """Return the blank that the gap shows, where no blank was written."""
    gap = after.x - before.right
    if before.text.isspace() or after.text.isspace():
        return ""
    sides = _is_wide(before.text) + _is_wide(after.text)
    least = (WORD_GAP * size, MIXED_GAP * size + usual, WIDE_GAP * size + usual)[sides]
    return " " if gap > least else ""
