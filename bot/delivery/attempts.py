"""Attempts: each request that is to put a message into a chat is written down before it, and settled after.

What was begun and never settled may be in its chat. The caller commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from sqlalchemy import Update, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.clock import Clock
from bot.database import Database
from bot.delivery.outcomes import Outcome, Sent

FIRST_SUPERGROUP = -1_000_000_000_000
"""Ids of supergroups and channels are below it: core.telegram.org/api/bots/ids."""
UNSETTLED = ("open", "unknown")
"""Outcomes of which nobody knows whether they left a message."""
KEPT = dt.timedelta(days=30)
"""How long attempts are kept for an audit."""


def counter_of(chat_id: int) -> int:
    """Return which count numbers the chat's messages: its own, or 0 for that of the bot's account."""
    return chat_id if chat_id < FIRST_SUPERGROUP else 0


def begin_attempt(
    session: Session,
    chat_id: int,
    owner: str,
    now: dt.datetime,
    delivery_id: int | None = None,
    number: int | None = None,
) -> int:
    """Write down that a request is about to be made, of that try of a row or an answer; return its id."""
    counter = counter_of(chat_id)
    floor = select(func.max(Attempt.message_id)).where(Attempt.counter == counter).scalar_subquery()
    values = {
        "delivery_id": delivery_id,
        "number": number,
        "owner": owner,
        "chat_id": chat_id,
        "counter": counter,
        "floor": floor,
        "started_at": now,
        "outcome": "open",
    }
    return session.execute(insert(Attempt).values(values).returning(Attempt.id)).scalar_one()


def settle_attempt(session: Session, attempt_id: int, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what became of it."""
    _settle(session, update(Attempt).where(Attempt.id == attempt_id), outcome, now)


def settle_try(session: Session, delivery_id: int, number: int, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what became of that try of a row, whoever may hold the row by now."""
    tried = update(Attempt).where(Attempt.delivery_id == delivery_id, Attempt.number == number)
    _settle(session, tried, outcome, now)


async def send_on_record(
    database: Database, clock: Clock, owner: str, chat_id: int, send: Callable[[], Awaitable[Outcome]]
) -> Outcome:
    """Send something that is no digest, and return what became of it.

    It is written down before and after: no probe for a digest may meet it unawares.
    """
    began = clock.now()
    attempt = await database.write(lambda session: begin_attempt(session, chat_id, owner, began))
    outcome = await send()
    ended = clock.now()
    await database.write(lambda session: settle_attempt(session, attempt, outcome, ended))
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


def _settle(session: Session, begun: Update, outcome: Outcome, now: dt.datetime) -> None:
    values = {
        "outcome": type(outcome).__name__.lower(),
        "detail": getattr(outcome, "reason", None),
        "message_id": outcome.message_id if isinstance(outcome, Sent) else None,
        "ended_at": now,
    }
    session.execute(begun.values(values).execution_options(synchronize_session=False))
