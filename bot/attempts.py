"""Tables of sending: every request that was to put a message into a chat, and what is known of the Bot API.

An attempt is written before its request and settled after it, so that of no message of ours it is forgotten
that it may be in a chat.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.models import Base


class Attempt(Base):
    """A request to send a message: a digest's, or an answer's to somebody."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number"),
        Index("ix_attempt_message", "counter", "message_id"),
        Index("ix_attempt_chat", "chat_id", "id"),
        Index("ix_attempt_started_at", "started_at"),
        {"sqlite_autoincrement": True},  # the order of the ids is that in which requests began
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    """The row of the ledger; null for an answer."""
    number: Mapped[int | None]
    """Which try of that row: its fence."""
    owner: Mapped[str] = mapped_column(String(40))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    counter: Mapped[int] = mapped_column(BigInteger)
    """Which of Telegram's counts numbers the message: 0 for the one of all private chats and basic groups
    of the bot's, else the supergroup's or channel's own id."""
    floor: Mapped[int | None] = mapped_column(BigInteger)
    """The greatest number known of that count when the request began: the message's own is greater."""
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[str] = mapped_column(String(10), default="open")
    """open, or what became of it: a name in small letters of `delivery.outcomes`, or absent: looked for
    and not found."""
    detail: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class Conformance(Base):
    """What `rizhi doctor --live` found out last about how the Bot API treats this bot."""

    __tablename__ = "conformance"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    passed: Mapped[bool]
    checked_at: Mapped[dt.datetime]
