"""Text and entities back to HTML: what a transcript shows. Parsing it gives the same again."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.demo.entity import Entity, in_order

SIMPLE = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}


def write_html(text: str, entities: Sequence[Entity]) -> str:
    """Return `text` as HTML in Telegram's dialect; what Telegram found by itself (commands) stays plain."""
    units = text.encode("utf-16-le")
    out: list[str] = []
    at = 0
    open_tags: list[tuple[int, str]] = []

    def advance(to: int) -> None:
        nonlocal at
        out.append(escape(units[2 * at : 2 * to].decode("utf-16-le", "surrogatepass"), quote=False))
        at = to

    for entity in in_order([entity for entity in entities if any(_tags(entity))]):
        while open_tags and open_tags[-1][0] <= entity.offset:
            stop, end_tag = open_tags.pop()
            advance(stop)
            out.append(end_tag)
        advance(entity.offset)
        start_tag, end_tag = _tags(entity)
        out.append(start_tag)
        open_tags.append((entity.stop, end_tag))
    for stop, end_tag in reversed(open_tags):
        advance(stop)
        out.append(end_tag)
    advance(len(units) // 2)
    return "".join(out)


def _tags(entity: Entity) -> tuple[str, str]:
    if entity.type in SIMPLE:
        tag = SIMPLE[entity.type]
        return f"<{tag}>", f"</{tag}>"
    match entity.type:
        case "expandable_blockquote":
            return "<blockquote expandable>", "</blockquote>"
        case "pre" if entity.language:
            return f'<pre><code class="language-{escape(entity.language)}">', "</code></pre>"
        case "pre":
            return "<pre>", "</pre>"
        case "text_link":
            return f'<a href="{escape(entity.url or "")}">', "</a>"
        case "text_mention":
            return f'<a href="tg://user?id={entity.user_id}">', "</a>"
        case "custom_emoji":
            return f'<tg-emoji emoji-id="{entity.custom_emoji_id}">', "</tg-emoji>"
        case "date_time":
            style = escape(entity.date_time_format or "")
            return f'<tg-time unix="{entity.unix_time}" format="{style}">', "</tg-time>"
    return "", ""
