"""`rizhi docs …`: what was found in the documents, and correcting it; every change is shown first."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bot.child import Child
from bot.clock import Clock
from bot.commands import count, opened
from bot.curation import (
    Change,
    Held,
    apply,
    documents_in,
    find_changes,
    hold,
    prepare_anew,
    recut,
    take_out,
)
from bot.database import Database
from bot.limits import prepare_in
from bot.render.texts import Texts
from bot.settings import Settings
from bot.shelf import Known, list_documents, read_known
from content.corrections import (
    Correction,
    NoSuchPlace,
    merge_article,
    redate_article,
    retitle_article,
    split_article,
)
from content.models import STANDARD
from content.prepare import PreparedDocument
from content.structure import ArticleDraft

SURE = 0.8
"""A confidence below this is shown."""

WORDS = Texts("en")
"""The command line speaks English."""

Make = Callable[[Sequence[ArticleDraft]], Correction]
document_argument = click.argument("document", type=int)
article_argument = click.argument("article", type=click.IntRange(1))
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def docs() -> None:
    """See what was found in the documents, and correct it."""


@docs.command("list")
@click.pass_obj
def list_command(settings: Settings) -> None:
    """List the documents."""
    with opened(settings) as database:
        rows = database.run_read(list_documents)
    if not rows:
        click.echo("There is no document yet: rizhi import FOLDER")
        return
    shown = Table("No.")
    shown.add_column("Document", overflow="fold")
    shown.add_column("Collection", overflow="fold")
    for column in ("Articles", "Passages", "Doubts", "Corrected"):
        shown.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        numbers = (row.articles, row.passages, row.doubts, row.corrections)
        shown.add_row(str(row.id), escape(row.name), escape(row.collection), *map(str, numbers))
    Console().print(shown)


@docs.command("show")
@document_argument
@click.argument("article", type=click.IntRange(1), required=False)
@click.pass_obj
def show_command(settings: Settings, document: int, article: int | None) -> None:
    """Show a document's articles and what is in doubt, or the paragraphs of one ARTICLE."""
    with opened(settings) as database:
        known = known_document(database, document)
    if article is None:
        click.echo("\n".join(outline(known)))
        for doubt in known.doubts:
            click.echo(f"line {doubt.line}: {WORDS(f'doubt.{doubt.kind}')}: {doubt.text}")
        return
    for number, paragraph in enumerate(known_article(known, article).paragraphs, 1):
        click.echo(f"{number}. {paragraph.text}")


@docs.command("merge")
@document_argument
@article_argument
@yes_option
@click.pass_obj
def merge_command(settings: Settings, document: int, article: int, yes: bool) -> None:
    """Join ARTICLE to the one before it; its title stays as a heading."""
    change(settings, document, lambda drafts: merge_article(drafts, article - 1), yes)


@docs.command("split")
@document_argument
@article_argument
@click.argument("paragraph", type=click.IntRange(2))
@click.option("--title", help="The new article's title; the paragraph itself where none is given.")
@yes_option
@click.pass_obj
def split_command(
    settings: Settings, document: int, article: int, paragraph: int, title: str | None, yes: bool
) -> None:
    """Begin a new article at PARAGRAPH of ARTICLE (numbers as `docs show` gives them)."""

    def make(drafts: Sequence[ArticleDraft]) -> Correction:
        return split_article(drafts, article - 1, paragraph - 1, title)

    change(settings, document, make, yes)


@docs.command("retitle")
@document_argument
@article_argument
@click.argument("title")
@yes_option
@click.pass_obj
def retitle_command(settings: Settings, document: int, article: int, title: str, yes: bool) -> None:
    """Give ARTICLE another TITLE."""
    change(settings, document, lambda drafts: retitle_article(drafts, article - 1, title), yes)


@docs.command("redate")
@document_argument
@article_argument
@click.argument("date", type=click.DateTime(["%Y-%m-%d"]), required=False)
@yes_option
@click.pass_obj
def redate_command(
    settings: Settings, document: int, article: int, date: dt.datetime | None, yes: bool
) -> None:
    """Give ARTICLE another DATE (2026-03-02), or none where it is left out."""
    day = date.date() if date else None
    change(settings, document, lambda drafts: redate_article(drafts, article - 1, day), yes)


@docs.command("recut")
@click.argument("document", type=int, required=False)
@click.option("--collection", help="All documents of this collection.")
@yes_option
@click.pass_obj
def recut_command(settings: Settings, document: int | None, collection: str | None, yes: bool) -> None:
    """Read and cut a document, or a whole collection, anew by today's rules and words; corrections stay."""
    if (document is None) == (collection is None):
        raise click.UsageError("name a DOCUMENT or a --collection")
    if document is not None:
        change(settings, document, None, yes)
        return
    with opened(settings) as database:
        numbers = database.run_read(lambda session: documents_in(session, collection or ""))
        if not numbers:
            raise click.ClickException(f"there is no document in “{collection}”; see: rizhi docs list")
        ask(f"Cut {count(len(numbers), 'document')} anew?", yes)
        recut_all(database, numbers)


@docs.command("undo")
@document_argument
@yes_option
@click.pass_obj
def undo_command(settings: Settings, document: int, yes: bool) -> None:
    """Take back the last correction of the document."""
    with opened(settings) as database:
        held = held_document(database, document)
        if not held.corrections:
            raise click.ClickException("this document has no correction to take back")
        make_it(database, held, held.corrections[:-1], yes)


@docs.command("remove")
@document_argument
@yes_option
@click.pass_obj
def remove_command(settings: Settings, document: int, yes: bool) -> None:
    """Take the document out of the corpus. What readers have read stays on record."""
    with opened(settings) as database:
        known = known_document(database, document)
        ask(f"Remove “{known.name}” with {count(len(known.drafts), 'article')}?", yes)
        take_out(database, document)
    click.echo(f"“{known.name}” is removed.")


def change(settings: Settings, document: int, make: Make | None, yes: bool) -> None:
    """Make a correction, or none, and read the document anew."""
    with opened(settings) as database:
        held = held_document(database, document)
        try:
            more = [make(held.drafts)] if make else []
        except NoSuchPlace:
            raise click.ClickException(f"there is no such place; see: rizhi docs show {document}") from None
        make_it(database, held, [*held.corrections, *more], yes)


def recut_all(database: Database, numbers: Sequence[int]) -> None:
    """Cut the documents anew, one after the other, and say which could not be; exit with 1 for these."""
    errors = Console(stderr=True)
    left = 0
    progress = Progress(console=errors, transient=True, disable=not errors.is_terminal)
    with closing(Child()) as child, progress:
        for number in progress.track(numbers, description="Cutting anew"):
            reason = recut(database, number, partial(prepare_in, child), Clock().now())
            if reason:
                left += 1
                click.echo(f"{number}: {reason}", err=True)
    click.echo(f"{count(len(numbers) - left, 'document')} cut anew; readers keep their places.")
    if left:
        sys.exit(1)


def make_it(database: Database, held: Held, corrections: Sequence[Correction], yes: bool) -> None:
    """Show what the document becomes with these corrections, ask, and make it so."""
    with closing(Child()) as child:
        prepared = prepare_anew(database, held, corrections, partial(prepare_in, child))
    changes = find_changes(held.drafts, [article.draft for article in prepared.articles])
    for line in changes:
        click.echo(said(line))
    if not changes:
        click.echo("The articles stay as they are.")
    if prepared.homeless:
        click.echo(f"{count(len(prepared.homeless), 'correction')} found no place.", err=True)
    ask(f"Make it so? The document has {sizes(prepared)} then.", yes)
    apply(database, held, prepared, corrections, Clock().now())
    click.echo("Done; what people have read and where they are went along.")


def ask(question: str, yes: bool) -> None:
    """Ask, unless told not to, or where nobody is there to answer."""
    if not yes and sys.stdin.isatty():
        click.confirm(question, abort=True)


def known_document(database: Database, document: int) -> Known:
    """Return the document as it stands; ClickException where it is not there."""
    known = database.run_read(lambda session: read_known(session, document))
    if known is None:
        raise click.ClickException(f"there is no document {document}; see: rizhi docs list")
    return known


def held_document(database: Database, document: int) -> Held:
    """Return the document to correct; ClickException where it is not there, or has no original."""
    held = database.run_read(lambda session: hold(session, document))
    if held is None:
        name = known_document(database, document).name
        raise click.ClickException(
            f"the original of “{name}” was not kept, so it cannot be corrected; import the file again first"
        )
    return held


def known_article(known: Known, article: int) -> ArticleDraft:
    """Return the article of that number; ClickException where there is none."""
    if article > len(known.drafts):
        raise click.ClickException(f"“{known.name}” has {count(len(known.drafts), 'article')}")
    return known.drafts[article - 1]


def outline(known: Known) -> Iterator[str]:
    """Yield the document's articles, two lines each."""
    yield f"{known.name}: {count(len(known.drafts), 'article')}"
    for number, draft in enumerate(known.drafts, 1):
        sure = "" if draft.confidence >= SURE else f"{draft.confidence:.0%} sure"
        lines = f"lines {draft.first_line}–{draft.last_line}"
        date = str(draft.date or "")
        about = (draft.section, date, draft.source, lines, count(len(draft.paragraphs), "paragraph"), sure)
        yield f"{number:3}. {draft.title}"
        yield f"     {' · '.join(filter(None, about))}"


def said(line: Change) -> str:
    """Return the change in one line."""
    draft = line.draft
    sign = "+" if line.comes else "-"
    date = f", {draft.date}" if draft.date else ""
    return f"{sign} {line.number}. {draft.title}{date}, {count(len(draft.paragraphs), 'paragraph')}"


def sizes(prepared: PreparedDocument) -> str:
    """Return how many articles and passages there will be."""
    passages = sum(p.length == STANDARD for article in prepared.articles for p in article.passages)
    return f"{count(len(prepared.articles), 'article')} and {count(passages, 'passage')}"
