"""`rizhi restore`."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path

import click

from bot.clock import Clock
from bot.commands import untouched
from bot.commands.backup import database_file
from bot.restoring import carry_over, restore_backup
from bot.settings import Settings

LOCKS = {"running": "the bot runs", "import": "an import runs", "reindex": "rizhi reindex runs"}
"""Whoever holds one of these uses the database."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--while-running", is_flag=True, help="Even if the bot runs; it must be restarted at once.")
@click.pass_obj
def restore(settings: Settings, file: Path, while_running: bool) -> None:
    """Put a backup in the place of the database; the old one is kept beside it.

    What was sent since the backup is taken over from there, so that nobody gets it again.
    """
    path = database_file(settings, 'pg_restore --clean --if-exists --dbname="$DATABASE_URL" rizhi.dump')
    with ExitStack() as stack:
        database = stack.enter_context(untouched(settings))
        for name, user in LOCKS.items():
            if not stack.enter_context(database.try_lock(name)) and not while_running:
                raise click.ClickException(f"{user} on this database: stop it first")
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
