"""Who may receive what. Asked whenever something is about to be sent, not only when somebody subscribes:
a collection may be closed, and a reader's leave withdrawn, at any time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.members import audience, is_allowed
from bot.models import Plan, Target


@dataclass(frozen=True)
class Readers:
    """Whom the operator's settings let read."""

    admin_ids: Collection[int]
    access: str
    """open, or private: only admins and members may use the bot."""


def may_receive(session: Session, target: Target, plan: Plan, readers: Readers) -> bool:
    """Return whether the plan may be sent to the target. Where others read along, only what is public is."""
    reader_id = target.chat_id if target.kind == "private" else None
    is_in = reader_id is None or is_allowed(
        session, reader_id, admin_ids=readers.admin_ids, access=readers.access
    )
    return is_in and plan.collection.visibility in audience(session, reader_id, readers.admin_ids)
