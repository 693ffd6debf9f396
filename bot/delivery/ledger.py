"""The ledger's steps round a send: intent before the request, what became of it after.

Every step is fenced by owner and number of attempts: whoever lost the row meanwhile changes nothing. Those of
several sends are written together, by few statements. The caller commits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, case, select, update
from sqlalchemy.orm import Session

from bot.delivery.attempts import begin_tries, begun, settle_tries
from bot.delivery.outcomes import Blocked, Failed, Moved, Outcome, Refused, Retry, Sent, Unknown
from bot.models import Delivery, Subscription
from bot.schedule.claim import GRACE, LEASE
from bot.shut_out import set_aside
from bot.subscriptions import migrate_chat
from content.models import Base

FIRST_BACKOFF_SECONDS = 1
LAST_BACKOFF_SECONDS = 60
REFUSED_SECONDS = 60
"""How long a row waits after a refused token; the one who mends it restarts the bot anyway."""


TABLE, SUBSCRIPTION = (Base.metadata.tables[each.__tablename__] for each in (Delivery, Subscription))
HELD = (
    select(TABLE.c.id, TABLE.c.owner, TABLE.c.attempts, TABLE.c.state)
    .where(TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(TABLE.c.id)
    .with_for_update()
)
MOVE = update(TABLE).where(TABLE.c.id == bindparam("of_id"))
MOVE_UNSENT = MOVE.values(state=case((TABLE.c.doubtful, "unknown"), else_="skipped"))
MOVE_POSITION = (
    update(SUBSCRIPTION)
    .where(
        SUBSCRIPTION.c.id == TABLE.c.subscription_id,
        SUBSCRIPTION.c.round == TABLE.c.round,
        TABLE.c.start.is_not(None),
        TABLE.c.id == bindparam("of_id"),
    )
    .values(
        position_document_id=TABLE.c.document_id,
        position_article=TABLE.c.article,
        position_stop=TABLE.c.stop,
    )
)
"""Made once: every message goes through them, and to make them anew takes longer than to execute them."""


@dataclass(frozen=True)
class Fence:
    """Which try of which row: what a step checks before it changes anything."""

    delivery_id: int
    owner: str
    attempts: int


@dataclass(frozen=True)
class Begun:
    """A claimed row whose request is about to be made."""

    fence: Fence
    chat_id: int
    at: dt.datetime


@dataclass(frozen=True)
class Ended:
    """A row of whose request it is known what became of it."""

    fence: Fence
    outcome: Outcome
    at: dt.datetime


def write_steps(session: Session, steps: Sequence[Begun | Ended]) -> list[bool]:
    """Write down what several sends have come to; return of each whether its row was still ours.

    The intent is written before the request: of a row that is not ours any more, none may be made. Only
    `Sent` moves the position. A row that went unknown while its answer was under way is settled by it, also
    where it waits to be sent again already. The attempt keeps what became of it in any case.
    """
    connection = session.connection()  # every message goes through here, and a session's own part is slow
    states = _states(connection, [step.fence for step in steps])
    ours = [states.get(step.fence) in _held(step) for step in steps]
    held = [step for step, is_ours in zip(steps, ours, strict=True) if is_ours]
    settle_tries(connection, [_tried(step) for step in steps if isinstance(step, Ended)])
    _settle_sent(connection, [step for step in held if isinstance(step, Ended) and _is_sent(step)])
    _begin(connection, [step for step in held if isinstance(step, Begun)])
    for step in held:
        if isinstance(step, Ended) and not _is_sent(step):
            _settle_unsent(session, step)
    return ours


def _begin(connection: Connection, steps: Sequence[Begun]) -> None:
    if not steps:
        return
    values = [
        {
            "of_id": step.fence.delivery_id,
            "state": "sending",
            "chat_id": step.chat_id,
            "started_at": step.at,
            "lease_until": step.at + LEASE,
        }
        for step in steps
    ]
    connection.execute(MOVE, values)
    begin_tries(connection, [_try(step) for step in steps])


def _try(step: Begun) -> dict[str, object]:
    fence = step.fence
    return begun(step.chat_id, fence.owner, step.at, fence.delivery_id, fence.attempts)


def _tried(step: Ended) -> tuple[int, int, Outcome, dt.datetime]:
    return step.fence.delivery_id, step.fence.attempts, step.outcome, step.at


def _is_sent(step: Ended) -> bool:
    return isinstance(step.outcome, Sent)


def _settle_sent(connection: Connection, steps: Sequence[Ended]) -> None:
    if steps:
        connection.execute(MOVE, [_settled(step) for step in steps])
        move_positions(connection, [step.fence.delivery_id for step in steps])


def _held(step: Begun | Ended) -> tuple[str, ...]:
    """Return the states in which the row is ours for that step."""
    match step:
        case Begun():
            return ("claimed",)
        case Ended(outcome=Sent()):
            return ("sending", "unknown", "pending")
        case _:
            return ("sending",)


def _states(connection: Connection, fences: Iterable[Fence]) -> dict[Fence, str]:
    rows = connection.execute(HELD, {"ids": [fence.delivery_id for fence in fences]})
    return {Fence(key, owner, attempts): state for key, owner, attempts, state in rows}


def put_back(session: Session, fence: Fence, not_before: dt.datetime) -> bool:
    """Let a claimed row, of which nothing was sent, wait until that moment; False where it is not ours."""
    return _move(session, fence, {"state": "pending", "not_before": not_before})


def renew(
    session: Session, owner: str, ids: Collection[int], now: dt.datetime, lease: dt.timedelta = LEASE
) -> None:
    """Lengthen the leases of those rows that `owner` holds still: he is alive, and at work on them."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.owner == owner, Delivery.state.in_(("claimed", "sending")))
        .values(lease_until=now + lease)
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
    return _move(session, fence, {"state": "failed", "error": reason, "ended_at": now})


def _settle_unsent(session: Session, step: Ended) -> None:
    statement = MOVE_UNSENT if isinstance(step.outcome, Blocked) else MOVE
    session.execute(statement, _settled(step))
    row = session.get_one(Delivery, step.fence.delivery_id, populate_existing=True)
    match step.outcome:
        case Blocked():
            set_aside(session, row.subscription.target, step.at)
        case Moved(new_chat_id) if row.chat_id is not None:
            migrate_chat(session, row.chat_id, new_chat_id)
    session.flush()


def _settled(step: Ended) -> dict[str, object]:
    return {"of_id": step.fence.delivery_id, **_outcome_values(step.outcome, step.fence, step.at)}


def _outcome_values(outcome: Outcome, fence: Fence, now: dt.datetime) -> dict[str, object]:
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


def _move(session: Session, fence: Fence, values: dict[str, object]) -> bool:
    """Change a row that is ours and claimed; return whether it is."""
    is_ours = _states(session.connection(), [fence]).get(fence) == "claimed"
    if is_ours:
        session.execute(MOVE, {"of_id": fence.delivery_id, **values})
    return is_ours


def move_positions(connection: Connection, delivery_ids: Iterable[int]) -> None:
    """Let the subscriptions have read what was sent, unless they have begun anew since."""
    connection.execute(MOVE_POSITION, [{"of_id": key} for key in delivery_ids])
