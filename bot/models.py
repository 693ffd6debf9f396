"""Tables of people and their days: targets, plans, subscriptions, the ledger of deliveries, readings.

Places (document, ordinal of the article, character span) point into the corpus without foreign keys: a
document may be removed while what was sent of it stays on record.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models import STANDARD, Base, Collection

ORDERS = ("sequence", "date", "shuffled")
EVERY_DAY = 0b1111111
"""Weekdays as bits: Monday is bit 0."""


class Member(Base):
    """Someone the operator allowed: may use a private instance, and reads members' collections."""

    __tablename__ = "member"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    allowed_at: Mapped[dt.datetime]


class Target(Base):
    """Where digests go: a private chat, a group, a forum topic or a channel. Owns language and time zone."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("chat_id", "thread_id"),
        Index(
            "ix_target_retry_at",
            "retry_at",
            sqlite_where=text("retry_at IS NOT NULL"),
            postgresql_where=text("retry_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    thread_id: Mapped[int] = mapped_column(BigInteger, default=0)
    """The forum topic; 0 where there is none, so that the pair stays unique."""
    kind: Mapped[str] = mapped_column(String(10))
    """private, group or channel."""
    language: Mapped[str] = mapped_column(String(10))
    timezone: Mapped[str] = mapped_column(String(64))
    blocked_at: Mapped[dt.datetime | None]
    """Since when the bot may not write here."""
    retry_at: Mapped[dt.datetime | None]
    """From when on one digest more is tried in a group or channel, which may say nothing when it lets the bot
    write again; it was tried where that is before `blocked_at`."""
    bound_by: Mapped[int | None] = mapped_column(BigInteger)
    """Who brought the bot into this group or channel: told when it may not write here any more."""
    created_at: Mapped[dt.datetime]


class Plan(Base):
    """A saved choice of passages and an order."""

    __tablename__ = "plan"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    order: Mapped[str] = mapped_column(String(10), default="sequence")
    document_ids: Mapped[list[Any]] = mapped_column(default=list)
    """Only these documents; all of the collection where empty."""
    query: Mapped[str | None] = mapped_column(Text)
    """Only passages that match; all where null."""
    header: Mapped[str | None] = mapped_column(Text)
    footer: Mapped[str | None] = mapped_column(Text)
    """Lines above and below its digests, with fields in braces, as `render.template` reads them."""
    blocks: Mapped[list[Any] | None]
    """What its digests hold, in order, by the names of `render.template.BLOCKS`; the usual where null."""
    created_at: Mapped[dt.datetime]

    collection: Mapped[Collection] = relationship()


class Subscription(Base):
    """A target's place in a plan, and when it wants the next passage."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("target_id", "plan_id"),
        Index(
            "ix_subscription_due",
            "next_due_at",
            sqlite_where=text("next_due_at IS NOT NULL"),
            postgresql_where=text("next_due_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id", ondelete="CASCADE"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(10), default="active")
    """active, paused, stopped or finished. Who blocked the bot keeps his: `Target.blocked_at` tells."""
    local_minute: Mapped[int]
    """Wall-clock time of the digest, in minutes after midnight."""
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    length: Mapped[str] = mapped_column(String(10), default=STANDARD)
    paused_until: Mapped[dt.date | None]
    """First local date on which digests come again; null while paused means until resumed."""
    round: Mapped[int] = mapped_column(default=1)
    """How often the plan was begun: what was sent in earlier rounds may come again."""
    position_document_id: Mapped[int | None]
    position_article: Mapped[int | None]
    position_stop: Mapped[int | None]
    """Up to where the plan was read: the end of what was last sent or read ahead; null at the start."""
    next_due_at: Mapped[dt.datetime | None]
    """When the next digest is due; null while none is (paused without an end, stopped, finished, blocked)."""
    last_local_date: Mapped[dt.date | None]
    """The last local date whose digest is settled; the next one is of a later date."""
    created_at: Mapped[dt.datetime]

    target: Mapped[Target] = relationship()
    plan: Mapped[Plan] = relationship()


class Delivery(Base):
    """The ledger's row for one digest: written before the send, settled after it."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "local_date", "slot"),
        # not partial: SQLite plans before it knows the state that is asked for
        Index("ix_delivery_pending", "state", "not_before", "id"),
        Index("ix_delivery_lease", "state", "lease_until"),
        Index("ix_delivery_message", "chat_id", "message_id"),
        Index(
            "ix_delivery_reconcile_at",
            "reconcile_at",
            sqlite_where=text("reconcile_at IS NOT NULL"),
            postgresql_where=text("reconcile_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},  # old buttons carry ids: none comes again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    local_date: Mapped[dt.date]
    slot: Mapped[int] = mapped_column(default=0)
    """0 is the day's digest; 1, 2, … are passages read ahead on that date."""
    asked: Mapped[bool] = mapped_column(default=False)
    """Somebody asked for it (/today, /next) and waits: it comes even where no digest is to come."""
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10))
    """pending, claimed, sending, sent, unknown, failed, skipped or expired.

    failed: nothing is wrong with the chat, but this message cannot be sent; its passage counts as seen.
    skipped: nothing is wrong with the message, but it may not go there (blocked, hidden, stopped); its
    passage comes again, as that of an expired row does."""
    document_id: Mapped[int | None]
    article: Mapped[int | None]
    start: Mapped[int | None]
    stop: Mapped[int | None]
    """The span, frozen in when the row is written; null where no passage goes out: an expired row, or the
    notice that the plan is finished."""
    ordinal: Mapped[int | None]
    total: Mapped[int | None]
    """Which of how many passages of the plan it is, as they were when the row was written: 12/64."""
    due_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[dt.datetime | None]
    reconcile_at: Mapped[dt.datetime | None]
    """When to look for evidence of what became of an unknown row; null where it is left at that."""
    again: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Sent once more after a send that was in doubt: marked for the reader."""
    doubtful: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Sent once more although an earlier send may have arrived: that happens once, and what is not sent
    then is unknown, never void."""
    late: Mapped[bool] = mapped_column(default=False)
    """Sent after a stop: marked for the reader."""
    silent: Mapped[bool] = mapped_column(default=False)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]

    subscription: Mapped[Subscription] = relationship()


class Reading(Base):
    """A reader has read a span, on a local date."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("user_id", "document_id", "article", "start", "local_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[int]
    article: Mapped[int]
    start: Mapped[int]
    stop: Mapped[int]
    local_date: Mapped[dt.date]
    """The reader's own date, as it was: never computed anew."""
    read_at: Mapped[dt.datetime]


class SearchMixin:
    """What is looked for, by whom, and what was chosen to narrow it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    query: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int | None]
    year: Mapped[int | None]
    """As in `content.search.narrow`."""
    order: Mapped[str] = mapped_column(String(10), default="relevance", server_default="relevance")
    """As `content.search.Order`."""


class SearchSession(SearchMixin, Base):
    """A search whose pages can be turned: buttons carry its id, never its words."""

    __tablename__ = "search"
    __table_args__ = ({"sqlite_autoincrement": True},)

    chat_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(index=True)


class SavedSearch(SearchMixin, Base):
    """A search that somebody keeps, to look for the same again."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_user_id", "user_id"), {"sqlite_autoincrement": True})

    created_at: Mapped[dt.datetime]


class PendingAction(Base):
    """What the bot asked and waits to be told: the state of a conversation."""

    __tablename__ = "pending_action"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[dict[str, Any]]
    expires_at: Mapped[dt.datetime]


class Upload(Base):
    """A document that an admin sent in the chat, until he takes it in or drops it. No reader sees it."""

    __tablename__ = "upload"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(500))
    """The file's name, cleaned: for people, and for its suffix."""
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[dt.datetime]


class Proposal(Base):
    """A correction that an admin asked for in the chat, until he confirms or drops it. It changes nothing."""

    __tablename__ = "proposal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    """Of the document as the admin saw it: `bot.curation.Held.version`."""
    article: Mapped[int]
    """The ordinal of the article that he was at."""
    corrections: Mapped[list[Any]]
    """All that the document will have: [[kind, anchor, repeat, value, beside, alike], …]."""
    created_at: Mapped[dt.datetime]
