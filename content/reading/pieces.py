"""What readers of marked-up formats find, paragraph by paragraph, and how it becomes blocks.

Headings are what the format marks. Where it marks none, titles are told by their looks: set in the middle,
bold or larger, short, and followed by text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from content.marks import BRACKETED, SECTION, em, ends_sentence
from content.reading.blocks import Block
from content.reading.plain_text import clean

TITLE_EM = 45
"""A title that stands on one line of a page."""

LEVELS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, an item, a row or a heading of a marked-up document."""

    text: str
    level: int = 0
    """1 to 6 for a heading that the format marks, otherwise 0."""
    centred: bool = False
    bold: bool = False
    size: float = 0.0
    """Size of its letters in points; 0 where it is not told."""
    links: float = 0.0
    """Share of the text that is links."""
    indent: int = 0
    blanks_before: int = 0
    is_line: bool = False
    """True where a line break ended it, so that it may be a part of a paragraph."""


def tidy(piece: Piece) -> Piece | None:
    """Return the piece without invisible characters; None where nothing is left."""
    text = clean(piece.text).replace("\n", " ")
    lead = text[: len(text) - len(text.lstrip())]
    wide = lead.count("\u3000") * 2
    return replace(piece, text=text.strip(), indent=piece.indent + wide) if text.strip() else None


def to_blocks(pieces: Sequence[Piece]) -> tuple[Block, ...]:
    """Return a block for each piece, numbered from 1 in place of lines."""
    titled = pieces if any(piece.level for piece in pieces) else list(_with_titles(pieces))
    return tuple(
        Block(piece.text, number, number, piece.level, piece.indent, blanks_before=piece.blanks_before)
        for number, piece in enumerate(titled, start=1)
    )


def _with_titles(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, those that look like titles with a level; a title on several lines becomes one."""
    looks = [_looks_like_title(piece) for piece in pieces]
    sizes = sorted(
        {piece.size for piece, is_title in zip(pieces, looks, strict=True) if is_title}, reverse=True
    )
    if not any(looks) or looks[-1]:
        yield from pieces
        return
    sections = any(SECTION.fullmatch(piece.text) for piece in pieces)
    pairs = zip(pieces, looks, strict=True)
    for (is_title, size), group in groupby(pairs, key=lambda pair: (pair[1], pair[1] and pair[0].size)):
        run = [piece for piece, _ in group]
        if is_title:
            level = min(sizes.index(size) + 1 + sections, LEVELS)
            yield replace(run[0], text=" ".join(piece.text for piece in run), level=level)
        else:
            yield from map(_with_section, run) if sections else run


def _with_section(piece: Piece) -> Piece:
    found = SECTION.fullmatch(piece.text)
    return replace(piece, text=found[1], level=1) if found else piece


def _looks_like_title(piece: Piece) -> bool:
    return (
        piece.centred
        and piece.bold
        and em(piece.text) <= TITLE_EM
        and not ends_sentence(piece.text)
        and not SECTION.fullmatch(piece.text)
        and not BRACKETED.fullmatch(piece.text)
    )
