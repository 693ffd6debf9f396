"""Which lines are headings, and on which level: by a size above the body's, or by the document's outline.

Levels are given only where they are clear: several headings, and little text in their sizes. A single large
line may as well be a newspaper's name, so that it is left to the search for titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.joints import join_lines
from content.marks import SECTION, ends_sentence, heading_style
from content.reading.pdf.glyphs import Bookmark
from content.reading.pdf.lines import PageLine

LARGER = 1.1
"""Sizes below this share of the body's differ by the font's design, not by rank."""

SAME_HEADING_PITCH, FULL_PITCH = 2.0, 3.2
LOOSER = 1.2
"""In sizes: lines of one heading stand no farther apart than this, or than the body's by this factor, unless
the upper one is full."""

LONGEST_LINES = 8
LONGEST_CHARS = 120
LARGE_SHARE = 0.25
"""Where more of the text is large, size does not tell headings."""

FEWEST = 2
DEEPEST = 6
BOOKMARK_LINES = 3
"""Lines that one entry of the outline may take on its page."""


@dataclass(slots=True)
class Heading:
    """Lines that are one heading."""

    lines: list[PageLine]
    level: int = 0

    @property
    def text(self) -> str:
        return join_lines(line.text for line in self.lines)


def find_headings(
    lines: Sequence[PageLine], body: float, pitch: float, bookmarks: Iterable[Bookmark]
) -> dict[int, Heading]:
    """Return the headings by the index of their first line in `lines`, in order.

    `body` is the usual size in points, `pitch` the distance of its lines in sizes.
    """
    by_size = _by_size(lines, body, pitch)
    if len(by_size) >= FEWEST:
        return by_size
    marked = _by_outline(lines, bookmarks)
    return marked if len(marked) >= FEWEST else {}


def _by_size(lines: Sequence[PageLine], body: float, pitch: float) -> dict[int, Heading]:
    found = {start: each for start, each in _large(lines, body, pitch).items() if _may_head(each)}
    chars = sum(len(heading.text) for heading in found.values())
    if chars > LARGE_SHARE * sum(len(line.text) for line in lines) or not found:
        return {}
    sections = {index: Heading([line]) for index, line in enumerate(lines) if SECTION.fullmatch(line.text)}
    bold = _bold(lines, body, found)
    ranks = _ranks(heading for start, heading in found.items() if start not in sections)
    for heading in found.values():
        heading.level = ranks.get(heading.lines[0].size, 0) + bool(sections)
    for heading in sections.values():
        heading.level = 1
    for heading in bold.values():
        heading.level = max(ranks.values(), default=0) + bool(sections) + 1
    return {
        start: heading
        for start, heading in sorted((bold | found | sections).items())
        if _heads(lines, start, heading)
    }


def _heads(lines: Sequence[PageLine], start: int, heading: Heading) -> bool:
    """Return whether anything follows, and give the deepest level to what would be deeper."""
    heading.level = min(DEEPEST, heading.level)
    return start + len(heading.lines) < len(lines)


def _large(lines: Sequence[PageLine], body: float, pitch: float) -> dict[int, Heading]:
    """Return the runs of lines that are larger than the body, by their first index."""
    runs: dict[int, Heading] = {}
    open_run: Heading | None = None
    for index, line in enumerate(lines):
        if line.size < LARGER * body:
            open_run = None
        elif open_run and _continues(open_run.lines[-1], line, pitch):
            open_run.lines.append(line)
        else:
            open_run = runs[index] = Heading([line])
    return runs


def _continues(above: PageLine, line: PageLine, pitch: float) -> bool:
    return (
        above.page == line.page
        and above.column == line.column
        and above.size == line.size
        and above.bold == line.bold
        and 0 < above.y - line.y <= _largest_pitch(above, pitch) * line.size
        and not SECTION.fullmatch(above.text)
    )


def _largest_pitch(above: PageLine, pitch: float) -> float:
    """Return how far below the line, in sizes, the same heading may go on: farther where it is full."""
    room = (above.right_edge - above.left_edge) - (above.right - above.x)
    return FULL_PITCH if room < 2 * above.size else max(SAME_HEADING_PITCH, LOOSER * pitch)


def _may_head(heading: Heading) -> bool:
    text = heading.text
    return (
        len(heading.lines) <= LONGEST_LINES
        and len(text) <= LONGEST_CHARS
        and any(character.isalpha() for character in text)
        and not (ends_sentence(text) and text[-1] not in "！？!?…”")
    )


def _ranks(headings: Iterable[Heading]) -> dict[float, int]:
    """Return the level of each size: the largest is 1."""
    sizes = sorted({heading.lines[0].size for heading in headings}, reverse=True)
    return {size: rank for rank, size in enumerate(sizes, start=1)}


def _bold(lines: Sequence[PageLine], body: float, found: Mapping[int, Heading]) -> dict[int, Heading]:
    """Return short bold lines of the body's size that stand alone, where larger headings are above them."""
    bold = Counter(line.bold for line in lines)
    if not found or bold[True] > LARGE_SHARE * len(lines):
        return {}
    return {
        index: Heading([line])
        for index, line in enumerate(lines)
        if line.bold
        and index > min(found)
        and body <= line.size < LARGER * body
        and not _neighbour_is_bold(lines, index)
        and len(line.cells) == 1
        and line.right - line.x < 0.75 * (line.right_edge - line.left_edge)
        and heading_style(line.text) is None
        and not ends_sentence(line.text)
        and line.text[-1] not in "：:；;，,、"
    }


def _neighbour_is_bold(lines: Sequence[PageLine], index: int) -> bool:
    near = [lines[other] for other in (index - 1, index + 1) if 0 <= other < len(lines)]
    return any(line.bold and line.size == lines[index].size for line in near)


def _by_outline(lines: Sequence[PageLine], bookmarks: Iterable[Bookmark]) -> dict[int, Heading]:
    """Return the lines that an entry of the outline names on its page."""
    wanted = {(mark.page + 1, "".join(mark.title.split())): mark.depth + 1 for mark in bookmarks}
    found: dict[int, Heading] = {}
    for start in range(len(lines)):
        for stop in range(start + 1, min(start + BOOKMARK_LINES, len(lines)) + 1):
            words = "".join("".join(line.text for line in lines[start:stop]).split())
            level = wanted.pop((lines[start].page, words), None)
            if level:
                found[start] = Heading(list(lines[start:stop]), min(DEEPEST, level))
    return found
