"""`rizhi db upgrade`."""

from __future__ import annotations

import click

from bot.commands import untouched
from bot.schema import HEAD, upgrade
from bot.settings import Settings


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.pass_obj
def upgrade_command(settings: Settings) -> None:
    """Bring the database's schema up to date."""
    with untouched(settings) as database:
        changed = upgrade(database)
    click.echo(f"The schema is {'now ' if changed else 'already '}at {HEAD}.")
