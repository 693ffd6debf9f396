"""Rows in doubt: taken up, and settled by what was found. The caller commits.

`reconcile_at` says when a row is looked at, and is the claim on it as well: who takes a row sets it ahead,
and settles nothing where it is not what he set.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.delivery.attempts import UNSETTLED, counter_of, find_absent
from bot.delivery.ledger import move_positions, sent_values
from bot.digest import Digest, Finished, make_digest
from bot.models import Delivery
from bot.schedule.claim import GRACE, skip
from bot.schedule.late import too_late
from bot.shut_out import set_aside

Policy = Literal["resend", "hold"]

TAKEN = dt.timedelta(minutes=10)
"""How long a row is its prober's: 100 probes at one a second take two minutes."""
PATIENCE = 3 * GRACE
"""How long after the doubt a later message is waited for: its number ends the search."""
MOST_CANDIDATES = 100
"""Numbers that are looked at for one row; where there are more, looking says nothing."""
OPEN_CANDIDATES = 30
"""Numbers that are looked at where no later message is known, beside one for each other message in doubt:
what people write to the bot takes numbers as well, and what it answers them is known."""
GROUP_CANDIDATES = 15
"""Numbers that are looked at in a group, which may be asked twenty times a minute."""


@dataclass(frozen=True)
class Doubt:
    """A row that was taken up, and where its message may be."""

    delivery_id: int
    number: int
    """Which try is in doubt."""
    token: dt.datetime
    """The claim: `reconcile_at` as it was set."""
    chat_id: int
    language: str
    content: Digest | Finished | None
    """None where its document is gone."""
    candidates: tuple[int, ...] | None
    """The numbers that the message may have, ascending; None where that cannot be told."""
    is_all: bool
    """It can have no other number."""


@dataclass(frozen=True)
class Found:
    """The message is in the chat."""

    message_id: int


@dataclass(frozen=True)
class Absent:
    """The message is not in the chat."""


@dataclass(frozen=True)
class Undecided:
    """Looking says nothing."""


@dataclass(frozen=True)
class Later:
    """Nothing can be said now; to be asked again in so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Closed:
    """The bot may not write there any more."""

    reason: str


Verdict: TypeAlias = Found | Absent | Undecided | Later | Closed


def has_doubts(session: Session, now: dt.datetime) -> bool:
    """Return whether there is a row in doubt whose time has come."""
    due = select(Delivery.id).where(Delivery.state == "unknown", Delivery.reconcile_at <= now)
    return session.scalar(due.limit(1)) is not None


def take_doubts(session: Session, now: dt.datetime, limit: int) -> list[Doubt]:
    """Return at most `limit` rows in doubt whose time has come: for a while they are the caller's."""
    query = (
        select(Delivery)
        .where(Delivery.state == "unknown", Delivery.reconcile_at <= now)
        .order_by(Delivery.reconcile_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    doubts = [_take(session, row, now) for row in session.scalars(query).all()]
    session.flush()
    return [doubt for doubt in doubts if doubt is not None]


def settle_doubt(session: Session, doubt: Doubt, verdict: Verdict, policy: Policy, now: dt.datetime) -> bool:
    """Settle the row by what was found, or leave it for later; return whether it was still ours."""
    row = session.get(Delivery, doubt.delivery_id, with_for_update=True, populate_existing=True)
    if row is None or (row.state, row.reconcile_at) != ("unknown", doubt.token):
        return False
    row.reconcile_at = None
    match verdict:
        case Found(message_id):
            mark_found(session, row, message_id, now)
        case Absent():
            find_absent(session, row.id, doubt.number)
            _send_again(row, now)
        case Undecided() if policy == "resend" and _may_be_resent(row, doubt, now):
            row.doubtful = True
            _send_again(row, now)
        case Later(seconds):
            row.reconcile_at = now + dt.timedelta(seconds=seconds)
        case Closed():
            set_aside(session, row.subscription.target, now)
    session.flush()
    return True


def mark_found(session: Session, row: Delivery, message_id: int, now: dt.datetime) -> bool:
    """Settle a row whose message was found in its chat; False where none of its tries can have sent it."""
    tries = select(Attempt).where(Attempt.delivery_id == row.id, Attempt.message_id.is_(None))
    attempt = session.scalar(tries.order_by(Attempt.id.desc()).limit(1))
    if attempt is None:
        return False
    attempt.outcome, attempt.message_id = "sent", message_id
    for name, value in sent_values(message_id, now).items():
        setattr(row, name, value)
    session.flush()
    move_positions(session.connection(), [row.id])
    session.expire(row.subscription)
    return True


def note_evidence(
    session: Session, delivery_id: int, chat_id: int, message_id: int, now: dt.datetime
) -> bool:
    """Take a press under that message, or a reply to it, for a proof that the row's digest is there.

    Return whether it settled anything: the row is in doubt or waits to be sent again, the chat is its own,
    and the number is no other message's.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if row is None or not is_open(row) or row.subscription.target.chat_id != chat_id:
        return False
    known = select(Attempt.id).where(Attempt.counter == counter_of(chat_id), Attempt.message_id == message_id)
    if session.scalar(known.limit(1)) is not None or not mark_found(session, row, message_id, now):
        return False
    session.flush()
    return True


def is_open(row: Delivery) -> bool:
    """Return whether evidence is of use: nobody knows of a message of the row's, and it may be sent again."""
    return row.state in ("unknown", "pending", "claimed") and row.attempts > 0


def _take(session: Session, row: Delivery, now: dt.datetime) -> Doubt | None:
    """Return the row as a doubt; None where it is too early to look."""
    attempt = _attempt(session, row)
    ended_at = row.ended_at or now
    later = _first_later(session, attempt, ended_at + GRACE) if attempt else None
    if attempt is not None and later is None and now < ended_at + PATIENCE:
        row.reconcile_at = min(now + GRACE, ended_at + PATIENCE)
        return None
    row.reconcile_at = now + TAKEN
    target = row.subscription.target
    is_there = attempt is not None and target.blocked_at is None and attempt.chat_id == target.chat_id
    return Doubt(
        row.id,
        row.attempts,
        row.reconcile_at,
        target.chat_id,
        target.language,
        make_digest(session, row.id),
        _candidates(session, attempt, later) if attempt is not None and is_there else None,
        is_all=later is not None or target.chat_id > 0,
    )


def _attempt(session: Session, row: Delivery) -> Attempt | None:
    tries = select(Attempt).where(Attempt.delivery_id == row.id, Attempt.number == row.attempts)
    return session.scalar(tries.execution_options(populate_existing=True))


def _first_later(session: Session, attempt: Attempt, begun: dt.datetime) -> int | None:
    """Return the least number of a message whose request began after that moment: ours is smaller."""
    above = and_(Attempt.counter == attempt.counter, Attempt.message_id > (attempt.floor or 0))
    since = and_(Attempt.id > attempt.id, Attempt.started_at >= begun)
    return session.scalar(select(func.min(Attempt.message_id)).where(above, since))


def _candidates(session: Session, attempt: Attempt, later: int | None) -> tuple[int, ...] | None:
    """Return the numbers that are no other message's, as far as is known.

    None where there are too many, none is known before, or another message of ours may be in the chat of
    which nobody knows either: its keyboard would be changed. In a group whose later messages are not known
    they are the first ones: how much was said there is not known either.
    """
    floor = attempt.floor
    others = _others_in_doubt(session, attempt)
    if floor is None or attempt.chat_id in others:
        return None
    taken = set(
        session.scalars(
            select(Attempt.message_id).where(
                Attempt.counter == attempt.counter,
                Attempt.message_id > floor,
                Attempt.message_id <= floor + 100 * MOST_CANDIDATES,
            )
        )
    )
    stop = later if later is not None else floor + 1 + OPEN_CANDIDATES + len(others) + len(taken)
    if stop - floor > 100 * MOST_CANDIDATES:
        return None
    free = tuple(number for number in range(floor + 1, stop) if number not in taken)
    if later is None and attempt.chat_id < 0:
        return free[:GROUP_CANDIDATES]
    return free if len(free) <= (GROUP_CANDIDATES if attempt.chat_id < 0 else MOST_CANDIDATES) else None


def _others_in_doubt(session: Session, attempt: Attempt) -> list[int]:
    """Return the chats of other requests whose messages may be above the floor, one for each: none may that
    began well before the floor's own did."""
    floor = and_(Attempt.counter == attempt.counter, Attempt.message_id == attempt.floor)
    settled = session.scalar(select(func.min(Attempt.started_at)).where(floor))
    others = select(Attempt.chat_id).where(
        Attempt.counter == attempt.counter, Attempt.id != attempt.id, Attempt.outcome.in_(UNSETTLED)
    )
    if settled is not None:
        others = others.where(Attempt.started_at > settled - PATIENCE)
    return list(session.scalars(others))


def _send_again(row: Delivery, now: dt.datetime) -> None:
    if row.subscription.target.blocked_at is not None:
        skip(row, now)
        return
    row.state, row.again, row.not_before, row.ended_at = "pending", True, now, None


def _may_be_resent(row: Delivery, doubt: Doubt, now: dt.datetime) -> bool:
    """Once, where there is something to send and someone to take it, and the next digest is not near."""
    is_near = row.slot == 0 and too_late(row.due_at, row.subscription.next_due_at, now)
    return not row.doubtful and doubt.content is not None and not is_near
