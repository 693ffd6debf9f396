"""Parcels: what is needed to send claimed rows, read from the ledger in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from bot.access import Gate, Readers
from bot.delivery.ledger import Fence
from bot.digest import Digest, Finished, digest_of, is_read_by, late_local, make_finished
from bot.excerpts import Excerpts, Extract
from bot.models import Delivery, Plan, Subscription, Target
from bot.schedule.claim import is_wanted
from content.models import Article, Document

Content: TypeAlias = Digest | Finished
Claimed: TypeAlias = Any
"""A row of `ROWS`: too many columns for the library to tell their types."""

ROWS = (
    select(
        Delivery.id,
        Delivery.attempts,
        Delivery.asked,
        Delivery.late,
        Delivery.silent,
        Delivery.again,
        Delivery.due_at,
        Delivery.ordinal,
        Delivery.total,
        Delivery.start,
        Delivery.stop,
        Delivery.subscription_id,
        Subscription.plan_id,
        Subscription.status,
        Subscription.length,
        Target.chat_id,
        Target.thread_id,
        Target.kind,
        Target.language,
        Target.timezone,
        Target.bound_by,
        Article.document_id,
        Article.id.label("article_id"),
        is_read_by(Target.chat_id, Delivery).label("is_read"),
    )
    .join(Subscription, Subscription.id == Delivery.subscription_id)
    .join(Target, Target.id == Subscription.target_id)
    .outerjoin(Document, and_(Document.id == Delivery.document_id, Document.visible))
    .outerjoin(Article, and_(Article.document_id == Document.id, Article.ordinal == Delivery.article))
    .where(
        Delivery.id.in_(bindparam("ids", expanding=True)),
        Delivery.owner == bindparam("of_owner"),
        Delivery.state == "claimed",
    )
    .order_by(Delivery.not_before, Delivery.id)
)


@dataclass(frozen=True)
class Parcel:
    """A claimed row, ready to be rendered and sent."""

    fence: Fence
    chat_id: int
    thread_id: int
    language: str
    silent: bool
    content: Content | None
    """None where the document is gone, or this may not go there any more."""
    bound_by: int | None
    """Who is told where the chat is shut to the bot."""


class Packer:
    """Makes parcels for those who may read, and remembers what is said of passages."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._excerpts = Excerpts()

    def pack(self, session: Session, ids: Sequence[int], owner: str, now: dt.datetime) -> list[Parcel]:
        """Return a parcel for each of the rows that `owner` has claimed, the longest due first."""
        rows = session.execute(ROWS, {"ids": ids, "of_owner": owner}).all()
        gate = Gate(session, [row.chat_id for row in rows], self._readers)
        plans = {key: session.get_one(Plan, key) for key in {row.plan_id for row in rows}}

        def content(row: Claimed) -> Content | None:
            plan = plans[row.plan_id]
            may = gate.lets(row.chat_id, row.kind, plan.collection.visibility)
            if not may or not is_wanted(row.asked, row.status):
                return None
            return self._content(session, row, plan, now)

        return [_parcel(row, owner, content) for row in rows]

    def _content(self, session: Session, row: Claimed, plan: Plan, now: dt.datetime) -> Content | None:
        if row.start is None:
            return make_finished(session, session.get_one(Subscription, row.subscription_id))
        if row.article_id is None:
            return None
        extract = Extract(row.document_id, row.article_id, row.length, row.start, row.stop)
        return digest_of(
            self._excerpts.find(session, extract, now),
            plan,
            delivery_id=row.id,
            ordinal=row.ordinal,
            total=row.total,
            late_since=late_local(row.due_at, row.timezone) if row.late else None,
            is_read=row.is_read,
            is_again=row.again,
        )


def _parcel(row: Claimed, owner: str, content: Callable[[Claimed], Content | None]) -> Parcel:
    return Parcel(
        fence=Fence(row.id, owner, row.attempts),
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        language=row.language,
        silent=row.silent,
        content=content(row),
        bound_by=row.bound_by,
    )
