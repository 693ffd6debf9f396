"""Who may receive what. Asked whenever something is about to be sent, not only when somebody subscribes:
a collection may be closed, and a reader's leave withdrawn, at any time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Member, Plan, Target
from content.models import VISIBILITIES


@dataclass(frozen=True)
class Readers:
    """Whom the operator's settings let read."""

    admin_ids: Collection[int]
    access: str
    """open, or private: only admins and members may use the bot."""


class Gate:
    """Lets through what may be sent to the chats it was made for."""

    def __init__(self, session: Session, chat_ids: Collection[int], readers: Readers) -> None:
        self._session = session
        self._chat_ids = chat_ids
        self._readers = readers

    def lets(self, chat_id: int, kind: str, visibility: str) -> bool:
        """Return whether what is so visible may go to that chat. Where others read along, only what is
        public does."""
        if kind != "private":
            return visibility in VISIBILITIES[:1]
        if chat_id in self._readers.admin_ids:
            return True
        if visibility in VISIBILITIES[:1] and self._readers.access == "open":
            return True
        return visibility in VISIBILITIES[:2] and chat_id in self._members

    @cached_property
    def _members(self) -> frozenset[int]:
        found = select(Member.user_id).where(Member.user_id.in_(self._chat_ids))
        return frozenset(self._session.scalars(found))


def may_receive(session: Session, target: Target, plan: Plan, readers: Readers) -> bool:
    """Return whether the plan may be sent to the target."""
    gate = Gate(session, [target.chat_id], readers)
    return gate.lets(target.chat_id, target.kind, plan.collection.visibility)
