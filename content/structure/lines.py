"""Lines of plain text, and taking out what belongs to the page and not to the text.

Page numbers and running heads are known by where they stand: at the end of a page, which tears sentences
in two. A line that merely comes often (the same title every week, a stock sentence) stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from content.marks import SECTION, em, ends_sentence
from content.reading.blocks import Block

PAGE_NUMBER = re.compile(
    r"[-—－–·]\s*\d{1,4}\s*[-—－–·]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|Page\s+\d+(?:\s+of\s+\d+)?"
    r"|\d{1,4}\s*/\s*\d{1,4}",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+")
BARE = "#"
"""Stands for a number: a line that is nothing else may be a page number."""

RUNNING_HEAD_EM = 30
SHORTEST_HEAD_EM = 4
RUNNING_HEAD_TIMES = 2
PAGES_SHARE = 0.4
"""Fewer repetitions, on fewer of the pages between the first and the last of them, may be chance."""

EDGE_SHARE = 0.6
NUMBER_EDGE_SHARE = 0.25
"""Share of its places that must be at a page's edge before a repeated line, or a number, is of the page."""

WIDE_SHARE = 0.8
"""A line narrower than this share of the usual full line is not torn; a wider one is no running head."""


GOES_ON = "，、：；,:;"
"""No running head ends with one of these."""

FEWEST_PAGE_LINES = 12
EVEN_GAPS = 1.3
"""Pages of a text hold nearly the same number of lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """A block, and where it stands on the page."""

    block: Block
    text: str
    width: float
    """In squares."""
    edge: float
    """Where the line ends, in squares from the left: its indent and its width."""
    page_edge: bool = False
    """True where a page number or a running head was taken out before it, or a page begins."""


def make_line(block: Block) -> Line:
    """Return the block as a line."""
    width = em(block.text)
    return Line(block, block.text, width, block.indent / 2 + width, block.page_break)


def make_lines(blocks: Iterable[Block]) -> list[Line]:
    """Return the lines of the text, without page numbers and running heads."""
    lines = [make_line(block) for block in blocks]
    return _without(lines, _furniture(lines))


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines that belong to the page."""
    found = {index for index, line in enumerate(lines) if PAGE_NUMBER.fullmatch(line.text)}
    torn = _torn_width(lines)
    repeated = _repeated(lines, found)
    numbers = repeated.pop(BARE, [])
    at_tear = sum(_at_edge(lines, index, found) or _at_tear(lines, index, torn) for index in numbers)
    if numbers and (at_tear >= max(1, NUMBER_EDGE_SHARE * len(numbers)) or _count_pages(lines, numbers)):
        found.update(numbers)
    edges = [index for index in range(len(lines)) if index in found or lines[index].page_edge]
    numbered = [index for index in edges if index in found]
    for indices in repeated.values():
        if lines[indices[0]].width >= torn:
            continue
        pages = bisect_right(edges, indices[-1] + 1) - bisect_left(edges, indices[0] - 1)
        at_edge = sum(_at_edge(lines, index, found) for index in indices)
        least = max(RUNNING_HEAD_TIMES, EDGE_SHARE * len(indices), PAGES_SHARE * pages)
        if (
            at_edge >= least
            or _tears_evenly(lines, indices, torn)
            or ([index - 1 for index in indices] == numbered and _parts_sentences(lines, indices, torn))
        ):
            found.update(indices)
    return found


def _tears_evenly(lines: Sequence[Line], indices: Sequence[int], torn_width: float) -> bool:
    """Return whether a line that comes at `indices` tears sentences in two, at distances as of pages."""
    places = [lines[index].block.first_line for index in indices]
    tears = sum(_at_tear(lines, index, torn_width) for index in indices)
    return len(indices) > RUNNING_HEAD_TIMES and tears >= EDGE_SHARE * len(indices) and _are_even(places)


def _parts_sentences(lines: Sequence[Line], indices: Sequence[int], torn_width: float) -> bool:
    """Return whether a line that is below each page number stands in mid-sentence."""
    return lines[indices[0]].width >= SHORTEST_HEAD_EM and all(
        _at_tear(lines, index - 1, torn_width) for index in indices
    )


def _are_even(places: Sequence[int]) -> bool:
    """Return whether lines of the file are as far from each other as pages are, and at even distances."""
    gaps = [after - before for before, after in pairwise(places)]
    return min(gaps) >= FEWEST_PAGE_LINES and max(gaps) <= EVEN_GAPS * min(gaps)


def _count_pages(lines: Sequence[Line], indices: Sequence[int]) -> bool:
    """Return whether the numbers at `indices` count one by one and at even distances, unlike chapters."""
    numbers = [int(lines[index].text) for index in indices]
    places = [lines[index].block.first_line for index in indices]
    if numbers[0] == 1:
        places.insert(0, 0)
    one_by_one = all(after - before == 1 for before, after in pairwise(numbers))
    return one_by_one and len(places) >= 2 and _are_even(places)


def _repeated(lines: Sequence[Line], known: set[int]) -> dict[str, list[int]]:
    """Return the places of short lines that may be running heads or page numbers, by text without digits."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if index in known or line.width > RUNNING_HEAD_EM:
            continue
        ended = ends_sentence(line.text) or line.text[-1] in GOES_ON
        if not ended and not SECTION.fullmatch(line.text):
            places[DIGITS.sub(BARE, line.text)].append(index)
    return places


def _torn_width(lines: Sequence[Line]) -> float:
    """Return the width from which on a line without a final mark is the torn end of a paragraph."""
    widths = sorted(line.width for line in lines)
    return WIDE_SHARE * widths[len(widths) * 3 // 4] if widths else 0.0


def _at_edge(lines: Sequence[Line], index: int, furniture: set[int]) -> bool:
    """Return whether the line stands where a page ends: at a break or by a page number."""
    if lines[index].page_edge or not furniture.isdisjoint((index - 1, index + 1)):
        return True
    return index + 1 < len(lines) and lines[index + 1].page_edge


def _at_tear(lines: Sequence[Line], index: int, torn_width: float) -> bool:
    """Return whether the line stands in mid-sentence."""
    if index == 0 or lines[index].width >= torn_width:
        return False
    return lines[index - 1].width >= torn_width and not ends_sentence(lines[index - 1].text)


def _without(lines: Sequence[Line], furniture: set[int]) -> list[Line]:
    """Return the other lines; the one after a gap is marked as standing at a page's edge."""
    kept: list[Line] = []
    edge = False
    for index, line in enumerate(lines):
        if index in furniture:
            edge = True
            continue
        kept.append(replace(line, page_edge=True) if edge else line)
        edge = False
    return kept
