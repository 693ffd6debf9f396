"""Claiming: taking what is due so that no one else does. One transaction; the caller commits it.

Rows that broke off, retries whose time has come and claims that ran out are taken here; what is due anew by
`bot.schedule.taking`. Works alike on SQLite (one writer) and on PostgreSQL (rows that another process holds
are skipped over).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from bot.access import Readers, may_receive
from bot.catalogues import catalogue
from bot.models import Delivery, Plan, Subscription
from bot.schedule.late import lateness, too_late
from bot.schedule.picks import Picker, freeze
from bot.schedule.taking import take_due
from bot.shut_out import try_again

LEASE = dt.timedelta(minutes=1)
"""How long a claim holds; who is alive renews it in time."""
GRACE = dt.timedelta(minutes=1)
"""How long a message in doubt is waited for, before it is looked for: Telegram may take it late."""

ANYTHING = select(
    or_(
        exists().where(Subscription.next_due_at <= bindparam("now")),
        exists().where(Delivery.state == "pending", Delivery.not_before <= bindparam("now")),
        exists().where(Delivery.state.in_(("claimed", "sending")), Delivery.lease_until < bindparam("now")),
    )
)


def claim_due(session: Session, now: dt.datetime, owner: str, limit: int, readers: Readers) -> list[int]:
    """Return the ids of at most `limit` ledger rows that are now `owner`'s to send, oldest first.

    Rows of sends that broke off become unknown; retries whose time has come and claims that ran out are
    taken; then what is due.
    """
    give_up_stuck(session, now)
    try_again(session, now)
    rows = _claim_waiting(session, now, limit, readers)
    for row in rows:
        claim(row, owner, now)
    session.flush()
    held = {"state": "claimed", "owner": owner, "lease_until": now + LEASE, "attempts": 1}
    return [row.id for row in rows] + take_due(session, now, held, limit - len(rows), readers)


def has_due(session: Session, now: dt.datetime) -> bool:
    """Return whether there is anything to claim: most of the time there is not, and nobody need write."""
    return bool(session.execute(ANYTHING, {"now": now}).scalar())


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


def may_go(session: Session, row: Delivery, readers: Readers) -> bool:
    """Return whether the row may still be sent: not where the reader stopped or rests, unless he asked for
    it; not where the bot is shut out; and not what he may not read any more."""
    subscription, target = row.subscription, row.subscription.target
    may = is_wanted(row.asked, subscription.status) and target.blocked_at is None
    return may and may_receive(session, target, subscription.plan, readers)


def is_wanted(asked: bool, status: str) -> bool:
    """Return whether a row, asked for or not, is to come to a subscription of that status."""
    return asked or status not in ("paused", "stopped")


def skip(row: Delivery, now: dt.datetime) -> None:
    """Settle the row unsent; its passage comes again."""
    _settle_unsent(row, "skipped", now)


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
        .where(or_(retry, left))
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
    if row.slot == 0:
        row.late, row.silent = lateness(row.due_at, row.subscription.target.timezone, now)


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
