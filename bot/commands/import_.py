"""`rizhi import PATH…`: progress and a table for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bot.clock import Clock
from bot.commands import opened
from bot.imports import Found, Importer, Outcome, find_files, left_out, rehearse
from bot.imports_json import outcome_as_json
from bot.render.texts import Texts
from bot.settings import Settings
from content.models import STANDARD, VISIBILITIES


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", help="The collection to import into; made where there is none.")
@click.option("--visibility", type=click.Choice(VISIBILITIES), help="Who may read the collection.")
@click.option("--dry-run", is_flag=True, help="Read and cut, but store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each document.")
@click.pass_obj
def import_(
    settings: Settings,
    paths: tuple[Path, ...],
    collection: str | None,
    visibility: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take documents into the corpus: files, or folders with all that can be read in them."""
    files, others = find_files(list(paths)), left_out(list(paths))
    if others:
        click.echo(f"Left out, of no kind that is read: {', '.join(others)}", err=True)
    if not files:
        raise click.ClickException("no file of a kind that is read was found there")
    name = collection or Texts(settings.default_language)("collection.default")
    if dry_run:
        outcomes = report(rehearse(files), files, as_json)
    else:
        with opened(settings) as database:
            importer = Importer(database, name, visibility, Clock().now())
            outcomes = report(importer.import_files(files), files, as_json, importer)
    if any(outcome.status == "failed" for outcome in outcomes):
        sys.exit(1)


def report(
    outcomes: Iterator[Outcome], files: list[Found], as_json: bool, importer: Importer | None = None
) -> list[Outcome]:
    """Show the outcomes as they come, and return them."""
    errors = Console(stderr=True)
    done = []
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        for outcome in progress.track(outcomes, total=len(files), description="Importing"):
            done.append(outcome)
            if as_json:
                line = outcome_as_json(outcome, importer.database if importer else None)
                click.echo(json.dumps(line, ensure_ascii=False))
            elif said := outcome.error or outcome.note:
                colour = "red" if outcome.error else "yellow"
                errors.print(f"[{colour}]{escape(outcome.name)}[/]: {escape(said)}", highlight=False)
    if not as_json:
        Console().print(table(done))
    return done


def table(outcomes: list[Outcome]) -> Table:
    """Return the table that ends an import: a row a document."""
    shown = Table("Document", "Outcome", "Articles", "Passages")
    for column in shown.columns[2:]:
        column.justify = "right"
    for outcome in outcomes:
        articles = outcome.prepared.articles if outcome.prepared else ()
        passages = sum(p.length == STANDARD for article in articles for p in article.passages)
        counts = (str(len(articles)), str(passages)) if outcome.prepared else ("", "")
        shown.add_row(escape(outcome.name), outcome.status, *counts)
    return shown
