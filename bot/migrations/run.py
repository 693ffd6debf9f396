"""Runs Alembic over one of our own connections, without an alembic.ini."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def make_config(connection: Connection) -> Config:
    """Return Alembic's configuration for the migrations in this package, to be run on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_migrations(connection: Connection) -> None:
    """Bring the schema to the newest version, all steps in the connection's transaction."""
    command.upgrade(make_config(connection), "head")
