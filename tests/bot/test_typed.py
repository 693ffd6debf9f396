"""What people type: times, zones and dates are read in the forms that people use."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import parse_date, parse_time, parse_zone

WEDNESDAY = dt.date(2026, 3, 4)
MINUTES = st.integers(0, 24 * 60 - 1)
FIGURES = "零一二三四五六七八九"


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return FIGURES[ones]
    return (FIGURES[tens] if tens > 1 else "") + "十" + (FIGURES[ones] if ones else "")


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("7:30", "07:30"),
        ("07：30", "07:30"),
        ("0730", "07:30"),
        ("730", "07:30"),
        ("7.30", "07:30"),
        ("７：３０", "07:30"),
        (" 7 : 30 ", "07:30"),
        ("7:30。", "07:30"),
        ("21", "21:00"),
        ("早上7点半", "07:30"),
        ("每天早上7点", "07:00"),
        ("晚9点", "21:00"),
        ("每晚十点", "22:00"),
        ("下午3点一刻", "15:15"),
        ("下午三點三刻", "15:45"),
        ("7点30分", "07:30"),
        ("七点半", "07:30"),
        ("七点零五分", "07:05"),
        ("八点钟", "08:00"),
        ("两点", "02:00"),
        ("早上7:30", "07:30"),
        ("下午15点", "15:00"),
        ("凌晨12点", "00:00"),
        ("上午12点", "12:00"),
        ("中午11点半", "11:30"),
        ("中午1点", "13:00"),
        ("晚上12点", "00:00"),
        ("夜里3点", "03:00"),
        ("8am", "08:00"),
        ("8 a.m.", "08:00"),
        ("9:15 pm", "21:15"),
        ("at 7:30", "07:30"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, time: str) -> None:
    moment = dt.time.fromisoformat(time)

    assert parse_time(typed) == moment.hour * 60 + moment.minute


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "24:00",
        "25:99",
        "7:60",
        "13pm",
        "0am",
        "早上20点",
        "下午25点",
        "十",
        "123456",
        "-7:30",
        "宪法",
        "7:30:15",
    ],
)
def test_what_is_no_time_is_not_guessed_at(typed: str) -> None:
    assert parse_time(typed) is None


@given(MINUTES)
def test_a_time_that_was_written_out_is_read_back(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    half = f"{(hour - 1) % 12 + 1}:{rest:02} {'pm' if hour >= 12 else 'am'}"
    written = [f"{hour:02}:{rest:02}", f"{hour}：{rest:02}", f"{hour:02}{rest:02}", f"{hour}点{rest}分", half]
    spoken = f"{_han(hour)}点" + (f"{_han(rest)}分" if rest else "")

    assert {parse_time(text) for text in [*written, spoken]} == {minute}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("Asia/Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("上海市", "Asia/Shanghai"),
        ("胡志明市", "Asia/Ho_Chi_Minh"),
        ("臺北", "Asia/Taipei"),
        ("香港", "Asia/Hong_Kong"),
        ("东京", "Asia/Tokyo"),
        ("新加坡", "Asia/Singapore"),
        ("伦敦", "Europe/London"),
        ("纽约", "America/New_York"),
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("UTC", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("utc +08:00", "Etc/GMT-8"),
        ("+8", "Etc/GMT-8"),
        ("GMT-5", "Etc/GMT+5"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+0", "Etc/GMT"),
        ("东八区", "Etc/GMT-8"),
        ("西五区", "Etc/GMT+5"),
    ],
)
def test_a_zone_is_read_by_name_city_or_offset(typed: str, zone: str) -> None:
    assert parse_zone(typed) == zone


@pytest.mark.parametrize(
    "typed", ["", "Mars/Phobos", "UTC+15", "UTC-13", "UTC-3:30", "8", "localtime", "../etc"]
)
def test_what_is_no_zone_is_not_guessed_at(typed: str) -> None:
    assert parse_zone(typed) is None


@given(st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})))
def test_every_zone_of_the_database_is_read_in_any_case(zone: str) -> None:
    read = parse_zone(zone.upper())

    assert read is not None
    assert read == parse_zone(zone.lower())
    assert read == zone or "/" not in zone
    for month in (1, 7):
        moment = dt.datetime(2026, month, 1, tzinfo=dt.UTC)
        assert moment.astimezone(ZoneInfo(read)).isoformat() == moment.astimezone(ZoneInfo(zone)).isoformat()


@given(st.integers(-12, 14))
def test_an_offset_means_what_it_says(hours: int) -> None:
    zone = parse_zone(f"UTC{hours:+}")

    assert zone is not None
    assert dt.datetime(2026, 7, 1, tzinfo=ZoneInfo(zone)).utcoffset() == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2026-10-08", "2026-10-08"),
        ("2026/10/8", "2026-10-08"),
        ("2026年10月8日", "2026-10-08"),
        ("20261008", "2026-10-08"),
        ("10月8日", "2026-10-08"),
        ("10-8", "2026-10-08"),
        ("十月八号", "2026-10-08"),
        ("3月3日", "2027-03-03"),
        ("3月4日", "2026-03-04"),
        ("8号", "2026-03-08"),
        ("1号", "2026-04-01"),
        ("31号", "2026-03-31"),
        ("前天", "2026-03-02"),
        ("昨天", "2026-03-03"),
        ("今天", "2026-03-04"),
        ("明天", "2026-03-05"),
        ("大後天", "2026-03-07"),
        ("3天后", "2026-03-07"),
        ("两周", "2026-03-18"),
        ("一个星期后", "2026-03-11"),
        ("周五", "2026-03-06"),
        ("周三", "2026-03-11"),
        ("这周日", "2026-03-08"),
        ("下周一", "2026-03-09"),
        ("下周五", "2026-03-13"),
        ("下下周二", "2026-03-17"),
        ("到下个星期天为止", "2026-03-15"),
        ("周末", "2026-03-07"),
        ("下个月", "2026-04-01"),
        ("下下个月初", "2026-05-01"),
        ("next month", "2026-04-01"),
        ("yesterday", "2026-03-03"),
        ("tomorrow", "2026-03-05"),
        ("in 3 days", "2026-03-07"),
        ("a week", "2026-03-11"),
        ("Friday", "2026-03-06"),
        ("next Monday", "2026-03-09"),
        ("until next Thursday", "2026-03-12"),
        ("8 Oct", "2026-10-08"),
        ("Oct 8, 2027", "2027-10-08"),
        ("1st March", "2027-03-01"),
        ("sept 12th", "2026-09-12"),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, date: str) -> None:
    assert parse_date(typed, WEDNESDAY) == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    "typed",
    ["", "2月30日", "2026-02-30", "13-1", "周八", "may", "mayo 3", "8 Oct 9", "宪法", "0号", "99999-1-1"],
)
def test_what_is_no_date_is_not_guessed_at(typed: str) -> None:
    assert parse_date(typed, WEDNESDAY) is None


def test_the_month_after_december_is_january() -> None:
    assert parse_date("下个月", dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)


@given(st.dates(dt.date(2026, 3, 4), dt.date(2027, 3, 3)))
def test_a_date_that_was_written_out_is_read_back(date: dt.date) -> None:
    written = [
        date.isoformat(),
        f"{date.month}月{date.day}日",
        f"{date.month}-{date.day}",
        f"{_han(date.month)}月{_han(date.day)}号",
        f"{date.day} {date:%B}",
        f"{date:%b} {date.day}, {date.year}",
    ]

    assert {parse_date(text, WEDNESDAY) for text in written} == {date}


@given(st.text() | st.from_regex(r"[0-9零一二十两:.点半月日号周下early+-]{0,8}", fullmatch=True))
def test_whatever_is_typed_is_answered(text: str) -> None:
    minute, zone, date = parse_time(text), parse_zone(text), parse_date(text, WEDNESDAY)

    assert minute is None or 0 <= minute < 24 * 60
    assert zone is None or zone in available_timezones()
    assert date is None or isinstance(date, dt.date)
