"""When a feed is polled next, and which of its entries go in, with literal times."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.feeds.deciding import MOST_AT_ONCE, MOST_TRIES, Known, choose_entries, next_poll
from content.reading.feed import Entry

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


def entry(number: int, date: dt.date | None = None) -> Entry:
    return Entry(f"k{number}", f"第{number}条", f"https://river.example/{number}", date, "")


def keys(entries: tuple[Entry, ...]) -> list[str]:
    return [each.key for each in entries]


@pytest.mark.parametrize(
    ("failures", "retry_after", "moment"),
    [
        (0, None, "2026-03-02T13:00"),
        (1, None, "2026-03-02T14:00"),
        (2, None, "2026-03-02T16:00"),
        (4, None, "2026-03-03T04:00"),
        (5, None, "2026-03-03T12:00"),
        (500, None, "2026-03-03T12:00"),
        (1, "60", "2026-03-02T14:00"),
        (1, "18000", "2026-03-02T17:00"),
        (1, "99999999999999999999", "2026-03-03T12:00"),
        (1, "Mon, 02 Mar 2026 20:00:00 GMT", "2026-03-02T20:00"),
        (1, "Mon, 02 Mar 2026 20:00:00 -0000", "2026-03-02T20:00"),
        (1, "Mon, 02 Mar 2036 20:00:00 GMT", "2026-03-03T12:00"),
        (1, "soon", "2026-03-02T14:00"),
        (1, "-5", "2026-03-02T14:00"),
    ],
)
def test_the_next_poll_is_in_an_hour_later_after_failures_and_when_the_server_wants(
    failures: int, retry_after: str | None, moment: str
) -> None:
    assert next_poll(NOON, failures, retry_after) == dt.datetime.fromisoformat(f"{moment}+00:00")


def test_of_a_new_feed_the_newest_are_taken_oldest_first() -> None:
    feed = [entry(n) for n in range(30)]

    choice = choose_entries(feed, {})

    assert keys(choice.take) == [f"k{n}" for n in reversed(range(MOST_AT_ONCE))]
    assert keys(choice.pass_over) == [f"k{n}" for n in range(MOST_AT_ONCE, 30)]
    assert choice.is_all


def test_dates_tell_the_order_where_every_entry_has_one() -> None:
    days = [dt.date(2026, 3, day) for day in (1, 3, 2)]
    dated = [entry(day.day, day) for day in days]

    assert keys(choose_entries(dated, {}).take) == ["k1", "k2", "k3"]
    assert keys(choose_entries([*dated, entry(9)], {}).take) == ["k9", "k2", "k3", "k1"]


def test_later_only_what_is_new_or_was_not_finished_is_taken() -> None:
    known = {
        "k1": Known(1, settled=True),
        "k2": Known(1, settled=False),
        "k3": Known(MOST_TRIES, settled=False),
        "k4": Known(0, settled=True),
    }

    choice = choose_entries([entry(n) for n in range(6)], known)

    assert keys(choice.take) == ["k5", "k2", "k0"]
    assert choice.pass_over == ()


def test_more_than_one_poll_takes_wait_for_the_next() -> None:
    feed = [entry(n) for n in range(MOST_AT_ONCE + 2)]

    choice = choose_entries(feed, {"old": Known(1, settled=True)})

    assert len(choice.take) == MOST_AT_ONCE
    assert (choice.take[0].key, choice.is_all, choice.pass_over) == (f"k{MOST_AT_ONCE + 1}", False, ())
