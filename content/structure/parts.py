"""What a document is divided into on the way to articles: kinds of paragraphs, parts with title and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from content.marks import HEADING, SECTION, em, ends_sentence, looks_like_heading
from content.structure.fields import LABEL, is_dated_note, is_signature, split_fields
from content.structure.paragraphs import Piece

END = "end"
"""Stands for the style of what follows the last paragraph."""

TITLE_LINE_EM = 170
"""The longest title seen, which names three reports, has 129 squares."""

SIGN_OFF_EM = 20
"""Who signs above a date at the end is named in a short line."""


FOOTNOTE = re.compile(r"[\[［]\d{1,3}[\]］]\s*\S|[注註][释釋]?\d*\s*[：:]|参考文献")
REFERENCE = re.compile(r"[①-⑳][^，,。]{0,10}[《“：:，,]")
"""A note on a source, numbered as a point may be."""

TABLE_ROW = re.compile(r"(?:\S{2,}?(?:\s{2,}|\s*\|\s*)){2,}\S")
"""Cells with gaps or bars between them."""


TEXTS_KEPT = 1024
"""Paragraphs whose kind is remembered: each is asked for several times."""

SUBTITLE_EM = 24
FEWEST_BELOW = 40
"""A line without a final mark between two paragraphs heads the second, unless that is as short as an item."""


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
    evidence: int = 0
    """Points that spoke for the title."""


def kind_of(piece: Piece) -> Kind:
    """Return what the paragraph may be."""
    return _kind_of(piece.text)


@lru_cache(maxsize=TEXTS_KEPT)
def _kind_of(text: str) -> Kind:
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
        and not FOOTNOTE.match(text)
        and not TABLE_ROW.match(text)
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
    styles = [_style(piece.text) for piece in pieces]
    named: set[str] = set()
    found: list[bool] = []
    for index, (piece, before, style, after) in enumerate(
        zip(pieces, [None, *styles], styles, [*styles[1:], END], strict=False)
    ):
        key = "".join(piece.text.split())
        is_item = style in (None, after) or after == END or (style == before and key not in named)
        found.append(piece.first.block.level > 0 or not is_item or _is_subtitle(pieces, index))
        named.add(key)
    return found


def _style(text: str) -> str | None:
    """Return the style of a numbered heading's number, 章 and 节 apart; None for any other text."""
    if not looks_like_heading(text) or REFERENCE.match(text):
        return None
    found = HEADING.match(text)
    style = found.lastgroup if found else None
    return f"{style} {found[0][-1]}" if found and style == "chapter" else style


def _is_subtitle(pieces: Sequence[Piece], index: int) -> bool:
    """Return whether an unnumbered line stands alone between two paragraphs."""
    if not 0 < index < len(pieces) - 1 or em(pieces[index].text) > SUBTITLE_EM:
        return False
    kinds = [kind_of(piece) for piece in pieces[index - 1 : index + 2]]
    below = pieces[index + 1].text
    return kinds == [Kind.BODY, Kind.DISPLAY, Kind.BODY] and len(below) >= FEWEST_BELOW
