"""What a document is divided into on the way to articles: kinds of paragraphs, parts with title and body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from content.structure.fields import is_signature, split_fields
from content.structure.marks import SECTION, em, ends_sentence, heading_style, looks_like_heading
from content.structure.paragraphs import Piece

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
    return Kind.DISPLAY if _is_display(text) else Kind.BODY


def _is_display(text: str) -> bool:
    return (
        text[-1] not in "：:；;、"
        and "。" not in text
        and not ends_sentence(text)
        and em(text) <= TITLE_LINE_EM
    )


def is_heading(pieces: Sequence[Piece], index: int) -> bool:
    """Return whether the paragraph at `index` heads what follows; two alike in a row are items of a list."""
    piece = pieces[index]
    if piece.first.block.level:
        return True
    if not looks_like_heading(piece.text) or index + 1 == len(pieces):
        return False
    neighbours = [pieces[near].text for near in (index - 1, index + 1) if 0 <= near < len(pieces)]
    style = heading_style(piece.text)
    return not any(looks_like_heading(text) and heading_style(text) == style for text in neighbours)
