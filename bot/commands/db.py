"""`rizhi db upgrade`."""

from __future__ import annotations

import click

from bot.database import Database
from bot.schema import HEAD, upgrade
from bot.settings import Settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.pass_obj
def upgrade_command(settings: Settings) -> None:
    """Bring the database's schema up to date."""
    database = Database(settings.resolved_database_url)
    try:
        changed = upgrade(database)
    finally:
        database.close()
    click.echo(f"The schema is {'now ' if changed else 'already '}at {HEAD}.")
