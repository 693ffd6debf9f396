"""A lock is one process' at a time, on both databases, and gone with what holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

import bot.database
import bot.turn
from bot.database import Database


@pytest.fixture(params=["sqlite", "postgres"])
def pair(request: pytest.FixtureRequest, database: Database) -> Iterator[tuple[Database, Database]]:
    """Two processes' views of one database."""
    url = database.url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    one, two = Database(url), Database(url)
    yield one, two
    one.close()
    two.close()


def test_a_lock_is_one_process_and_free_when_it_is_given_back(pair: tuple[Database, Database]) -> None:
    first, second = (database.make_lock("running") for database in pair)

    assert (first.take(), second.take()) == (True, False)
    assert (first.is_held(), second.is_held()) == (True, False)
    first.release()
    assert not first.is_held()
    assert second.take()
    second.release()


def test_locks_of_two_names_are_two(pair: tuple[Database, Database]) -> None:
    with pair[0].try_lock("running") as running, pair[1].try_lock("import") as importing:
        assert (running, importing) == (True, True)


def test_a_lock_whose_connection_breaks_is_lost_and_another_may_have_it(postgres_url: str) -> None:
    one, two = Database(postgres_url), Database(postgres_url)
    lock, other = one.make_lock("running"), two.make_lock("running")
    assert lock.take()
    others = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    two.run_write(lambda session: session.execute(others))

    assert not lock.is_held()
    assert other.take()
    assert not lock.take()
    other.release()
    assert lock.take()
    lock.release()
    for database in (one, two):
        database.close()


async def test_who_serves_is_seen_again_after_its_connection_broke(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.turn, "LOOK_SECONDS", 0.05)
    one, two = Database(postgres_url), Database(postgres_url)
    others = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    holds = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    async with bot.turn.presence(one) as is_alone:
        assert is_alone
        two.run_write(lambda session: session.execute(others))
        async with asyncio.timeout(10):
            while not await two.read(lambda session: session.scalar(holds)):  # noqa: ASYNC110  PostgreSQL rings no bell
                await asyncio.sleep(0.05)
        async with bot.turn.presence(two) as is_alone:
            assert not is_alone
    with two.try_lock("running") as is_free:
        assert is_free
    for database in (one, two):
        database.close()


def test_who_is_frozen_in_the_middle_of_a_transaction_keeps_others_waiting_for_a_while_only(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.database, "LET_GO", bot.database.LET_GO.replace("60s", "100ms"))
    frozen, other = Database(postgres_url), Database(postgres_url)
    other.run_write(lambda session: session.execute(text("CREATE TABLE ledger AS SELECT 1 AS state")))
    with Session(frozen.writer) as session:
        session.execute(text("UPDATE ledger SET state = 2"))
        other.run_write(lambda session: session.execute(text("UPDATE ledger SET state = state + 10")))
        with pytest.raises(InternalError, match="idle-in-transaction"):
            session.execute(text("UPDATE ledger SET state = 3"))

    assert other.run_read(lambda session: session.scalar(text("SELECT state FROM ledger"))) == 11
    for database in (frozen, other):
        database.close()
