"""How Telegram puts entities in order: what may lie in what, what is merged, what is cut in two.

After TDLib's `fix_entities` and `split_entities` (td/telegram/MessageEntity.cpp). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.demo.entity import Entity, in_order
from bot.demo.found import without_overlaps

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
"""May overlap anything but `VERBATIM`; they are cut where another entity begins or ends."""
QUOTES = ("blockquote", "expandable_blockquote")
"""May hold others, but not each other."""
VERBATIM = ("pre", "code", "date_time")
"""Hold no styles."""
FOUND = ("bot_command", "mention", "hashtag", "url", "email")
MAX_ENTITIES = 100
"""Telegram keeps so many of those that the sender set, and drops the rest without a word."""


def arrange(entities: Iterable[Entity], found: Iterable[Entity] = ()) -> list[Entity]:
    """Return the sender's entities and those found in the text as Telegram would store them."""
    given = [entity for entity in entities if entity.length > 0]
    quotes = without_overlaps(entity for entity in given if entity.type in QUOTES)
    solid = without_overlaps(e for e in given if e.type not in QUOTES + STYLES)
    solid = [entity for entity in solid if not any(_crosses(entity, quote) for quote in quotes)]
    others = in_order(solid + quotes)
    kept = others[:MAX_ENTITIES] + _cut(_merge(given), others)[: max(0, MAX_ENTITIES - len(others))]
    return in_order(kept + [new for new in found if not _collides(new, others)])


def _crosses(entity: Entity, quote: Entity) -> bool:
    apart = entity.stop <= quote.offset or quote.stop <= entity.offset
    inside = quote.offset <= entity.offset and entity.stop <= quote.stop
    return not apart and not inside


def _collides(new: Entity, others: list[Entity]) -> bool:
    solid = (entity for entity in others if entity.type not in QUOTES)
    overlaps = any(new.offset < entity.stop and entity.offset < new.stop for entity in solid)
    return overlaps or any(_crosses(new, entity) for entity in others if entity.type in QUOTES)


def _merge(entities: list[Entity]) -> list[Entity]:
    """Join what overlaps or touches and is of one style."""
    joined: list[Entity] = []
    for style in STYLES:
        last: Entity | None = None
        for entity in in_order(e for e in entities if e.type == style):
            if last and entity.offset <= last.stop:
                last = replace(last, length=max(last.stop, entity.stop) - last.offset)
                joined[-1] = last
            else:
                last = entity
                joined.append(entity)
    return in_order(joined)


def _cut(styles: list[Entity], others: list[Entity]) -> list[Entity]:
    """Cut styles at the edges of the others and where another style begins; drop them in verbatim text."""
    edges = {edge for other in others for edge in (other.offset, other.stop)}
    edges |= {style.offset for style in styles}
    verbatim = [(other.offset, other.stop) for other in others if other.type in VERBATIM]
    pieces: list[Entity] = []
    for style in styles:
        stops = [*sorted(edge for edge in edges if style.offset < edge < style.stop), style.stop]
        for start, stop in zip([style.offset, *stops], stops, strict=False):
            if not any(first <= start and stop <= last for first, last in verbatim):
                pieces.append(replace(style, offset=start, length=stop - start))
    return in_order(pieces)
