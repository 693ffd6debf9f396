"""The commands of `rizhi`, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.database import Database
from bot.schema import open_database
from bot.settings import Settings


def count(n: int, noun: str) -> str:
    """Return the number with its noun, e.g. “1 passage”, “2 passages”."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


@contextmanager
def untouched(settings: Settings) -> Iterator[Database]:
    """Yield the database as it is, whatever its schema and its index; closed at the end."""
    database = Database(settings.resolved_database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Yield the database, ready for use; closed at the end."""
    database = open_database(settings.resolved_database_url)
    try:
        yield database
    finally:
        database.close()
