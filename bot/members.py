"""Who may use the bot, and what he may read. A session goes in, a value comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Member
from content.models import VISIBILITIES


def allow(session: Session, user_id: int, now: dt.datetime) -> bool:
    """Let someone in: to a private instance, and to members' collections; return whether that is new."""
    if session.get(Member, user_id) is not None:
        return False
    session.add(Member(user_id=user_id, allowed_at=now))
    session.flush()
    return True


def disallow(session: Session, user_id: int) -> bool:
    """Let someone in no longer; return whether he was. His subscriptions stay, and rest until he is again."""
    member = session.get(Member, user_id)
    if member is None:
        return False
    session.delete(member)
    session.flush()
    return True


def all_members(session: Session) -> list[Member]:
    """Return those that were let in, first come first."""
    return list(session.scalars(select(Member).order_by(Member.allowed_at, Member.user_id)))


def is_allowed(session: Session, user_id: int, *, admin_ids: Collection[int], access: str) -> bool:
    """Return whether this person may use the bot at all: everyone where `access` is open."""
    return access == "open" or user_id in admin_ids or session.get(Member, user_id) is not None


def audience(session: Session, user_id: int | None, admin_ids: Collection[int]) -> tuple[str, ...]:
    """Return the visibilities of what this person may read; `user_id` is None for groups and channels."""
    if user_id is None:
        return VISIBILITIES[:1]
    if user_id in admin_ids:
        return VISIBILITIES
    return VISIBILITIES[:2] if session.get(Member, user_id) is not None else VISIBILITIES[:1]
