"""From a call's text, parse mode and entities to what Telegram stores: cleaned, trimmed, in order.

HTML is the only parse mode; Markdown is refused, since the bot does not use it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.demo.entities import Entity, EntityError, parse_html, utf16_length
from bot.demo.errors import bad_request
from bot.demo.found import find_entities
from bot.demo.nesting import arrange

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""In UTF-16 code units, after the markup is taken away."""
VANISHING = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
"""Telegram takes these out: carriage returns, marks of direction, lines through other characters."""
CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
"""Become spaces."""


def format_text(text: str, parse_mode: str, entities: list[dict[str, Any]]) -> tuple[str, tuple[Entity, ...]]:
    """Return a message's text and entities. Raises ApiError where Telegram refuses."""
    if not text:
        raise bad_request("Message text is empty")
    formatted = _format(text, parse_mode, entities)
    if not formatted[0]:
        raise bad_request("Text must be non-empty")
    if utf16_length(formatted[0]) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def format_caption(
    text: str, parse_mode: str, entities: list[dict[str, Any]]
) -> tuple[str, tuple[Entity, ...]]:
    """Return a caption and its entities; it may be empty. Raises ApiError where Telegram refuses."""
    formatted = _format(text, parse_mode, entities)
    if utf16_length(formatted[0]) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _format(text: str, parse_mode: str, given: list[dict[str, Any]]) -> tuple[str, tuple[Entity, ...]]:
    mode = parse_mode.lower()
    if mode in ("markdown", "markdownv2"):
        raise bad_request(f"this local server reads HTML, not {parse_mode}")
    if mode not in ("", "none", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        entities: list[Entity] = []
        if mode == "html":
            text, entities = parse_html(text)
    except EntityError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    if mode in ("", "none"):
        entities = [_read_entity(item, utf16_length(text)) for item in given]
    text, entities = tidy(text, entities)
    return text, tuple(arrange(entities, find_entities(text)))


def _read_entity(item: dict[str, Any], length: int) -> Entity:
    known = {key: item[key] for key in Entity.__dataclass_fields__ if key in item}
    if "user" in item:
        known["user_id"] = item["user"]["id"]
    entity = Entity(**known)
    if not 0 <= entity.offset <= length:
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if entity.stop > length:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {entity.offset} ends after the end of the text "
            f"at UTF-16 offset {entity.stop}"
        )
    return entity


def tidy(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text without what Telegram cleans and trims away, the entities moved along with it."""
    clean = [VANISHING.sub("", CONTROL.sub(" ", character)) for character in text]
    kept = "".join(clean)
    end = utf16_length(kept.rstrip(" \n"))
    first = min((entity.offset for entity in entities), default=utf16_length(text))
    places = _places(text, clean)
    start = min(places[first], utf16_length(kept) - utf16_length(kept.lstrip(" \n")), end)
    moved = []
    for entity in entities:
        offset, stop = places[entity.offset] - start, min(places[entity.stop], end) - start
        if stop > offset:
            moved.append(replace(entity, offset=offset, length=stop - offset))
    return kept.rstrip(" \n")[start:], moved


def _places(text: str, clean: list[str]) -> list[int]:
    """Where each UTF-16 unit of the text lies after cleaning (and, last, where its end does)."""
    places, place = [], 0
    for before, after in zip(text, clean, strict=True):
        places += [place] * utf16_length(before)
        place += utf16_length(after)
    return [*places, place]
