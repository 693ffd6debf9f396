"""`rizhi import PATH…`: progress and a table for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path, PurePath

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogues import count_passages
from bot.child import Child
from bot.clock import Clock
from bot.commands import count, opened
from bot.commands.plan import count_subscribers
from bot.commands.web import pass_fetcher
from bot.fetching import Fetcher
from bot.imports import Importer, Outcome, Prepare, rehearse
from bot.imports_json import outcome_as_json
from bot.limits import prepare_in
from bot.linked import Linked
from bot.models import Plan
from bot.render.texts import Texts
from bot.settings import Settings
from bot.sources import Source, find_files, left_out
from bot.web_names import is_url
from content.models import STANDARD, VISIBILITIES, Collection
from content.reading import SUFFIXES

NO_DOCUMENTS = frozenset(
    {".cfg", ".css", ".db", ".ini", ".js", ".json", ".jsonl", ".lock", ".log", ".py", ".pyc", ".pyi", ".sh"}
    | {".so", ".sqlite", ".toml", ".ts", ".yaml", ".yml"}
)
"""Files that programs put beside documents; nobody means them to be read."""
NAMED = 10
"""Files left out that are named; of more, the number."""
IN_ORDER = {"sequence": "in sequence", "date": "by date", "shuffled": "shuffled"}
NEXT = "Next: rizhi preview shows the coming digests, rizhi run sends them."
NEXT_FOR_READERS = "Readers get what is new in its turn, with their coming digests, while rizhi run runs."
DRY_RUN = "This was a dry run: nothing was stored, and what is there already was not looked at."


@click.command("import")
@click.argument("sources", metavar="PATH...", nargs=-1, required=True)
@click.option("--collection", help="The collection to import into; made where there is none.")
@click.option("--visibility", type=click.Choice(VISIBILITIES), help="Who may read the collection.")
@click.option("--dry-run", is_flag=True, help="Read and cut, but store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each document.")
@click.pass_obj
@pass_fetcher
def import_(
    fetcher: Fetcher,
    settings: Settings,
    sources: tuple[str, ...],
    collection: str | None,
    visibility: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take documents into the corpus: files, folders with all that can be read in them, or web addresses."""
    paths = [Path(source) for source in sources if not is_url(source)]
    linked = [Linked(source, fetcher) for source in sources if is_url(source)]
    files: list[Source] = [*find_files(paths), *linked]
    say_what_is_left_out(paths)
    if not files:
        raise click.ClickException(f"no document was found there; read are {' '.join(SUFFIXES)}")
    name = collection or Texts(settings.default_language)("collection.default")
    with closing(Child()) as child:
        outcomes = take_in(settings, files, name, visibility, partial(prepare_in, child), dry_run, as_json)
    if any(outcome.status == "failed" for outcome in outcomes):
        sys.exit(1)


def take_in(
    settings: Settings,
    files: list[Source],
    name: str,
    visibility: str | None,
    prepare: Prepare,
    dry_run: bool,
    as_json: bool,
) -> list[Outcome]:
    """Import the files, or rehearse it, and return the outcomes, which have been shown."""
    if dry_run:
        outcomes = report(rehearse(files, prepare), files, as_json)
        click.echo(DRY_RUN, err=True)
    else:
        with opened(settings) as database:
            importer = Importer(database, name, visibility, Clock().now(), prepare)
            outcomes = report(importer.import_files(files), files, as_json, importer)
            if not as_json:
                click.echo("\n".join(database.run_read(lambda session: outlook(session, name, outcomes))))
    return outcomes


def say_what_is_left_out(paths: list[Path]) -> None:
    """Name the files of kinds that are not read, as far as a person may have meant them as documents."""
    others = [name for name in left_out(paths) if PurePath(name).suffix.lower() not in NO_DOCUMENTS]
    if others:
        more = f" and {len(others) - NAMED} others" if len(others) > NAMED else ""
        click.echo(f"Left out, of no kind that is read: {', '.join(others[:NAMED])}{more}", err=True)


def report(
    outcomes: Iterator[Outcome], files: list[Source], as_json: bool, importer: Importer | None = None
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
        Console().print(table(done, is_rehearsal=importer is None))
    return done


def table(outcomes: list[Outcome], *, is_rehearsal: bool) -> Table:
    """Return the table that ends an import: a row a document. Long names are folded, numbers never."""
    shown = Table()
    shown.add_column("Document", overflow="fold")
    shown.add_column("Outcome", no_wrap=True)
    shown.add_column("Articles", justify="right", no_wrap=True)
    shown.add_column("Passages", justify="right", no_wrap=True)
    if any(map(remark, outcomes)):
        shown.add_column("Remark", overflow="fold")
    for outcome in outcomes:
        status = "can go in" if is_rehearsal and outcome.status == "imported" else outcome.status
        cells = (outcome.name, status, *sizes(outcome), remark(outcome))
        shown.add_row(*map(escape, cells[: len(shown.columns)]))
    return shown


def sizes(outcome: Outcome) -> tuple[str, str]:
    """Return how many articles and passages went in; nothing where none did."""
    if outcome.prepared is None:
        return "", ""
    articles = outcome.prepared.articles
    passages = sum(p.length == STANDARD for article in articles for p in article.passages)
    return str(len(articles)), str(passages)


def remark(outcome: Outcome) -> str:
    """Return why it did not go in, or what should be known besides; empty where nothing is to be said."""
    same = "the same bytes went in before" if outcome.status == "duplicate" else ""
    return outcome.error or outcome.note or same


def outlook(session: Session, name: str, outcomes: list[Outcome]) -> Iterator[str]:
    """Yield what became of the collection, what readers will see of it, and what to do next."""
    counts = Counter(outcome.status for outcome in outcomes)
    said = ", ".join(f"{number} {status}" for status, number in counts.items())
    collection = session.scalar(select(Collection).where(Collection.name == name))
    if collection is None:
        yield f"Nothing went in: {said}."
        return
    yield f"Collection “{name}” ({collection.visibility}): {said}."
    plans = session.scalars(select(Plan).where(Plan.collection_id == collection.id).order_by(Plan.id)).all()
    readers = [count_subscribers(session, plan) for plan in plans]
    for plan, number in zip(plans, readers, strict=True):
        passages, readers_said = (
            count(count_passages(session, plan), "passage"),
            count(number, "subscription"),
        )
        yield f"Plan “{plan.name}”: {passages}, {IN_ORDER[plan.order]}, {readers_said}."
    yield NEXT_FOR_READERS if any(readers) else NEXT
