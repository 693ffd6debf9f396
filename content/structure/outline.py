"""Text with marked headings to parts: which level of headings opens articles, and which only divides one.

What a reader would open as a text of its own is an article: a heading with text of its own, or a chapter that
is long enough to fill a passage. Headings below it stay in the article as sub-headings; a heading above it
that has no text of its own names the section.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from content.marks import SECTION, heading_style
from content.structure.paragraphs import Piece
from content.structure.parts import Kind, Part, kind_of
from content.structure.titles import tidy_title

CHAPTER_CHARS = 300
"""Shorter chapters, by their median, are sections of one article: a passage is 250 reading units at least."""


POINT_STYLES = {"han", "paren", "digits", "bare", "circle"}
"""Numbers that the points of one text have; chapters 第一章 may be texts of their own."""

FEWEST_CLAUSES = 3

MARKED = 5
"""Points of evidence for a title that the format marks."""


@dataclass(slots=True)
class _Node:
    """A heading with the text under it and the headings below."""

    heading: Piece | None
    level: int
    text: list[Piece] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    @property
    def title(self) -> str | None:
        if self.heading is None:
            return None
        section = SECTION.fullmatch(self.heading.text)
        return tidy_title(section[1] if section else self.heading.text)

    def below(self) -> Iterator[Piece]:
        """Yield all that is under the heading, in order."""
        yield from self.text
        for child in self.children:
            if child.heading:
                yield child.heading
            yield from child.below()

    def chars(self) -> int:
        return sum(len(piece.text) for piece in self.below())


def has_outline(pieces: Sequence[Piece]) -> bool:
    """Return whether the format marked any heading."""
    return any(piece.first.block.level for piece in pieces)


def divide_by_headings(pieces: Sequence[Piece]) -> list[Part]:
    """Return the document's parts in order; text before the first heading is a part without a title."""
    root = _tree(pieces)
    parts = [Part(None, None, [], root.text)] if root.text else []
    alone = len(root.children) == 1
    for child in root.children:
        parts += _parts(child, None, alone)
    return parts


def _tree(pieces: Sequence[Piece]) -> _Node:
    root = _Node(None, 0)
    path = [root]
    for piece in pieces:
        level = piece.first.block.level
        if not level:
            path[-1].text.append(piece)
            continue
        while path[-1].level >= level:
            path.pop()
        node = _Node(piece, level)
        path[-1].children.append(node)
        path.append(node)
    return root


def _parts(node: _Node, section: str | None, alone: bool) -> Iterator[Part]:
    """Yield the node as one part, or its own text and each of its chapters; `alone` if it heads all."""
    heading = [node.heading] if node.heading else []
    if not _is_divided(node, alone):
        yield Part(node.title, section, heading, list(node.below()), MARKED)
        return
    if node.text:
        yield Part(node.title, section, heading, node.text, MARKED)
    for child in node.children:
        yield from _parts(child, node.title, alone=False)


def _is_divided(node: _Node, alone: bool) -> bool:
    """Return whether the chapters under the heading are articles of their own."""
    chapters = node.children
    if len(chapters) < (2 if alone else 1) or _is_one_text(node):
        return False
    credited = sum(_is_credited(chapter) for chapter in chapters)
    if credited >= 2 and 2 * credited >= len(chapters):
        return True
    if node.text and not alone:
        return False
    return statistics.median(chapter.chars() for chapter in chapters) >= CHAPTER_CHARS


def _is_one_text(node: _Node) -> bool:
    """Return whether the chapters are points of one speech or report, 一、二、三, or hold a statute."""
    styles = {heading_style(chapter.heading.text) for chapter in node.children if chapter.heading}
    clauses = sum(heading_style(piece.text) == "clause" for piece in node.below())
    return styles <= POINT_STYLES or clauses >= FEWEST_CLAUSES


def _is_credited(node: _Node) -> bool:
    """Return whether a line under the heading, or the last one, says when or by whom the text is."""
    body = list(node.below())
    kinds = [kind_of(piece) for piece in [*body[:2], *body[-1:]]]
    return not {Kind.FIELD, Kind.NOTE, Kind.SIGNATURE}.isdisjoint(kinds)
