"""How far a reader has come in a plan, when he will be through, and changing to another plan.

A session goes in, a value comes out.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.access import Readers, may_receive
from bot.models import Plan, Subscription
from bot.render.values import PlanProgress, SubscriptionView
from bot.schedule.due import DAY, zone_named
from bot.subscriptions import reschedule, stop, subscribe, view

WEEK = 7 * DAY


def progress_of(session: Session, subscription: Subscription, readers: Readers) -> PlanProgress:
    """Return how far the subscription has come, and when it ends if nothing changes."""
    seen = view(session, subscription)
    return PlanProgress(
        view=seen,
        plan_id=subscription.plan_id,
        is_finished=subscription.status == "finished",
        is_hidden=not may_receive(session, subscription.target, subscription.plan, readers),
        finishes_on=finish_date(seen),
    )


def finish_date(seen: SubscriptionView) -> dt.date | None:
    """Return the local date of the last digest at the present rhythm; None where none is to come.

    What will be read ahead is not known, and a passage that is read in part counts as a whole one.
    """
    left = seen.total - seen.position
    if seen.next_due_at is None or left <= 0:
        return None
    first = seen.next_due_at.astimezone(zone_named(seen.zone)).date()
    return nth_date(first, seen.weekdays, left)


def nth_date(first: dt.date, weekdays: int, number: int) -> dt.date:
    """Return the date of the digest of that `number`, from 1, where `first` is that of the first.

    `weekdays` has a bit for each day of digests (Monday is bit 0), that of `first` among them.
    """
    weeks, rest = divmod(number - 1, weekdays.bit_count())
    date = first + weeks * WEEK
    while rest:
        date += DAY
        rest -= weekdays >> date.weekday() & 1
    return date


def switch_plan(session: Session, subscription: Subscription, plan: Plan, now: dt.datetime) -> Subscription:
    """Stop the subscription, its place kept, and return the target's subscription to the other plan.

    That has the same rhythm and length, and sends nothing on a date that has had its digest.
    """
    other = subscribe(session, subscription.target, plan, subscription.local_minute, now)
    if other is subscription:
        return other
    other.local_minute, other.weekdays = subscription.local_minute, subscription.weekdays
    other.length = subscription.length
    dates = filter(None, (subscription.last_local_date, other.last_local_date))
    other.last_local_date = max(dates, default=None)
    stop(session, subscription, now)
    return reschedule(session, other, now)
