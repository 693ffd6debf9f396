"""`rizhi backup`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import URL, make_url

from bot.backups import keep_newest, make_backup
from bot.clock import Clock
from bot.commands import count
from bot.settings import Settings


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", default=7, show_default=True, type=click.IntRange(1), help="How many to keep.")
@click.pass_obj
def backup(settings: Settings, folder: Path | None, keep: int) -> None:
    """Write a whole copy of the database into FOLDER (backups, beside it), also while the bot runs."""
    path = database_file(settings, 'pg_dump --format=custom --file=rizhi.dump "$DATABASE_URL"')
    if not path.exists():
        raise click.ClickException(f"there is no database at {path} yet")
    folder = folder or path.parent / "backups"
    made = make_backup(path, folder, Clock().now())
    click.echo(f"{made} ({made.stat().st_size // 1000:,} kB)")
    deleted = keep_newest(folder, keep)
    if deleted:
        click.echo(f"Deleted {count(len(deleted), 'older backup')}.")


def database_file(settings: Settings, instead: str) -> Path:
    """Return the SQLite file; ClickException with the command to use `instead` where there is none."""
    url: URL = make_url(settings.resolved_database_url)
    if url.get_backend_name() != "sqlite":
        raise click.ClickException(f"PostgreSQL has a program of its own for this: {instead}")
    if not url.database or url.database == ":memory:":
        raise click.ClickException("DATABASE_URL names no file")
    return Path(url.database)
