"""Subscriptions: who gets which plan, where and when. A session goes in, a value comes out; nothing is sent.

Whatever changes the rhythm of a subscription voids its rows that still wait to be sent, unless somebody
asked for them, and sets anew when it is due. There are never two digests on one local date:
`last_local_date` stands guard.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.models import Delivery, Plan, Subscription, Target
from bot.render.values import SubscriptionView
from bot.schedule.due import DAY, next_due, zone_named
from bot.schedule.picks import Picker


def find_target(session: Session, chat_id: int, thread_id: int = 0) -> Target | None:
    """Return the target of that chat and topic; None where there is none."""
    return session.scalar(select(Target).where(Target.chat_id == chat_id, Target.thread_id == thread_id))


def ensure_target(
    session: Session,
    *,
    chat_id: int,
    thread_id: int = 0,
    kind: str,
    language: str,
    timezone: str,
    now: dt.datetime,
    bound_by: int | None = None,
) -> Target:
    """Return the target of that chat and topic, made with this language and zone where there is none.

    `bound_by` is who is told when the bot may not write there any more, where that is not the chat itself.
    """
    target = find_target(session, chat_id, thread_id)
    if target is None:
        fields = {"language": language, "timezone": timezone, "created_at": now, "bound_by": bound_by}
        target = Target(chat_id=chat_id, thread_id=thread_id, kind=kind, **fields)
        session.add(target)
        session.flush()
    return target


def subscriptions_of(session: Session, target: Target) -> list[Subscription]:
    """Return the target's subscriptions that were not stopped, oldest first."""
    query = select(Subscription).where(Subscription.target_id == target.id, Subscription.status != "stopped")
    return list(session.scalars(query.order_by(Subscription.id)))


def subscribe(
    session: Session, target: Target, plan: Plan, local_minute: int, now: dt.datetime
) -> Subscription:
    """Return the target's active subscription to the plan; who was there before goes on where he was.

    `local_minute` is for a new one: a returning reader keeps his time.
    """
    subscription = _find(session, target, plan)
    if subscription is None:
        subscription = Subscription(
            target=target, plan=plan, local_minute=local_minute, status="active", created_at=now
        )
        session.add(subscription)
        session.flush()
    return resume(session, subscription, now)


def resume(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    """Let digests come (again) from the next due time on, and return the subscription.

    Where the plan is read to its end, it is finished until there is something new.
    """
    subscription.status = "finished" if _is_read_out(session, subscription) else "active"
    subscription.paused_until = None
    return reschedule(session, subscription, now)


def begin_again(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    """Begin the plan anew, in a new round, and return the subscription."""
    void(session, subscription, everything=True)
    subscription.round += 1
    subscription.position_document_id = subscription.position_article = subscription.position_stop = None
    return resume(session, subscription, now)


def stop(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    """Send no more, not even what was asked for; place and settings are kept for a return."""
    subscription.status = "stopped"
    subscription.paused_until = None
    void(session, subscription, everything=True)
    return reschedule(session, subscription, now)


def undo_subscription(session: Session, subscription: Subscription, now: dt.datetime) -> str:
    """Take the subscription back and return its plan's name: as if it had never been where nothing was sent,
    else it is stopped."""
    name = subscription.plan.name
    stop(session, subscription, now)
    began = session.scalar(select(Delivery.id).where(Delivery.subscription_id == subscription.id).limit(1))
    if began is None:
        session.delete(subscription)
        session.flush()
    return name


def pause(
    session: Session, subscription: Subscription, until: dt.date | None, now: dt.datetime
) -> Subscription:
    """Send no more until that local date (then again), or until resumed where it is None."""
    subscription.status = "paused"
    subscription.paused_until = until
    return _change(session, subscription, now)


def change_time(
    session: Session, subscription: Subscription, local_minute: int, now: dt.datetime
) -> Subscription:
    """Send at another wall-clock time from now on: today too, where it is still to come."""
    subscription.local_minute = local_minute
    return _change(session, subscription, now)


def change_weekdays(
    session: Session, subscription: Subscription, weekdays: int, now: dt.datetime
) -> Subscription:
    """Send on these weekdays only (Monday is bit 0); ValueError where there is none."""
    if not 0 < weekdays < 128:
        raise ValueError(f"weekdays must be 1 to 127, not {weekdays}")
    subscription.weekdays = weekdays
    return _change(session, subscription, now)


def change_length(
    session: Session, subscription: Subscription, length: str, now: dt.datetime
) -> Subscription:
    """Send passages of another cut, from the same place on."""
    subscription.length = length
    return _change(session, subscription, now)


def change_zone(session: Session, target: Target, timezone: str, now: dt.datetime) -> Target:
    """Let the target's digests follow another zone's clocks; raises ZoneInfoNotFoundError for no zone."""
    ZoneInfo(timezone)
    target.timezone = timezone
    for subscription in all_of(session, target):
        _change(session, subscription, now)
    return target


def change_language(session: Session, target: Target, language: str) -> Target:
    """Speak another language to the target."""
    target.language = language
    session.flush()
    return target


def view(session: Session, subscription: Subscription) -> SubscriptionView:
    """Return the subscription as its reader sees it: its rhythm, and how far it has come in this round."""
    position, total = Picker(session).progress(subscription)
    return SubscriptionView(
        subscription_id=subscription.id,
        plan=subscription.plan.name,
        zone=subscription.target.timezone,
        local_minute=subscription.local_minute,
        weekdays=subscription.weekdays,
        length=subscription.length,
        position=position,
        total=total,
        next_due_at=subscription.next_due_at,
        paused_until=subscription.paused_until,
        is_paused=subscription.status == "paused",
    )


def reschedule(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    """Set when the subscription is due next, and return it: never, where nothing is to come."""
    due, target = None, subscription.target
    if expects_digests(subscription):
        due = next_due(
            target.retry_at or now if target.blocked_at else now,
            subscription.local_minute,
            subscription.weekdays,
            zone_named(target.timezone),
            subscription.last_local_date,
            subscription.paused_until,
        )[1]
    subscription.next_due_at = due
    session.flush()
    return subscription


def expects_digests(subscription: Subscription) -> bool:
    """Return whether digests are to come: active, or paused to a date, in a chat that can be written to, or
    is to be tried."""
    waits = subscription.status == "active" or (
        subscription.status == "paused" and subscription.paused_until is not None
    )
    target = subscription.target
    return waits and (target.blocked_at is None or is_to_be_tried(target))


def is_to_be_tried(target: Target) -> bool:
    """Return whether the target was set aside and is to be tried once more."""
    blocked_at, retry_at = target.blocked_at, target.retry_at
    return blocked_at is not None and retry_at is not None and blocked_at < retry_at


def wake_finished(session: Session, collection_id: int, now: dt.datetime) -> int:
    """Let those go on whose plan had been read to its end, and holds something new after an import into the
    collection; return how many they are."""
    query = select(Subscription).join(Subscription.plan).where(Plan.collection_id == collection_id)
    finished = session.scalars(query.where(Subscription.status == "finished")).all()
    return [resume(session, subscription, now).status for subscription in finished].count("active")


def void(session: Session, subscription: Subscription, *, everything: bool = False) -> None:
    """Take back the rows that still wait to be sent; with `everything` also those that somebody asked for,
    and those that are claimed: whoever has claimed them finds them gone.

    They never were: their passages and dates are free. What may have arrived before stays, as unknown."""
    rows = select(Delivery).where(Delivery.subscription_id == subscription.id)
    waiting = rows.where(Delivery.state == "pending", ~Delivery.asked)
    if everything:
        waiting = rows.where(Delivery.state.in_(("pending", "claimed")))
    for row in session.scalars(waiting.with_for_update()).all():
        if row.doubtful:
            row.state = "unknown"
            continue
        if row.slot == 0 and row.local_date == subscription.last_local_date:
            subscription.last_local_date = row.local_date - DAY
        session.delete(row)
    session.flush()


def migrate_chat(session: Session, old_chat_id: int, new_chat_id: int) -> None:
    """Follow a group that became a supergroup. Where the new chat has a subscription to the same plan, the
    old one, which has the history, takes its place."""
    for old in session.scalars(select(Target).where(Target.chat_id == old_chat_id)).all():
        new = find_target(session, new_chat_id, old.thread_id)
        if new is None:
            old.chat_id = new_chat_id
        else:
            _merge(session, old, new)
    session.flush()


def _merge(session: Session, old: Target, new: Target) -> None:
    for subscription in all_of(session, old):
        double = _find(session, new, subscription.plan)
        if double is not None:
            dates = filter(None, (subscription.last_local_date, double.last_local_date))
            subscription.last_local_date = max(dates, default=None)
            session.execute(delete(Subscription).where(Subscription.id == double.id))
        subscription.target = new
    session.flush()
    session.delete(old)


def _find(session: Session, target: Target, plan: Plan) -> Subscription | None:
    query = select(Subscription).where(Subscription.target_id == target.id, Subscription.plan_id == plan.id)
    return session.scalar(query)


def all_of(session: Session, target: Target) -> list[Subscription]:
    """Return the target's subscriptions, those that were stopped as well."""
    return list(session.scalars(select(Subscription).where(Subscription.target_id == target.id)))


def _is_read_out(session: Session, subscription: Subscription) -> bool:
    """Return whether the plan holds passages, and all of them were seen in this round."""
    picker = Picker(session)
    return bool(picker.catalogue(subscription).candidates) and picker.pick(subscription) is None


def _change(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    void(session, subscription)
    return reschedule(session, subscription, now)
