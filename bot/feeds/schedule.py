"""Polling feeds when they are due, while the bot runs: each in a child process, one after the other."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import closing
from functools import partial

from sqlalchemy.orm import Session

from bot.child import Child, ChildFailed, run_in_child
from bot.clock import Clock
from bot.database import Database
from bot.feeds.deciding import next_poll
from bot.feeds.models import Feed
from bot.feeds.polled import Polled, describe_poll
from bot.feeds.store import claim_feed, record_poll
from bot.fetching import Fetcher

log = logging.getLogger(__name__)

POLL_SECONDS = 1_500
"""For twenty entries with a page each; over before the lease is."""


async def poll_due(database: Database, clock: Clock, fetcher: Fetcher) -> None:
    """Poll the feeds that are due. Of several processes on one database, one polls a feed."""
    while True:
        now = clock.now()
        feed_id = await database.write(partial(claim_feed, now=now))
        if feed_id is None:
            return
        await _poll(database, feed_id, now, fetcher)


async def _poll(database: Database, feed_id: int, now: dt.datetime, fetcher: Fetcher) -> None:
    try:
        polled = await run_in_child(POLL_SECONDS, poll_feed, database.url, feed_id, now, fetcher)
    except ChildFailed as error:
        polled = Polled(broken_off(error))
        await database.write(lambda session: record_break(session, feed_id, now, polled))
    feed = await database.read(lambda session: session.get(Feed, feed_id))
    if feed is not None:
        log.log(logging.WARNING if polled.error else logging.INFO, "%s", describe_poll(feed.url, polled))


def poll_now(database: Database, feed_id: int, now: dt.datetime, fetcher: Fetcher) -> Polled:
    """Return what the feed brought, polled in a child process, whether it is due or not."""
    database.run_write(lambda session: claim_feed(session, now, feed_id))
    try:
        with closing(Child()) as child:
            return child.call(POLL_SECONDS, poll_feed, database.url, feed_id, now, fetcher)
    except ChildFailed as error:
        polled = Polled(broken_off(error))
        database.run_write(lambda session: record_break(session, feed_id, now, polled))
        return polled


def poll_feed(database_url: str, feed_id: int, now: dt.datetime, fetcher: Fetcher) -> Polled:
    """Return what the feed brought, which has been taken in and recorded. For a child process."""
    from bot.feeds.polling import Poll  # readers of feeds and pages cost 0.2 s, and the bot starts without

    with closing(Database(database_url)) as database:
        return Poll(database, feed_id, now, fetcher).run()


def broken_off(error: ChildFailed) -> str:
    """Return why the poll came to no end."""
    if error.took_too_much:
        return "reading it took too much time or memory; it is tried again later"
    return "the poll broke off; it is tried again later"


def record_break(session: Session, feed_id: int, now: dt.datetime, polled: Polled) -> None:
    """Record a poll that came to no end."""
    feed = session.get(Feed, feed_id)
    failures = feed.failures if feed else 0
    record_poll(session, feed_id, now, next_poll(now, failures + 1), polled.error)
