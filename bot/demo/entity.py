"""What a stretch of a message's text is: bold, a link, a quotation. Values only; nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
"""Which of two entities at one place is the outer one (the lower number); 50 for the others."""


class EntityError(ValueError):
    """The text cannot be parsed; the message is Telegram's, without its “can't parse entities:”."""


@dataclass(frozen=True)
class Entity:
    """A piece of text that means or looks something special; `offset` and `length` in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user_id: int | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def stop(self) -> int:
        """Where the entity ends."""
        return self.offset + self.length

    def as_json(self) -> dict[str, object]:
        """Return the entity as the Bot API writes it, except that a mentioned user is only an id."""
        return {key: value for key, value in asdict(self).items() if value is not None}


def utf16_length(text: str) -> int:
    """Return the length of `text` as Telegram counts it: in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities as Telegram lists them: by place, the outer before the inner."""
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length, PRIORITY.get(entity.type, 50)))
