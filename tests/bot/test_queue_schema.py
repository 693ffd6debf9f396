"""procrastinate's tables come, and are brought up to date, with the schema of our own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.queue_schema import _folder as folder
from bot.queue_schema import _note, _run, _steps, due_steps, ensure_queue, is_queue_current
from bot.schema import SchemaBehind, open_database, upgrade

PARTS = text(
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'procrastinate%'"
    " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " UNION ALL SELECT table_name || column_name || data_type FROM information_schema.columns"
    " WHERE table_schema = current_schema()"
)


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL database with nothing in it."""
    database = Database(postgres_url)
    yield database
    database.close()


def parts(session: Session) -> set[str]:
    """Return what the queue consists of, white space aside."""
    return {"".join(part.split()) for part in session.scalars(PARTS)}


def make_older(database: Database, last: str) -> None:
    """Make the queue as it was after that step, by the steps themselves."""
    for name in (name for name in _steps() if name <= last):
        database.run_write(partial(_run, script=folder() / "migrations" / name))
    database.run_write(partial(_note, name=last))


def test_a_queue_of_an_older_version_is_brought_up_to_date_in_two_upgrades(postgres: Database) -> None:
    with Session(postgres.writer) as session:
        ensure_queue(session)
        new = parts(session)
    make_older(postgres, "03.03.00_01_pre_priority_lock_fetch_job.sql")

    with Session(postgres.writer) as session:
        assert not is_queue_current(session)
        assert ensure_queue(session)
        assert is_queue_current(session)  # and the program before may go on
        assert parts(session) != new
        assert ensure_queue(session)
        assert parts(session) == new
        assert not ensure_queue(session)


def test_what_the_program_before_cannot_live_with_waits_for_the_next_upgrade() -> None:
    steps = ["1_01_pre_a", "1_50_post_a", "2_01_pre_a", "2_02_pre_b", "2_50_post_a", "2_51_post_b"]

    assert due_steps("1_01_pre_a", steps) == ["1_50_post_a", "2_01_pre_a", "2_02_pre_b"]
    assert due_steps("2_02_pre_b", steps) == ["2_50_post_a", "2_51_post_b"]
    assert due_steps("2_51_post_b", steps) == []


def test_a_database_without_the_queue_names_the_command_that_makes_it(postgres: Database) -> None:
    upgrade(postgres)
    postgres.run_write(lambda session: session.execute(text("COMMENT ON TABLE procrastinate_jobs IS NULL")))

    with pytest.raises(SchemaBehind, match="rizhi db upgrade"):
        open_database(postgres.url)
