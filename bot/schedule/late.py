"""What is due, and what is too late: which local dates are recorded as expired, which is sent and how. Pure.

After a stop only the newest due date is sent, marked as late; the earlier ones are recorded as expired.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bot.schedule.due import next_due, zone_named

LATE_AFTER = dt.timedelta(minutes=5)
"""A digest that is later than this says so."""
LEAST_DISTANCE = dt.timedelta(hours=6)
"""What is late is not sent when the next digest is nearer than this."""
WAKING_HOURS = range(7, 22)
"""Local hours in which a late digest may make a sound."""
REMEMBERED = 4096
"""Answers that are kept: those who share hour and zone are due at one moment, and get the same one."""

DueDate: TypeAlias = tuple[dt.date, dt.datetime]


class Dates(NamedTuple):
    """What is to be done about the dates of a subscription that are due."""

    expired: tuple[DueDate, ...]
    """Recorded as not sent, oldest first."""
    sent: DueDate | None
    """The one whose digest goes out."""
    next: DueDate
    """The one that is due after them."""
    late: bool
    silent: bool


@lru_cache(REMEMBERED)
def due_dates(
    next_due_at: dt.datetime,
    minute: int,
    weekdays: int,
    timezone: str,
    last_local_date: dt.date | None,
    paused_until: dt.date | None,
    now: dt.datetime,
) -> Dates:
    """Return what a subscription's dates come to, that was to be due at `next_due_at` or later.

    No date at all is due where the zone's rules have changed since.
    """
    zone, dates = zone_named(timezone), []
    due = next_due(
        next_due_at - dt.timedelta.resolution, minute, weekdays, zone, last_local_date, paused_until
    )
    while due[1] <= now:
        dates.append(due)
        due = next_due(due[1], minute, weekdays, zone, due[0])
    if not dates or too_late(dates[-1][1], due[1], now):
        return Dates(tuple(dates), None, due, late=False, silent=False)
    late, silent = lateness(dates[-1][1], timezone, now)
    return Dates(tuple(dates[:-1]), dates[-1], due, late, silent)


def lateness(due_at: dt.datetime, timezone: str, now: dt.datetime) -> tuple[bool, bool]:
    """Return whether a digest that was due then comes late now, and whether it must make no sound."""
    late = is_late(due_at, now)
    return late, late and now.astimezone(zone_named(timezone)).hour not in WAKING_HOURS


def too_late(due_at: dt.datetime, next_due_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Return whether what was due then is late, and the next digest near."""
    near = next_due_at is not None and next_due_at - now < LEAST_DISTANCE
    return near and is_late(due_at, now)


def is_late(due_at: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a digest that was due then comes late now."""
    return now - due_at > LATE_AFTER
