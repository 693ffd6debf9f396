"""What became of a request gets on record, also where the database was away when the answer came."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.attempts import Attempt
from bot.clock import Clock
from bot.database import Database
from bot.delivery.attempts import send_on_record
from bot.delivery.outcomes import Outcome, Sent
from bot.models import Member
from tests.conftest import NOW


async def answer(database: Database, seconds: float) -> Outcome:
    """Give an answer, during which another process takes the database, for so long."""
    other = Database(database.url)
    database.run_write(lambda session: session.execute(text("PRAGMA busy_timeout = 1")))
    taken = other.writer.begin()

    async def send() -> Outcome:
        taken.__enter__()
        asyncio.get_running_loop().call_later(seconds, taken.__exit__, None, None, None)
        return Sent(12)

    def note(session: Session, _outcome: Outcome) -> None:
        session.add(Member(user_id=7, allowed_at=NOW))

    try:
        return await send_on_record(database, Clock(), "me", 1001, send, note)
    finally:
        await asyncio.sleep(seconds)
        other.close()


def on_record(session: Session) -> tuple[list[str], int]:
    """Return the outcomes of the attempts, and how many notes there are."""
    return list(session.scalars(select(Attempt.outcome))), len(session.scalars(select(Member)).all())


async def test_what_became_of_an_answer_is_not_forgotten_while_the_database_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.keeping.AGAIN_SECONDS", 0.05)
    assert await answer(database, 0.2) == Sent(12)
    assert database.run_read(on_record) == (["sent"], 1)


async def test_a_database_that_stays_away_is_not_waited_for_without_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.keeping.AGAIN_SECONDS", 0.01)
    monkeypatch.setattr("bot.delivery.keeping.TRIES", 2)
    with pytest.raises(DBAPIError):
        await answer(database, 0.5)
    assert database.run_read(on_record) == (["open"], 0)
