"""A tree of HTML elements to pieces of text: the walk that web pages and books share.

Everything visible is kept, in order. What an element looks like is taken from its tag and its own style;
style sheets are not read, nothing is fetched, and pictures leave nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from lxml import etree, html

from content.errors import DamagedDocument, DocumentTooLarge
from content.joints import join_lines
from content.reading.pieces import Piece, tidy

HEADING_TAGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr legend li main menu nav ol p pre section summary "
    "table tbody td tfoot th thead tr ul"
)
BLOCK_TAGS = frozenset(BLOCKS.split())
UNSEEN = (
    "applet audio button canvas datalist embed frame frameset head iframe img input map meta noframes "
    "noscript object param rp rt script select style svg template textarea title track video"
)
UNSEEN_TAGS = frozenset(UNSEEN.split())
"""Elements that hold no text to read; `rt` is the pronunciation over a character."""

BOLD_TAGS = frozenset({"b", "strong"})
BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
CENTRED_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
"""What is only `visibility: hidden` is shown later by a script, as the text of WeChat's pages is."""

NOTE_MARK = re.compile(r"[\[［〔(（]?\s*(?:注?\s*\d{1,3}|[*†‡①-⑳])\s*[\])）〕］]?")
RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
BLANKS = " \t\r\n\f"
BLANK_RUN = re.compile(f"[{BLANKS}]+")
BULLET = "• "
CELL_GAP = " | "
CELL_CHARS = 200
"""A longer cell is a column of a page that was laid out by a table."""

LIMIT_CHARS = 20_000_000
"""A tree takes ten times the memory of its text, and no page to read has a tenth of this."""

DATA_URI = re.compile(r"data:[\w.+/-]*;base64,[\w+/=%-]*")
LONG_TAG = re.compile(r"(<[A-Za-z][\w:-]{0,50}+)(?=[^<>]{16384})[^<>]*")
"""Attributes of a tag are compared each with each: 100,000 of them keep the parser busy for a minute."""

Element: TypeAlias = etree._Element
Unseen: TypeAlias = Callable[[Element], bool]


def parse_html(text: str, suffix: str) -> Element | None:
    """Return the root of the page, or None where there is no element. Fetches nothing, expands no entity.

    Raises DamagedDocument where elements are nested deeper than libxml2 takes, which is 2,048, and
    DocumentTooLarge where the file is too large even without its pictures.
    """
    text = LONG_TAG.sub(r"\1", DATA_URI.sub("", text)).replace("\0", "")
    if len(text) > LIMIT_CHARS:
        raise DocumentTooLarge(size_mb=len(text) // 1_000_000, limit_mb=LIMIT_CHARS // 1_000_000)
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError:
        return None
    if any("depth" in error.message for error in parser.error_log):
        raise DamagedDocument(suffix=suffix)
    return root


def is_unseen(element: Element) -> bool:
    """Return whether a browser shows nothing of the element."""
    if element.tag in UNSEEN_TAGS:
        return True
    hidden = "hidden" in element.attrib or HIDDEN_STYLE.search(element.get("style", ""))
    return bool(hidden) and element.tag not in ("html", "body", "main", "article")


def read_tree(root: Element, unseen: Unseen = is_unseen) -> list[Piece]:
    """Return the pieces of all that is to be seen under the root, without what `unseen` says."""
    return [piece for found in _Walk(unseen).pieces(root) if (piece := tidy(found))]


class _Walk:
    """One walk over a tree, without recursion: pages are nested as deep as they like."""

    def __init__(self, unseen: Unseen) -> None:
        self.unseen = unseen
        self.texts: list[str] = []
        self.link_chars = self.bold_chars = self.blanks = 0
        self.level = self.bold = self.link = self.centred = self.pre = 0
        self.lead = ""
        self.counters: list[int | None] = []

    def pieces(self, root: Element) -> Iterator[Piece]:
        """Yield the pieces as they end."""
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: Element | None = None
        for event, element in walker:
            if event == "start":
                skipped = element if self._is_leaf(element) else None
                yield from self._leaf(element) if skipped is not None else self._open(element)
                if skipped is not None:
                    walker.skip_subtree()
                continue
            if element is not skipped:
                yield from self._close(element)
            skipped = None
            if element is not root:
                yield from self._add(element.tail)
        yield from self._end()

    def _is_leaf(self, element: Element) -> bool:
        """Return whether the element is read, or left out, as a whole."""
        return element.tag in ("br", "sup", "sub") or self.unseen(element) or _is_grid(element)

    def _leaf(self, element: Element) -> Iterator[Piece]:
        if self.unseen(element):
            return
        if element.tag == "br":
            yield from self._break()
        elif element.tag == "table":
            yield from self._end()
            yield from map(Piece, _rows(element, self.unseen))
        else:
            yield from self._add(_raised(element))

    def _open(self, element: Element) -> Iterator[Piece]:
        tag = element.tag
        if tag in HEADING_TAGS and not self.level:
            yield from self._end()
            self.level = HEADING_TAGS[tag]
        elif tag in BLOCK_TAGS:
            yield from self._end()
        self._count(element, 1)
        if tag in ("ol", "ul"):
            self.counters.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self.lead = self._item_mark()
        elif tag == "q":
            self.texts.append("“")
        yield from self._add(element.text)

    def _close(self, element: Element) -> Iterator[Piece]:
        tag = element.tag
        if tag == "q":
            self.texts.append("”")
        if tag in HEADING_TAGS and self.level == HEADING_TAGS[tag]:
            self.level, level = 0, self.level
            yield from self._end(level)
        elif tag in BLOCK_TAGS:
            yield from self._end()
        self._count(element, -1)
        if tag in ("ol", "ul") and self.counters:
            self.counters.pop()
        elif tag == "li":
            self.lead = ""

    def _count(self, element: Element, step: int) -> None:
        style = element.get("style", "")
        if element.tag in BOLD_TAGS or BOLD_STYLE.search(style):
            self.bold += step
        if element.tag == "center" or element.get("align") == "center" or CENTRED_STYLE.search(style):
            self.centred += step
        self.link += step * (element.tag == "a" and "href" in element.attrib)
        self.pre += step * (element.tag == "pre")

    def _item_mark(self) -> str:
        number = self.counters[-1] if self.counters else None
        if number is None:
            return BULLET
        self.counters[-1] = number + 1
        return f"{number}. "

    def _add(self, text: str | None) -> Iterator[Piece]:
        """Take in the text; in preformatted text every line ends a piece."""
        if not text:
            return
        lines = text.split("\n") if self.pre else [_soft(text)]
        for number, line in enumerate(lines):
            if number:
                yield from self._break()
            self.texts.append(line)
            chars = len(line.strip())
            self.link_chars += chars * bool(self.link)
            self.bold_chars += chars * bool(self.bold)

    def _break(self) -> Iterator[Piece]:
        """End a line; two ends in a row leave an empty line."""
        if self.level:
            self.texts.append(" ")
            return
        if not "".join(self.texts).strip():
            self.blanks += 1
        for piece in self._end():
            yield replace(piece, is_line=True)

    def _end(self, level: int = 0) -> Iterator[Piece]:
        """End the piece at hand, if there is one; within a heading nothing ends."""
        if self.level:
            self.texts.append(" ")
            return
        text = "".join(self.texts)
        text = text if self.pre else BLANK_RUN.sub(" ", text)
        self.texts = []
        if not text.strip():
            return
        chars = len(text.strip())
        yield Piece(
            self.lead + text,
            level,
            centred=self.centred > 0,
            bold=self.bold_chars >= 0.9 * chars,
            links=self.link_chars / chars,
            indent=len(text) - len(text.lstrip(" ")) if self.pre else 0,
            blanks_before=self.blanks,
        )
        self.lead = ""
        self.link_chars = self.bold_chars = self.blanks = 0


def _soft(text: str) -> str:
    """Return the text with the lines of its source joined; blanks at its ends stay one space."""
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    head = " " if text[0] in BLANKS else ""
    tail = " " if text[-1] in BLANKS else ""
    return head + join_lines(line for line in lines if line) + tail


def _raised(element: Element) -> str:
    """Return the text of a raised or lowered element as digits of that kind; nothing for a note's mark."""
    text = "".join(element.itertext()).strip()
    marks_note = NOTE_MARK.fullmatch(text) and (
        element.find(".//a[@href]") is not None or text[0] in "[［〔*†‡注①②③④⑤⑥⑦⑧⑨⑩"
    )
    if element.tag == "sub":
        return text.translate(LOWERED)
    return "" if marks_note else text.translate(RAISED)


def _first_number(element: Element) -> int:
    start = element.get("start", "1")
    return int(start) if re.fullmatch(r"\d{1,4}", start) else 1


def _is_grid(element: Element) -> bool:
    """Return whether the element is a table of facts, not one by which a page was laid out."""
    if element.tag != "table" or next(element.iterdescendants("table", *HEADING_TAGS), None) is not None:
        return False
    columns = max((len(row.findall("td") + row.findall("th")) for row in element.iter("tr")), default=0)
    return columns > 1 and all(_chars(cell) <= CELL_CHARS for cell in element.iter("td", "th"))


def _chars(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _rows(table: Element, unseen: Unseen) -> Iterator[str]:
    """Yield the caption and the rows of a table, the cells apart by bars."""
    for part in table.iter("caption", "tr"):
        cells = [part] if part.tag == "caption" else part.iterchildren("td", "th")
        texts = [" ".join(piece.text for piece in read_tree(cell, unseen)) for cell in cells]
        if row := CELL_GAP.join(text for text in texts if text):
            yield row
