"""What every reader returns: the document's text in blocks, with what the page said about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Block:
    """A line of plain text, or a whole paragraph of a format that marks paragraphs."""

    text: str
    """Without blanks at its ends, never empty."""
    first_line: int
    last_line: int
    """Its lines in the file, from 1, both included."""
    level: int = 0
    """1 to 6 for a heading that the format marks, otherwise 0."""
    indent: int = 0
    """Leading blanks, a full-width blank counted as 2."""
    trailing_blank: bool = False
    blanks_before: int = 0
    """Empty lines between this block and the one before."""
    page_break: bool = False
    """True where a new page begins with this block."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place of a document where a person should look."""

    kind: str
    """What is in doubt, a key of the catalogues: `doubt.{kind}`."""
    line: int
    """Line in the file, from 1; of formats without lines the number of the block."""
    text: str
    """What stands there, for the person to find it; at most 40 characters."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as it was read: nothing is joined, left out or interpreted yet."""

    blocks: tuple[Block, ...]
    encoding: str
    wrapped_text: bool
    """True where blocks are lines, so that paragraphs may have been broken into several of them."""
    front_matter: Mapping[str, str] = field(default_factory=dict)
    """Fields that the file states before its text, by lower-case name (title, date, author …)."""
    doubts: tuple[Doubt, ...] = ()
    """What the format may have lost, as its reader noticed."""
