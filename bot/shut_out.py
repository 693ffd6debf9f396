"""Chats that shut the bot out: set aside with their places kept, and taken back without a backlog.

A person who blocks the bot is waited for: Telegram says when he is back. Of a group or channel it says
nothing where everybody's rights are given back: there the next day's digest is tried, once.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.models import Delivery, Subscription, Target
from bot.subscriptions import all_of, reschedule, void

RETRY = dt.timedelta(hours=23)
"""After so long the next digest is tried: tomorrow's, also where it comes a little earlier."""


def mark_blocked(session: Session, chat_id: int, now: dt.datetime) -> None:
    """Set the chat aside, its readers' places kept: the bot may not write there."""
    for target in session.scalars(select(Target).where(Target.chat_id == chat_id)):
        target.retry_at = None
        _shut(session, target, now)


def set_aside(session: Session, target: Target, now: dt.datetime) -> None:
    """Send nothing more to the target, which may be one topic of many, until it is unblocked.

    A group or channel may say nothing when it lets the bot write again: the next day's digest is tried once.
    """
    if target.kind != "private" and not _was_tried(session, target):
        target.retry_at = now + RETRY
    _shut(session, target, now)


def try_again(session: Session, now: dt.datetime) -> None:
    """Let what is due be sent once more to those that were set aside a day ago."""
    waiting = (Target.retry_at <= now, Target.blocked_at < Target.retry_at)
    again = update(Target).where(*waiting).values(blocked_at=None)
    session.execute(again.execution_options(synchronize_session=False))


def _was_tried(session: Session, target: Target) -> bool:
    """Return whether it was set aside before, and nothing was sent there since it was to be tried."""
    if target.retry_at is None:
        return False
    sent = select(Delivery.id).join(Delivery.subscription).where(Subscription.target_id == target.id)
    since = sent.where(Delivery.state == "sent", Delivery.ended_at >= target.retry_at)
    return session.scalar(since.limit(1)) is None


def _shut(session: Session, target: Target, now: dt.datetime) -> None:
    target.blocked_at = target.blocked_at or now
    for subscription in all_of(session, target):
        void(session, subscription)
        reschedule(session, subscription, now)


def mark_unblocked(session: Session, chat_id: int, now: dt.datetime, thread_id: int | None = None) -> None:
    """Let digests come again from the next due time on; what would have come meanwhile is not sent.

    `thread_id` is the one topic that is open again; all of the chat where it is None.
    """
    topic = () if thread_id is None else (Target.thread_id == thread_id,)
    blocked = select(Target).where(Target.chat_id == chat_id, Target.blocked_at.is_not(None), *topic)
    for target in session.scalars(blocked):
        target.blocked_at = target.retry_at = None
        for subscription in all_of(session, target):
            reschedule(session, subscription, now)
