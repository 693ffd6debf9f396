"""Takes out what belongs to the page and not to the text: running heads, page numbers, watermarks.

They are known by standing at the same height on several pages with the same words, numbers aside. A number
alone is a page number only where it counts the pages.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from content.marks import ends_sentence
from content.reading.pdf.lines import PageLine

EDGE_LINES = 3
"""Lines from the top and from the bottom of a page among which running heads and numbers stand."""

MARGIN_SHARE = 0.15
"""Share of a page's height, at its top and at its bottom, in which they stand."""

HEIGHT_STEP = 4.0
"""Points: lines whose heights differ by less stand at the same place of their pages."""

SMALL = 0.95
LARGE = 1.1
WATERMARK_SIZE = 1.5
"""Sizes relative to the body's: running heads are seldom larger, titles are; words across a page are far."""

FEWEST_SMALL, FEWEST_PAGES = 2, 3
"""Pages that show the same small words, or words in the size of the body, before these are furniture."""

REPEATED_SHARE = 0.2
MOST_SHARE = 0.6
"""Shares of all pages: for words in the size of the body, and for words in any size or within the text."""

NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
HEAD = re.compile(r"(?=.*[^\W\d_])[^，。；！？]+")
"""What may be a running head: it has words, and is no prose."""

PAGE_NUMBER = re.compile(
    r"[-—–－·•~\s]*(?:第\s*|Page\s+|P\.?\s*)?(?P<number>\d{1,4})(?:\s*页)?"
    r"(?:\s*(?:[/,，、]|of)?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•~\s]*",
    re.IGNORECASE,
)
FEWEST_COUNTING = 2
"""Numbers that grow with their pages before they count these."""


class Place(NamedTuple):
    """What makes lines of several pages the same furniture."""

    words: str
    height: int
    """In steps from the bottom of the page."""


def without_furniture(
    pages: Sequence[Sequence[PageLine]], heights: Sequence[float], body: float
) -> list[list[PageLine]]:
    """Return the lines of each page without those of the page itself.

    `heights` are the pages' in points, `body` the size in which most of the text is set.
    """
    edges = [_edge_lines(lines, height) for lines, height in zip(pages, heights, strict=True)]
    furniture = _running_heads(edges, body) | _watermarks(pages, body) | _page_numbers(edges)
    return [[line for line in lines if id(line) not in furniture] for lines in pages]


def _edge_lines(lines: Sequence[PageLine], height: float) -> list[PageLine]:
    top = heapq.nlargest(EDGE_LINES, lines, key=lambda line: line.y)
    bottom = heapq.nsmallest(EDGE_LINES, lines, key=lambda line: line.y)
    return [line for line in top if line.y > (1 - MARGIN_SHARE) * height] + [
        line for line in bottom if line.y < MARGIN_SHARE * height
    ]


def _place(line: PageLine) -> Place:
    words = "".join(NUMBER.sub("#", line.text).split())
    return Place(words, round(line.y / HEIGHT_STEP))


def _running_heads(edges: Sequence[Sequence[PageLine]], body: float) -> set[int]:
    """Return the ids of lines in the margins that come again at their place."""
    places = Counter(place for lines in edges for place in {_place(line) for line in lines})

    def repeats(line: PageLine) -> bool:
        times = places[_place(line)]
        if line.size < SMALL * body or times >= MOST_SHARE * len(edges):
            return times >= FEWEST_SMALL and line.size < WATERMARK_SIZE * body
        return line.size <= LARGE * body and times >= max(FEWEST_PAGES, REPEATED_SHARE * len(edges))

    return {
        id(line)
        for lines in edges
        for line in lines
        if HEAD.fullmatch(line.text) and not ends_sentence(line.text) and repeats(line)
    }


def _watermarks(pages: Sequence[Sequence[PageLine]], body: float) -> set[int]:
    """Return the ids of large lines that stand at one place of most pages."""
    large = [[line for line in lines if line.size >= WATERMARK_SIZE * body] for lines in pages]
    places = Counter(place for lines in large for place in {_place(line) for line in lines})
    fewest = max(FEWEST_PAGES, MOST_SHARE * len(pages))
    return {id(line) for lines in large for line in lines if places[_place(line)] >= fewest}


def _page_numbers(edges: Sequence[Sequence[PageLine]]) -> set[int]:
    """Return the ids of the numbers in the margins that grow by one from page to page."""
    numbers = [
        (line, int(found["number"]) - line.page)
        for lines in edges
        for line in lines
        if (found := PAGE_NUMBER.fullmatch(line.text))
    ]
    counting = Counter(ahead for _, ahead in numbers)
    return {id(line) for line, ahead in numbers if ahead == 0 or counting[ahead] >= FEWEST_COUNTING}
