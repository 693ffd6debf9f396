"""Taking what is due: many subscriptions at a time become rows of the ledger, by few statements.

The row is written with its passage frozen in and the subscription's next date set, in one transaction; a
retry can therefore never send another text. Nothing of it is an object of the session: at a full hour a
hundred thousand are due.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import bindparam, false, insert, literal_column, select, update
from sqlalchemy.orm import Session

from bot.access import Gate, Readers
from bot.models import Delivery, Subscription, Target
from bot.schedule.late import DueDate, due_dates
from bot.schedule.picks import Picker, span_values
from content.models import Base

Values: TypeAlias = dict[str, Any]

SUBSCRIPTION, DELIVERY = (Base.metadata.tables[each.__tablename__] for each in (Subscription, Delivery))
ADVANCE = update(SUBSCRIPTION).where(SUBSCRIPTION.c.id.in_(bindparam("ids", expanding=True)))
INSERT = insert(DELIVERY).values(slot=literal_column("0"), asked=false(), again=false(), doubtful=false())
WRITE = INSERT.returning(DELIVERY.c.id)


class Due(NamedTuple):
    """A subscription that is due, and what is to be known of its target."""

    id: int
    plan_id: int
    length: str
    round: int
    position_document_id: int | None
    position_article: int | None
    position_stop: int | None
    status: str
    local_minute: int
    weekdays: int
    next_due_at: dt.datetime
    last_local_date: dt.date | None
    paused_until: dt.date | None
    chat_id: int
    kind: str
    timezone: str


class Rhythm(NamedTuple):
    """What becomes of a subscription that was due."""

    next_due_at: dt.datetime | None
    last_local_date: dt.date | None
    status: str
    paused_until: dt.date | None


class Taken(NamedTuple):
    """A subscription that was due, and its new rows of the ledger."""

    id: int
    rhythm: Rhythm
    expired: Sequence[Values] = ()
    row: Values | None = None


DUE = (
    select(
        *(SUBSCRIPTION.c[name] for name in Due._fields[:-3]),
        *(Target.__table__.c[name] for name in Due._fields[-3:]),
    )
    .join(Target, Target.id == SUBSCRIPTION.c.target_id)
    .where(SUBSCRIPTION.c.next_due_at <= bindparam("now"), Target.blocked_at.is_(None))
    .order_by(SUBSCRIPTION.c.next_due_at, SUBSCRIPTION.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=SUBSCRIPTION, skip_locked=True)
)


def take_due(session: Session, now: dt.datetime, held: Values, limit: int, readers: Readers) -> list[int]:
    """Return the ids of the new rows of at most `limit` subscriptions that are due, the longest due first.

    `held` are the columns that say whose the rows are. All dates that are due are settled; see `_take`.
    """
    due = [Due._make(row) for row in session.execute(DUE, {"now": now, "most": limit})]
    if not due:
        return []
    picker, gate = Picker(session, due), Gate(session, [each.chat_id for each in due], readers)
    taken = [_take(picker, gate, each, now) for each in due]
    _advance(session, taken)
    expired = [row for each in taken for row in each.expired]
    if expired:
        session.execute(INSERT, expired)
    rows = [{**each.row, **held} for each in taken if each.row is not None]
    return sorted(session.scalars(WRITE, rows)) if rows else []


def _take(picker: Picker, gate: Gate, due: Due, now: dt.datetime) -> Taken:
    """Settle all dates of the subscription that are due.

    Where the plan holds nothing, or nothing for this reader any more, no date is settled: whatever there is
    tomorrow, or later today, is his.
    """
    last, paused_until = due.last_local_date, due.paused_until
    expired, sent, (_, next_at), late, silent = due_dates(
        due.next_due_at, due.local_minute, due.weekdays, due.timezone, last, paused_until, now
    )
    dates = (*expired, sent) if sent else expired
    if not dates:  # the zone's rules have changed since
        return Taken(due.id, Rhythm(next_at, last, due.status, paused_until))
    plan = picker.plan(due.plan_id)
    is_open = gate.lets(due.chat_id, due.kind, plan.collection.visibility)
    if not is_open or not picker.catalogue(due).candidates:
        return Taken(due.id, Rhythm(next_at, last, "active", None))
    gone = [_values(due, each, now, state="expired", ended_at=now) for each in expired]
    if sent is None:
        return Taken(due.id, Rhythm(next_at, dates[-1][0], "active", None), gone)
    pick = picker.pick(due)
    row = _values(due, sent, now, late=late, silent=silent) | span_values(pick)
    rhythm = Rhythm(next_at, sent[0], "active", None) if pick else Rhythm(None, sent[0], "finished", None)
    return Taken(due.id, rhythm, gone, row)


def _values(due: Due, date: DueDate, now: dt.datetime, **more: object) -> Values:
    return {
        "subscription_id": due.id,
        "local_date": date[0],
        "round": due.round,
        "due_at": date[1],
        "not_before": date[1],
        "attempts": 0,
        "late": False,
        "silent": False,
        "created_at": now,
        **more,
    }


def _advance(session: Session, taken: Iterable[Taken]) -> None:
    """Those that share hour, zone and history go on together."""
    alike: defaultdict[Rhythm, list[int]] = defaultdict(list)
    for each in taken:
        alike[each.rhythm].append(each.id)
    for rhythm, ids in alike.items():
        session.execute(ADVANCE, {"ids": ids, **rhythm._asdict()})
