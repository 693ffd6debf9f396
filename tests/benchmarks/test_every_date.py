"""Every local date exactly once: all zones, all changes of their clocks from 2020 to 2040, all quarter-hours.

pytest -n 0 -m benchmark -s tests/benchmarks/test_every_date.py
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.bot.schedule.days import DAYS, ZONES, changes, check_days, shown

pytestmark = pytest.mark.benchmark

SOME_DAY = dt.date(2026, 6, 1)


def test_every_local_date_has_its_digest_once_whatever_the_clocks_do() -> None:
    checked = zones_with_changes = 0
    for zone in map(ZoneInfo, ZONES):
        found = changes(zone, 2020, 2040)
        zones_with_changes += bool(found)
        for change in found or [SOME_DAY]:
            for minute in range(0, 1440, 15):
                check_days(change, minute, zone)
                checked += DAYS
            shown.cache_clear()
    print(f"\n{len(ZONES)} zones, {zones_with_changes} with changes: {checked:,} dates, each once")  # noqa: T201  # what this is run for
    assert checked > 1_000_000
