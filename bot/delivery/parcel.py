"""Parcels: what is needed to send a claimed row, read from the ledger in one go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.access import Readers
from bot.delivery.ledger import Fence
from bot.digest import Digest, Finished, make_digest
from bot.models import Delivery
from bot.schedule.claim import may_go


@dataclass(frozen=True)
class Parcel:
    """A claimed row, ready to be rendered and sent."""

    fence: Fence
    chat_id: int
    thread_id: int
    language: str
    silent: bool
    content: Digest | Finished | None
    """None where the document is gone, or this may not go there any more."""
    bound_by: int | None
    """Who is told where the chat is shut to the bot."""


def pack(session: Session, delivery_id: int, owner: str, readers: Readers) -> Parcel | None:
    """Return what is needed to send the row; None unless `owner` has claimed it."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.owner != owner or row.state != "claimed":
        return None
    target = row.subscription.target
    return Parcel(
        fence=Fence(row.id, owner, row.attempts),
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        language=target.language,
        silent=row.silent,
        content=make_digest(session, delivery_id) if may_go(session, row, readers) else None,
        bound_by=target.bound_by,
    )
