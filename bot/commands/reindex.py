"""`rizhi reindex`."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.commands import count, untouched
from bot.database import Database
from bot.schema import SchemaBehind, is_current, schema_version
from bot.settings import Settings
from content.search import rebuild_index


@click.command()
@click.pass_obj
def reindex(settings: Settings) -> None:
    """Build the search index anew. The bot may run meanwhile: it searches the old one."""
    with untouched(settings) as database:
        if not is_current(database.run_read(schema_version)):
            raise SchemaBehind
        with database.lock("reindex"):
            passages = rebuild(database)
    click.echo(f"The search index is built anew: {count(passages, 'passage')}.")


def rebuild(database: Database) -> int:
    """Build the index anew, showing how far it has come, and return how many passages it has."""
    errors, total = Console(stderr=True), 0
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("Indexing", total=None)
        for done, total in rebuild_index(database.run_write):
            progress.update(task, completed=done, total=total)
    return total
