"""PDF to blocks: paragraphs as the page shows them, in reading order, without running heads and page numbers.

Reads the text that the file holds; recognises nothing in pictures. What a page only shows as a picture, or in
fonts that do not name their characters, is reported and not guessed at.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from content.errors import DamagedDocument, ScannedDocument
from content.reading.blocks import Doubt, RawDocument
from content.reading.damage import broken_characters
from content.reading.pdf.assembly import Group, group_pages, make_blocks
from content.reading.pdf.columns import ColumnReader
from content.reading.pdf.furniture import without_furniture
from content.reading.pdf.glyphs import (
    LIMIT_MB,
    Bookmark,
    bloated,
    open_pdf,
    read_bookmarks,
    read_page,
)
from content.reading.pdf.lines import PageLine, body_size, make_segments
from content.reading.pdf.margins import set_edges

__all__ = ["read_pdf"]

LOCK = threading.Lock()
"""PDFium may be called by one thread at a time."""

BROKEN_SHARE = 0.2
"""A page with more characters that its fonts do not name is not readable text."""

SCANNED_SHARE = 0.5
"""Where more of the pages are pictures, the document is one that was scanned."""

ENCODING = "pdf"
CHARS_PER_MB = 333_000
"""A Chinese character has three bytes in UTF-8."""


@dataclass(slots=True)
class _Pages:
    """What was read of the pages, before anything is put together."""

    lines: list[list[PageLine]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    pictures: set[int] = field(default_factory=set)
    """Pages, from 1, that show something, but nothing that could be read."""
    bookmarks: list[Bookmark] = field(default_factory=list)

    def add(self, lines: list[PageLine], height: float, is_picture: bool) -> None:
        self.lines.append(lines)
        self.heights.append(height)
        if is_picture:
            self.pictures.add(len(self.lines))


def read_pdf(body: bytes) -> RawDocument:
    """Return the blocks: one a paragraph, a heading, a row of a table, a footnote.

    Lines are counted over the whole document, without those that belong to the page. Raises DamagedDocument,
    ProtectedDocument, BloatedDocument, or ScannedDocument where most pages have no text that could be read.
    """
    with LOCK:
        pages = _read_pages(body)
    usual = body_size(line for lines in pages.lines for line in lines)
    kept = without_furniture(pages.lines, pages.heights, usual)
    unread = [number for number, lines in enumerate(kept, start=1) if not lines and number in pages.pictures]
    if len(unread) > SCANNED_SHARE * len(kept):
        raise ScannedDocument
    set_edges(kept)
    groups, setting = group_pages(kept, pages.heights, usual, pages.bookmarks)
    blocks = make_blocks(groups, setting)
    broken = broken_characters((number, block.text) for number, block in enumerate(blocks, start=1))
    doubts = sorted([*_unread(groups, unread), *broken], key=lambda doubt: doubt.line)
    return RawDocument(blocks, ENCODING, wrapped_text=False, doubts=tuple(doubts))


def _read_pages(body: bytes) -> _Pages:
    pages, columns = _Pages(), ColumnReader()
    chars = damaged = 0
    with open_pdf(body) as document:
        pages.bookmarks = read_bookmarks(document)
        for index in range(len(document)):
            page = read_page(document, index)
            if page is None:
                damaged += 1
                pages.add([], 0.0, is_picture=True)
                continue
            readable = page.broken <= BROKEN_SHARE * len(page.glyphs)
            lines = columns.order_lines(make_segments(page.glyphs), page.number) if readable else []
            pages.add(lines, page.height, page.drawn or not readable)
            chars += len(page.glyphs)
            if chars > LIMIT_MB * CHARS_PER_MB:
                raise bloated()
    if damaged == len(pages.lines):
        raise DamagedDocument(suffix=".pdf")
    return pages


def _unread(groups: Sequence[Group], pages: Sequence[int]) -> Iterator[Doubt]:
    """Yield a doubt for each page without text, at the first block behind it."""
    for page in pages:
        before = sum(group.lines[0].page < page for group in groups)
        yield Doubt("page_without_text", min(before + 1, len(groups)), f"p. {page}")
