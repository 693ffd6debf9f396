"""The tags of Telegram's HTML, their attributes, and the entities that they make."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.demo.entity import Entity, EntityError
from bot.demo.urls import UrlError, checked_url

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
"""Each tag that Telegram accepts, and the entity it makes."""

ATTRIBUTES = {
    ("a", "href"): "",
    ("code", "class"): "language-",
    ("span", "class"): "tg-",
    ("tg-emoji", "emoji-id"): "",
    ("blockquote", "expandable"): "",
    ("tg-time", "unix"): "",
    ("tg-time", "format"): "",
}
"""Each attribute that means something, and the beginning that its value must have."""


def make_entity(plain: Entity, tag: str, attributes: dict[str, str], inner: str) -> Entity | None:
    """Return what the tag makes of its `inner` text, or None where Telegram drops it; `plain` has the place.

    Raises EntityError for a custom emoji or a time that cannot be.
    """
    match tag:
        case "a":
            return _link(plain, attributes.get("href") or inner)
        case "code":
            return replace(plain, language=attributes.get("class"))
        case "blockquote" if "expandable" in attributes:
            return replace(plain, type="expandable_blockquote")
        case "tg-emoji":
            return _custom_emoji(plain, attributes.get("emoji-id", ""))
        case "tg-time":
            return _date_time(plain, attributes.get("unix", ""), attributes.get("format", ""))
    return plain


def _link(plain: Entity, address: str) -> Entity | None:
    user = re.fullmatch(r"tg://user/?\?id=(\d+)", address, re.IGNORECASE)
    if user:
        return replace(plain, type="text_mention", user_id=int(user[1]))
    try:
        return replace(plain, url=checked_url(address))
    except UrlError:
        return None  # Telegram drops a link to nowhere and says nothing


def _custom_emoji(plain: Entity, number: str) -> Entity:
    if not re.fullmatch(r"[1-9]\d{0,18}", number):
        raise EntityError("Invalid custom emoji identifier specified")
    return replace(plain, custom_emoji_id=number)


def _date_time(plain: Entity, unix: str, style: str) -> Entity | None:
    if style not in ("r", "R") and set(style) - set("tTdDwW"):
        raise EntityError("Invalid date format used")
    seconds = int(unix) if re.fullmatch(r"\d{1,10}", unix) else 0
    return replace(plain, unix_time=seconds, date_time_format=style) if seconds > 0 else None
