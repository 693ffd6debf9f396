"""Rules of time zones that change: at a start, what is due in zones that have new ones is set anew.

Governments tell of such changes weeks before, or less; an update of the system, or of tzdata, brings them.
A zone that such an update takes away is read as UTC until it is back: its readers keep it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Subscription, Target
from bot.operations import ZoneRules
from bot.schedule.due import next_due, zone_named

log = logging.getLogger(__name__)

GONE = "gone"
"""The rules of a zone that there is no more."""
HALF_A_DAY = dt.timedelta(hours=12)
"""No change moves a digest by more: the one that is due nearest to the old moment is the same date's."""


def follow_rules(session: Session) -> list[str]:
    """Set anew when digests are due in each zone whose rules are not those that they were set by; return
    these zones.
    """
    zones = session.scalars(select(Target.timezone).distinct().order_by(Target.timezone)).all()
    return [zone for zone in zones if _follow(session, zone)]


def rules_of(timezone: str) -> str:
    """Return what the zone's rules are known by: the digest of the file that `zoneinfo` reads, or `GONE`."""
    found = (path for folder in TZPATH if (path := Path(folder, timezone)).is_file())
    own = next(found, None)
    try:
        body = own.read_bytes() if own else files("tzdata").joinpath("zoneinfo", timezone).read_bytes()
    except FileNotFoundError:
        return GONE
    return hashlib.sha256(body).hexdigest()


def _follow(session: Session, timezone: str) -> bool:
    known, rules = session.get(ZoneRules, timezone), rules_of(timezone)
    if rules == GONE:
        log.error("the tz data has no time zone %s any more: digests there follow UTC until it has", timezone)
    if known is None:  # met for the first time, or since the last start
        session.add(ZoneRules(timezone=timezone, rules=rules))
        return False
    if known.rules == rules:
        return False
    known.rules = rules
    due = select(Subscription).join(Subscription.target)
    for subscription in session.scalars(
        due.where(Target.timezone == timezone, Subscription.next_due_at.is_not(None))
    ):
        _set_anew(subscription, zone_named(timezone))
    return True


def _set_anew(subscription: Subscription, zone: ZoneInfo) -> None:
    assert subscription.next_due_at is not None
    subscription.next_due_at = next_due(
        subscription.next_due_at - HALF_A_DAY,
        subscription.local_minute,
        subscription.weekdays,
        zone,
        subscription.last_local_date,
        subscription.paused_until,
    )[1]
