"""What Telegram finds in a text by itself: commands, mentions, hashtags, addresses.

Cashtags, phone and card numbers, and addresses without a scheme are left out: the bot uses none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.demo.entity import Entity, in_order, utf16_length

PATTERNS = {
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{4,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\d*[^\W\d])\w{1,256}(?!#)"),
    "url": re.compile(
        r"(?i)(?<!\w)https?://[^\s<>«»“”「」《》（），。；！？、]+[^\s<>«»“”「」《》（），。；！？、.,;:!?'\")\]]"
    ),
    "email": re.compile(
        r"(?<![\w.+-])[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,8}(?!\w)"
    ),
}
"""After TDLib's match_bot_commands, match_mentions, match_hashtags, match_urls and is_email_address."""


def find_entities(text: str) -> list[Entity]:
    """Return the entities that Telegram would find in plain `text`, none overlapping another."""
    found = (
        Entity(kind, utf16_length(text[: match.start()]), utf16_length(match[0]))
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    )
    return without_overlaps(found)


def without_overlaps(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities in order, without those that begin inside an earlier one."""
    kept: list[Entity] = []
    for entity in in_order(entities):
        if not kept or entity.offset >= kept[-1].stop:
            kept.append(entity)
    return kept
