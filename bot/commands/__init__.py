"""The commands of `rizhi`, one file each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import inspect

from bot.database import Database
from bot.schema import open_database
from bot.settings import Settings

LOCKS = {"running": "the bot runs", "import": "an import runs", "reindex": "rizhi reindex runs"}
"""Whoever holds one of these uses the database."""


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


@contextmanager
def left_alone(database: Database) -> Iterator[list[str]]:
    """Hold the locks of all that uses the database; yield, in words, who else uses it."""
    with ExitStack() as stack:
        users = [user for name, user in LOCKS.items() if not stack.enter_context(database.try_lock(name))]
        yield users + ["rizhi worker runs"] * has_workers(database)


def has_workers(database: Database) -> bool:
    """Return whether a worker is alive: it holds no lock, for there may be many. One that was killed seems so
    for some seconds."""
    if database.is_sqlite or not inspect(database.reader).has_table("procrastinate_workers"):
        return False
    from bot.delivery.queue import count_workers  # with all that it needs, 0.5 s

    return database.run_read(count_workers) > 0
