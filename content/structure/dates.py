"""Dates as Chinese texts write them, and the year that they leave out.

A year is taken from other dates of the same document or not at all: nothing is guessed from today.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0}

DATE = re.compile(
    r"(?:(?P<year>(?:1[89]|20)\d{2})\s*年\s*)?(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
    r"|(?<!\d)(?P<iso_year>(?:1[89]|20)\d{2})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})(?!\d)"
    r"|(?:(?P<han_year>[一二][〇○Ｏ零一二三四五六七八九]{3})年)?"
    r"(?P<han_month>[一二三四五六七八九十]{1,2})月(?P<han_day>[一二三四五六七八九十]{1,3})[日号]"
)
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")

NOT_ON_THE_DAY = re.compile(r"(?:截至|截止|自|从|到|至|于)\s*$")
"""Before a date: it bounds a time, it is not the day that the text tells of."""

SINCE = re.compile(r"\s*(?:以来|之前|以前|之后|前|后|起)")
"""After a date: the same."""

TIME_AND_PLACE = (
    r"\s*(?:星期[一二三四五六日天]|周[一二三四五六日])?\s*"
    r"(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:\s*于\S{1,8})?"
)

LEAD_CHARS = 60
"""A report names its day in its first clause."""

YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")


class WrittenDate(NamedTuple):
    """A date as it stands in the text; `year` is None where it is not written."""

    year: int | None
    month: int
    day: int

    def in_year(self, year: int) -> dt.date | None:
        """Return the date in that year, or None where there is no such day."""
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:
            return None

    def known(self) -> dt.date | None:
        """Return the date where its year is written."""
        return self.in_year(self.year) if self.year else None


def find_date(text: str) -> WrittenDate | None:
    """Return the first date in the text that exists in some year."""
    return next((date for _, _, date in _dates(text)), None)


def is_dateline(text: str) -> bool:
    """Return whether the text is a date, perhaps in brackets, with a time or a place, and nothing else."""
    text = text.strip("（()） \u3000")
    found = next(_dates(text), None)
    return found is not None and found[0] == 0 and re.fullmatch(TIME_AND_PLACE, text[found[1] :]) is not None


def lead_date(text: str) -> WrittenDate | None:
    """Return the day that a report's first clause names; not one after 截至 or before 以来."""
    lead = text[:LEAD_CHARS]
    for start, stop, date in _dates(lead):
        if not NOT_ON_THE_DAY.search(lead[:start]) and not SINCE.match(lead, stop):
            return date
    return None


def full_dates(text: str) -> list[dt.date]:
    """Return the dates in the text whose year is written."""
    return [known for _, _, date in _dates(text) if (known := date.known())]


def latest_year(text: str) -> int | None:
    """Return the last year that the text names, or None."""
    return max(map(int, YEAR.findall(text)), default=None)


def nearest_year(date: WrittenDate, anchor: dt.date) -> dt.date | None:
    """Return the date in the year that brings it nearest to the anchor; None where there is no such day."""
    options = [date.in_year(year) for year in (anchor.year, anchor.year - 1, anchor.year + 1)]
    return min((day for day in options if day), key=lambda day: abs(day - anchor), default=None)


def _dates(text: str) -> Iterator[tuple[int, int, WrittenDate]]:
    """Yield (start, stop, date) for each date in the text that exists in some year."""
    for found in DATE.finditer(text.translate(FULL_WIDTH_DIGITS)):
        date = _read(found)
        if date.in_year(date.year or 2000):
            yield found.start(), found.end(), date


def _read(found: re.Match[str]) -> WrittenDate:
    fields = found.groupdict()
    if fields["iso_year"]:
        return WrittenDate(int(fields["iso_year"]), int(fields["iso_month"]), int(fields["iso_day"]))
    if fields["han_month"]:
        year = fields["han_year"]
        digits = int("".join(str(HAN_DIGITS[digit]) for digit in year)) if year else None
        return WrittenDate(digits, _han_number(fields["han_month"]), _han_number(fields["han_day"]))
    return WrittenDate(
        int(fields["year"]) if fields["year"] else None, int(fields["month"]), int(fields["day"])
    )


def _han_number(text: str) -> int:
    """Return the number below 100: 二十三 is 23."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return HAN_DIGITS[text] if len(text) == 1 else 0
    return (HAN_DIGITS.get(tens, 0) if tens else 1) * 10 + (HAN_DIGITS.get(ones, 0) if ones else 0)
