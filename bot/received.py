"""Received updates in the database: stored once, held by a lease while they are answered, then erased.

A session goes in, a value comes out. Which process answers is told by `owner`; one that has died leaves its
updates to the others when their leases have run out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Executable, bindparam, delete, or_, select, text, update
from sqlalchemy.orm import Session

from bot.operations import ReceivedUpdate
from content.models import Base

LEASE = dt.timedelta(seconds=20)
"""How long an update belongs to a process that says nothing more."""
MOST_TRIES = 5
PATIENCE = dt.timedelta(minutes=10)
"""An update that so many processes have not lived through, over so long, is not answered again: it may be
what ends them. Where they are killed for another reason, the next ones have until then to answer it."""
KEPT = dt.timedelta(days=2)
"""How long numbers are kept against replays: Telegram repeats itself for a day, and after a quiet week it
may begin its numbers anew."""


TABLE = Base.metadata.tables[ReceivedUpdate.__tablename__]
STORE = text("""
INSERT INTO received_update (update_id, body, owner, lease_until, tries, answers, received_at)
VALUES (:update_id, :body, :owner, :lease_until, 1, 0, :received_at)
ON CONFLICT DO NOTHING RETURNING update_id
""").bindparams(
    *(
        bindparam(name, type_=TABLE.c[name].type)
        for name in ("update_id", "body", "lease_until", "received_at")
    )
)
THIS = TABLE.c.update_id == bindparam("of_id")
MINE = select(TABLE.c.update_id).where(
    THIS, TABLE.c.owner == bindparam("of_owner"), TABLE.c.lease_until.is_not(None)
)
SETTLE = update(TABLE).where(THIS).values(body=None, lease_until=None)
NOTE_ANSWER = update(TABLE).where(THIS).values(answers=TABLE.c.answers + 1)
"""Made once: every message goes through them, and to make them anew takes longer than to execute them."""


class Left(NamedTuple):
    """An update that a dead process had begun to answer, and how many answers are on record as sent."""

    body: dict[str, Any]
    answers: int


def store_update(session: Session, body: dict[str, Any], owner: str, now: dt.datetime) -> bool:
    """Store the update for `owner` to answer; False where one of this number is here already.

    One that is his and open was stored without his knowing, as where a connection breaks at the commit.
    """
    connection, number = session.connection(), body["update_id"]
    row = {
        "update_id": number,
        "body": body,
        "owner": owner,
        "lease_until": now + LEASE,
        "received_at": now,
    }
    if connection.execute(STORE, row).first() is not None:
        return True
    return connection.execute(MINE, {"of_id": number, "of_owner": owner}).first() is not None


def settle_updates(session: Session, numbers: Collection[int]) -> None:
    """Erase what the updates say: they are answered."""
    session.connection().execute(SETTLE, [{"of_id": number} for number in numbers])


def note_answer(session: Session, update_id: int) -> None:
    """Write down that one more message was sent in answer to the update."""
    session.connection().execute(NOTE_ANSWER, {"of_id": update_id})


def take_over(session: Session, owner: str, now: dt.datetime, *, is_alone: bool) -> list[Left]:
    """Return the updates that dead processes have left, oldest first; they are the owner's now.

    Where the owner is alone with the database, all others are dead.
    """
    left = (ReceivedUpdate.lease_until.is_not(None), ReceivedUpdate.owner != owner)
    dead = () if is_alone else (ReceivedUpdate.lease_until < now,)
    hopeless = (ReceivedUpdate.tries >= MOST_TRIES, ReceivedUpdate.received_at < now - PATIENCE)
    _change(session, *left, *dead, *hopeless, body=None, lease_until=None)
    columns = (ReceivedUpdate.body, ReceivedUpdate.answers)
    taken = update(ReceivedUpdate).where(*left, *dead).returning(*columns)
    values = {"owner": owner, "lease_until": now + LEASE, "tries": ReceivedUpdate.tries + 1}
    rows = session.execute(taken.values(values).execution_options(synchronize_session=False)).all()
    return sorted((Left(*row) for row in rows), key=lambda left: left.body["update_id"])


def needs_looking_after(session: Session, owner: str, now: dt.datetime) -> bool:
    """Return whether updates are under way here, or have been left behind."""
    waiting = select(ReceivedUpdate.update_id).where(
        ReceivedUpdate.lease_until.is_not(None),
        or_(ReceivedUpdate.owner == owner, ReceivedUpdate.lease_until < now),
    )
    return session.execute(waiting.limit(1)).first() is not None


def renew_leases(session: Session, owner: str, now: dt.datetime) -> None:
    """Say that the owner is alive."""
    held = (ReceivedUpdate.lease_until.is_not(None), ReceivedUpdate.owner == owner)
    _change(session, *held, lease_until=now + LEASE)


def give_up_leases(session: Session, owner: str, now: dt.datetime) -> None:
    """Leave what is not answered to whoever comes next: for a stop."""
    held = (ReceivedUpdate.lease_until.is_not(None), ReceivedUpdate.owner == owner)
    _change(session, *held, lease_until=now - LEASE)


def forget_numbers(session: Session, now: dt.datetime) -> int:
    """Delete the numbers of updates that were answered two days ago; return how many."""
    old = (ReceivedUpdate.received_at < now - KEPT, ReceivedUpdate.lease_until.is_(None))
    return _execute(session, delete(ReceivedUpdate).where(*old))


def _change(session: Session, *which: Any, **values: object) -> None:
    _execute(session, update(ReceivedUpdate).where(*which).values(values))


def _execute(session: Session, statement: Executable) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount
