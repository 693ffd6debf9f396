"""Bytes and a name to blocks of text: one file a format, one entrance.

Interprets nothing: which lines form a paragraph, and which of these an article, is decided later.
"""

from __future__ import annotations

from pathlib import PurePath

from content.errors import DocumentTooLarge, EmptyDocument, UnsupportedFormat
from content.reading.blocks import Block, RawDocument
from content.reading.encodings import decode
from content.reading.plain_text import read_plain_text

__all__ = ["LIMIT_BYTES", "SUFFIXES", "Block", "RawDocument", "read_document"]

MEGABYTE = 1_000_000
LIMIT_BYTES = 50 * MEGABYTE
"""A book of a million characters has 3 MB; what is larger than this is not a text to read."""

PLAIN_SUFFIXES = (".txt", ".text")
MARKDOWN_SUFFIXES = (".md", ".markdown")
SUFFIXES = PLAIN_SUFFIXES + MARKDOWN_SUFFIXES
"""The formats that are read, by the ends of file names."""


def read_document(name: str, body: bytes) -> RawDocument:
    """Return the blocks of the file; `name` is its file name, whose suffix tells the format.

    Raises UnsupportedFormat, DocumentTooLarge, UndecodableDocument, or EmptyDocument where no text is left.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnsupportedFormat(suffix=suffix or name)
    if len(body) > LIMIT_BYTES:
        raise DocumentTooLarge(size_mb=-(-len(body) // MEGABYTE), limit_mb=LIMIT_BYTES // MEGABYTE)
    text, encoding = decode(body)
    raw = _read_as(suffix, text, encoding)
    if not raw.blocks:
        raise EmptyDocument
    return raw


def _read_as(suffix: str, text: str, encoding: str) -> RawDocument:
    if suffix in MARKDOWN_SUFFIXES:
        from content.reading.markdown import read_markdown  # its parser costs 0.1 s

        fields, blocks = read_markdown(text)
        return RawDocument(blocks, encoding, wrapped_text=False, front_matter=fields)
    return RawDocument(read_plain_text(text), encoding, wrapped_text=True)
