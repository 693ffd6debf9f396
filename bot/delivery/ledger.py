"""The ledger's steps round a send: intent before the request, what became of it after.

Every step is a conditional update, fenced by owner and number of attempts: whoever lost the row meanwhile
changes nothing. The caller commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CursorResult, Update, bindparam, case, update
from sqlalchemy.orm import Session

from bot.delivery.attempts import begin_attempt, settle_try
from bot.delivery.outcomes import Blocked, Failed, Moved, Outcome, Refused, Retry, Sent, Unknown
from bot.models import Delivery
from bot.schedule.claim import GRACE, LEASE
from bot.subscriptions import migrate_chat, set_aside
from content.models import Base

FIRST_BACKOFF_SECONDS = 1
LAST_BACKOFF_SECONDS = 60
REFUSED_SECONDS = 60
"""How long a row waits after a refused token; the one who mends it restarts the bot anyway."""


TABLE = Base.metadata.tables[Delivery.__tablename__]
MOVE = update(TABLE).where(
    TABLE.c.id == bindparam("of_id"),
    TABLE.c.owner == bindparam("of_owner"),
    TABLE.c.attempts == bindparam("of_attempts"),
    TABLE.c.state.in_(bindparam("held", expanding=True)),
)
MOVE_UNSENT = MOVE.values(state=case((TABLE.c.doubtful, "unknown"), else_="skipped"))
"""Made once: every message goes through them, and to make them anew takes longer than to execute them."""


@dataclass(frozen=True)
class Fence:
    """Which try of which row: what a step checks before it changes anything."""

    delivery_id: int
    owner: str
    attempts: int


def mark_sending(session: Session, fence: Fence, chat_id: int, now: dt.datetime) -> bool:
    """Write down that the request is about to be made; False where the row is not ours any more."""
    values = {"state": "sending", "chat_id": chat_id, "started_at": now, "lease_until": now + LEASE}
    if not _move(session, fence, ("claimed",), values):
        return False
    begin_attempt(session, chat_id, fence.owner, now, fence.delivery_id, fence.attempts)
    return True


def put_back(session: Session, fence: Fence, not_before: dt.datetime) -> bool:
    """Let a claimed row, of which nothing was sent, wait until that moment; False where it is not ours."""
    return _move(session, fence, ("claimed",), {"state": "pending", "not_before": not_before})


def renew(session: Session, owner: str, ids: Collection[int], now: dt.datetime) -> None:
    """Lengthen the leases of those rows that `owner` holds still: he is alive, and at work on them."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.owner == owner, Delivery.state.in_(("claimed", "sending")))
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def take_over(session: Session, owner: str, now: dt.datetime) -> None:
    """Let all that others hold, or look for, be free: whoever calls this knows that none of them is alive."""
    session.execute(
        update(Delivery)
        .where(Delivery.owner != owner, Delivery.state.in_(("claimed", "sending")))
        .values(lease_until=now - dt.timedelta.resolution)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.state == "unknown", Delivery.reconcile_at > now + GRACE)
        .values(reconcile_at=now + GRACE)
        .execution_options(synchronize_session=False)
    )


def give_back(session: Session, owner: str, now: dt.datetime) -> None:
    """Return all that `owner` has claimed and not begun to send: for a stop."""
    session.execute(
        update(Delivery)
        .where(Delivery.owner == owner, Delivery.state == "claimed")
        .values(state="pending", not_before=now)
        .execution_options(synchronize_session=False)
    )


def give_up(session: Session, fence: Fence, reason: str, now: dt.datetime) -> bool:
    """Mark a claimed row that cannot be rendered as failed: its passage counts as seen."""
    return _move(session, fence, ("claimed",), {"state": "failed", "error": reason, "ended_at": now})


def record_outcome(session: Session, fence: Fence, outcome: Outcome, now: dt.datetime) -> bool:
    """Settle the row by what became of the request; return whether it was still ours to settle.

    Only `Sent` moves the position. A row that went unknown while its answer was under way is settled by it,
    also where it waits to be sent again already. The attempt keeps what became of it in any case.
    """
    settle_try(session, fence.delivery_id, fence.attempts, outcome, now)
    held = ("sending", "unknown", "pending") if isinstance(outcome, Sent) else ("sending",)
    statement = MOVE_UNSENT if isinstance(outcome, Blocked) else MOVE
    if not _move(session, fence, held, _settled(outcome, fence, now), statement):
        return False
    row = session.get_one(Delivery, fence.delivery_id, populate_existing=True)
    match outcome:
        case Sent():
            move_position(row)
        case Blocked():
            set_aside(session, row.subscription.target, now)
        case Moved(new_chat_id) if row.chat_id is not None:
            migrate_chat(session, row.chat_id, new_chat_id)
    session.flush()
    return True


def _settled(outcome: Outcome, fence: Fence, now: dt.datetime) -> dict[str, object]:
    match outcome:
        case Sent(message_id):
            return sent_values(message_id, now)
        case Retry(reason, after):
            wait = backoff_seconds(fence) if after is None else after
            return _wait(reason, now, wait)
        case Moved():
            return _wait("the group moved", now, 0)
        case Refused():
            return _wait("the token was refused", now, REFUSED_SECONDS)
        case Blocked(reason):
            return {"error": reason, "ended_at": now}
        case Failed(reason):
            return {"state": "failed", "error": reason, "ended_at": now}
        case Unknown(reason):
            return {"state": "unknown", "error": reason, "ended_at": now, "reconcile_at": now + GRACE}


def sent_values(message_id: int, now: dt.datetime) -> dict[str, object]:
    """Return the columns of a row whose message is in the chat."""
    return {
        "state": "sent",
        "message_id": message_id,
        "ended_at": now,
        "error": None,
        "reconcile_at": None,
        "doubtful": False,
    }


def backoff_seconds(fence: Fence) -> float:
    """Return how long to wait after this try: 1, 2, 4 … 60 s, and up to a quarter more, by the row's id."""
    wait = min(LAST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS << min(fence.attempts - 1, 10))
    return wait * (1 + fence.delivery_id % 10 / 40)


def _wait(reason: str, now: dt.datetime, seconds: float) -> dict[str, object]:
    return {"state": "pending", "error": reason, "not_before": now + dt.timedelta(seconds=seconds)}


def _move(
    session: Session,
    fence: Fence,
    held: tuple[str, ...],
    values: dict[str, object],
    statement: Update = MOVE,
) -> bool:
    of = {"of_id": fence.delivery_id, "of_owner": fence.owner, "of_attempts": fence.attempts, "held": held}
    result = session.execute(statement, {**of, **values})
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def move_position(row: Delivery) -> None:
    """Let the subscription have read what was sent, unless it has begun anew since."""
    subscription = row.subscription
    if row.start is None or row.round != subscription.round:
        return
    subscription.position_document_id = row.document_id
    subscription.position_article = row.article
    subscription.position_stop = row.stop
