"""Both databases: what is claimed must be the same on either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from content.models import Base
from content.search import ensure_index


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of this test's own: an SQLite file, then PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    database = Database(request.getfixturevalue("postgres_url"))
    Base.metadata.create_all(database.writer)
    database.run_write(ensure_index)
    yield database
    database.close()


@pytest.fixture
def session(store: Database) -> Iterator[Session]:
    """A session in a transaction that can write; rolled back at the end."""
    with Session(store.writer) as session:
        yield session
