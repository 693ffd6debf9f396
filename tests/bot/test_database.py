"""The database: SQLite as safe as it can be, and nobody waits for a writer who only wants to read."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.database import BUSY_SECONDS, Database
from bot.failures import explain
from bot.models import Member
from content.search import parse_query, search
from tests.conftest import NOW


def add_member(session: Session, user_id: int) -> None:
    session.add(Member(user_id=user_id, allowed_at=NOW))
    session.flush()


def count_members(session: Session) -> int:
    return session.query(Member).count()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: a digest marked as sent stays so when the power fails
        ("foreign_keys", 1),
        ("busy_timeout", BUSY_SECONDS * 1000),
    ],
)
def test_every_connection_is_prepared(database: Database, pragma: str, value: object) -> None:
    for engine in (database.writer, database.reader):
        with engine.connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_new_file_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself refuses the change to WAL at once, whatever the timeout."""
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    soon = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    soon.start()

    opened = Database(f"sqlite:///{tmp_path / 'new.db'}")
    try:
        mode = opened.run_read(lambda session: session.execute(text("PRAGMA journal_mode")).scalar())
        assert mode == "wal"
    finally:
        opened.close()
        soon.join()
        other.close()


def test_what_work_does_is_kept_and_what_fails_is_undone(database: Database) -> None:
    def add_and_fail(session: Session) -> None:
        add_member(session, 2)
        raise RuntimeError("after the change")

    database.run_write(lambda session: add_member(session, 1))
    with pytest.raises(RuntimeError):
        database.run_write(add_and_fail)

    assert database.run_read(count_members) == 1


def test_who_only_reads_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        database.run_read(lambda session: add_member(session, 1))


def in_transaction(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_writer_takes_the_lock_at_the_beginning(database: Database) -> None:
    """A deferred transaction would take it at its first change, and fail if another was faster."""
    other = Database(database.url)

    with database.writer.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        waited = threading.Thread(target=in_transaction, args=(other.writer, "DELETE FROM member"))
        waited.start()
        waited.join(0.2)
        assert waited.is_alive()  # it waits for the lock, though nothing was written yet
    waited.join()
    other.close()


async def test_a_search_does_not_wait_for_an_open_write(database: Database) -> None:
    written, searched = threading.Event(), threading.Event()

    def write_slowly(session: Session) -> bool:
        add_member(session, 1)
        written.set()
        return searched.wait(20)

    def look(session: Session) -> tuple[int, int]:
        hits = search(session, parse_query("读书"), limit=5, offset=0, visibilities=("public",))
        return hits.total, count_members(session)

    writing = asyncio.create_task(database.write(write_slowly))
    await asyncio.to_thread(written.wait, 20)
    assert await database.read(look) == (0, 0)  # while the write is open, and without seeing it
    searched.set()

    assert await writing is True
    assert await database.read(count_members) == 1


async def test_writes_from_many_tasks_follow_one_another(database: Database) -> None:
    await asyncio.gather(
        *(database.write(lambda session, n=n: add_member(session, n)) for n in range(1, 41))  # type: ignore[misc]
    )

    assert await database.read(count_members) == 40


def test_a_file_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")

    with pytest.raises(OperationalError) as caught:
        database.run_write(count_members)

    assert explain(caught.value) == "the database cannot be used: unable to open database file"
    database.close()
