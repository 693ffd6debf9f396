"""A saved web page to blocks: its article, without menus, side columns, footers and advertisements."""

from __future__ import annotations

import codecs
import re

from content.errors import UndecodableDocument
from content.reading.blocks import RawDocument
from content.reading.encodings import decode
from content.reading.main_text import find_main_text
from content.reading.markup import parse_html
from content.reading.page_fields import read_fields, take_dated_line
from content.reading.pieces import Piece, to_blocks

CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{3,20})""", re.IGNORECASE)
HEAD_BYTES = 4_096
OTHER_CODECS = re.compile(r"iso8859|cp\d|shift_jis|euc_|koi8")
"""What `decode` does not tell: encodings of other languages, taken where the page states them."""

LINES_SHARE = 0.8
"""Where this share of a page was broken by line breaks, its paragraphs may be too."""


def read_html(body: bytes) -> RawDocument:
    """Return the page's article: its title as a heading where it is not in the text, paragraphs, rows, items.

    Title, date, source and author that the page states for machines are the front matter.
    """
    text, encoding = decode_page(body)
    root = parse_html(text, ".html")
    if root is None:
        return RawDocument((), encoding, wrapped_text=False)
    fields = read_fields(root)
    pieces, fields = take_dated_line(find_main_text(root, fields.get("title")), fields)
    wrapped = _is_wrapped(pieces)
    return RawDocument(to_blocks(pieces), encoding, wrapped, front_matter=fields)


def decode_page(body: bytes) -> tuple[str, str]:
    """Return the page's text and its encoding.

    What the bytes show goes before what the page states: pages that were saved anew often state the old one.
    """
    try:
        return decode(body)
    except UndecodableDocument:
        stated = _stated_codec(body[:HEAD_BYTES])
        if stated is None:
            raise
        return body.decode(stated, "replace"), stated


def _stated_codec(head: bytes) -> str | None:
    found = CHARSET.search(head)
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else ""
    except LookupError:
        return None
    return name if OTHER_CODECS.match(name) else None


def _is_wrapped(pieces: list[Piece]) -> bool:
    lines = sum(piece.is_line for piece in pieces)
    return lines >= LINES_SHARE * len(pieces) and not any(piece.level for piece in pieces)
