"""What a document is divided into on the way to articles: kinds of paragraphs, parts with title and body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from content.marks import SECTION, em, ends_sentence, heading_style, looks_like_heading
from content.structure.fields import LABEL, is_dated_note, is_signature, split_fields
from content.structure.paragraphs import Piece

END = "end"
"""Stands for the style of what follows the last paragraph."""

TITLE_LINE_EM = 170
"""The longest title seen, which names three reports, has 129 squares."""

SIGN_OFF_EM = 20
"""Who signs above a date at the end is named in a short line."""


class Kind(Enum):
    """What a paragraph may be, by its looks."""

    SECTION = auto()
    FIELD = auto()
    SIGNATURE = auto()
    HEADING = auto()
    DISPLAY = auto()
    """Set apart without a final mark: a title, a sub-title, a name."""
    NOTE = auto()
    """In brackets, with a day."""
    BODY = auto()


@dataclass(slots=True)
class Part:
    """A stretch of the document that may become an article."""

    title: str | None
    section: str | None
    title_pieces: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    """Everything under the title, also the lines that say when and by whom."""


def kind_of(piece: Piece) -> Kind:
    """Return what the paragraph may be."""
    text = piece.text
    if SECTION.fullmatch(text):
        return Kind.SECTION
    if split_fields(text):
        return Kind.FIELD
    if is_signature(text):
        return Kind.SIGNATURE
    if looks_like_heading(text):
        return Kind.HEADING
    if is_dated_note(text):
        return Kind.NOTE
    return Kind.DISPLAY if _is_display(text) else Kind.BODY


def _is_display(text: str) -> bool:
    return (
        not LABEL.match(text)
        and text[-1] not in "：:；;、"
        and "。" not in text
        and not ends_sentence(text)
        and em(text) <= TITLE_LINE_EM
    )


def find_headings(pieces: Sequence[Piece]) -> list[bool]:
    """Return for each paragraph whether it heads what follows.

    Two of a kind in a row are items of a list; but where the last of them was named before, the list is a
    table of contents and it heads the first chapter.
    """
    styles = [heading_style(piece.text) if looks_like_heading(piece.text) else None for piece in pieces]
    named: set[str] = set()
    found: list[bool] = []
    for piece, before, style, after in zip(pieces, [None, *styles], styles, [*styles[1:], END], strict=False):
        key = "".join(piece.text.split())
        is_item = style in (None, after) or after == END or (style == before and key not in named)
        found.append(piece.first.block.level > 0 or not is_item)
        named.add(key)
    return found
