"""Polling one feed: asks the server, reads what is new, and takes it in.

For a child process: a feed and its pages may hold anything, and cutting takes long. What goes wrong is
recorded and returned, never raised.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.database import Database
from bot.feeds.deciding import MOST_TRIES, choose_entries, next_poll
from bot.feeds.entries import full_document, has_text, own_document
from bot.feeds.models import Feed
from bot.feeds.polled import Polled
from bot.feeds.store import (
    count_try,
    known_entries,
    note_choice,
    record_answer,
    record_poll,
    settle_entry,
)
from bot.fetching import Fetched, Fetcher, Seen
from bot.fetching_errors import BadAnswer, FetchError, Gone, NotAFeed
from bot.imports import Importer, Outcome
from bot.limits import prepare_bounded, within_limits
from bot.web_names import show_url
from content.errors import DocumentError
from content.reading.feed import Entry, find_feeds, parse_feed
from content.reading.feed import Feed as FeedText


@dataclass(frozen=True)
class Look:
    """What is at an address that may be a feed's: its own address, its title, and how many entries it has."""

    url: str
    title: str = ""
    entries: int = 0
    error: str | None = None


def look_at(url: str, fetcher: Fetcher) -> Look:
    """Return what is at the address."""
    try:
        answer = fetcher.fetch(url)
        feed = read_feed(answer)
    except (FetchError, DocumentError) as error:
        return Look(url, error=str(error))
    return Look(answer.permanent_url, feed.title, len(feed.entries))


def read_feed(answer: Fetched) -> FeedText:
    """Return the feed that was fetched. Raises NotAFeed, or CostlyDocument."""
    feed = within_limits(parse_feed, answer.body, answer.url)
    if feed is not None:
        return feed
    others = [show_url(url) for url in within_limits(find_feeds, answer.body, answer.url)]
    hint = f"its feed is at {' or '.join(others)}" if others else "look on it for “RSS” or “Atom”"
    raise NotAFeed(url=show_url(answer.url), hint=hint)


class Poll:
    """One poll of one feed."""

    def __init__(self, database: Database, feed_id: int, now: dt.datetime, fetcher: Fetcher) -> None:
        self.database = database
        self.feed_id = feed_id
        self.now = now
        self.fetcher = fetcher
        self.waits = False
        """Whether there are entries for another poll: the feed must be sent again, changed or not."""

    def run(self) -> Polled:
        """Return what the feed brought, which has been taken in and recorded."""
        feed = self.database.run_read(lambda session: session.get(Feed, self.feed_id))
        if feed is None:
            return Polled()
        try:
            answer = self.fetcher.fetch(feed.url, Seen(feed.etag, feed.last_modified))
            text = read_feed(answer) if answer.is_new else None
        except (FetchError, DocumentError) as error:
            self._record_failure(feed, error)
            return Polled(str(error))
        outcomes = self._take(feed, text) if text else []
        self._record_success(answer, text)
        return Polled(None, tuple(outcomes))

    def _take(self, feed: Feed, text: FeedText) -> list[Outcome]:
        """Take in what is new, and return what became of it."""
        known = self.database.run_read(lambda session: known_entries(session, self.feed_id))
        choice = choose_entries(text.entries, known)
        self.database.run_write(lambda session: note_choice(session, self.feed_id, choice, self.now))
        self.waits = not choice.is_all
        feed.title = text.title or feed.title
        return [outcome for entry in choice.take if (outcome := self._take_entry(feed, entry))]

    def _take_entry(self, feed: Feed, entry: Entry) -> Outcome | None:
        """Return what became of the entry; None where it is to be tried another time."""
        write = self.database.run_write
        tries = write(lambda session: count_try(session, self.feed_id, entry.key))
        own = own_document(entry, feed.url, feed.title)
        try:
            document = full_document(entry, own, self.fetcher)
        except FetchError as error:
            if not error.is_lasting and tries < MOST_TRIES:
                self.waits = True
                return None
            if not has_text(entry):
                write(lambda session: settle_entry(session, self.feed_id, entry.key))
                return Outcome(own.name, "failed", str(error))
            document = own
        importer = Importer(
            self.database, feed.collection, None, self.now, prepare_bounded, versions=False
        )  # an entry may lead anywhere, also where another one does
        outcome = importer.import_body(document.name, document.body)
        write(lambda session: settle_entry(session, self.feed_id, entry.key))
        return outcome

    def _record_success(self, answer: Fetched, text: FeedText | None) -> None:
        url, title = answer.permanent_url, text.title if text else ""
        seen = Seen() if self.waits else answer.seen

        def record(session: Session) -> None:
            record_answer(session, self.feed_id, url, title, seen)
            record_poll(session, self.feed_id, self.now, next_poll(self.now, 0), None)

        self.database.run_write(record)

    def _record_failure(self, feed: Feed, error: Exception) -> None:
        wanted = error.retry_after if isinstance(error, BadAnswer) else None
        next_at = None if isinstance(error, Gone) else next_poll(self.now, feed.failures + 1, wanted)
        self.database.run_write(
            lambda session: record_poll(session, self.feed_id, self.now, next_at, str(error))
        )
