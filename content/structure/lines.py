"""Lines of plain text, and taking out what belongs to the page and not to the text.

Page numbers and running heads are known by where they stand: at the end of a page, which tears sentences
in two. A line that merely comes often (the same title every week, a stock sentence) stays.
"""

from __future__ import annotations

import re
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
RUNNING_HEAD_TIMES = 3
"""Fewer repetitions may be chance."""

EDGE_SHARE = 0.6
NUMBER_EDGE_SHARE = 0.25
"""Share of its places that must be at a page's edge before a repeated line, or a number, is of the page."""

WIDE_SHARE = 0.8
"""A line narrower than this share of the usual full line is not torn; a wider one is no running head."""


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
    for key, indices in sorted(_repeated(lines, found).items(), key=lambda item: item[0] != BARE):
        edges = sum(_at_edge(lines, index, found, torn) for index in indices)
        times, share = (1, NUMBER_EDGE_SHARE) if key == BARE else (RUNNING_HEAD_TIMES, EDGE_SHARE)
        at_edges = len(indices) >= times and edges >= max(1, share * len(indices))
        if at_edges or (key == BARE and _count_pages(lines, indices)):
            found.update(indices)
    return found


def _count_pages(lines: Sequence[Line], indices: Sequence[int]) -> bool:
    """Return whether the numbers at `indices` count one by one and at even distances, unlike chapters."""
    steps = [int(lines[after].text) - int(lines[before].text) for before, after in pairwise(indices)]
    gaps = [after - before for before, after in pairwise(indices)]
    return len(gaps) >= 2 and set(steps) == {1} and max(gaps) <= EVEN_GAPS * min(gaps)


def _repeated(lines: Sequence[Line], known: set[int]) -> dict[str, list[int]]:
    """Return the places of short lines that may be running heads or page numbers, by text without digits."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if index in known or line.width > RUNNING_HEAD_EM:
            continue
        if not ends_sentence(line.text) and not SECTION.fullmatch(line.text):
            places[DIGITS.sub(BARE, line.text)].append(index)
    return places


def _torn_width(lines: Sequence[Line]) -> float:
    """Return the width from which on a line without a final mark is the torn end of a paragraph."""
    widths = sorted(line.width for line in lines)
    return WIDE_SHARE * widths[len(widths) * 3 // 4] if widths else 0.0


def _at_edge(lines: Sequence[Line], index: int, furniture: set[int], torn_width: float) -> bool:
    """Return whether the line stands where a page ends: at a break, by a page number, or in mid-sentence."""
    if lines[index].page_edge or not furniture.isdisjoint((index - 1, index + 1)):
        return True
    if index + 1 < len(lines) and lines[index + 1].page_edge:
        return True
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
