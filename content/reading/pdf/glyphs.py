"""PDF bytes to glyphs: what PDFium says of each character of a page, in the page's own upright coordinates.

Leaves out what nobody sees or reads as text: characters beyond the page's edge, rotated ones (stamps, notes
in the margin), and invisible ones, which are kept where a page has no others: the layer of an OCR.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from content.errors import BloatedDocument, DamagedDocument, ProtectedDocument
from content.reading.pdf.letters import BROKEN, readable

LIMIT_PAGES = 2000
LIMIT_PAGE_GLYPHS = 50_000
LIMIT_MB = 50
"""Bounds against files that unpack without end: a dense newspaper page has 15,000 characters."""

BOLD = re.compile(
    "bold|black|heavy|semibd|[-,]bd|medium|simhei|heiti|fzhei|fzxbs|xiaobiaosong", re.IGNORECASE
)
"""Names of fonts that stand out in a text set in a lighter one; 黑体 and 小标宋 among them."""

FILL_AND_STROKE, INVISIBLE = 2, 3
"""Text rendering modes (ISO 32000-1, table 106); many programs make bold by stroking as well."""

DRAWN_PATHS = 50
"""Letters turned into outlines are drawn by hundreds of paths; rules and boxes by a few."""

LARGEST_SIZE, SMALLEST_SIZE = 300.0, 1.0
"""In points: what is larger or smaller is no text for people."""


class Glyph(NamedTuple):
    """A character where it stands; points from the page's lower left corner."""

    x: float
    y: float
    """The baseline."""
    right: float
    """Where the next character would stand."""
    size: float
    """To the half point: the same size comes out of other matrices as 11.98."""
    text: str
    bold: bool
    run: int
    """Tells apart what the producer wrote at different times."""


@dataclass(frozen=True, slots=True)
class Page:
    """The glyphs of a page, in the producer's order."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    broken: int
    """Characters of fonts that do not tell which characters they show."""
    drawn: bool
    """True where the page shows a picture, or drawings as rich as letters."""


class _Style(NamedTuple):
    size: float
    quarter: int
    """The direction in which the text runs, in quarter turns, -1 for any other one."""
    bold: bool
    invisible: bool


class Bookmark(NamedTuple):
    """An entry of the document's outline."""

    page: int
    title: str
    depth: int


def open_pdf(body: bytes) -> pypdfium2.PdfDocument:
    """Return the document; raises DamagedDocument, ProtectedDocument, or BloatedDocument."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ProtectedDocument from None
        raise DamagedDocument(suffix=".pdf") from None
    if len(document) > LIMIT_PAGES:
        document.close()
        raise bloated()
    return document


def bloated() -> BloatedDocument:
    """Return the error for a file that holds more than anyone would read."""
    return BloatedDocument(limit_mb=LIMIT_MB, limit_parts=LIMIT_PAGES)


def read_bookmarks(document: pypdfium2.PdfDocument) -> list[Bookmark]:
    """Return the document's outline, at most one entry a page of the limit."""
    found: list[Bookmark] = []
    for mark in document.get_toc(max_depth=6):
        destination = mark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None:
            found.append(Bookmark(page, mark.get_title(), mark.level))
        if len(found) >= LIMIT_PAGES:
            break
    return found


def read_page(document: pypdfium2.PdfDocument, index: int) -> Page | None:
    """Return the page's glyphs, or None where the page is damaged."""
    try:
        page = document[index]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return None
    try:
        count = text.count_chars()
        if count > LIMIT_PAGE_GLYPHS:
            raise bloated()
        return _Reader(page, text.raw).read(index + 1, count)
    finally:
        text.close()
        page.close()


class _Reader:
    """One page, while its characters are asked for one by one."""

    def __init__(self, page: pypdfium2.PdfPage, text: pdfium.FPDF_TEXTPAGE) -> None:
        self.page, self.text = page, text
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.turns = page.get_rotation() // 90
        self.fonts: dict[int, bool] = {}

    def read(self, number: int, count: int) -> Page:
        found = list(self._glyphs(count))
        seen = [glyph for glyph in found if not glyph[1].invisible] or found
        quarters = Counter(style.quarter for _, style in seen if style.quarter >= 0)
        quarter = max(quarters, key=lambda turn: (quarters[turn], -turn), default=0)
        upright = [glyph for glyph, style in seen if style.quarter == quarter]
        moved = quarter or self.left or self.bottom
        glyphs = [self._turned(glyph, quarter) for glyph in upright] if moved else upright
        drawn = _is_drawn(self.page.raw) if len(glyphs) < DRAWN_PATHS else False
        width, height = self.right - self.left, self.top - self.bottom
        broken = sum(glyph.text == BROKEN for glyph in glyphs)
        if quarter % 2:
            width, height = height, width
        return Page(number, width, height, glyphs, broken, drawn)

    def _glyphs(self, count: int) -> Iterator[tuple[Glyph, _Style]]:
        """Yield what is on the page; the loop runs for every character, so it calls PDFium seldom."""
        text, get_object = self.text, pdfium.FPDFText_GetTextObject
        get_unicode, get_origin = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharOrigin
        get_box, has_no_map = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_HasUnicodeMapError
        x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        address, style, run = 0, _Style(0.0, -1, False, False), 0
        for index in range(count):
            shape = get_object(text, index)
            if not shape:  # PDFium adds blanks and line ends of its own, which belong to no object
                continue
            here = ctypes.addressof(shape.contents)
            if here != address:
                address, style, run = here, self._style(shape, index), run + 1
            character = BROKEN if has_no_map(text, index) else readable(chr(get_unicode(text, index)))
            get_origin(text, index, x, y)
            if not character or not self._is_inside(x.value, y.value, style.size):
                continue
            get_box(text, index, box)
            yield Glyph(x.value, y.value, _far_end(box, style), style.size, character, style.bold, run), style

    def _is_inside(self, x: float, y: float, size: float) -> bool:
        return (
            self.left - size / 2 <= x < self.right
            and self.bottom - size / 2 <= y < self.top
            and SMALLEST_SIZE <= size <= LARGEST_SIZE
        )

    def _style(self, shape: pdfium.FPDF_PAGEOBJECT, index: int) -> _Style:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self.text, index, matrix)
        size = round(2 * pdfium.FPDFText_GetFontSize(self.text, index) * math.hypot(matrix.c, matrix.d)) / 2
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        turns = round(angle / 90)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(shape)
        bold = mode == FILL_AND_STROKE or self._is_bold(pdfium.FPDFTextObj_GetFont(shape))
        quarter = turns % 4 if abs(angle - 90 * turns) < 5 else -1
        return _Style(size, quarter, bold, mode == INVISIBLE)

    def _is_bold(self, font: pdfium.FPDF_FONT) -> bool:
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self.fonts:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            self.fonts[address] = bool(BOLD.search(name.value.decode("latin-1")))
        return self.fonts[address]

    def _turned(self, glyph: Glyph, quarter: int) -> Glyph:
        """Return the glyph in the coordinates of a page on which its line is level and reads to the right."""
        x, y, right = glyph.x - self.left, glyph.y - self.bottom, glyph.right
        width, height = self.right - self.left, self.top - self.bottom
        match quarter:
            case 1:
                return glyph._replace(x=y, y=width - x, right=right - self.bottom)
            case 2:
                return glyph._replace(x=width - x, y=height - y, right=self.right - right)
            case 3:
                return glyph._replace(x=height - y, y=x, right=self.top - right)
            case _:
                return glyph._replace(x=x, y=y, right=right - self.left)


def _far_end(box: pdfium.FS_RECTF, style: _Style) -> float:
    """Return the coordinate, along the line, at which the character's box ends."""
    return float((box.right, box.top, box.left, box.bottom)[max(0, style.quarter)])


def _is_drawn(page: pdfium.FPDF_PAGE) -> bool:
    """Return whether the page shows a picture, or as many paths as letters in outline have."""
    kinds = Counter(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index))
        for index in range(min(pdfium.FPDFPage_CountObjects(page), LIMIT_PAGE_GLYPHS))
    )
    pictures = kinds[pdfium.FPDF_PAGEOBJ_IMAGE] + kinds[pdfium.FPDF_PAGEOBJ_FORM]
    return pictures > 0 or kinds[pdfium.FPDF_PAGEOBJ_PATH] >= DRAWN_PATHS
