"""`rizhi db copy`: from a file to PostgreSQL with all that was, and nobody gets a day twice or misses one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, Table, insert, select, text
from sqlalchemy.orm import Session

import bot.moving as moving
from bot.database import Database
from bot.models import Delivery, Member, Plan, Subscription, Target
from bot.moving import NotTheSame, move
from bot.operations import RateBudget, ZoneRules
from bot.schema import open_database, upgrade
from bot.turn import RUNNING
from content.models import Base, UtcDateTime
from content.search import find_fault
from tests.acceptance.conftest import Rizhi
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_subscription

VALUES = {
    UtcDateTime: NOW.replace(microsecond=123_456),
    Date: NOW.date(),
    Boolean: True,
    Integer: 1,
    Float: 1.5,
    LargeBinary: bytes(range(256)),
    JSON: ["河", None, {"a": 1.5}],
}
"""What a column of a kind holds here; the others hold a text."""


@pytest.fixture
def address(postgres_url: str) -> str:
    """The target's address as hosts give it."""
    return postgres_url.replace("postgresql+psycopg://", "postgres://")


@pytest.fixture
def target(postgres_url: str) -> Iterator[Database]:
    """The target, opened."""
    with closing(Database(postgres_url)) as target:
        yield target


def value_of(column: Column[Any]) -> Any:
    """Return something to be kept in the column."""
    return next((value for kind, value in VALUES.items() if isinstance(column.type, kind)), "’雾🌫")


def fill(session: Session) -> None:
    """Put a row into each table; what may be nothing is nothing in every second one."""
    for number, table in enumerate(Base.metadata.sorted_tables):
        left_out = {column.name for column in table.columns if column.nullable and number % 2}
        row = {each.name: value_of(each) for each in table.columns if each.name not in left_out}
        session.execute(insert(table), [row])


def all_rows(session: Session, tables: Sequence[Table] = moving.TABLES) -> dict[str, list[Any]]:
    """Return what the tables hold."""
    return {table.name: list(map(tuple, session.execute(select(table)))) for table in tables}


def test_every_table_is_copied_with_all_that_it_holds(
    rizhi: Rizhi, database: Database, target: Database, address: str
) -> None:
    database.run_write(fill)

    done = rizhi("db", "copy", database.url, address)

    tables = len(moving.TABLES)
    assert done.returncode == 0, done.stderr
    assert f"{tables} rows of {tables} tables, of which 1 are the ledger's" in done.stdout
    assert target.run_read(all_rows) == database.run_read(all_rows)
    nulls = text("SELECT count(*) FROM plan WHERE blocks IS NULL OR CAST(blocks AS text) <> 'null'")
    assert target.run_read(lambda session: session.scalar(nulls)) == 1


def test_a_target_where_only_the_pace_was_kept_is_empty_and_keeps_it(
    database: Database, target: Database
) -> None:
    upgrade(target)
    target.run_write(lambda session: session.add(RateBudget(name="free", tat=9.0, paused_until=0, used=3)))
    before = target.run_read(lambda session: all_rows(session, moving.PACE))
    database.run_write(fill)

    move(database, target, lambda *_: None)

    assert target.run_read(all_rows) == database.run_read(all_rows)
    assert target.run_read(lambda session: all_rows(session, moving.PACE)) == before
    assert before["rate_budget"] != []


def test_rows_that_the_two_databases_put_in_different_orders_are_compared_all_the_same(
    database: Database, target: Database
) -> None:
    """PostgreSQL's locales do not care for the case of letters first; SQLite's bytes do."""
    upgrade(target)
    locale = text('ALTER TABLE zone_rules ALTER timezone TYPE varchar(64) COLLATE "und-x-icu"')
    target.run_write(lambda session: session.execute(locale))
    zones = [ZoneRules(timezone=zone, rules=zone) for zone in ("PST8PDT", "Pacific/Auckland")]
    database.run_write(lambda session: session.add_all(zones))

    assert move(database, target, lambda *_: None)["zone_rules"] == 2


async def test_digests_go_on_where_they_were_and_numbers_that_were_given_do_not_come_again(
    rizhi: Rizhi, journal: Database, postgres_url: str, address: str
) -> None:
    async with running_bot(journal, NOW) as telegram:
        await telegram.subscribe(telegram.reader(user_id=7))
        await telegram.move_to(shanghai(3, "07:30"))
        before = telegram.ledger()
    with journal.writer.begin() as connection:
        connection.execute(text("UPDATE sqlite_sequence SET seq = 900 WHERE name = 'delivery'"))

    done = rizhi("db", "copy", journal.url, address)

    with closing(open_database(postgres_url)) as moved:
        async with running_bot(moved, shanghai(3, "08:00")) as telegram:
            ann = telegram.reader(user_id=7)
            await telegram.move_to(shanghai(3, "09:00"))
            silent = telegram.api.calls("sendMessage")
            found = await telegram.ask(ann, "老渡口")
            await telegram.move_to(shanghai(4, "07:30"))
            after = telegram.ledger()
        numbers = moved.run_read(lambda session: session.scalars(select(Delivery.id)).all())
        fault = moved.run_write(find_fault)
    assert done.returncode == 0, done.stderr
    assert silent == []
    assert found.text.startswith("🔍 老渡口")
    assert after[: len(before)] == before
    assert sorted(numbers) == [1, 901]
    assert fault is None


def test_a_target_that_holds_anything_is_refused(
    rizhi: Rizhi, database: Database, target: Database, address: str
) -> None:
    upgrade(target)
    target.run_write(lambda session: session.add(Member(user_id=1, allowed_at=NOW)))

    refused = rizhi("db", "copy", database.url, address)

    assert (refused.returncode, "its table member has rows" in refused.stderr) == (1, True)


def test_a_source_of_another_version_is_refused_before_anything_is_done(
    rizhi: Rizhi, database: Database, target: Database, address: str
) -> None:
    said = []
    for version in ("0001", "9999"):
        with database.writer.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": version})
        said.append(rizhi("db", "copy", database.url, address))

    tables = target.run_read(lambda session: session.scalar(text("SELECT count(*) FROM pg_stat_user_tables")))
    assert [done.returncode for done in said] == [1, 1]
    assert "rizhi db upgrade" in said[0].stderr
    assert "a newer version of rizhi" in said[1].stderr
    assert tables == 0


@pytest.mark.parametrize("which", ["source", "target"])
def test_nothing_is_copied_while_the_bot_runs(
    rizhi: Rizhi, database: Database, target: Database, address: str, which: str
) -> None:
    used = database if which == "source" else target
    with used.try_lock(RUNNING):
        refused = rizhi("db", "copy", database.url, address)

    assert (refused.returncode, "the bot runs on one of these databases" in refused.stderr) == (1, True)


def test_nothing_is_copied_while_a_worker_runs(
    rizhi: Rizhi, database: Database, target: Database, address: str
) -> None:
    upgrade(target)
    worker = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '{} seconds')"
    target.run_write(lambda session: session.execute(text(worker.format(5))))
    refused = rizhi("db", "copy", database.url, address)
    target.run_write(lambda session: session.execute(text("DELETE FROM procrastinate_workers")))
    target.run_write(lambda session: session.execute(text(worker.format(60))))
    copied = rizhi("db", "copy", database.url, address)

    assert (refused.returncode, "rizhi worker runs on one of these" in refused.stderr) == (1, True)
    assert (copied.returncode, copied.stderr) == (0, "")


def test_a_copy_that_breaks_off_leaves_nothing_and_is_begun_again(
    journal: Database, target: Database
) -> None:
    journal.run_write(lambda session: make_subscription(session, session.scalars(select(Plan)).one()))

    def break_off(what: str, done: int, total: int) -> None:
        if what == "Indexing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(journal, target, break_off)
    left = [rows for rows in target.run_read(all_rows).values() if rows]
    seen: list[tuple[str, int, int]] = []
    counts = move(journal, target, lambda *step: seen.append(step))

    assert left == []
    assert counts == {name: len(rows) for name, rows in target.run_read(all_rows).items()}
    assert ("Copying subscription", 1, 1) in seen
    assert ("Comparing passage", counts["passage"], counts["passage"]) in seen
    assert seen[-1][0] == "Indexing"


def test_a_copy_that_comes_out_otherwise_is_taken_back(
    database: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run_write(make_subscription)
    go_on = moving._go_on_counting

    def meddle(source: Session, session: Session, table: Any) -> None:
        go_on(source, session, table)
        if table is Subscription.__table__:
            session.execute(text("UPDATE target SET timezone = 'UTC'"))

    monkeypatch.setattr(moving, "_go_on_counting", meddle)
    with pytest.raises(NotTheSame, match="target"):
        move(database, target, lambda *_: None)

    assert target.run_read(lambda session: session.scalars(select(Target)).all()) == []


def test_addresses_that_are_not_meant_are_refused(rizhi: Rizhi, database: Database, tmp_path: Any) -> None:
    there = "postgresql://rizhi:s3cret@127.0.0.1:1/x"
    missing = f"sqlite:///{tmp_path / 'missing.db'}"

    said = [
        rizhi("db", "copy", missing, there),
        rizhi("db", "copy", there, database.url),
        rizhi("db", "copy", database.url, database.url),
        rizhi("db", "copy", database.url, there),
    ]

    assert [done.returncode for done in said] == [2, 2, 2, 1]
    assert not (tmp_path / "missing.db").exists()
    assert "s3cret" not in "".join(done.stdout + done.stderr for done in said)


def test_somebody_who_starts_the_bot_meanwhile_cannot_send(database: Database, target: Database) -> None:
    """Whatever would be written into the old file waits, and finds that it is too late."""
    refused: list[str] = []

    def write(what: str, done: int, total: int) -> None:
        with closing(sqlite3.connect(database.writer.url.database or "", timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    database.run_write(lambda session: session.add(Member(user_id=1, allowed_at=NOW)))
    move(database, target, write)

    assert refused == ["database is locked"] * 2
