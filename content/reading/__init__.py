"""Bytes and a name to blocks of text: one file a format, one entrance.

Interprets nothing: which lines form a paragraph, and which of these an article, is decided later. A format's
reader is imported when the first file of its kind comes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from content.errors import (
    DamagedDocument,
    DocumentTooLarge,
    EmptyDocument,
    OfficeDocument,
    UnsupportedFormat,
)
from content.reading.blocks import Block, Doubt, RawDocument

__all__ = ["LIMIT_BYTES", "SUFFIXES", "Block", "Doubt", "RawDocument", "check_suffix", "read_document"]

MEGABYTE = 1_000_000
LIMIT_BYTES = 50 * MEGABYTE
"""A book of a million characters has 3 MB; what is larger than this is not a text to read."""

READERS = {
    ".txt": "plain_text",
    ".text": "plain_text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".epub": "epub",
    ".pdf": "pdf",
}
"""The module that reads files with this suffix, by its function `read_{module}(body) -> RawDocument`."""

SUFFIXES = tuple(READERS)
"""The formats that are read, by the ends of file names."""

OFFICE_SUFFIXES = (".doc", ".wps", ".rtf", ".odt")
"""Formats that Word, WPS and LibreOffice open and save as .docx."""

TEXT_READERS = ("plain_text", "markdown", "html")

OTHER_KINDS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
    b"{\\rtf",
)
"""First bytes of files that are not text: PDF, ZIP, pictures, archives, old Office, databases, RTF."""


def check_suffix(name: str) -> str:
    """Return the suffix of the file's name, in lower case.

    Raises UnsupportedFormat or OfficeDocument where files of that kind are not read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in OFFICE_SUFFIXES:
        raise OfficeDocument(suffix=suffix)
    if suffix not in READERS:
        raise UnsupportedFormat(suffix=suffix or name or "?")
    return suffix


def read_document(name: str, body: bytes) -> RawDocument:
    """Return the blocks of the file; `name` is its file name, whose suffix tells the format.

    Raises what `content.errors` lists under DocumentError, EmptyDocument where no text is left.
    """
    suffix = check_suffix(name)
    if len(body) > LIMIT_BYTES:
        raise DocumentTooLarge(size_mb=-(-len(body) // MEGABYTE), limit_mb=LIMIT_BYTES // MEGABYTE)
    module = READERS[suffix]
    if module in TEXT_READERS and body.startswith(OTHER_KINDS):
        raise DamagedDocument(suffix=suffix)
    raw = _reader(module)(body)
    if not raw.blocks:
        raise EmptyDocument
    return raw


def _reader(module: str) -> Callable[[bytes], RawDocument]:
    reader: Callable[[bytes], RawDocument] = getattr(
        import_module(f"content.reading.{module}"), f"read_{module}"
    )
    return reader
