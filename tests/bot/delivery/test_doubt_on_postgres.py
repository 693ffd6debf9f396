"""On PostgreSQL, where processes work at the same time: a row in doubt is one process' at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.database import Database
from bot.delivery.attempts import begin_attempt, settle_attempt
from bot.delivery.doubt import PATIENCE, Absent, Found, note_evidence, settle_doubt, take_doubts
from bot.delivery.ledger import Fence, renew, take_over
from bot.delivery.outcomes import Blocked, Sent, Unknown
from bot.models import Delivery
from bot.schedule.claim import claim_due
from bot.schema import upgrade
from bot.subscriptions import change_time
from tests.bot.delivery.conftest import DUE
from tests.factories import READERS, make_document, make_subscription
from tests.steps import mark_sending, record_outcome

CHAT = 1001
LATER = DUE + PATIENCE


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A database in which a digest is in doubt."""
    database = Database(postgres_url)
    upgrade(database)
    database.run_write(lose)
    yield database
    database.close()


def lose(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    known = begin_attempt(session, 7, "me", DUE - PATIENCE)
    settle_attempt(session, known, Sent(40), DUE - PATIENCE)
    [key] = claim_due(session, DUE, "me", 1, READERS)
    renew(session, "me", [key], DUE)
    take_over(session, "me", DUE)
    fence = Fence(key, "me", 1)
    assert mark_sending(session, fence, CHAT, DUE)
    assert record_outcome(session, fence, Unknown("ReadTimeout"), DUE)


def the_row(session: Session) -> Delivery:
    return session.scalars(select(Delivery)).one()


def test_two_processes_do_not_take_the_same_doubt(postgres: Database) -> None:
    with Session(postgres.writer) as one, Session(postgres.writer) as two:
        [doubt] = take_doubts(one, LATER, 5)
        assert take_doubts(two, LATER, 5) == []
        one.commit()
        two.rollback()
        assert take_doubts(two, LATER, 5) == []
        two.rollback()
        assert doubt.candidates is not None
        assert doubt.candidates[0] == 41
        assert settle_doubt(one, doubt, Found(41), "resend", LATER)
        one.commit()
        assert not settle_doubt(two, doubt, Absent(), "resend", LATER)
        assert (the_row(two).state, the_row(two).message_id) == ("sent", 41)


def test_what_is_not_there_is_sent_again_and_a_press_comes_in_time(postgres: Database) -> None:
    [doubt] = postgres.run_write(lambda session: take_doubts(session, LATER, 5))
    assert postgres.run_write(lambda session: settle_doubt(session, doubt, Absent(), "resend", LATER))
    [key] = postgres.run_write(lambda session: claim_due(session, LATER, "other", 1, READERS))
    assert postgres.run_write(lambda session: note_evidence(session, key, CHAT, 41, LATER))
    fence = Fence(key, "other", 2)
    assert not postgres.run_write(lambda session: mark_sending(session, fence, CHAT, LATER))
    assert postgres.run_read(lambda session: session.scalars(select(Attempt.message_id)).all()) == [40, 41]


def test_what_may_have_arrived_stays_unknown(postgres: Database) -> None:
    def resend(session: Session) -> None:
        row = the_row(session)
        row.state, row.doubtful, row.again, row.not_before = "pending", True, True, LATER

    postgres.run_write(resend)
    postgres.run_write(lambda session: change_time(session, the_row(session).subscription, 600, LATER))
    assert postgres.run_read(lambda session: the_row(session).state) == "unknown"
    postgres.run_write(resend)
    [key] = postgres.run_write(lambda session: claim_due(session, LATER, "other", 1, READERS))
    fence = Fence(key, "other", 2)
    moment = LATER + dt.timedelta(seconds=1)
    assert postgres.run_write(lambda session: mark_sending(session, fence, CHAT, LATER))
    assert postgres.run_write(lambda session: record_outcome(session, fence, Blocked("kicked"), moment))
    assert postgres.run_read(lambda session: the_row(session).state) == "unknown"
