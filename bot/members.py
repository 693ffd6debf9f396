"""Who may use the bot, and what he may read. A session goes in, a value comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.orm import Session

from bot.models import Member
from content.models import VISIBILITIES


def allow(session: Session, user_id: int, now: dt.datetime) -> None:
    """Let someone in: to a private instance, and to members' collections. Twice is as good as once."""
    if session.get(Member, user_id) is None:
        session.add(Member(user_id=user_id, allowed_at=now))
        session.flush()


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
