"""Claiming: taking what is due so that no one else does. One transaction; the caller commits it.

The ledger's row is written here, with the span frozen in, before anything is sent; a retry can therefore
never send another text. After a stop only the newest due date is sent, marked as late; the earlier ones are
recorded as expired. Works alike on SQLite (one writer) and on PostgreSQL (rows that another process holds are
skipped over).
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from bot.access import Readers, may_receive
from bot.catalogues import catalogue
from bot.models import Delivery, Plan, Subscription, Target
from bot.schedule.due import next_due
from bot.schedule.picks import Picker, freeze

LEASE = dt.timedelta(minutes=1)
"""How long a claim holds; who is alive renews it in time."""
GRACE = dt.timedelta(minutes=1)
"""How long a message in doubt is waited for, before it is looked for: Telegram may take it late."""
LATE_AFTER = dt.timedelta(minutes=5)
"""A digest that is later than this says so."""
LEAST_DISTANCE = dt.timedelta(hours=6)
"""What is late is not sent when the next digest is nearer than this."""
WAKING_HOURS = range(7, 22)
"""Local hours in which a late digest may make a sound."""

DueDate = tuple[dt.date, dt.datetime]


def claim_due(session: Session, now: dt.datetime, owner: str, limit: int, readers: Readers) -> list[int]:
    """Return the ids of at most `limit` ledger rows that are now `owner`'s to send, oldest first.

    Rows of sends that broke off become unknown; retries whose time has come and claims that ran out are
    taken; then what is due.
    """
    give_up_stuck(session, now)
    rows = _claim_waiting(session, now, limit, readers)
    rows += _claim_subscriptions(session, now, limit - len(rows), readers)
    for row in rows:
        claim(row, owner, now)
    session.flush()
    return [row.id for row in rows]


def prepare_catalogues(session: Session, now: dt.datetime, limit: int) -> None:
    """Make what the next claim will ask for: nobody waits for a transaction that only reads."""
    due = select(Subscription.plan_id, Subscription.length).where(Subscription.next_due_at <= now)
    cuts = session.execute(due.order_by(Subscription.next_due_at).limit(limit)).all()
    for plan_id, length in {(row.plan_id, row.length) for row in cuts}:
        catalogue(session, session.get_one(Plan, plan_id), length)


def claim(row: Delivery, owner: str, now: dt.datetime) -> None:
    """Make the row `owner`'s to send; owner and number of attempts fence off everyone else."""
    row.state = "claimed"
    row.owner = owner
    row.lease_until = now + LEASE
    row.attempts += 1


def give_up_stuck(session: Session, now: dt.datetime) -> None:
    """Mark as unknown what was being sent when its lease ran out: it may have arrived, so is not resent."""
    session.execute(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.lease_until < now)
        .values(state="unknown", error="the send broke off", ended_at=now, reconcile_at=now + GRACE)
        .execution_options(synchronize_session=False)
    )


def is_late(due_at: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a digest that was due then comes late now."""
    return now - due_at > LATE_AFTER


def may_go(session: Session, row: Delivery, readers: Readers) -> bool:
    """Return whether the row may still be sent: not where the reader stopped or rests, unless he asked for
    it; and not what he may not read any more."""
    subscription = row.subscription
    is_wanted = row.asked or subscription.status not in ("paused", "stopped")
    return is_wanted and may_receive(session, subscription.target, subscription.plan, readers)


def skip(row: Delivery, now: dt.datetime) -> None:
    """Settle the row unsent; its passage comes again."""
    _settle_unsent(row, "skipped", now)


def too_late(due_at: dt.datetime, next_due_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Return whether what was due then is late, and the next digest near."""
    near = next_due_at is not None and next_due_at - now < LEAST_DISTANCE
    return near and is_late(due_at, now)


def _settle_unsent(row: Delivery, state: str, now: dt.datetime) -> None:
    """A row that may have arrived before is no more than unknown: its passage does not come again."""
    row.state, row.ended_at = "unknown" if row.doubtful else state, now


def _claim_waiting(session: Session, now: dt.datetime, limit: int, readers: Readers) -> list[Delivery]:
    """Return the rows to try (again); those that may not go, or come too late, are settled."""
    retry = and_(Delivery.state == "pending", Delivery.not_before <= now)
    left = and_(Delivery.state == "claimed", Delivery.lease_until < now)
    query = (
        select(Delivery)
        .join(Delivery.subscription)
        .join(Subscription.target)
        .where(or_(retry, left), Target.blocked_at.is_(None))
        .options(contains_eager(Delivery.subscription).contains_eager(Subscription.target))
        .order_by(Delivery.not_before, Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    rows = list(session.scalars(query))
    return [row for row in rows if not _drop(session, row, now, readers)]


def _drop(session: Session, row: Delivery, now: dt.datetime, readers: Readers) -> bool:
    """Settle a row that may not go, or a day's digest that is too late, and return whether it is one."""
    if not may_go(session, row, readers):
        skip(row, now)
        return True
    if row.slot == 0 and too_late(row.due_at, row.subscription.next_due_at, now):
        _settle_unsent(row, "expired", now)
        return True
    _mark_late(row, now)
    return False


def _mark_late(row: Delivery, now: dt.datetime) -> None:
    if row.slot:
        return
    hour = now.astimezone(ZoneInfo(row.subscription.target.timezone)).hour
    row.late = is_late(row.due_at, now)
    row.silent = row.late and hour not in WAKING_HOURS


def _claim_subscriptions(session: Session, now: dt.datetime, limit: int, readers: Readers) -> list[Delivery]:
    query = (
        select(Subscription)
        .join(Subscription.target)
        .where(Subscription.next_due_at <= now, Target.blocked_at.is_(None))
        .options(contains_eager(Subscription.target))
        .order_by(Subscription.next_due_at, Subscription.id)
        .limit(limit)
        .with_for_update(of=Subscription, skip_locked=True)
    )
    picker = Picker(session)
    due = session.scalars(query).all()
    rows = [_claim_subscription(picker, subscription, now, readers) for subscription in due]
    return [row for row in rows if row is not None]


def _claim_subscription(
    picker: Picker, subscription: Subscription, now: dt.datetime, readers: Readers
) -> Delivery | None:
    """Settle all dates that are due, and return the row to send, if one is.

    Where the plan holds nothing, or nothing for this reader any more, no date is settled: whatever there is
    tomorrow, or later today, is his.
    """
    dates, (_, next_due_at) = _due_dates(subscription, now)
    subscription.next_due_at = next_due_at
    if not dates:  # the zone's rules have changed since
        return None
    subscription.status, subscription.paused_until = "active", None
    if not _has_passages(picker, subscription, readers):
        return None
    subscription.last_local_date = dates[-1][0]
    if too_late(dates[-1][1], next_due_at, now):
        _record_expired(picker.session, subscription, dates, now)
        return None
    _record_expired(picker.session, subscription, dates[:-1], now)
    return _write_digest(picker, subscription, dates[-1], now)


def _due_dates(subscription: Subscription, now: dt.datetime) -> tuple[list[DueDate], DueDate]:
    """Return the dates that are due and not settled, oldest first, and the one that is due after them."""
    zone = ZoneInfo(subscription.target.timezone)
    minute, weekdays = subscription.local_minute, subscription.weekdays
    assert subscription.next_due_at is not None
    before = subscription.next_due_at - dt.timedelta.resolution
    last = subscription.last_local_date
    due = next_due(before, minute, weekdays, zone, last, subscription.paused_until)
    dates = []
    while due[1] <= now:
        dates.append(due)
        due = next_due(due[1], minute, weekdays, zone, due[0])
    return dates, due


def _record_expired(
    session: Session, subscription: Subscription, dates: list[DueDate], now: dt.datetime
) -> None:
    for date, due_at in dates:
        row = new_row(subscription, date, due_at, now)
        row.state, row.ended_at = "expired", now
        session.add(row)


def _has_passages(picker: Picker, subscription: Subscription, readers: Readers) -> bool:
    """Return whether the plan holds anything, and this reader may have it."""
    is_open = may_receive(picker.session, subscription.target, subscription.plan, readers)
    return is_open and bool(picker.catalogue(subscription).candidates)


def _write_digest(picker: Picker, subscription: Subscription, due: DueDate, now: dt.datetime) -> Delivery:
    """Return the day's row. The end of a plan is a row as well."""
    row = new_row(subscription, *due, now)
    _mark_late(row, now)
    fill(picker, row)
    picker.session.add(row)
    picker.session.flush()
    return row


def fill(picker: Picker, row: Delivery) -> None:
    """Freeze the next passage into the row; where none is left, the subscription is finished."""
    pick = picker.pick(row.subscription)
    freeze(row, pick)
    if pick is None:
        row.subscription.status = "finished"
        row.subscription.next_due_at = None


def new_row(
    subscription: Subscription, date: dt.date, due_at: dt.datetime, now: dt.datetime, slot: int = 0
) -> Delivery:
    """Return a row for that date, not yet in the session, with nothing frozen in."""
    return Delivery(
        subscription=subscription,
        local_date=date,
        slot=slot,
        round=subscription.round,
        state="pending",
        due_at=due_at,
        not_before=due_at,
        attempts=0,
        created_at=now,
    )
