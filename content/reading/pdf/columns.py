"""Segments of a page to lines in reading order: finds columns, and tells them from tables.

A column is known by a gutter that many segments keep free, with lines on both sides that mostly fill their
column. Cells of tables do not, and are read row by row. Lines across the gutter divide the page into bands.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.reading.pdf.lines import PageLine, Segment, make_lines, side_by_side

FEWEST_LINES, FEWEST_AGAIN = 4, 2
"""On either side of a gutter; fewer may stand side by side by chance, unless earlier pages had it there."""

NARROWEST_COLUMN_EM = 7
FULL_SHARE = 0.4
FULL_SLACK_EM = 1.6
"""At least two of five lines of a column are full; first and last lines of paragraphs are not."""

GUTTER_EM = 0.7
DEEPEST = 3
"""A newspaper's page has up to eight columns: three halvings."""


MOST_SEGMENTS = 3000
"""What is set in more pieces is no page of columns but a drawing or a mistake."""

_Row = list[Segment]


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float
    start: int
    """Where lines begin behind it; all in points."""


class ColumnReader:
    """Reads page after page, and remembers where earlier ones had their gutters."""

    def __init__(self) -> None:
        self.known: set[int] = set()

    def order_lines(self, segments: Sequence[Segment], page: int) -> list[PageLine]:
        """Return the page's lines as a person reads them, each with the number of its column."""
        lines: list[PageLine] = []
        for number, group in enumerate(self._columns(list(segments), DEEPEST)):
            lines += make_lines(group, page, number)
        return lines

    def _columns(self, segments: list[Segment], depth: int) -> list[list[Segment]]:
        """Return the segments in groups to be read one after the other, each from its top."""
        gutter = self._find_gutter(segments) if depth else None
        if gutter is None:
            return [segments] if segments else []
        groups: list[list[Segment]] = []
        across: list[Segment] = []
        for left, right, rows in _bands(segments, gutter):
            if not _overlap(left, right):
                across += left + right + rows
                continue
            self.known.add(gutter.start)
            groups += [across] if across else []
            groups += self._columns(left, depth - 1) + self._columns(right, depth - 1)
            across = rows
        return groups + ([across] if across else [])

    def _find_gutter(self, segments: Sequence[Segment]) -> _Gutter | None:
        """Return the free stretch that has the most lines on both of its sides, or None."""
        if not 2 * FEWEST_AGAIN <= len(segments) <= MOST_SEGMENTS:
            return None
        size = statistics.median(segment.size for segment in segments)
        best: tuple[int, int] | None = None
        for start in sorted({round(segment.x) for segment in segments}):
            right = [segment for segment in segments if segment.x >= start - 1]
            left = [segment for segment in segments if segment.right <= start - GUTTER_EM * size]
            lines = min(len(left), len(right))
            fewest = FEWEST_AGAIN if start in self.known else FEWEST_LINES
            if lines < fewest or (best and lines <= best[0]):
                continue
            if _are_columns(left, right, size, start in self.known):
                best = lines, start
        return _Gutter(best[1] - GUTTER_EM * size, best[1] - 1, best[1]) if best else None


def _bands(segments: list[Segment], gutter: _Gutter) -> Iterator[tuple[_Row, _Row, _Row]]:
    """Yield what stands left and right of the gutter, and the rows below that cross it, from the top."""
    left: _Row = []
    right: _Row = []
    across: _Row = []
    for row in side_by_side(segments):
        if any(segment.x < gutter.left and segment.right > gutter.right for segment in row):
            across += row
            continue
        if across:
            yield left, right, across
            left, right, across = [], [], []
        for segment in row:
            (left if segment.right <= gutter.right else right).append(segment)
    yield left, right, across


def _are_columns(left: _Row, right: _Row, size: float, known: bool) -> bool:
    return _is_column(left, size) and (known or _is_column(right, size)) and _overlap(left, right)


def _is_column(segments: Sequence[Segment], size: float) -> bool:
    """Return whether the segments mostly have one width, as lines of a column or of several have."""
    widths = sorted(segment.right - segment.x for segment in segments)
    usual = widths[len(widths) * 4 // 5]
    full = sum(usual - FULL_SLACK_EM * size < width < usual + FULL_SLACK_EM * size for width in widths)
    return usual > NARROWEST_COLUMN_EM * size and full >= FULL_SHARE * len(segments)


def _overlap(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Return whether the two groups stand side by side, rather than one below the other."""
    if min(len(left), len(right)) < FEWEST_AGAIN:
        return False
    top = min(max(segment.y for segment in group) for group in (left, right))
    bottom = max(min(segment.y for segment in group) for group in (left, right))
    beside = [sum(bottom <= segment.y <= top for segment in group) for group in (left, right)]
    return min(beside) >= FEWEST_AGAIN
