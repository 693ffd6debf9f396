"""The schema's version, and bringing it up to date. Alembic is imported only when there is work for it."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

import bot.models
from bot.database import Database
from content.search import ensure_index

HEAD = "0001"
"""The newest migration; a test holds it to the folder of migrations."""

assert bot.models  # its tables are part of the schema


class SchemaBehind(Exception):
    """The database's schema is behind; bring it up with: rizhi db upgrade"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def schema_version(session: Session) -> str | None:
    """Return the version that the database is at; None where it has never been set up."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(database: Database) -> bool:
    """Bring the schema to `HEAD` and see that the search index is there; return whether anything changed."""
    if database.run_write(schema_version) == HEAD:
        return False
    from bot.migrations.run import run_migrations  # Alembic costs 0.3 s

    run_migrations(database)
    database.run_write(ensure_index)
    return True


def open_database(url: str) -> Database:
    """Return the database, ready for use; SchemaBehind on PostgreSQL, where the operator upgrades."""
    database = Database(url)
    try:
        if database.is_sqlite:
            upgrade(database)
        elif database.run_read(schema_version) != HEAD:
            raise SchemaBehind
    except BaseException:
        database.close()
        raise
    return database
