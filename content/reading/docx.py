"""A Word file to blocks: headings, paragraphs, items with their numbers, rows, notes, text boxes.

Tracked deletions are out and insertions in. Pictures are left out, comments and hidden text too. What Word
puts before a paragraph by counting is written out; where that cannot be done, the paragraph is doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from content.errors import DamagedDocument
from content.reading.archive import Package, attribute, child, children, local, resolve
from content.reading.blocks import Doubt, RawDocument
from content.reading.markup import CELL_CHARS, CELL_GAP, Element
from content.reading.pieces import LEVELS, Piece, tidy, to_blocks
from content.reading.word_numbers import Numbers
from content.reading.word_styles import Look, Styles, run_look

ENCODING = "docx"
DOUBT_CHARS = 40
NOTE_LEAD = "* "
WRAPPERS = frozenset(
    {"ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo"}
)
"""Elements whose content stands in the text."""

SIGNS = {"tab": " ", "noBreakHyphen": "-", "ptab": " "}
ORDINARY_TITLE = re.compile(
    r"(?:Microsoft|WPS|文档|文件|Document|新建|Normal|无标题|Untitled|PowerPoint)", re.IGNORECASE
)
TITLE_CHARS = 100


def read_docx(body: bytes) -> RawDocument:
    """Return the document's blocks, numbered from 1. Raises Damaged-, Protected- or BloatedDocument."""
    package = Package(body, ".docx")
    main = _main_part(package)
    root = package.xml(main)
    text = child(root, "body")
    if text is None:
        raise DamagedDocument(suffix=".docx")
    styles = Styles(package.xml(resolve(main, "styles.xml")))
    notes = {
        kind: _notes(package.xml(resolve(main, f"{kind}s.xml")), kind) for kind in ("footnote", "endnote")
    }
    numbers = Numbers(package.xml(resolve(main, "numbering.xml")), styles.lists())
    reader = _Reader(styles, numbers, notes)
    found = _levelled([piece for each in reader.pieces(text) if (piece := _tidy(each))])
    blocks = to_blocks([each.piece for each in found])
    doubts = tuple(
        Doubt("numbering_lost", block.first_line, block.text[:DOUBT_CHARS])
        for each, block in zip(found, blocks, strict=False)
        if each.number_lost
    )
    return RawDocument(blocks, ENCODING, wrapped_text=False, front_matter=_fields(package), doubts=doubts)


def _main_part(package: Package) -> str:
    """Return the name of the part that holds the text."""
    links = children(package.xml("_rels/.rels"), "Relationship")
    targets = [
        attribute(each, "Target") or ""
        for each in links
        if (attribute(each, "Type") or "").endswith("/officeDocument")
    ]
    return resolve("", targets[0]) if targets else "word/document.xml"


def _notes(root: Element | None, kind: str) -> dict[str, Element]:
    return {attribute(each, "id") or "": each for each in children(root, kind) if not attribute(each, "type")}


def _fields(package: Package) -> dict[str, str]:
    """Return the title that the file states, where somebody has given it one."""
    title = child(package.xml("docProps/core.xml"), "title")
    text = " ".join((title.text or "").split()) if title is not None else ""
    return {} if not text or len(text) > TITLE_CHARS or ORDINARY_TITLE.match(text) else {"title": text}


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece, and what `to_blocks` need not know of it."""

    piece: Piece
    is_title: bool = False
    number_lost: bool = False


def _tidy(found: _Found) -> _Found | None:
    piece = tidy(found.piece)
    return replace(found, piece=piece) if piece else None


def _levelled(found: list[_Found]) -> list[_Found]:
    """Return the pieces with the document's title above its headings."""
    if not any(each.is_title for each in found):
        return found
    return [replace(each, piece=replace(each.piece, level=_level_below(each))) for each in found]


def _level_below(each: _Found) -> int:
    level = each.piece.level
    return 1 if each.is_title else min(level + 1, LEVELS) if level else 0


@dataclass(slots=True)
class _Line:
    """What of a paragraph stands before a line break."""

    texts: list[str] = field(default_factory=list)
    bold_chars: int = 0
    size: float = 0.0

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read."""

    look: Look
    lines: list[_Line] = field(default_factory=lambda: [_Line()])
    beside: list[Element] = field(default_factory=list)
    """The notes and text boxes that belong to it."""


class _Reader:
    """One walk over the text; its depth is bounded, as the parser takes no deeper nesting than 256."""

    def __init__(self, styles: Styles, numbers: Numbers, notes: dict[str, dict[str, Element]]) -> None:
        self.styles = styles
        self.numbers = numbers
        self.notes = notes
        self.carried = ""
        """The text of a paragraph whose end was deleted: it goes on in the next."""

    def pieces(self, container: Element) -> Iterator[_Found]:
        """Yield what the container holds, in order."""
        for element in container:
            match local(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt" if _is_contents(element):
                    pass
                case name if name in WRAPPERS:
                    yield from self.pieces(element)
                case _:
                    pass

    def _paragraph(self, element: Element) -> Iterator[_Found]:
        properties = child(element, "pPr")
        paragraph = _Paragraph(self.styles.look(properties))
        paragraph.lines[0].texts.append(self.carried)
        self.carried = ""
        self._read(element, paragraph)
        if child(properties, "rPr", "del") is not None:
            self.carried = "".join(line.text for line in paragraph.lines)
        elif not paragraph.look.is_contents:
            yield from self._lines(paragraph)
        for beside in paragraph.beside:
            is_note = local(beside) in ("footnote", "endnote")
            for number, found in enumerate(self.pieces(beside)):
                lead = NOTE_LEAD if is_note and number == 0 else ""
                yield replace(found, piece=replace(found.piece, text=lead + found.piece.text.strip()))

    def _lines(self, paragraph: _Paragraph) -> Iterator[_Found]:
        look = paragraph.look
        lines = [line for line in paragraph.lines if line.text.strip()]
        if not lines:
            return
        number = self.numbers.next(*look.number) if look.number else ""
        level = 1 if look.is_title else look.level
        if level:
            text = (number or "") + " ".join(line.text.strip() for line in lines)
            yield _Found(Piece(text, level), look.is_title, number is None)
            return
        for index, line in enumerate(lines):
            text = (number or "") * (index == 0) + line.text
            yield _Found(self._piece(text, line, look), number_lost=number is None and index == 0)

    def _piece(self, text: str, line: _Line, look: Look) -> Piece:
        chars = sum(len(part.strip()) for part in line.texts)
        bold = line.bold_chars >= 0.9 * chars
        return Piece(text, centred=look.centred, bold=bold, size=line.size or look.size)

    def _read(self, container: Element, paragraph: _Paragraph) -> None:
        """Add the text of the runs in the container to the paragraph."""
        for element in container:
            name = local(element)
            if name == "r":
                self._run(element, paragraph)
            elif name in WRAPPERS:
                self._read(element, paragraph)
            elif name in ("oMath", "oMathPara"):
                paragraph.lines[-1].texts += [
                    each.text or "" for each in element.iter() if local(each) == "t"
                ]

    def _run(self, run: Element, paragraph: _Paragraph) -> None:
        look = run_look(child(run, "rPr"))
        if look["hidden"]:
            return
        for element in run:
            self._run_part(element, paragraph)
            text = element.text or "" if local(element) == "t" else ""
            line = paragraph.lines[-1]
            if text:
                line.texts.append(text)
                bold = paragraph.look.bold if look["bold"] is None else look["bold"]
                line.bold_chars += len(text.strip()) * bool(bold)
                line.size = max(line.size, float(look["size"] or 0))

    def _run_part(self, element: Element, paragraph: _Paragraph) -> None:
        match local(element):
            case "br" if attribute(element, "type") in (None, "textWrapping"):
                paragraph.lines.append(_Line())
            case "cr":
                paragraph.lines.append(_Line())
            case "tab" | "noBreakHyphen" | "ptab" as name:
                paragraph.lines[-1].texts.append(SIGNS[name])
            case "footnoteReference" | "endnoteReference" as name:
                notes = self.notes[name.removesuffix("Reference")]
                note = notes.pop(attribute(element, "id") or "", None)
                paragraph.beside += [note] if note is not None else []
            case "ruby":
                self._read(next(children(element, "rubyBase"), element), paragraph)
            case "drawing" | "pict" | "AlternateContent" | "object":
                paragraph.beside += _text_boxes(element)
            case _:
                pass

    def _table(self, table: Element) -> Iterator[_Found]:
        """Yield the rows of a table of facts, and the paragraphs of one by which a page was laid out."""
        rows = [[list(self.pieces(cell)) for cell in _under(row, "tc")] for row in _under(table, "tr")]
        if _is_layout(rows):
            yield from (found for row in rows for cell in row for found in cell)
            return
        for row in rows:
            texts = [" ".join(found.piece.text.strip() for found in cell) for cell in row]
            lost = any(found.number_lost for cell in row for found in cell)
            yield _Found(Piece(CELL_GAP.join(text for text in texts if text)), number_lost=lost)


def _is_layout(rows: list[list[list[_Found]]]) -> bool:
    cells = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) < 2 or any(found.piece.level for cell in cells for found in cell):
        return True
    return any(sum(len(found.piece.text) for found in cell) > CELL_CHARS for cell in cells)


def _under(container: Element, name: str) -> Iterator[Element]:
    """Yield the elements of that name, also those that a wrapper holds."""
    for element in container:
        if local(element) == name:
            yield element
        elif local(element) in WRAPPERS:
            yield from _under(element, name)


def _is_contents(element: Element) -> bool:
    gallery = child(element, "sdtPr", "docPartObj", "docPartGallery")
    return "Contents" in (attribute(gallery, "val") or "")


def _text_boxes(element: Element) -> list[Element]:
    """Return the text boxes in a drawing; of two versions of the same the first."""
    choice = child(element, "Choice")
    inside = element if choice is None else choice
    return [each for each in inside.iter() if local(each) == "txbxContent"]
