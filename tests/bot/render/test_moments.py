"""Times, days and zones in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.moments import COMMON_ZONES, clock_time, day_name, next_time, rhythm, weekdays_name, zone_name
from bot.settings import Settings
from bot.typed import parse_date, parse_time, parse_zone
from tests.bot.render.made import EN, ZH, make_subscription


@given(st.integers(0, 1439))
def test_a_time_that_is_shown_can_be_typed(minute: int) -> None:
    assert parse_time(clock_time(minute)) == minute


def test_a_zone_that_is_named_can_be_typed() -> None:
    assert [parse_zone(zone_name(zone, ZH)) for zone in COMMON_ZONES] == list(COMMON_ZONES)
    assert [parse_zone(zone_name(zone, EN)) for zone in COMMON_ZONES] == list(COMMON_ZONES)


@pytest.mark.parametrize("typed", ["UTC+8", "UTC-5", "UTC+14", "UTC"])
def test_an_offset_is_named_as_it_is_typed(typed: str) -> None:
    zone = parse_zone(typed)

    assert zone is not None
    assert (zone_name(zone, ZH), zone_name(zone, EN)) == (typed, typed)


def test_a_day_is_named_with_its_weekday() -> None:
    assert day_name(dt.date(2026, 3, 9), ZH) == "3 月 9 日 周一"
    assert day_name(dt.date(2026, 12, 20), EN) == "Sun 20 Dec"


@pytest.mark.parametrize(
    ("mask", "chinese", "english"),
    [
        (0b1111111, "每天", "every day"),
        (0b0011111, "周一至周五", "Mon–Fri"),
        (0b1100000, "周末", "weekends"),
        (0b1111110, "除周一外每天", "every day except Mon"),
        (0b0111111, "除周日外每天", "every day except Sun"),
        (0b0000101, "周一、周三", "Mon, Wed"),
    ],
)
def test_weekdays_are_named_as_people_say_them(mask: int, chinese: str, english: str) -> None:
    assert (weekdays_name(mask, ZH), weekdays_name(mask, EN)) == (chinese, english)


def test_a_rhythm_is_days_and_a_time() -> None:
    view = make_subscription(weekdays=0b0011111, local_minute=9 * 60 + 5)

    assert (rhythm(view, ZH), rhythm(view, EN)) == ("周一至周五 09:05", "Mon–Fri at 09:05")


def test_the_next_time_is_the_wall_clocks_in_the_subscriptions_zone() -> None:
    assert ">Mon 2 Mar 18:30<" in next_time(make_subscription(zone="America/New_York"), EN)
    assert next_time(make_subscription(next_due_at=None), EN) == ""


def test_the_default_zone_has_a_button() -> None:
    assert Settings.model_fields["default_timezone"].default in COMMON_ZONES


def test_a_date_that_is_shown_to_chinese_readers_can_be_typed() -> None:
    date = dt.date(2026, 3, 9)

    assert parse_date(day_name(date, ZH).rsplit(" ", 1)[0], dt.date(2026, 3, 2)) == date
