"""Plain text to blocks: one block a line that is not blank. Joins nothing, leaves out nothing visible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.reading.blocks import Block, RawDocument
from content.reading.damage import find_damage
from content.reading.encodings import decode

SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
"""Blanks that become a plain space. The full-width blank stays: it carries indents and gaps in titles."""

INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Controls, zero-width blanks and marks of direction. The joiners U+200C and U+200D shape glyphs and stay."""

INNER_BREAK = re.compile("([\x0b\x0c\x85\u2028\u2029])")
"""Line ends that editors do not count as lines; form feed begins a page."""

TAB = " " * 4


@dataclass(slots=True)
class _Gap:
    """What lies between two blocks."""

    blanks: int = 0
    page_break: bool = False


def clean(text: str) -> str:
    """Return the text with one kind of line end and of space, and without invisible characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    return INVISIBLE.sub("", SPACES.sub(" ", text))


def read_plain_text(body: bytes) -> RawDocument:
    """Return the lines of a text file in any encoding that is in use; raises UndecodableDocument."""
    text, encoding = decode(body)
    blocks = plain_blocks(text)
    return RawDocument(blocks, encoding, wrapped_text=True, doubts=find_damage(body, encoding, blocks))


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return one block for each line that is not blank; a form feed within a line begins another block."""
    return tuple(_blocks(clean(text)))


def _blocks(text: str) -> Iterator[Block]:
    gap = _Gap()
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in INNER_BREAK.split(line):
            if piece == "\f":
                gap.page_break = True
            elif stripped := piece.strip():
                block = _block(piece, stripped, number)
                yield replace(block, blanks_before=gap.blanks, page_break=gap.page_break)
                gap = _Gap()
        if not line.strip():
            gap.blanks += 1


def _block(line: str, stripped: str, number: int) -> Block:
    lead = line[: len(line) - len(line.lstrip())]
    return Block(
        text=stripped,
        first_line=number,
        last_line=number,
        indent=len(lead) + lead.count("\u3000"),
        trailing_blank=line[-1].isspace(),
    )
