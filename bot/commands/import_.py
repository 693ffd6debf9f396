"""`rizhi import PATH…`: progress and a table for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path, PurePath
from typing import NamedTuple

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
from bot.commands.fetcher import pass_fetcher
from bot.commands.plan import count_subscribers
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
LISTED = 500
"""Documents of which each has a row in the table; of more, those with a remark."""
NAMED = 10
"""Files left out that are named; of more, the number."""
IN_ORDER = {"sequence": "in sequence", "date": "by date", "shuffled": "shuffled"}
NEXT = "Next: rizhi preview shows the coming digests, rizhi run sends them."
STOPPED = "Stopped after {done} of {all} documents. The same command goes on from there."
INTERRUPTED = 130
"""What a command ends with that Ctrl-C stopped: 128 and the number of the signal."""
NEXT_FOR_READERS = "Readers get what is new in its turn, with their coming digests, while rizhi run runs."
LOST = "something of it may be lost"
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
        lines = take_in(settings, files, name, visibility, partial(prepare_in, child), dry_run, as_json)
    if len(lines) < len(files):
        click.echo(STOPPED.format(done=len(lines), all=len(files)), err=True)
        sys.exit(INTERRUPTED)
    if any(line.status == "failed" for line in lines):
        sys.exit(1)


def take_in(
    settings: Settings,
    files: list[Source],
    name: str,
    visibility: str | None,
    prepare: Prepare,
    dry_run: bool,
    as_json: bool,
) -> list[Line]:
    """Import the files, or rehearse it, and return the outcomes, which have been shown.

    They are fewer than the files where Ctrl-C stopped it; nothing is half imported then.
    """
    if dry_run:
        lines = report(rehearse(files, prepare), files, as_json)
        click.echo(DRY_RUN, err=True)
    else:
        with opened(settings) as database:
            importer = Importer(database, name, visibility, Clock().now(), prepare)
            lines = report(importer.import_files(files), files, as_json, importer)
            if len(lines) < len(files):
                importer.clear_away()
            if not as_json:
                click.echo("\n".join(database.run_read(lambda session: outlook(session, name, lines))))
    return lines


def say_what_is_left_out(paths: list[Path]) -> None:
    """Name the files of kinds that are not read, as far as a person may have meant them as documents."""
    others = [name for name in left_out(paths) if PurePath(name).suffix.lower() not in NO_DOCUMENTS]
    if others:
        more = f" and {len(others) - NAMED} others" if len(others) > NAMED else ""
        click.echo(f"Left out, of no kind that is read: {', '.join(others[:NAMED])}{more}", err=True)


def report(
    outcomes: Generator[Outcome, None, None],
    files: list[Source],
    as_json: bool,
    importer: Importer | None = None,
) -> list[Line]:
    """Show the outcomes as they come, up to Ctrl-C, and return a line for each."""
    errors = Console(stderr=True)
    done: list[Line] = []
    progress = Progress(console=errors, transient=True, disable=not errors.is_terminal)
    with suppress(KeyboardInterrupt), closing(outcomes), progress:
        for outcome in progress.track(outcomes, total=len(files), description="Importing"):
            done.append(as_line(outcome))
            if as_json:
                line = outcome_as_json(outcome, importer.database if importer else None)
                click.echo(json.dumps(line, ensure_ascii=False))
            elif said := outcome.error or outcome.note:
                colour = "red" if outcome.error else "yellow"
                errors.print(f"[{colour}]{escape(outcome.name)}[/]: {escape(said)}", highlight=False)
    if not as_json:
        Console().print(table(worth_listing(done), is_rehearsal=importer is None))
    return done


class Line(NamedTuple):
    """What is kept of an outcome: of 10,000 documents not the texts."""

    document: str
    status: str
    articles: str
    passages: str
    remark: str


def as_line(outcome: Outcome) -> Line:
    """Return the outcome's line."""
    return Line(outcome.name, outcome.status, *sizes(outcome), remark(outcome))


def worth_listing(lines: list[Line]) -> list[Line]:
    """Return all lines, or of very many those of which there is something to say."""
    return lines if len(lines) <= LISTED else [line for line in lines if line.remark]


def table(lines: list[Line], *, is_rehearsal: bool) -> Table:
    """Return the table that ends an import: a row a document. Long names are folded, numbers never."""
    shown = Table()
    shown.add_column("Document", overflow="fold")
    shown.add_column("Outcome", no_wrap=True)
    shown.add_column("Articles", justify="right", no_wrap=True)
    shown.add_column("Passages", justify="right", no_wrap=True)
    if any(line.remark for line in lines):
        shown.add_column("Remark", overflow="fold")
    for line in lines:
        status = "can go in" if is_rehearsal and line.status == "imported" else line.status
        cells = line._replace(status=status)[: len(shown.columns)]
        shown.add_row(*map(escape, cells))
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
    return outcome.error or outcome.note or same or _loss(outcome)


def _loss(outcome: Outcome) -> str:
    """Return that the file lacks something, and where one sees what; empty where nothing is known of that."""
    if outcome.prepared is None or not outcome.prepared.doubts:
        return ""
    return f"{LOST}; see: rizhi docs show {outcome.document_id}" if outcome.document_id else LOST


def outlook(session: Session, name: str, lines: list[Line]) -> Iterator[str]:
    """Yield what became of the collection, what readers will see of it, and what to do next."""
    counts = Counter(line.status for line in lines)
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
