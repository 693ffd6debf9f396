"""Attempts: each request that is to put a message into a chat is written down before it, and settled after.

What was begun and never settled may be in its chat. The caller commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.clock import Clock
from bot.database import Database
from bot.delivery.keeping import keep
from bot.delivery.outcomes import Outcome, Sent
from content.models import Base

FIRST_SUPERGROUP = -1_000_000_000_000
"""Ids of supergroups and channels are below it: core.telegram.org/api/bots/ids."""
UNSETTLED = ("open", "unknown")
"""Outcomes of which nobody knows whether they left a message."""
KEPT = dt.timedelta(days=30)
"""How long attempts are kept for an audit."""


TABLE = Base.metadata.tables[Attempt.__tablename__]
BEGIN = insert(TABLE).values(
    floor=select(func.max(TABLE.c.message_id))
    .where(TABLE.c.counter == bindparam("of_counter"))
    .scalar_subquery()
)
BEGIN_ONE = BEGIN.returning(TABLE.c.id)
SETTLE = update(TABLE).where(TABLE.c.id == bindparam("of_id"))
SETTLE_TRY = update(TABLE).where(
    TABLE.c.delivery_id == bindparam("of_delivery"), TABLE.c.number == bindparam("of_number")
)
"""Made once: every message goes through them, and to make them anew takes longer than to execute them."""


def counter_of(chat_id: int) -> int:
    """Return which count numbers the chat's messages: its own, or 0 for that of the bot's account."""
    return chat_id if chat_id < FIRST_SUPERGROUP else 0


def begin_attempt(session: Session, chat_id: int, owner: str, now: dt.datetime) -> int:
    """Write down that a request is about to be made that is no digest's; return its id."""
    key: int = session.execute(BEGIN_ONE, begun(chat_id, owner, now)).scalar_one()
    return key


def begin_tries(connection: Connection, tries: Sequence[dict[str, object]]) -> None:
    """Write down that digests are about to be sent: `begun` for each."""
    connection.execute(BEGIN, tries)


def begun(
    chat_id: int, owner: str, now: dt.datetime, delivery_id: int | None = None, number: int | None = None
) -> dict[str, object]:
    """Return the columns of a request that is about to be made, of that try of a row or an answer."""
    counter = counter_of(chat_id)
    return {
        "delivery_id": delivery_id,
        "number": number,
        "owner": owner,
        "chat_id": chat_id,
        "counter": counter,
        "of_counter": counter,
        "started_at": now,
        "outcome": "open",
    }


def settle_attempt(session: Session, attempt_id: int, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what became of it."""
    session.execute(SETTLE, {"of_id": attempt_id, **_settled(outcome, now)})


def settle_tries(connection: Connection, tries: Iterable[tuple[int, int, Outcome, dt.datetime]]) -> None:
    """Write down what became of tries, whoever may hold the rows by now: row, number, outcome, when."""
    values = [
        {"of_delivery": key, "of_number": number, **_settled(outcome, ended)}
        for key, number, outcome, ended in tries
    ]
    if values:
        connection.execute(SETTLE_TRY, values)


async def send_on_record(
    database: Database,
    clock: Clock,
    owner: str,
    chat_id: int,
    send: Callable[[], Awaitable[Outcome]],
    note: Callable[[Session, Outcome], None] = lambda _session, _outcome: None,
) -> Outcome:
    """Send something that is no digest, and return what became of it.

    It is written down before and after: no probe for a digest may meet it unawares. `note` writes down what
    else goes with its outcome; it may be called again, where the database is away.
    """
    began = clock.now()
    attempt = await database.write(lambda session: begin_attempt(session, chat_id, owner, began))
    outcome = await send()
    ended = clock.now()

    def settle(session: Session) -> None:
        settle_attempt(session, attempt, outcome, ended)
        note(session, outcome)

    await keep(database.write(settle), lambda: database.write(settle), "what became of an answer")
    return outcome


def find_absent(session: Session, delivery_id: int, number: int) -> None:
    """Write down that the message of that try was looked for and is not in the chat."""
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == delivery_id, Attempt.number == number, Attempt.outcome.in_(UNSETTLED))
        .values(outcome="absent")
        .execution_options(synchronize_session=False)
    )


def forget_attempts(session: Session, now: dt.datetime) -> None:
    """Delete what was kept long enough."""
    old = delete(Attempt).where(Attempt.started_at < now - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


def _settled(outcome: Outcome, now: dt.datetime) -> dict[str, object]:
    return {
        "outcome": type(outcome).__name__.lower(),
        "detail": getattr(outcome, "reason", None),
        "message_id": outcome.message_id if isinstance(outcome, Sent) else None,
        "ended_at": now,
    }
