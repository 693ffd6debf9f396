"""`rizhi db upgrade` and `rizhi db copy`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import make_url

from bot.commands import count, left_alone, untouched
from bot.database import Database
from bot.moving import move
from bot.schema import HEAD, upgrade
from bot.settings import Settings, with_driver


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


@db.command()
@click.argument("source")
@click.argument("target")
def copy(source: str, target: str) -> None:
    """Copy all of SOURCE (sqlite:///…) into TARGET (postgresql://…), which must be empty.

    The bot must be stopped. All is copied, and each row compared, or nothing is: then begin again.
    """
    check_addresses(source, target)
    with closing(Database(source)) as old, closing(Database(with_driver(target))) as new:
        counts = copied(old, new)
    rows = f"{count(sum(counts.values()), 'row')} of {len(counts)} tables"
    click.echo(f"Copied and compared: {rows}, of which {counts['delivery']} are the ledger's.")
    click.echo("The search index is built. Set DATABASE_URL to the new database before you start the bot.")


def check_addresses(source: str, target: str) -> None:
    """Raise UsageError unless the source is an SQLite file that is there and the target is PostgreSQL."""
    if not source.startswith("sqlite:///") or not Path(make_url(source).database or "").is_file():
        raise click.UsageError("SOURCE must be an SQLite file that is there, as sqlite:///rizhi.db")
    if not target.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
        raise click.UsageError("TARGET must be PostgreSQL, as postgresql://user:password@host/name")


def copied(old: Database, new: Database) -> dict[str, int]:
    """Copy all, showing how far it has come, and return how many rows each table has."""
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with left_alone(old) as old_users, left_alone(new) as new_users:
        for user in old_users + new_users:
            raise click.ClickException(f"{user} on one of these databases: stop it first")
        with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
            task = progress.add_task("", total=None)

            def tell(what: str, done: int, total: int) -> None:
                progress.update(task, description=what, completed=done, total=total)

            return move(old, new, tell)
