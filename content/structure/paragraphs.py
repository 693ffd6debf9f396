"""Blocks to paragraphs: joins the lines that a page's width or its end took apart, and nothing else.

In hard-wrapped text every seam between two lines is scored (seams.py). In other text a line is a paragraph,
and only what a page end has torn is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.joints import join_lines
from content.marks import (
    PAIRS,
    SECTION,
    ends_sentence,
    heading_style,
)
from content.reading.blocks import RawDocument
from content.structure.layout import Layout, learn_layout
from content.structure.lines import Line, make_line, make_lines
from content.structure.seams import make_seam, score

BRACKET = re.compile("[" + "".join(map(re.escape, [*PAIRS, *PAIRS.values()])) + "]")
UNSURE = -0.25
"""Lines whose score is nearer to zero are joined with a doubt."""

DEEPEST = 8
"""Quotes and brackets that are remembered as open: in no text are more."""

TORN_EM = 40
"""In text that is not wrapped, a narrower line is a title, a name or a date, not a torn paragraph."""

TORN_HEADING_EM = 60
TORN_TITLE_EM = 75
"""A line without any sentence mark may be a title of up to this width."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph as it was put together."""

    lines: tuple[Line, ...]
    text: str
    torn: tuple[Line, ...] = ()
    """Lines that were joined to the one before on little evidence."""

    @property
    def first(self) -> Line:
        return self.lines[0]


def restore_paragraphs(raw: RawDocument) -> list[Piece]:
    """Return the document's paragraphs in order, without page numbers and running heads."""
    if not raw.wrapped_text:
        return [_piece([make_line(block)]) for block in raw.blocks]
    lines = make_lines(raw.blocks)
    layout = learn_layout(lines)
    return list(_unwrapped(lines) if layout is None else _wrapped(lines, layout))


def _piece(lines: Sequence[Line], torn: Sequence[Line] = ()) -> Piece:
    return Piece(tuple(lines), join_lines(line.text for line in lines), tuple(torn))


def _unwrapped(lines: Sequence[Line]) -> Iterator[Piece]:
    group: list[Line] = []
    for line in lines:
        if group and not _is_torn(group[-1], line):
            yield _piece(group, group[1:])
            group = []
        group.append(line)
    if group:
        yield _piece(group, group[1:])


def _is_torn(before: Line, after: Line) -> bool:
    """Return whether a page end has cut a paragraph between the two lines of a text that is not wrapped."""
    text = before.text
    if before.block.level or after.block.level:
        return False
    if before.width < TORN_EM or ends_sentence(text) or text[-1] in "：:；;" or after.block.indent >= 2:
        return False
    if heading_style(text) and before.width < TORN_HEADING_EM:
        return False
    if SECTION.fullmatch(after.text) or (heading_style(after.text) and text[-1] not in "，、"):
        return False
    if before.width < TORN_TITLE_EM and not re.search("[，。；]", text):
        return False
    return not (text[-1] in "》”" and not re.search("[。；]", text))


def _wrapped(lines: Sequence[Line], layout: Layout) -> Iterator[Piece]:
    group: list[Line] = []
    torn: list[Line] = []
    brackets: list[str] = []
    for index, line in enumerate(lines):
        if group:
            evidence = score(make_seam(lines, index - 1, len(group) == 1, len(brackets), layout), layout)
            if evidence > 0:
                yield _piece(group, torn)
                group, torn, brackets = [], [], []
            elif evidence > UNSURE:
                torn.append(line)
        group.append(line)
        _track_brackets(line.text, brackets)
    if group:
        yield _piece(group, torn)


def _track_brackets(text: str, stack: list[str]) -> None:
    """Push what the text opens onto the stack of awaited closing marks, and pop what it closes."""
    for mark in BRACKET.findall(text):
        if mark in PAIRS:
            stack.append(PAIRS[mark])
            del stack[:-DEEPEST]
        elif mark in stack:
            del stack[stack.index(mark) :]
