"""The ledger's steps: fenced, so that whoever lost a row changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.delivery.attempts import KEPT, begin_attempt, counter_of, find_absent, forget_attempts
from bot.delivery.ledger import (
    Fence,
    backoff_seconds,
    give_back,
    give_up,
    put_back,
    renew,
    take_over,
)
from bot.delivery.outcomes import Blocked, Failed, Outcome, Refused, Retry, Sent, Unknown
from bot.models import Delivery
from bot.schedule.claim import GRACE, LEASE, claim_due, skip
from bot.schedule.picks import position
from bot.subscriptions import begin_again, change_time
from tests.bot.delivery.conftest import DUE
from tests.factories import READERS, make_document, make_subscription
from tests.steps import mark_sending, record_outcome

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def row(session: Session) -> Delivery:
    """A row that “me” has claimed."""
    make_document(session)
    make_subscription(session)
    [key] = claim_due(session, DUE, "me", 1, READERS)
    return session.get_one(Delivery, key)


def fence_of(row: Delivery) -> Fence:
    assert row.owner is not None
    return Fence(row.id, row.owner, row.attempts)


def attempts(session: Session) -> list[tuple[int | None, str, int | None]]:
    session.expire_all()
    rows = session.scalars(select(Attempt).order_by(Attempt.id))
    return [(row.number, row.outcome, row.message_id) for row in rows]


def state(session: Session, row: Delivery) -> str:
    session.expire(row)
    return row.state


def test_a_row_goes_from_claimed_to_sending_to_sent(session: Session, row: Delivery) -> None:
    assert mark_sending(session, fence_of(row), 1001, DUE)
    assert state(session, row) == "sending"
    assert (row.started_at, row.lease_until, row.chat_id) == (DUE, DUE + LEASE, 1001)
    assert record_outcome(session, fence_of(row), Sent(77), DUE + SECOND)
    assert state(session, row) == "sent"
    assert (row.message_id, row.ended_at) == (77, DUE + SECOND)


@pytest.mark.parametrize("foreign", [{"owner": "other"}, {"attempts": 9}, {"delivery_id": 9}])
def test_no_one_else_moves_a_row(session: Session, row: Delivery, foreign: dict[str, object]) -> None:
    fence = Fence(**{"delivery_id": row.id, "owner": "me", "attempts": 1, **foreign})  # type: ignore[arg-type]
    assert not mark_sending(session, fence, 1001, DUE)
    assert not put_back(session, fence, DUE)
    assert not give_up(session, fence, "odd", DUE)
    mark_sending(session, fence_of(row), 1001, DUE)
    assert not record_outcome(session, fence, Sent(77), DUE)
    assert state(session, row) == "sending"


def test_a_row_is_sent_only_once_per_claim(session: Session, row: Delivery) -> None:
    assert mark_sending(session, fence_of(row), 1001, DUE)
    assert not mark_sending(session, fence_of(row), 1001, DUE)
    record_outcome(session, fence_of(row), Sent(77), DUE)
    assert not mark_sending(session, fence_of(row), 1001, DUE)
    assert state(session, row) == "sent"


def test_what_is_sent_is_in_doubt_no_more(session: Session, row: Delivery) -> None:
    row.doubtful = True
    session.flush()
    mark_sending(session, fence_of(row), 1001, DUE)
    record_outcome(session, fence_of(row), Sent(77), DUE)
    assert (state(session, row), row.doubtful) == ("sent", False)


def test_an_answer_that_comes_after_the_row_was_given_up_settles_it(session: Session, row: Delivery) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    claim_due(session, DUE + LEASE + SECOND, "other", 9, READERS)
    assert state(session, row) == "unknown"
    assert not record_outcome(session, fence_of(row), Failed("?"), DUE)
    assert record_outcome(session, fence_of(row), Sent(77), DUE)
    assert state(session, row) == "sent"
    assert position(row.subscription) is not None


@pytest.mark.parametrize(
    ("outcome", "expected", "moves"),
    [
        (Sent(1), "sent", True),
        (Unknown("ReadTimeout"), "unknown", False),
        (Failed("too long"), "failed", False),
        (Retry("busy"), "pending", False),
        (Refused(), "pending", False),
    ],
)
def test_only_what_was_sent_moves_the_position(
    session: Session, row: Delivery, outcome: Outcome, expected: str, moves: bool
) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    record_outcome(session, fence_of(row), outcome, DUE)
    assert state(session, row) == expected
    assert (position(row.subscription) is not None) is moves


def test_what_arrives_from_an_earlier_round_does_not_move_the_new_one(
    session: Session, row: Delivery
) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    begin_again(session, row.subscription, DUE)
    assert record_outcome(session, fence_of(row), Sent(77), DUE)
    assert position(row.subscription) is None


def test_retries_come_at_growing_distances_and_not_all_at_once() -> None:
    waits = [backoff_seconds(Fence(10, "me", attempts)) for attempts in (1, 2, 3, 4, 7, 99)]
    assert waits == [1, 2, 4, 8, 60, 60]
    assert len({backoff_seconds(Fence(key, "me", 1)) for key in range(10)}) == 10


def test_what_telegram_demands_goes_before_our_own_distance(session: Session, row: Delivery) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    record_outcome(session, fence_of(row), Retry("too many requests", 41.0), DUE)
    session.expire(row)
    assert row.not_before == DUE + 41 * SECOND


def test_a_stop_gives_back_what_is_claimed_and_leaves_the_rest(session: Session, row: Delivery) -> None:
    give_back(session, "other", DUE)
    assert state(session, row) == "claimed"
    give_back(session, "me", DUE)
    assert state(session, row) == "pending"
    assert claim_due(session, DUE, "next", 9, READERS) == [row.id]
    session.expire(row)
    mark_sending(session, fence_of(row), 1001, DUE)
    give_back(session, "next", DUE)
    assert state(session, row) == "sending"


def test_every_try_is_kept_with_what_became_of_it(session: Session, row: Delivery) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    assert attempts(session) == [(1, "open", None)]
    record_outcome(session, fence_of(row), Retry("busy"), DUE)
    claim_due(session, DUE + 2 * SECOND, "me", 1, READERS)
    session.expire(row)
    mark_sending(session, fence_of(row), 1001, DUE)
    record_outcome(session, fence_of(row), Sent(77), DUE)
    assert attempts(session) == [(1, "retry", None), (2, "sent", 77)]
    forget_attempts(session, DUE + KEPT)
    assert len(attempts(session)) == 2
    forget_attempts(session, DUE + KEPT + SECOND)
    assert attempts(session) == []


def test_the_answer_to_a_lost_claim_is_kept_but_settles_nothing(session: Session, row: Delivery) -> None:
    late = fence_of(row)
    mark_sending(session, late, 1001, DUE)
    claim_due(session, DUE + LEASE + SECOND, "other", 9, READERS)
    session.expire(row)
    row.state = "pending"
    claim_due(session, DUE + LEASE + SECOND, "other", 9, READERS)
    assert not record_outcome(session, late, Sent(77), DUE)
    assert state(session, row) == "claimed"
    assert attempts(session) == [(1, "sent", 77)]


def test_a_message_is_above_all_that_are_known_of_its_count_when_it_began(session: Session) -> None:
    begun = [begin_attempt(session, chat, "me", DUE) for chat in (7, -5, -1_002_000_000_001)]
    for key, number in zip(begun, (40, 41, 3), strict=True):
        session.get_one(Attempt, key).message_id = number
    session.flush()
    later = [begin_attempt(session, chat, "me", DUE) for chat in (8, -1_002_000_000_001, -1_002_000_000_002)]
    assert [session.get_one(Attempt, key).floor for key in later] == [41, 3, None]
    assert [counter_of(chat) for chat in (7, -5, -1_002_000_000_001)] == [0, 0, -1_002_000_000_001]


def test_who_is_alive_keeps_what_he_holds(session: Session, row: Delivery) -> None:
    renew(session, "other", [row.id], DUE + LEASE)
    renew(session, "me", [row.id], DUE + LEASE)
    assert claim_due(session, DUE + 2 * LEASE, "other", 9, READERS) == []
    assert claim_due(session, DUE + 2 * LEASE + SECOND, "other", 9, READERS) == [row.id]


def test_what_its_owner_is_not_at_work_on_any_more_is_not_kept(session: Session, row: Delivery) -> None:
    renew(session, "me", [row.id + 1], DUE + LEASE)
    assert claim_due(session, DUE + LEASE + SECOND, "other", 9, READERS) == [row.id]


def test_who_knows_that_no_other_lives_takes_over_at_once(session: Session, row: Delivery) -> None:
    take_over(session, "me", DUE)
    assert claim_due(session, DUE, "next", 9, READERS) == []
    take_over(session, "next", DUE)
    assert claim_due(session, DUE, "next", 9, READERS) == [row.id]
    session.expire(row)
    mark_sending(session, fence_of(row), 1001, DUE)
    take_over(session, "third", DUE)
    assert claim_due(session, DUE, "third", 9, READERS) == []
    assert (state(session, row), row.reconcile_at) == ("unknown", DUE + GRACE)


def test_a_message_found_absent_stays_sent_where_its_answer_came(session: Session, row: Delivery) -> None:
    mark_sending(session, fence_of(row), 1001, DUE)
    find_absent(session, row.id, 1)
    assert attempts(session) == [(1, "absent", None)]
    record_outcome(session, fence_of(row), Sent(77), DUE)
    find_absent(session, row.id, 1)
    assert attempts(session) == [(1, "sent", 77)]


@pytest.mark.parametrize("way", ["skipped", "blocked", "voided"])
def test_what_may_have_arrived_is_never_void(session: Session, row: Delivery, way: str) -> None:
    """Its passage would come again, and its date be free for another digest."""
    row.doubtful = True
    session.flush()
    if way == "skipped":
        skip(row, DUE)
    elif way == "blocked":
        mark_sending(session, fence_of(row), 1001, DUE)
        record_outcome(session, fence_of(row), Blocked("bot was blocked by the user"), DUE)
    else:
        row.state = "pending"
        session.flush()
        change_time(session, row.subscription, 600, DUE)
    session.flush()
    assert state(session, row) == "unknown"
    assert row.subscription.last_local_date == row.local_date
