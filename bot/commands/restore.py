"""`rizhi restore`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from bot.clock import Clock
from bot.commands import left_alone, untouched
from bot.commands.backup import database_file
from bot.restoring import carry_over, restore_backup
from bot.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--while-running", is_flag=True, help="Even if the bot runs; it must be restarted at once.")
@click.pass_obj
def restore(settings: Settings, file: Path, while_running: bool) -> None:
    """Put a backup in the place of the database; the old one is kept beside it.

    What was sent since the backup is taken over from there, so that nobody gets it again.
    """
    path = database_file(settings, 'pg_restore --clean --if-exists --dbname="$DATABASE_URL" rizhi.dump')
    with untouched(settings) as database, left_alone(database) as users:
        if users and not while_running:
            raise click.ClickException(f"{users[0]} on this database: stop it first")
        aside = restore_backup(file, path, Clock().now())
    click.echo(f"{file} is the database now, at {path}.")
    if aside is not None:
        click.echo(f"The old one is {aside}.")
        click.echo(taken_over(aside, path))
    if while_running:
        click.echo("A bot that runs still uses the old one: restart it now.")


def taken_over(aside: Path, path: Path) -> str:
    """Take over what was sent since the backup, and return what to say of it."""
    try:
        taken = carry_over(aside, path)
    except sqlite3.Error as error:
        return f"It cannot be read ({error}): what was sent since the backup may come again."
    return f"Deliveries since the backup that were taken over from it: {taken}."
