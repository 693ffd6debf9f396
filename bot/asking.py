"""Asking: what /today and /next do for one subscription. Rows of the ledger are written, nothing is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.access import Readers, may_receive
from bot.digest import local_date
from bot.models import Delivery, Subscription
from bot.schedule.claim import claim, new_row
from bot.schedule.picks import SENT_STATES, Picker, freeze
from bot.subscriptions import reschedule


@dataclass(frozen=True)
class Asked:
    """What to do for a reader who asked for a passage."""

    kind: Literal["send", "show", "coming", "below", "nothing", "empty", "hidden"]
    """Send the row, which is claimed for the owner; show what was sent once more; say that it is on its way,
    or that it has come already; that the plan is read to its end; that it holds nothing (any more); that it
    is not for this reader (any more)."""
    delivery_id: int | None = None


def today(
    session: Session, subscription: Subscription, now: dt.datetime, owner: str, readers: Readers
) -> Asked:
    """Return what /today does.

    Before the day's push it takes the push's place: the date is settled with it. Afterwards it shows the
    same passage again.
    """
    if not may_receive(session, subscription.target, subscription.plan, readers):
        return Asked("hidden")
    row = _row_of(session, subscription, local_date(subscription, now))
    if row is None:
        return _ask_for(session, subscription, now, owner, slot=0)
    if row.start is not None and row.state in ("sent", "unknown"):
        row.reconcile_at = None  # he has it now, whatever became of it
        return Asked("show", row.id)
    if row.state == "pending":
        claim(row, owner, now)
        row.asked = True
        session.flush()
        return Asked("send", row.id)
    if row.state in ("claimed", "sending"):
        return Asked("coming", row.id)
    return read_ahead(session, subscription, now, owner, readers)


def read_ahead(
    session: Session,
    subscription: Subscription,
    now: dt.datetime,
    owner: str,
    readers: Readers,
    after: int | None = None,
) -> Asked:
    """Return what /next does: the passage after all that was sent or is about to be; the push still comes.

    `after` is the row whose button asks: where something was sent since, a second tap is no second wish.
    """
    if not may_receive(session, subscription.target, subscription.plan, readers):
        return Asked("hidden")
    if after is not None and _has_later(session, subscription, after):
        return Asked("below")
    last = session.scalar(
        select(func.max(Delivery.slot)).where(
            Delivery.subscription_id == subscription.id,
            Delivery.local_date == local_date(subscription, now),
        )
    )
    return _ask_for(session, subscription, now, owner, slot=(last or 0) + 1)


def _ask_for(
    session: Session, subscription: Subscription, now: dt.datetime, owner: str, *, slot: int
) -> Asked:
    date = local_date(subscription, now)
    picker = Picker(session)
    pick = picker.pick(subscription)
    if pick is None:
        return Asked("nothing" if picker.catalogue(subscription).candidates else "empty")
    row = new_row(subscription, date, now, now, slot)
    row.asked = True
    freeze(row, pick)
    claim(row, owner, now)
    session.add(row)
    if slot == 0:
        subscription.last_local_date = max(filter(None, (subscription.last_local_date, date)))
        reschedule(session, subscription, now)
    session.flush()
    return Asked("send", row.id)


def _has_later(session: Session, subscription: Subscription, delivery_id: int) -> bool:
    later = select(Delivery.id).where(Delivery.subscription_id == subscription.id, Delivery.id > delivery_id)
    return session.scalar(later.where(Delivery.state.in_(SENT_STATES)).limit(1)) is not None


def _row_of(session: Session, subscription: Subscription, date: dt.date) -> Delivery | None:
    rows = select(Delivery).where(Delivery.subscription_id == subscription.id, Delivery.slot == 0)
    return session.scalar(rows.where(Delivery.local_date == date))
