"""When a plan will be through."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.progress import finish_date, nth_date
from tests.bot.render.made import make_subscription

MONDAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("weekdays", "number", "date"),
    [
        (0b1111111, 1, dt.date(2026, 3, 2)),
        (0b1111111, 8, dt.date(2026, 3, 9)),
        (0b0011111, 5, dt.date(2026, 3, 6)),
        (0b0011111, 6, dt.date(2026, 3, 9)),
        (0b0000001, 3, dt.date(2026, 3, 16)),
        (0b0010101, 5, dt.date(2026, 3, 11)),
    ],
)
def test_only_the_chosen_weekdays_count(weekdays: int, number: int, date: dt.date) -> None:
    assert nth_date(MONDAY, weekdays, number) == date


@given(st.integers(1, 127), st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 400))
def test_the_date_is_what_counting_day_by_day_gives(weekdays: int, day: dt.date, number: int) -> None:
    chosen = [day + dt.timedelta(days=n) for n in range(7 * number + 7)]
    chosen = [date for date in chosen if weekdays >> date.weekday() & 1]

    assert nth_date(chosen[0], weekdays, number) == chosen[number - 1]


def test_the_readers_own_date_is_meant() -> None:
    evening_in_utc = dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)  # Tuesday in Shanghai

    assert finish_date(make_subscription(position=63, next_due_at=evening_in_utc)) == dt.date(2026, 3, 3)


def test_there_is_no_end_where_nothing_is_to_come() -> None:
    assert finish_date(make_subscription(next_due_at=None)) is None
    assert finish_date(make_subscription(position=64, total=64)) is None
    assert finish_date(make_subscription(position=0, total=0)) is None
