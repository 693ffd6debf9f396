"""Markdown to blocks: headings with their level, everything else as text without its marks.

Nothing visible is lost: lists keep their numbers, tables become rows, code stays line by line, pictures
leave their description. Links lose their address, HTML its tags. Footnotes and formulas stay as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.joints import join_lines
from content.reading.blocks import Block, RawDocument
from content.reading.damage import find_damage
from content.reading.encodings import decode
from content.reading.plain_text import INNER_BREAK, clean, plain_blocks

FRONT_MATTER = re.compile(r"\s*---[ ]*\n(.*?)\n(?:---|\.\.\.)[ ]*(?:\n|$)", re.DOTALL)
FIELD = re.compile(r"^([A-Za-z_-]+)\s*:\s*(.+)$", re.MULTILINE)
FRONT_MATTER_CHARS = 10_000
"""Front matter is a handful of lines; what goes on for longer is text between two rules."""

PIECE_CHARS = 200_000
"""A longer file is parsed in pieces, so that the parser's tokens never fill the memory."""

FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
OPEN_COMMENTS = 1_000
"""A file with more comments that never end is no Markdown, and would keep its parser busy for hours."""

TAG = re.compile(r"</?[A-Za-z][^<>]*>")
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
HAN = re.compile("[\u3400-\u9fff]")
LAST_MARK = re.compile("[。！？!?…：；][”’」』）》]*$")
BULLET = "• "
CELL_GAP = " | "
SOFT_BREAK = "\x0b"
"""Stands for a line end that does not show in the page; `clean`ed text holds no other one."""


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields before the text by lower-case name, and the text with blank lines in their place."""
    found = FRONT_MATTER.match(text[:FRONT_MATTER_CHARS])
    if not found:
        return {}, text
    fields = {name.lower(): value.strip().strip("\"'") for name, value in FIELD.findall(found[1])}
    if not fields:
        return {}, text
    return fields, "\n" * found[0].count("\n") + text[found.end() :]


def read_markdown(body: bytes) -> RawDocument:
    """Return the front matter's fields and the blocks: headings, paragraphs, items, rows, lines of code."""
    text, encoding = decode(body)
    fields, text = split_front_matter(INNER_BREAK.sub("\n", clean(text)))
    blocks = _parse(text)
    return RawDocument(
        blocks, encoding, wrapped_text=False, front_matter=fields, doubts=find_damage(body, encoding, blocks)
    )


def _parse(text: str) -> tuple[Block, ...]:
    if text.count("<!--") > text.count("-->") + OPEN_COMMENTS:
        return plain_blocks(text)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return tuple(block for offset, piece in _pieces(text) for block in _blocks(parser.parse(piece), offset))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces, each with the number of lines before it."""
    start, lines = 0, 0
    while start < len(text):
        stop = _piece_end(text, start)
        yield lines, text[start:stop]
        lines += text.count("\n", start, stop)
        start = stop


def _piece_end(text: str, start: int) -> int:
    """Return where a piece ends: at an empty line outside code, or at any line where none comes in time."""
    latest, place, fences = start + 2 * PIECE_CHARS, start, 0
    stop = text.find("\n\n", start + PIECE_CHARS, latest)
    while stop >= 0:
        fences += len(FENCE.findall(text, place, stop))
        if fences % 2 == 0:
            return stop + 2
        closing = FENCE.search(text, stop, latest)
        place, stop = stop, text.find("\n\n", closing.end(), latest) if closing else -1
    stop = text.find("\n", latest)
    return len(text) if stop < 0 else stop + 1


def _blocks(tokens: list[Token], offset: int) -> Iterator[Block]:
    """Yield the blocks of the tokens; `offset` is the number of lines before the first of them."""
    level, lead, row = 0, "", None
    first = last = offset + 1
    for token in tokens:
        if token.map:
            first, last = offset + token.map[0] + 1, offset + max(token.map)
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "list_item_open":
                lead = f"{token.info}{token.markup} " if token.info else BULLET
            case "list_item_close":
                lead = ""
            case "tr_open":
                row = list[str]()
            case "tr_close" if row:
                yield Block(CELL_GAP.join(row), first, last)
                row = None
            case "inline" if row is not None:
                row += _paragraphs(token)
            case "inline" if level:
                yield from (
                    Block(text, first, last, level) for text in [" ".join(_paragraphs(token))] if text
                )
            case "inline" | "fence" | "code_block" | "html_block":
                for text in _paragraphs(token):
                    yield Block(lead + text, first, last)
                    lead = ""
            case _:
                pass


def _paragraphs(token: Token) -> list[str]:
    """Return the text that the token stands for, a string a paragraph."""
    match token.type:
        case "fence" | "code_block":
            return [line.rstrip() for line in token.content.split("\n") if line.strip()]
        case "html_block":
            lines = TAG.sub("", BREAK_TAG.sub("\n", _without_comments(token.content))).split("\n")
        case _:
            text = "".join(map(_visible, token.children or []))
            lines = [line for part in text.split("\n") for line in _unwrapped(part.split(SOFT_BREAK))]
    return [line.strip() for line in lines if line.strip()]


def _without_comments(html: str) -> str:
    """Return the HTML without its comments; one that does not end is left."""
    kept, start = [], 0
    while (opening := html.find("<!--", start)) >= 0 and (ending := html.find("-->", opening)) >= 0:
        kept.append(html[start:opening])
        start = ending + 3
    return "".join(kept) + html[start:]


def _unwrapped(lines: list[str]) -> list[str]:
    """Return the lines as one, or each for itself where every line is a paragraph, as many write Chinese."""
    lines = [line.strip() for line in lines]
    if all(HAN.search(line) and LAST_MARK.search(line) for line in lines):
        return lines
    return [join_lines(lines)]


def _visible(token: Token) -> str:
    match token.type:
        case "softbreak":
            return SOFT_BREAK
        case "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if BREAK_TAG.fullmatch(token.content) else ""
        case "image":
            return "".join(map(_visible, token.children or []))
        case _:
            return token.content
