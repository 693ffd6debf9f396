"""The admins' daily report: on which days it is due, and whether there is something to tell."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.operations import DailyReport
from bot.render.values import Traffic

FIRST_HOUR, LAST_HOUR = 9, 21
"""Of the operator's day: after most digests, and at no hour at which one sleeps."""
TROUBLED = ("failed", "unknown", "expired")
SLOW_SECONDS = 900
"""A digest that is so late is worth a word: the bot was down, or Telegram was."""
KEPT = dt.timedelta(days=30)


def claim_report(session: Session, zone: str, now: dt.datetime) -> bool:
    """Return whether the day's report is due and nobody has made it; it is the caller's then, sent or not."""
    local = now.astimezone(ZoneInfo(zone))
    if not FIRST_HOUR <= local.hour < LAST_HOUR or session.get(DailyReport, local.date()) is not None:
        return False
    session.execute(delete(DailyReport).where(DailyReport.made_at < now - KEPT))
    try:
        with session.begin_nested():
            session.add(DailyReport(local_date=local.date(), made_at=now))
    except IntegrityError:  # another process was quicker
        return False
    return True


def is_worth_telling(day: Traffic) -> bool:
    """Return whether something went wrong: a digest was lost, is in doubt, expired, or came late."""
    slow = day.most_seconds is not None and day.most_seconds >= SLOW_SECONDS
    return slow or any(day.states.get(state) for state in TROUBLED)
