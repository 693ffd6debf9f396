"""The schema: migrations and models are one, on both databases, whichever way one comes to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import BrokenReferences, Database
from bot.migrations.run import make_config
from bot.schema import HEAD, SchemaAhead, SchemaBehind, open_database, schema_version, upgrade
from content.models import Base, Passage
from tests.factories import make_document


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it: an SQLite file, then PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    """That database, opened."""
    database = Database(url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.writer).get_table_names())


def test_the_migrations_make_what_the_models_say(empty: Database) -> None:
    upgrade(empty)

    with empty.writer.begin() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": lambda _o, name, kind, *_: (
                    not (kind == "table" and name.startswith(("search_", "procrastinate_")))
                ),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_the_one_that_the_code_asks_for(empty: Database) -> None:
    with empty.writer.begin() as connection:
        scripts = ScriptDirectory.from_config(make_config(connection))

    revisions = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_heads() == [HEAD]
    assert max(revisions) == HEAD  # which is how a newer database is told from an older one


def test_an_upgrade_reaches_the_newest_schema_and_a_second_one_finds_nothing_to_do(empty: Database) -> None:
    assert empty.run_write(schema_version) is None
    assert upgrade(empty) is True
    assert empty.run_write(schema_version) == HEAD
    assert upgrade(empty) is False


def test_an_upgrade_makes_the_search_index(empty: Database) -> None:
    upgrade(empty)

    assert {"search_version", "search_index"} <= tables(empty)


def test_an_index_of_another_version_is_built_anew(empty: Database) -> None:
    upgrade(empty)
    empty.run_write(lambda session: session.execute(text("UPDATE search_version SET version = 'old'")))

    assert upgrade(empty) is True
    assert upgrade(empty) is False


def test_two_upgrades_at_once_take_turns(url: str) -> None:
    def upgrade_alone() -> bool:
        database = Database(url)
        try:
            return upgrade(database)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as threads:
        changed = [future.result() for future in [threads.submit(upgrade_alone) for _ in range(4)]]

    assert sorted(changed) == [False, False, False, True]


def test_an_upgrade_that_fails_leaves_nothing_behind(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: object) -> bool:
        raise RuntimeError("the index cannot be built")

    monkeypatch.setattr("bot.schema.ensure_index", fail)
    with pytest.raises(RuntimeError):
        upgrade(empty)

    assert tables(empty) == set()


def rebuild_documents(connection: Connection) -> None:
    """Do what a batch migration does on SQLite: make the table anew, and drop the old one."""
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("document", recreate="always") as batch:
        batch.alter_column("encoding", existing_type=String(20), type_=String(40))


@pytest.fixture
def behind(session: Session, database: Database) -> Database:
    """An SQLite database with a document in it, at an older version of the schema."""
    make_document(session)
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    return database


def test_a_table_that_a_migration_rebuilds_on_sqlite_keeps_what_refers_to_it(
    behind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.migrations.run.run_migrations", rebuild_documents)

    upgrade(behind)

    assert behind.run_read(lambda session: len(session.scalars(select(Passage.id)).all())) > 0
    columns = {column["name"]: column["type"] for column in inspect(behind.writer).get_columns("document")}
    assert str(columns["encoding"]) == "VARCHAR(40)"
    with pytest.raises(IntegrityError):  # and foreign keys count again
        behind.run_write(lambda session: session.execute(text("UPDATE article SET document_id = 999")))


def test_a_migration_that_leaves_rows_without_their_parents_is_taken_back(
    behind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_documents(connection: Connection) -> None:
        connection.execute(text("DELETE FROM document"))

    monkeypatch.setattr("bot.migrations.run.run_migrations", lose_documents)

    with pytest.raises(BrokenReferences):
        upgrade(behind)

    assert behind.run_read(lambda session: session.scalar(text("SELECT count(*) FROM document"))) == 1


def test_all_migrations_can_be_taken_back(empty: Database) -> None:
    upgrade(empty)

    with empty.writer.begin() as connection:
        command.downgrade(make_config(connection), "base")

    others = ("search_", "procrastinate_")
    assert {name for name in tables(empty) if not name.startswith(others)} == {"alembic_version"}


def test_an_sqlite_file_is_made_and_brought_up_to_date_by_itself(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'rizhi.db'}")

    assert database.run_read(schema_version) == HEAD
    database.close()


def test_postgresql_behind_names_the_command_that_mends_it(postgres_url: str) -> None:
    with pytest.raises(SchemaBehind, match="rizhi db upgrade"):
        open_database(postgres_url)

    database = Database(postgres_url)
    upgrade(database)
    database.close()
    open_database(postgres_url).close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(url: str, empty: Database) -> None:
    upgrade(empty)
    empty.run_write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    for use in (lambda: open_database(url), lambda: upgrade(empty)):
        with pytest.raises(SchemaAhead, match="newer version"):
            use()
    assert empty.run_write(schema_version) == "9999"


def test_ids_that_buttons_carry_never_come_again_on_sqlite(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'rizhi.db'}")

    with database.reader.connect() as connection:
        kept = set(
            connection.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        )
    database.close()
    assert {"target", "plan", "subscription", "delivery", "search", "document", "passage"} <= kept
    tables = Base.metadata.tables.values()
    assert kept == {table.name for table in tables if table.dialect_options["sqlite"]["autoincrement"]}
