"""Tables of feeds: which are polled, and what each has had."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.models import Base


class Feed(Base):
    """A feed that is polled: its new entries become documents of a collection."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2_000), unique=True)
    collection: Mapped[str] = mapped_column(String(200))
    """The collection's name: it is made when the first entry comes."""
    title: Mapped[str] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[dt.datetime | None]
    """When the server was asked last."""
    next_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    """When it is to be asked again; null where it is not: the feed is gone for good."""
    error: Mapped[str | None] = mapped_column(Text)
    """What went wrong the last time; null where nothing did."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row."""
    created_at: Mapped[dt.datetime]


class FeedEntry(Base):
    """An entry that a feed has had. It stays when its document is removed, and does not come back."""

    __tablename__ = "feed_entry"
    __table_args__ = (UniqueConstraint("feed_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    """As `content.reading.feed.Entry.key`."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often it was tried to take it in."""
    settled: Mapped[bool] = mapped_column(default=False)
    """It is taken in, or never will be."""
    added_at: Mapped[dt.datetime]
