"""What the admins are told when Telegram tells the bot to wait for long."""

from __future__ import annotations

from bot.render.message import Message
from bot.render.report import duration
from bot.render.texts import Texts


def render_flood(chat_id: int, seconds: float, texts: Texts, *, is_for_all: bool) -> Message:
    """Return the notice; it names a group by its number, and no reader."""
    kind = "all" if is_for_all else "group" if chat_id < 0 else "reader"
    return Message(texts.html(f"flood.{kind}", chat_id=chat_id, duration=duration(seconds, texts)))
