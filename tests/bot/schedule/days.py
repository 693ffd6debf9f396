"""Days around changes of clocks, lived through: each digest is claimed at its moment, as the tick does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from bot.models import EVERY_DAY
from bot.schedule.due import DAY, due_at
from bot.schedule.late import DueDate, due_dates

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
"""All zones of regions."""
QUARTER = dt.timedelta(minutes=15)
"""All clocks of our time are a multiple of it apart."""
BEFORE, DAYS = 2, 5
"""Days that are lived through before a change, and in all."""


def changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[dt.date]:
    """Return the dates on which the zone's offset is another than on the day before."""
    first, end = (dt.datetime(year, 1, 1, 12, tzinfo=zone) for year in (first_year, last_year + 1))
    noons = [first + n * DAY for n in range((end - first).days)]
    return [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]


def live_through(first: dt.date, minute: int, zone: ZoneInfo) -> Iterator[DueDate]:
    """Yield what is sent to whoever reads at that minute, from that date on, and when."""
    moment, last = due_at(first, minute, zone), None
    assert moment is not None
    for _ in range(DAYS):
        dates = due_dates(moment, minute, EVERY_DAY, zone.key, last, None, moment)
        assert dates.sent is not None
        assert not dates.expired
        yield dates.sent
        last, moment = dates.sent[0], dates.next[1]


@cache
def shown(first: dt.date, zone: ZoneInfo) -> dict[dt.datetime, dt.datetime]:
    """Return when the zone's clocks first show each quarter of an hour of these days: found by looking at
    them all the time, the way of a child who waits."""
    start = dt.datetime.combine(first - DAY, dt.time(), dt.UTC)
    found: dict[dt.datetime, dt.datetime] = {}
    for n in range((DAYS + 2) * 96):
        moment = start + n * QUARTER
        found.setdefault(moment.astimezone(zone).replace(tzinfo=None, fold=0), moment)
    return found


def expected(date: dt.date, minute: int, first: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return when a digest should come: when the clocks first show its time; where they leave it out, as
    long after the last time that they do show as it would be."""
    wall, waited = dt.datetime.combine(date, dt.time(*divmod(minute, 60))), dt.timedelta()
    while wall - waited not in shown(first, zone):
        waited += QUARTER
    return shown(first, zone)[wall - waited] + waited


def check_days(change: dt.date, minute: int, zone: ZoneInfo) -> None:
    """Assert that each local date around the change has its digest, once, in order, at its moment."""
    first = change - BEFORE * DAY
    due = [(date, expected(date, minute, first, zone)) for date in (first + n * DAY for n in range(DAYS))]
    assert list(live_through(first, minute, zone)) == due, (zone.key, change, minute)
