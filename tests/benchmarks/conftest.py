"""Benchmarks take the time they take, and a peer's connection is closed behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, create_engine


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Lift the limit under which a test that hangs fails."""
    for item in items:
        if item.get_closest_marker("benchmark"):
            item.add_marker(pytest.mark.timeout(0))


@pytest.fixture
def postgres_connection(postgres_url: str) -> Iterator[Connection]:
    """A connection to an empty PostgreSQL database, where each statement is committed at once."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
