"""How the bot is doing, in numbers for its admins. A session goes in, a value comes out: no text, no name."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from statistics import median

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.delivery.shared_pace import MESSAGES_PER_STAR, PAID
from bot.models import Delivery, Subscription, Target
from bot.operations import RateBudget
from bot.render.values import Report, Traffic, Trouble
from content.models import STANDARD, Document, Passage

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
TROUBLES = 5
QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
"""Telegram's complaints may quote what was sent."""


def make_report(session: Session, zone: str, now: dt.datetime) -> Report:
    """Return the report of this moment, for an admin in that zone."""
    return Report(
        version=own_version(),
        zone=zone,
        day=_traffic(session, now - DAY, now),
        week=_traffic(session, now - WEEK, now),
        active=_count(session, _targets("active")),
        paused=_count(session, _targets("paused").where(Target.id.not_in(_ids_of_active()))),
        blocked=_count(session, select(func.count(Target.id)).where(Target.blocked_at.is_not(None))),
        documents=_count(session, select(func.count(Document.id)).where(Document.visible)),
        passages=_count(session, _passages()),
        troubles=_troubles(session, now - WEEK),
        paid_stars=paid_stars(session, now),
    )


def paid_stars(session: Session, now: dt.datetime) -> float:
    """Return the Stars that today's paid broadcast, by UTC, has cost at most."""
    row = session.get(RateBudget, PAID)
    if row is None or row.day != now.astimezone(dt.UTC).date():
        return 0.0
    return row.used / MESSAGES_PER_STAR


def own_version() -> str | None:
    """Return the version that is installed; None where the code runs from a checkout."""
    try:
        return version("rizhi")
    except PackageNotFoundError:
        return None


def _traffic(session: Session, after: dt.datetime, until: dt.datetime) -> Traffic:
    due = (Delivery.due_at > after, Delivery.due_at <= until)
    counts = select(Delivery.state, Delivery.late, func.count(Delivery.id)).where(*due)
    states: Counter[str] = Counter()
    late = 0
    for state, was_late, number in session.execute(counts.group_by(Delivery.state, Delivery.late)):
        states[state] += number
        late += number if was_late and state == "sent" else 0
    waits = _waits(session, *due)
    return Traffic(states, late, median(waits) if waits else None, max(waits, default=None))


def _waits(session: Session, *due: ColumnElement[bool]) -> list[float]:
    """Return how many seconds after their due time the day's digests were sent that nobody asked for."""
    times = select(Delivery.due_at, Delivery.ended_at).where(
        *due, Delivery.state == "sent", Delivery.slot == 0, ~Delivery.asked
    )
    return [(ended - due_at).total_seconds() for due_at, ended in session.execute(times) if ended]


def _targets(status: str) -> Select[int]:
    chats = select(func.count(Target.id.distinct())).join(Subscription, Subscription.target_id == Target.id)
    return chats.where(Subscription.status == status, Target.blocked_at.is_(None))


def _ids_of_active() -> Select[int]:
    return select(Subscription.target_id).where(Subscription.status == "active")


def _passages() -> Select[int]:
    passages = select(func.count(Passage.id)).join(Document, Passage.document_id == Document.id)
    return passages.where(Document.visible, Passage.length == STANDARD)


def _troubles(session: Session, after: dt.datetime) -> tuple[Trouble, ...]:
    rows = select(Delivery).where(Delivery.error.is_not(None), Delivery.due_at > after)
    newest = session.scalars(rows.order_by(Delivery.id.desc()).limit(TROUBLES))
    return tuple(
        Trouble(row.ended_at or row.due_at, row.state, QUOTED.sub("“…”", row.error or "")) for row in newest
    )


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0
