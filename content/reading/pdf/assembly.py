"""Lines of all pages to blocks: headings, paragraphs that run over pages, footnotes behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from content.reading.blocks import Block
from content.reading.pdf.glyphs import Bookmark
from content.reading.pdf.headings import find_headings
from content.reading.pdf.hyphens import find_compounds, join_words
from content.reading.pdf.lines import PageLine
from content.reading.pdf.notes import split_marked, split_notes
from content.reading.pdf.paragraphs import (
    Setting,
    blanks_above,
    group_lines,
    learn_setting,
    mark_rows,
    offset,
)

CELL_GAP = " | "


class Group(NamedTuple):
    """Lines that are one block, from the top."""

    lines: list[PageLine]
    level: int = 0


def group_pages(
    pages: Sequence[Sequence[PageLine]], heights: Sequence[float], body: float, bookmarks: Sequence[Bookmark]
) -> tuple[list[Group], Setting]:
    """Return all lines in groups, and how the document is set; a footnote follows the text of its page.

    `heights` are the pages' in points, `body` is the usual size. A paragraph that runs over the page's end is
    not divided by the footnote.
    """
    text: list[PageLine] = []
    notes: list[list[PageLine]] = []
    for lines, height in zip(pages, heights, strict=True):
        flow, small = split_notes(lines, body, height)
        text += flow
        notes += split_marked(small)
    mark_rows(text)
    setting = learn_setting(text)
    return list(_with_notes(_text_groups(text, body, bookmarks, setting), notes)), setting


def make_blocks(groups: Sequence[Group], setting: Setting) -> tuple[Block, ...]:
    """Return a block for each group; lines are counted from 1 over the whole document."""
    compounds = find_compounds(line.text for group in groups for line in group.lines)
    blocks: list[Block] = []
    lines = 0
    for above, group in pairwise([None, *groups]):
        assert group
        before = above.lines[-1] if above else None
        first = group.lines[0]
        block = Block(
            text=_text(group.lines, compounds),
            first_line=lines + 1,
            last_line=lines + len(group.lines),
            level=group.level,
            indent=max(0, round(2 * offset(first))),
            blanks_before=blanks_above(before, first, setting) if before else 0,
            page_break=before is not None and before.page < first.page,
        )
        blocks.append(block)
        lines = block.last_line
    return tuple(blocks)


def _text(lines: Sequence[PageLine], compounds: Set[str]) -> str:
    if lines[0].is_row:
        return CELL_GAP.join(lines[0].cells)
    return join_words([line.text for line in lines], compounds)


def _text_groups(
    lines: Sequence[PageLine], body: float, bookmarks: Sequence[Bookmark], setting: Setting
) -> Iterator[Group]:
    """Yield headings and paragraphs."""
    headings = find_headings(lines, body, setting.pitches.get(body, 0.0) / (body or 1.0), bookmarks)
    done = 0
    for start, heading in headings.items():
        yield from map(Group, group_lines(lines[done:start], setting))
        yield Group(heading.lines, heading.level)
        done = start + len(heading.lines)
    yield from map(Group, group_lines(lines[done:], setting))


def _with_notes(groups: Iterator[Group], notes: Sequence[list[PageLine]]) -> Iterator[Group]:
    """Yield the groups, and each note as soon as a later page's text would begin."""
    waiting = list(notes)
    for group in groups:
        while waiting and waiting[0][0].page < group.lines[0].page:
            yield Group(waiting.pop(0))
        yield group
    yield from map(Group, waiting)
