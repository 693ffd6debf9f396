"""Times, days, zones and lengths in words."""

from __future__ import annotations

import datetime as dt
import re

from bot.render.markup import Html, moment
from bot.render.texts import Texts
from bot.render.values import SubscriptionView
from bot.schedule.due import zone_named

COMMON_ZONES = {
    "Asia/Shanghai": "zone.shanghai",
    "Asia/Hong_Kong": "zone.hong_kong",
    "Asia/Taipei": "zone.taipei",
    "Asia/Singapore": "zone.singapore",
    "Asia/Tokyo": "zone.tokyo",
    "Europe/London": "zone.london",
    "America/New_York": "zone.new_york",
    "America/Los_Angeles": "zone.los_angeles",
}
"""The zones that have a button, and the key of their name. New ones go to the end: buttons hold the place."""
OFFSET_ZONE = re.compile(r"Etc/GMT(?:(?P<sign>[+-])(?P<hours>[0-9]+))?")
"""The IANA names of offsets, whose sign is the other way round: Etc/GMT-8 is what people call UTC+8."""
LENGTH_NAMES = ("short", "standard", "long")
"""The names of the cuts, shortest first."""
EVERY_DAY, WORKDAYS, WEEKEND = 0b1111111, 0b0011111, 0b1100000


def clock_time(minute: int) -> str:
    """Return minutes after midnight as a wall clock shows them, e.g. 07:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_name(day: dt.date, texts: Texts) -> str:
    """Return a date for people, with its weekday and without its year."""
    weekday, month = texts(f"weekday.{day.isoweekday()}"), texts(f"month.{day.month}")
    return texts("moment.day", day=day.day, month=month, weekday=weekday)


def full_date(day: dt.date, texts: Texts) -> str:
    """Return a date for people, with its year."""
    return texts("moment.date", year=day.year, month=texts(f"month.{day.month}"), day=day.day)


def next_time(view: SubscriptionView, texts: Texts) -> Html:
    """Return when the next digest comes; an empty text where none is due."""
    if view.next_due_at is None:
        return Html()
    local = view.next_due_at.astimezone(zone_named(view.zone))
    wall_clock = f"{day_name(local.date(), texts)} {local:%H:%M}"
    return texts.html("moment.next", moment=moment(local, wall_clock))


def rhythm(view: SubscriptionView, texts: Texts) -> str:
    """Return on which days and when a subscription sends, e.g. “every day at 07:30”."""
    days, time = weekdays_name(view.weekdays, texts), clock_time(view.local_minute)
    return texts("moment.rhythm", weekdays=days, time=time)


def weekdays_name(mask: int, texts: Texts) -> str:
    """Return the days of a mask in words; Monday is bit 0."""
    named = {EVERY_DAY: "weekdays.every", WORKDAYS: "weekdays.workdays", WEEKEND: "weekdays.weekend"}
    if mask in named:
        return texts(named[mask])
    days = [texts(f"weekday.{bit + 1}") for bit in range(7) if mask >> bit & 1]
    if len(days) == 6:
        [missing] = (bit for bit in range(7) if not mask >> bit & 1)
        return texts("weekdays.but_one", day=texts(f"weekday.{missing + 1}"))
    return texts("weekdays.some", days=texts("list.separator").join(days))


def zone_name(zone: str, texts: Texts) -> str:
    """Return what people call a zone: a city, an offset as it is typed (UTC+8), or else its IANA name."""
    if found := OFFSET_ZONE.fullmatch(zone):
        sign = "+" if found["sign"] == "-" else "-"
        return f"UTC{sign}{found['hours']}" if found["hours"] else "UTC"
    return texts(COMMON_ZONES[zone]) if zone in COMMON_ZONES else zone
