"""Due times: every local date exactly once, in every zone, whatever its clocks do."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import EVERY_DAY
from bot.schedule.due import DAY, due_at, next_due
from tests.bot.schedule.days import ZONES, changes, check_days

GOLDEN = {
    ("Europe/Berlin", "2026-03-29", "02:30"): "2026-03-29T01:30",  # left out: read with the offset before
    ("Europe/Berlin", "2026-10-25", "02:30"): "2026-10-25T00:30",  # comes twice: the first
    ("America/New_York", "2026-11-01", "01:30"): "2026-11-01T05:30",
    ("Africa/Cairo", "2026-04-24", "00:00"): "2026-04-23T22:00",
    ("Asia/Beirut", "2026-03-29", "00:00"): "2026-03-28T22:00",
    ("America/Santiago", "2026-09-06", "00:00"): "2026-09-06T04:00",
    ("America/Havana", "2026-03-08", "00:30"): "2026-03-08T05:30",
    ("Australia/Lord_Howe", "2026-10-04", "02:15"): "2026-10-03T15:45",  # half an hour left out
    ("Asia/Shanghai", "2026-03-02", "07:30"): "2026-03-01T23:30",
    ("Pacific/Apia", "2011-12-29", "07:00"): "2011-12-29T17:00",
    ("Pacific/Apia", "2011-12-30", "07:00"): None,  # the day that Samoa left out
    ("Pacific/Apia", "2011-12-31", "07:00"): "2011-12-30T17:00",
}
MONDAY = dt.date(2026, 3, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def minute_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(("when", "expected"), GOLDEN.items(), ids=lambda value: str(value))
def test_a_wall_clock_time_becomes_one_moment(when: tuple[str, str, str], expected: str | None) -> None:
    zone, date, clock = when
    moment = due_at(dt.date.fromisoformat(date), minute_of(clock), ZoneInfo(zone))
    assert moment == (utc(expected) if expected else None)


@st.composite
def zones_and_dates(draw: st.DrawFn) -> tuple[ZoneInfo, dt.date]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    year = draw(st.integers(2020, 2040))
    some = changes(zone, year, year) or [dt.date(year, 6, 1)]
    return zone, draw(st.sampled_from(some)) - draw(st.integers(2, 5)) * DAY


@given(where=zones_and_dates(), minute=st.integers(0, 1439))
def test_every_local_date_is_due_exactly_once_and_in_order(
    where: tuple[ZoneInfo, dt.date], minute: int
) -> None:
    zone, first = where
    start = due_at(first, minute, zone)
    assert start is not None
    dates, moments = [first], [start]
    for _ in range(8):
        date, moment = next_due(moments[-1], minute, EVERY_DAY, zone, dates[-1])
        dates.append(date)
        moments.append(moment)
    assert dates == [first + n * DAY for n in range(9)]
    hours = [(b - a).total_seconds() / 3600 for a, b in pairwise(moments)]
    assert all(21 <= gap <= 27 for gap in hours)


def test_whatever_the_clocks_do_each_date_has_its_digest_once_at_every_quarter_of_an_hour() -> None:
    """Some changes, drawn by a seed; `tests/benchmarks/test_every_date.py` goes through all."""
    random = Random(3)
    for _ in range(12):
        zone = ZoneInfo(random.choice(ZONES))
        year = random.randint(2020, 2040)
        change = random.choice(changes(zone, year, year) or [dt.date(year, 6, 1)])
        for minute in range(0, 1440, 15):
            check_days(change, minute, zone)


@given(where=zones_and_dates(), minute=st.integers(0, 1439), seconds=st.integers(-200_000, 200_000))
def test_the_next_due_moment_is_later_and_within_a_day_or_so(
    where: tuple[ZoneInfo, dt.date], minute: int, seconds: int
) -> None:
    zone, date = where
    after = dt.datetime.combine(date, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds)
    due_date, moment = next_due(after, minute, EVERY_DAY, zone)
    assert after < moment <= after + dt.timedelta(hours=27)
    assert moment == due_at(due_date, minute, zone)


def test_a_date_that_has_its_digest_is_not_due_again_when_the_time_is_put_later() -> None:
    noon = utc("2026-03-02T04:00")
    assert next_due(noon, minute_of("21:00"), EVERY_DAY, SHANGHAI)[0] == MONDAY
    assert next_due(noon, minute_of("21:00"), EVERY_DAY, SHANGHAI, MONDAY)[0] == MONDAY + DAY


def test_only_the_chosen_weekdays_are_due() -> None:
    date, found = MONDAY, []
    moment = utc("2026-03-01T23:30")
    for _ in range(3):
        date, moment = next_due(moment, 450, 0b0010100, SHANGHAI, date)
        found.append(date.isoformat())
    assert found == ["2026-03-04", "2026-03-06", "2026-03-11"]


def test_a_pause_to_a_date_ends_on_it() -> None:
    until = dt.date(2026, 3, 20)
    assert next_due(utc("2026-03-02T04:00"), 450, EVERY_DAY, SHANGHAI, MONDAY, until)[0] == until


def test_a_weekday_that_does_not_exist_once_comes_a_week_later() -> None:
    friday = 0b0010000
    found = next_due(utc("2011-12-24T00:00"), 450, friday, ZoneInfo("Pacific/Apia"))
    assert found[0] == dt.date(2012, 1, 6)


def test_no_weekday_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="weekday"):
        next_due(utc("2026-03-02T04:00"), 450, 0, SHANGHAI)
