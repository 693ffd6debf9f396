"""When a digest is due: local date and wall-clock time to a moment. Pure; no clock, no database.

The rule at clock changes is RFC 5545, section 3.3.5: a time that the change leaves out is read with the
offset before it, and of a time that comes twice the first is meant. So every local date has exactly one due
moment, unless the whole day does not exist.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = dt.timedelta(days=1)
SEARCH_DAYS = 16
"""Enough to meet every weekday twice: one date of a weekday may not exist (Apia, 30 December 2011)."""


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone; UTC for one that the tz data has no more: its readers stop nobody else."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def due_at(local_date: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime | None:
    """Return the moment, in UTC, at which the zone's clocks show `minute` after midnight on that date.

    None where the date does not exist in that zone as a whole.
    """
    if _moment(local_date, 0, zone) >= _moment(local_date + DAY, 0, zone):
        return None
    return _moment(local_date, minute, zone)


def next_due(
    after: dt.datetime,
    minute: int,
    weekdays: int,
    zone: ZoneInfo,
    last_local_date: dt.date | None = None,
    paused_until: dt.date | None = None,
) -> tuple[dt.date, dt.datetime]:
    """Return the first local date, with its due moment, that is due later than `after`.

    It is a date whose weekday has its bit in `weekdays` (Monday is bit 0), later than `last_local_date`, not
    before `paused_until`. Raises ValueError where `weekdays` has no bit set.
    """
    first = after.astimezone(zone).date() - DAY
    if last_local_date is not None:
        first = max(first, last_local_date + DAY)
    if paused_until is not None:
        first = max(first, paused_until)
    for days in range(SEARCH_DAYS):
        date = first + days * DAY
        moment = due_at(date, minute, zone) if weekdays >> date.weekday() & 1 else None
        if moment is not None and moment > after:
            return date, moment
    raise ValueError("no weekday is chosen")


def _moment(date: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    wall = dt.datetime.combine(date, dt.time(*divmod(minute, 60)), tzinfo=zone)
    return wall.astimezone(dt.UTC)
