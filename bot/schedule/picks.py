"""What a subscription reads next: the ledger and the plan's catalogue, put before `content.picking`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session

from bot.catalogues import catalogue
from bot.models import Delivery, Plan, Subscription
from content.picking import Catalogue, Pick, Position, Seen, Span

SENT_STATES = ("pending", "claimed", "sending", "sent", "unknown")
"""Sent, perhaps sent, or about to be."""
VOID_STATES = ("skipped", "expired")
"""What is not seen: these passages come again. That of a failed row does not: it would be refused again."""

PLACE = tuple(Delivery.__table__.c[name] for name in Span._fields)
FROZEN = (*Span._fields, "ordinal", "total")
SEEN = (
    select(Subscription.id, *(func.aggregate_strings(cast(column, String), ",") for column in PLACE))
    .join(Delivery, and_(Delivery.subscription_id == Subscription.id, Delivery.round == Subscription.round))
    .where(
        Subscription.id.in_(bindparam("ids", expanding=True)),
        Delivery.state.not_in(VOID_STATES),
        Delivery.start.is_not(None),
    )
    .group_by(Subscription.id)
)
"""All that a reader has seen is one row: to fetch a row for each would take most of a claim's time."""


class Reader(Protocol):
    """What is to be known of a subscription to pick for it: one that is stored, or a row of its columns."""

    @property
    def id(self) -> int: ...
    @property
    def plan_id(self) -> int: ...
    @property
    def length(self) -> str: ...
    @property
    def round(self) -> int: ...
    @property
    def position_document_id(self) -> int | None: ...
    @property
    def position_article(self) -> int | None: ...
    @property
    def position_stop(self) -> int | None: ...


class Picker:
    """Picks for many subscriptions in one transaction; each plan's catalogue is asked for once."""

    def __init__(self, session: Session, readers: Sequence[Reader] = ()) -> None:
        """For `readers` it is read at once what they have seen; for others when they are asked about."""
        self.session = session
        self._plans: dict[int, Plan] = {}
        self._catalogues: dict[tuple[int, str], Catalogue] = {}
        self._picks: dict[tuple[Catalogue, Seen, Position | None, str], Pick | None] = {}
        """Those who are alike in all that a pick depends on get the same one."""
        self._seen = seen_by(session, readers) if readers else {}

    def plan(self, plan_id: int) -> Plan:
        """Return the plan, and hold it: a session alone would forget it, and ask again for the next one."""
        if plan_id not in self._plans:
            self._plans[plan_id] = self.session.get_one(Plan, plan_id)
        return self._plans[plan_id]

    def catalogue(self, reader: Reader) -> Catalogue:
        """Return the passages of the subscription's plan in its cut."""
        key = reader.plan_id, reader.length
        if key not in self._catalogues:
            self._catalogues[key] = catalogue(self.session, self.plan(reader.plan_id), reader.length)
        return self._catalogues[key]

    def pick(self, reader: Reader) -> Pick | None:
        """Return what the subscription reads next; None where nothing of the plan is left."""
        passages = self.catalogue(reader)
        name = f"{reader.id} {reader.round}" if passages.is_shuffled else ""
        like = passages, self.seen(reader), position(reader), name
        if like not in self._picks:
            self._picks[like] = passages.pick(*like[1:])
        return self._picks[like]

    def progress(self, reader: Reader) -> tuple[int, int]:
        """Return how many passages of the plan were read in this round, and how many there are."""
        passages = self.catalogue(reader)
        return passages.count_seen(self.seen(reader)), len(passages.candidates)

    def seen(self, reader: Reader) -> Seen:
        """Return what the subscription's round has seen."""
        known = self._seen.get(reader.id)
        return seen_by(self.session, [reader])[reader.id] if known is None else known


def seen_by(session: Session, readers: Sequence[Reader]) -> dict[int, Seen]:
    """Return what each subscription's round has seen, by its id; who saw the same shares one object."""
    nothing = Seen()
    seen = {reader.id: nothing for reader in readers}
    alike: dict[tuple[str, ...], Seen] = {}
    for key, *columns in session.execute(SEEN, {"ids": list(seen)}):
        listed = tuple(columns)
        if listed not in alike:
            alike[listed] = Seen(zip(*(map(int, column.split(",")) for column in listed), strict=True))
        seen[key] = alike[listed]
    return seen


def position(reader: Reader) -> Position | None:
    """Return up to where the subscription has read; None at the start."""
    document_id, article = reader.position_document_id, reader.position_article
    stop = reader.position_stop
    if document_id is None or article is None or stop is None:
        return None
    return Position(document_id, article, stop)


def freeze(row: Delivery, pick: Pick | None) -> None:
    """Write the pick into the ledger's row; None makes it the notice that the plan is finished."""
    for name, value in span_values(pick).items():
        setattr(row, name, value)


def span_values(pick: Pick | None) -> dict[str, int | None]:
    """Return the columns of a row that hold the pick."""
    span = pick.span if pick else (None, None, None, None)
    places = (pick.ordinal, pick.total) if pick else (None, None)
    return dict(zip(FROZEN, (*span, *places), strict=True))
