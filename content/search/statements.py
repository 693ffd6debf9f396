"""What an engine is asked, in its own words, and how it is asked."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Found(NamedTuple):
    """A statement that finds passages: SQL with one column, `id`, and its parameters."""

    sql: str
    values: Mapping[str, Any]


def fetch(session: Session, sql: str, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Return the rows of a statement, each a tuple, as the driver gives them: SQLite has dates as text.

    SQLite's driver is asked itself: SQLAlchemy takes a fifth of a millisecond for a statement and its rows,
    and a search has a dozen. Raises the errors that SQLAlchemy raises: kinds of DBAPIError.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return connection.execute(_text(sql), values or {}).all()
    driver: Any = connection.connection.driver_connection
    try:
        rows: list[Any] = driver.execute(sql, values or {}).fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(sql, None, error, sqlite3.Error, dialect=connection.dialect) from error
    return rows


def fetch_one(session: Session, sql: str, values: Mapping[str, Any] | None = None) -> Any:
    """Return the first column of the first row; None where there is none."""
    rows = fetch(session, sql, values)
    return rows[0][0] if rows else None


def as_date(stored: dt.date | str | None) -> dt.date | None:
    """Return a date as `fetch` gives it, or none."""
    return dt.date.fromisoformat(stored) if isinstance(stored, str) else stored


def listed(ids: Iterable[int]) -> str:
    """Return the ids to be written into a statement, behind IN: it may have too few parameters for them."""
    return f"({','.join(map(str, ids)) or -1})"


@lru_cache(maxsize=256)
def _text(statement: str) -> TextClause:
    """Return the statement, parsed once."""
    return text(statement)
