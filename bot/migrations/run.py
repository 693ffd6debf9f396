"""Runs Alembic over one of our own connections, without an alembic.ini."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.database import Database

LOCK = 0x7269_7A68
"""Key of PostgreSQL's advisory lock: two deploys that upgrade at once take turns."""


def make_config() -> Config:
    """Return Alembic's configuration for the migrations in this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def run_migrations(database: Database, revision: str = "head") -> None:
    """Bring the database to `revision`, all steps in one transaction."""
    config = make_config()
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
