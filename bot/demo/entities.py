"""Telegram's HTML parse mode: markup in, plain text and entities out, or the error that Telegram would give.

It reads what Telegram reads and no more: the tags of `TAGS`, four named entities, numeric ones. It neither
trims nor tidies, and does no Markdown. Rules and error texts are those of TDLib's `parse_html` (file
td/telegram/MessageEntity.cpp). Offsets and lengths are in UTF-16 code units, offsets in errors in bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.demo.entity import Entity, EntityError, in_order, utf16_length
from bot.demo.tags import ATTRIBUTES, TAGS, make_entity

__all__ = ["Entity", "EntityError", "parse_html", "utf16_length"]

NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACES = " \t\r\n\v\0"
END = "\0"
"""Marks the end of the text while it is read; it counts as a space, as in TDLib."""
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
MAX_REFERENCE_CHARS = 9
"""A longer numeric reference (without its semicolon) is left as it stands."""


@dataclass(frozen=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    """In code points of the output."""


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """Return the text without its markup, and its entities in order (outer before inner).

    Raises EntityError with Telegram's words where Telegram would refuse the text.
    """
    if END in html:
        raise EntityError("Text must not contain null bytes")
    return _Parser(html).parse()


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html + END
        self.at = 0
        self.out: list[str] = []
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.html) - 1:
            character = self.html[self.at]
            if character == "<":
                self._read_tag()
            elif character == "&":
                self.out += self._read_reference()
            else:
                self.out.append(character)
                self.at += 1
        if self.open:
            raise EntityError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self._text(), _in_order(self.entities)

    def _text(self) -> str:
        text = "".join(self.out)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise EntityError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text

    def _fail(self, words: str, at: int) -> EntityError:
        return EntityError(f"{words} at byte offset {len(self.html[:at].encode(errors='replace'))}")

    def _skip_spaces(self) -> None:
        while self.html[self.at] in SPACES and not self._at_end():
            self.at += 1

    def _at_end(self) -> bool:
        return self.at == len(self.html) - 1

    def _read_until(self, stops: str) -> str:
        start = self.at
        while self.html[self.at] not in stops:
            self.at += 1
        return self.html[start : self.at]

    def _read_reference(self) -> str:
        match = REFERENCE.match(self.html, self.at)
        character = _referred(match) if match else None
        if match is None or character is None:
            self.at += 1
            return "&"
        self.at = match.end()
        return character

    def _read_tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.html[self.at] == "/":
            self._read_end_tag(begin)
        else:
            self._read_start_tag(begin)
        self.at += 1

    def _read_start_tag(self, begin: int) -> None:
        tag = self._read_until(SPACES + ">").lower()
        if self._at_end():
            raise self._fail("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes: dict[str, str] = {}
        self._skip_spaces()
        while self.html[self.at] != ">":
            name, value = self._read_attribute(tag, begin)
            prefix = ATTRIBUTES.get((tag, name))
            if prefix is not None and value.startswith(prefix):
                attributes[name] = value.removeprefix(prefix)
            self._skip_spaces()
        if tag == "span" and attributes.get("class") != "spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, attributes, len(self.out)))

    def _read_attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._read_until(SPACES + "=>/\"'")
        if not name:
            raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_spaces()
        unclosed = self._fail(f'Unclosed start tag "{tag}"', begin)
        if self._at_end():
            raise unclosed
        if self.html[self.at] != "=":
            return name, ""
        self.at += 1
        self._skip_spaces()
        if self._at_end():
            raise unclosed
        value = self._read_quoted() if self.html[self.at] in "\"'" else self._read_token()
        if self._at_end():
            raise self._fail("Unclosed start tag", begin)
        return name, value

    def _read_token(self) -> str:
        match = re.compile(r"[A-Za-z0-9.-]*").match(self.html, self.at)
        assert match
        if self.html[match.end()] not in SPACES + ">":
            raise self._fail("Unexpected end of name token", self.at)
        self.at = match.end()
        return match[0].lower()

    def _read_quoted(self) -> str:
        quote = self.html[self.at]
        self.at += 1
        value: list[str] = []
        while self.html[self.at] != quote and not self._at_end():
            if self.html[self.at] == "&":
                value.append(self._read_reference())
            else:
                value.append(self.html[self.at])
                self.at += 1
        if not self._at_end():
            self.at += 1
        return "".join(value)

    def _read_end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._fail("Unexpected end tag", begin)
        self.at += 1
        found = self._read_until(SPACES + ">").lower()
        self._skip_spaces()
        if self.html[self.at] != ">":
            raise self._fail("Unclosed end tag", begin)
        expected = self.open[-1].tag
        if found and found != expected:
            raise EntityError(
                f'{self._fail("Unmatched end tag", begin)}, expected "</{expected}>", found "</{found}>"'
            )
        self._close(self.open.pop())

    def _close(self, opened: _Open) -> None:
        inner = "".join(self.out[opened.start :])
        if not inner:
            return
        offset = utf16_length("".join(self.out[: opened.start]))
        plain = Entity(TAGS[opened.tag], offset, utf16_length(inner))
        last = self.entities[-1] if self.entities else None
        if last and _same_place(last, plain) and {last.type, plain.type} == {"code", "pre"}:
            language = last.language or opened.attributes.get("class")
            if language:
                self.entities[-1] = replace(plain, type="pre", language=language)
                return
        made = make_entity(plain, opened.tag, opened.attributes, inner)
        if made:
            self.entities.append(made)


def _referred(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return NAMED.get(name)
    code = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    too_long = len(match[0].rstrip(";")) > MAX_REFERENCE_CHARS
    return None if too_long or not 0 < code < 0x10FFFF else chr(code)


def _same_place(one: Entity, other: Entity) -> bool:
    return (one.offset, one.length) == (other.offset, other.length)


def _in_order(entities: list[Entity]) -> list[Entity]:
    """A language on inline code has done its work when it met no `<pre>`."""
    plain = [replace(entity, language=None) if entity.type == "code" else entity for entity in entities]
    return in_order(plain)
