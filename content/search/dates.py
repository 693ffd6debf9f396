"""Dates in a query: a year, a month or a day, as people write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:年|[-/.年](?P<month>[0-9]{1,2})(?:月|[-/.月](?P<day>[0-9]{1,2})日?)?)?"
)

_SEEMING = re.compile(r"[0-9]{4}(?:[-/.年].*|[0-9]{2}|[0-9]{4})?")
_WITHOUT_MARKS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")


def seems_date(folded: str) -> bool:
    """Return whether the text is written like a date, be it in a calendar or not, as 2020-13."""
    return _SEEMING.fullmatch(folded) is not None


def read_period(folded: str) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of a year (2020), month (2020-02, 2020年2月, 202002) or day, or else None."""
    marked = _WITHOUT_MARKS.fullmatch(folded)
    match = _DATE.fullmatch("-".join(filter(None, marked.groups())) if marked else folded)
    if match is None:
        return None
    year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
    try:
        first = dt.date(year, month or 1, day or 1)
        last = first if day else dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return first, last
