"""Where full lines begin and end: the edges of each column, learnt from its lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from content.marks import NEVER_FIRST
from content.reading.pdf.lines import PageLine

TOUCH_EM = 0.6
"""Lines that begin, or end, within this are flush; marks at the ends may hang or be narrowed."""

KNOWN_LINES = 4
"""Flush lines that make an edge known, on their page and for others."""

FLUSH_SHARE = 0.35
INSET_EM = 0.8
FEWEST_INSET = 2
NARROWEST_INSET_EM = 10
"""Lines that stand a character inside, two of them flush, are a quotation with margins of its own."""

DEEPEST_INDENT_EM = 4.6
"""A column whose lines all stand this little inside a known edge is set within the same margins."""


def set_edges(pages: Iterable[Sequence[PageLine]]) -> None:
    """Write into each line where its column begins and ends, in points."""
    columns = _columns(pages)
    starts = _common(columns, [_start(column) for column in columns])
    for column in columns:
        start = _known_start(column, starts)
        for line in column:
            line.left_edge = start
    stops: dict[int, float] = defaultdict(float)
    for column in columns:
        key = round(column[0].left_edge / 4)
        stops[key] = max(stops[key], _stop(column) if len(column) >= KNOWN_LINES else 0.0)
    for column in columns:
        own = _stop(column)
        known = stops[round(column[0].left_edge / 4)]
        for line in column:
            line.right_edge = max(own, known if len(column) < KNOWN_LINES else own)
        for inset in _insets(column):
            _set_inset(inset)


def _insets(column: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """Yield runs of lines that all stand inside the column's edge."""
    for is_inset, lines in groupby(column, lambda line: line.x - line.left_edge > INSET_EM * line.size):
        if is_inset:
            yield list(lines)


def _set_inset(lines: Sequence[PageLine]) -> None:
    """Give the lines edges of their own where they are paragraphs; each line of a poem ends with a mark."""
    start, flush = _start(lines)
    stop = _stop(lines)
    broken = any(line.text[-1] not in NEVER_FIRST for line in lines[:-1])
    if flush >= FEWEST_INSET and broken and stop - start > NARROWEST_INSET_EM * lines[0].size:
        for line in lines:
            line.left_edge, line.right_edge = start, stop


def _columns(pages: Iterable[Sequence[PageLine]]) -> list[list[PageLine]]:
    columns: dict[tuple[int, int], list[PageLine]] = defaultdict(list)
    for lines in pages:
        for line in lines:
            columns[line.page, line.column].append(line)
    return list(columns.values())


def _start(column: Sequence[PageLine]) -> tuple[float, int]:
    """Return the leftmost place at which at least two lines begin, and how many do."""
    places = sorted(line.x for line in column)
    size = max(line.size for line in column)
    for place in places:
        flush = sum(place <= other <= place + TOUCH_EM * size for other in places)
        if flush > 1:
            return place, flush
    return places[0], 1


def _stop(column: Sequence[PageLine]) -> float:
    """Return the rightmost place at which at least two lines end, or the longest one where none do."""
    places = sorted((line.right for line in column), reverse=True)
    size = min(line.size for line in column)
    for place in places:
        if sum(place - TOUCH_EM * size <= other <= place for other in places) > 1:
            return place
    return places[0]


def _common(columns: Sequence[Sequence[PageLine]], starts: Sequence[tuple[float, int]]) -> Counter[int]:
    """Return how many lines begin at each edge of the document, by the point."""
    counts: Counter[int] = Counter()
    for column, (start, flush) in zip(columns, starts, strict=True):
        if flush >= KNOWN_LINES and flush >= FLUSH_SHARE * len(column):
            counts[round(start)] += len(column)
    return counts


def _known_start(column: Sequence[PageLine], known: Counter[int]) -> float:
    start, flush = _start(column)
    if flush >= KNOWN_LINES and flush >= FLUSH_SHARE * len(column):
        return start
    size = max(line.size for line in column)
    near = [edge for edge in known if -TOUCH_EM * size <= start - edge <= DEEPEST_INDENT_EM * size]
    return float(max(near, key=lambda edge: known[edge])) if near else start
