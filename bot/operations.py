"""Tables of operations: what keeps the bot itself on its feet. Nothing about what anybody reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.models import Delivery
from content.models import Base

Index("ix_delivery_ended_at", Delivery.ended_at)  # what was settled lately, for the metrics


class ReceivedUpdate(Base):
    """An update of Telegram's: stored before it is acknowledged, its body erased once it is answered."""

    __tablename__ = "received_update"
    __table_args__ = (
        Index(
            "ix_received_update_waiting",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """As Telegram sent it; null once it is answered: the number alone stays, against replays."""
    owner: Mapped[str] = mapped_column(String(40))
    """The process that answers it."""
    lease_until: Mapped[dt.datetime | None]
    """Until then its owner is taken to be alive; null once it is answered."""
    tries: Mapped[int] = mapped_column(default=1)
    """How many processes have begun to answer it."""
    answers: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many messages are on record as sent in answer: who begins it anew leaves so many out."""
    received_at: Mapped[dt.datetime] = mapped_column(index=True)


class ZoneRules(Base):
    """By which rules of a time zone it was set when digests are due, as `bot.schedule.rules` knows them."""

    __tablename__ = "zone_rules"

    timezone: Mapped[str] = mapped_column(String(64), primary_key=True)
    rules: Mapped[str] = mapped_column(String(64))


class DailyReport(Base):
    """A local date whose report for the admins was made: there is one a day, whichever process makes it."""

    __tablename__ = "daily_report"

    local_date: Mapped[dt.date] = mapped_column(primary_key=True)
    made_at: Mapped[dt.datetime]


class RateBudget(Base):
    """The pace of all processes, as `bot.delivery.shared_pace` keeps it: what is free of charge, and what is
    paid. Times are seconds since 1970 by the database's clock. Unused where one process sends alone (SQLite).
    """

    __tablename__ = "rate_budget"

    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    tat: Mapped[float] = mapped_column(Double)
    """When the next message may go."""
    paused_until: Mapped[float] = mapped_column(Double)
    """Until then Telegram told the whole bot to wait."""
    alarm_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    """The chat that was last told to wait (429)."""
    alarm_at: Mapped[float | None] = mapped_column(Double)
    alarm_until: Mapped[float | None] = mapped_column(Double)
    day: Mapped[dt.date | None]
    """The day, in UTC, that `used` counts."""
    used: Mapped[int] = mapped_column(BigInteger)
    """Permits given out on that day."""


class ChatBudget(Base):
    """The pace of one chat, for as long as it holds up anything."""

    __tablename__ = "chat_budget"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tat: Mapped[float] = mapped_column(Double)
    minute_tat: Mapped[float] = mapped_column(Double)
    """The same by a group's limit a minute."""
    parked_until: Mapped[float] = mapped_column(Double)
    """Until then Telegram told us to leave the chat alone."""
