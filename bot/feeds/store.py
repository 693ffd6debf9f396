"""Feeds and their entries in the database. A session goes in; nothing is fetched here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.feeds.deciding import Choice, Known
from bot.feeds.models import Feed, FeedEntry
from bot.fetching import Seen
from bot.web_names import show_url

LEASE = dt.timedelta(minutes=30)
"""How long a feed is left to whoever polls it; longer than a poll may take."""


def add_feed(session: Session, url: str, collection: str, title: str, now: dt.datetime) -> Feed:
    """Return the new feed, due at once."""
    feed = Feed(url=url, collection=collection, title=title, next_at=now, created_at=now)
    session.add(feed)
    session.flush()
    return feed


def find_feed(session: Session, url: str) -> Feed | None:
    """Return the feed of that address, or of the address as lists show it; None where there is none."""
    feeds = all_feeds(session)
    exact = [feed for feed in feeds if feed.url == url]
    alike = [feed for feed in feeds if show_url(feed.url) == show_url(url)]
    return exact[0] if exact else alike[0] if len(alike) == 1 else None


def all_feeds(session: Session) -> Sequence[Feed]:
    """Return the feeds in the order in which they were added."""
    return session.scalars(select(Feed).order_by(Feed.id)).all()


def remove_feed(session: Session, feed_id: int) -> None:
    """Poll the feed no longer, and forget which entries it had. Their documents stay."""
    session.execute(delete(FeedEntry).where(FeedEntry.feed_id == feed_id))
    session.execute(delete(Feed).where(Feed.id == feed_id))


def claim_feed(session: Session, now: dt.datetime, feed_id: int | None = None) -> int | None:
    """Return the id of a feed that is due, or of this one whether due or not; None where there is none.

    Nobody else claims it until it is settled, or the lease is over.
    """
    query = select(Feed).where(Feed.next_at <= now if feed_id is None else Feed.id == feed_id)
    due = query.order_by(Feed.next_at, Feed.id).limit(1).with_for_update(skip_locked=True)
    feed = session.scalar(due)
    if feed is None:
        return None
    feed.next_at = now + LEASE
    return feed.id


def known_entries(session: Session, feed_id: int) -> dict[str, Known]:
    """Return what is on record of the feed's entries, by key."""
    rows = session.scalars(select(FeedEntry).where(FeedEntry.feed_id == feed_id))
    return {row.key: Known(row.tries, row.settled) for row in rows}


def count_entries(session: Session, feed_id: int) -> int:
    """Return how many entries the feed is known to have had."""
    return session.scalar(select(func.count()).where(FeedEntry.feed_id == feed_id)) or 0


def note_choice(session: Session, feed_id: int, choice: Choice, now: dt.datetime) -> None:
    """Put the entries on record that are not yet: those to be taken in, and those that never will be."""
    known = known_entries(session, feed_id)
    session.add_all(
        FeedEntry(feed_id=feed_id, key=entry.key, settled=settled, added_at=now)
        for entries, settled in ((choice.take, False), (choice.pass_over, True))
        for entry in entries
        if entry.key not in known
    )
    session.flush()


def count_try(session: Session, feed_id: int, key: str) -> int:
    """Return how often it has been tried to take the entry in, this time included; 0 without the feed."""
    row = _entry(session, feed_id, key)
    if row is None:
        return 0
    row.tries += 1
    return row.tries


def settle_entry(session: Session, feed_id: int, key: str) -> None:
    """Have done with the entry."""
    if row := _entry(session, feed_id, key):
        row.settled = True


def record_answer(session: Session, feed_id: int, url: str, title: str, seen: Seen) -> None:
    """Keep where the feed is now, what it is called and what it has sent."""
    feed = session.get(Feed, feed_id)
    if feed is None:  # removed meanwhile
        return
    if url != feed.url and session.scalar(select(Feed.id).where(Feed.url == url)) is None:
        feed.url = url
    feed.title, feed.etag, feed.last_modified = title or feed.title, seen.etag, seen.last_modified


def record_poll(
    session: Session, feed_id: int, now: dt.datetime, next_at: dt.datetime | None, error: str | None
) -> None:
    """Settle the poll: what went wrong, if anything did, and when the next one is, if there is to be one."""
    feed = session.get(Feed, feed_id)
    if feed is None:  # removed meanwhile
        return
    feed.checked_at, feed.next_at, feed.error = now, next_at, error
    feed.failures = feed.failures + 1 if error else 0


def _entry(session: Session, feed_id: int, key: str) -> FeedEntry | None:
    """Return the entry's row; None where the feed was removed meanwhile."""
    return session.scalar(select(FeedEntry).where(FeedEntry.feed_id == feed_id, FeedEntry.key == key))
