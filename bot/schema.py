"""The schema's version, and bringing it up to date. Alembic is imported only when there is work for it."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

import bot.attempts
import bot.feeds.models
import bot.operations
from bot.database import Database
from bot.queue_schema import ensure_queue, is_queue_current
from content.search import ensure_index

HEAD = "0015"
"""The newest migration, the greatest as text; a test holds it to the folder of migrations."""
LOCK = 0x7269_7A68
"""Key of PostgreSQL's advisory lock: two deploys that upgrade at once take turns."""

assert all((bot.attempts, bot.feeds.models, bot.operations))  # their tables and `bot.models` are the schema


class SchemaBehind(Exception):
    """The database's schema is behind; bring it up with: rizhi db upgrade"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class SchemaAhead(Exception):
    """The database was made by a newer version of rizhi; install that one, or restore a backup"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def schema_version(session: Session) -> str | None:
    """Return the version that the database is at; None where it has never been set up."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(version: str | None) -> bool:
    """Return whether the version is the one that this code needs; SchemaAhead where it is a later one."""
    if version is not None and version > HEAD:
        raise SchemaAhead
    return version == HEAD


def upgrade(database: Database) -> bool:
    """Bring the schema to `HEAD`, the search index and, on PostgreSQL, procrastinate's tables to their
    versions; return whether anything changed.

    All of it is one transaction. Raises SchemaAhead.
    """
    current = is_current(database.run_read(schema_version))
    run = database.run_write if current else database.run_migration
    return run(_upgrade)


def _upgrade(session: Session) -> bool:
    shared = session.get_bind().dialect.name == "postgresql"
    if shared:
        session.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    changed = not is_current(schema_version(session))
    if changed:
        from bot.migrations.run import run_migrations  # Alembic costs 0.3 s

        run_migrations(session.connection())
    changed = (shared and ensure_queue(session)) or changed
    return ensure_index(session) or changed


def open_database(url: str) -> Database:
    """Return the database, ready for use; SchemaBehind on PostgreSQL, where the operator upgrades."""
    database = Database(url)
    try:
        if database.is_sqlite:
            upgrade(database)
        elif not database.run_read(_is_ready):
            raise SchemaBehind
    except BaseException:
        database.close()
        raise
    return database


def _is_ready(session: Session) -> bool:
    return is_current(schema_version(session)) and is_queue_current(session)
