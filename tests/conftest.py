"""Fixtures that every test may use: a real SQLite file with the schema, and the folder of seeds."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from bot.schema import upgrade
from tests import secrecy
from tests.children import begun_by, quick_context
from tests.postgres import postgres_server, postgres_url, postgres_with_schema, schema_database

__all__ = ["postgres_server", "postgres_url", "postgres_with_schema", "schema_database"]

hypothesis.settings.register_profile("rizhi", deadline=None)  # speed is measured in benchmarks
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=3_000)  # by hand
hypothesis.settings.load_profile("rizhi")

NOW = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)
"""A Monday, 08:00 in Shanghai."""

SHARED = Path(os.environ.get("RIZHI_SHARED", Path(__file__).parents[2] / "shared"))


MOST_WORKERS = 4
"""Each has a PostgreSQL and a browser of its own."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes share the tests: none where output is to be seen, as of benchmarks."""
    chosen = config.getoption("file_or_dir") or []
    if config.getoption("capture") == "no" or any(Path(each.split("::")[0]).is_file() for each in chosen):
        return 0
    return min(2 * (os.cpu_count() or 1), MOST_WORKERS)  # half of the time they wait for what they started


@pytest.fixture(scope="session", autouse=True)
def quick_children() -> Iterator[None]:
    """Let the bot's child processes begin at once."""
    with begun_by(quick_context()):
        yield


def pytest_configure() -> None:
    """Look through all that is logged: before pytest begins to note levels, which it gives back."""
    secrecy.begin()


@pytest.fixture(scope="session", autouse=True)
def watch() -> Iterator[secrecy.Watch]:
    """What looks through the log; it finds nothing after the last test either."""
    yield secrecy.WATCH
    assert secrecy.WATCH.take() == []


@pytest.fixture(autouse=True)
def no_secret_shows(watch: secrecy.Watch) -> Iterator[None]:
    """Fail the test during which one does."""
    yield
    assert watch.take() == []


@contextmanager
def made_file(path: Path) -> Iterator[Database]:
    """Yield the database in an SQLite file; afterwards all of it is in that one file, to be copied."""
    database = Database(f"sqlite:///{path}")
    yield database
    with database.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@contextmanager
def copied_file(template: Path, path: Path) -> Iterator[Database]:
    """Yield a database of one's own, begun as a copy of another's file."""
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    with made_file(path) as database:
        upgrade(database)
    return path


@pytest.fixture
def database(empty_database_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A real SQLite database of this test's own."""
    with copied_file(empty_database_file, tmp_path / "rizhi.db") as database:
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in a transaction that can write; rolled back at the end."""
    with Session(database.writer) as session:
        yield session


@pytest.fixture(scope="session")
def seeds() -> list[Path]:
    """The five first documents, in order; the test skips where they are not there."""
    found = sorted((SHARED / "seeds").glob("*.txt"))
    if len(found) != 5:
        pytest.skip(
            f"the five seeds are not in {SHARED / 'seeds'}; set RIZHI_SHARED to the folder that holds them"
        )
    return found
