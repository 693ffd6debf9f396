"""When a feed is polled next, and which of its entries are taken in. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the bot starts without the reader of feeds
    from content.reading.feed import Entry

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
"""The longest wait, also where a server asks for more: a feed that is mended is read again the next day."""
MOST_AT_ONCE = 20
"""Entries taken in by one poll; of a feed that is new here, the newest of them and no others."""
MOST_TRIES = 3


@dataclass(frozen=True)
class Known:
    """What is on record of an entry."""

    tries: int
    settled: bool


@dataclass(frozen=True)
class Choice:
    """What to do with a feed's entries."""

    take: tuple[Entry, ...]
    """Oldest first, so that they are read in the order in which they were written."""
    pass_over: tuple[Entry, ...]
    """Never to be taken in: they were there before the feed was."""
    is_all: bool
    """False where more wait for the next poll."""


def next_poll(now: dt.datetime, failures: int, retry_after: str | None = None) -> dt.datetime:
    """Return when to ask again: in an hour, later after failures in a row, not before the server wants.

    `retry_after` is its header: seconds, or a date.
    """
    growing = min(HOUR * (1 << min(failures, 8)), DAY)
    return now + max(growing, min(_wanted(retry_after or "", now), DAY))


def _wanted(retry_after: str, now: dt.datetime) -> dt.timedelta:
    if retry_after.strip().isdecimal():
        return dt.timedelta(seconds=min(int(retry_after[:12]), DAY.total_seconds()))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, IndexError):
        return dt.timedelta()
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)) - now


def choose_entries(entries: Sequence[Entry], known: Mapping[str, Known]) -> Choice:
    """Return which entries to take in; `known` is what is on record, by key, nothing for a new feed."""
    newest = newest_first(entries)
    if not known:
        return Choice(tuple(reversed(newest[:MOST_AT_ONCE])), tuple(newest[MOST_AT_ONCE:]), is_all=True)
    waiting = [entry for entry in reversed(newest) if _waits(known.get(entry.key))]
    return Choice(tuple(waiting[:MOST_AT_ONCE]), (), is_all=len(waiting) <= MOST_AT_ONCE)


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries by date; in the feed's own order where any has none."""
    dates = {entry.key: entry.date for entry in entries if entry.date}
    if len(dates) < len(entries):
        return list(entries)
    return sorted(entries, key=lambda entry: dates[entry.key], reverse=True)


def _waits(known: Known | None) -> bool:
    return known is None or (not known.settled and known.tries < MOST_TRIES)
