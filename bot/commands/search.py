"""`rizhi search QUERY`: the corpus' own search, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.commands import count, opened
from bot.settings import Settings
from content.models import VISIBILITIES, Document
from content.search import (
    QUERY_CHARS,
    Description,
    Facets,
    Hit,
    Hits,
    Order,
    count_facets,
    describe,
    offer_places,
    parse_query,
)
from content.search import search as search_corpus
from content.tokens import warm_up

SHORTENED = "Only the first {n} characters of the query were used."
NOTHING = "Nothing was found. Try fewer or other words, without quotes, minus or in:."
DASHED = "A query with -words goes behind two dashes: rizhi search -- wanted -unwanted"
EMPTY = "The corpus is empty; import something first: rizhi import FOLDER"


class _Searching(click.Command):
    """Says how a query is typed that begins with what a shell's commands take for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise click.UsageError(f"{error.format_message()} {DASHED}", ctx) from None


@click.command(cls=_Searching)
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Hits to print.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Hits to leave out.")
@click.option("--by-date", is_flag=True, help="The latest first, not the best.")
@click.option("--facets", is_flag=True, help="Count the hits by document and by year as well.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def search(
    settings: Settings,
    words: tuple[str, ...],
    limit: int,
    offset: int,
    by_date: bool,
    facets: bool,
    as_json: bool,
) -> None:
    """Search all collections.

    A query is words, "an exact phrase", -excluded words (the query behind --), in:document. To find nothing
    is no failure.
    """
    warm_up()
    parsed = parse_query(" ".join(words))
    if parsed.truncated:
        click.echo(SHORTENED.format(n=QUERY_CHARS), err=True)
    order: Order = "date" if by_date else "relevance"

    def find(session: Session) -> tuple[Hits, Facets | None, tuple[str, ...], bool]:
        hits = search_corpus(
            session, parsed, limit=limit, offset=offset, visibilities=VISIBILITIES, order=order
        )
        answered = parse_query(hits.corrected) if hits.corrected else parsed
        counted = count_facets(session, answered, VISIBILITIES) if facets else None
        offered = () if hits.total else offer_places(session, parsed, VISIBILITIES)
        return hits, counted, offered, bool(session.scalar(select(exists().where(Document.visible))))

    with opened(settings) as database:
        hits, counted, offered, has_documents = database.run_read(find)
    if as_json:
        click.echo(json.dumps(as_object(hits, counted), ensure_ascii=False))
    elif not has_documents:
        click.echo(EMPTY)
    else:
        show(describe(parsed), hits, counted, offset)
        if offered:
            click.echo(f"Nothing is called what in: names; there are, among others: {', '.join(offered)}")


def show(asked: Description, hits: Hits, facets: Facets | None, offset: int) -> None:
    """Print the hits for a person."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in (*understood(asked), *found(hits)):
        console.print(line)
    for line in counts(facets) if facets else ():
        console.print(line, style="dim")
    for number, hit in enumerate(hits.hits, offset + 1):
        console.print(f"\n{number}. {hit.article}", style="bold")
        console.print(origin(hit), style="dim")
        console.print(marked(hit))
    shown = offset + len(hits.hits)
    if hits.total and not hits.hits:
        console.print(f"There is no hit after the first {hits.total}.")
    elif shown < hits.total:
        console.print(f"\nMore: --offset {shown}")


def understood(asked: Description) -> Iterator[str]:
    """Yield how the query was understood, where it is more than words."""
    conditions = {
        "Phrases": asked.phrases,
        "Without": asked.excluded,
        "Only in": asked.places,
        "Sections": asked.sections,
        "Since": (asked.since.isoformat(),) if asked.since else (),
        "Until": (asked.until.isoformat(),) if asked.until else (),
        "No such date, ignored": asked.unknown_dates,
    }
    said = [f"{name}: {', '.join(parts)}" for name, parts in conditions.items() if parts]
    if said:
        yield " · ".join(said)


def found(hits: Hits) -> Iterator[str]:
    """Yield how much was found, and what was found or may have been meant instead."""
    if not hits.total:
        yield NOTHING
    else:
        most = "more than " if hits.is_capped else ""
        documents = "" if hits.documents is None else f" in {most}{count(hits.documents, 'document')}"
        yield f"{most}{count(hits.total, 'passage')}{documents}"
    if hits.corrected:
        yield f"No passage has it as it stands; these are the hits for “{hits.corrected}”."
    elif hits.relaxed and hits.nearest:
        yield f"No passage has all of it; the nearest has “{hits.nearest}”."
    elif hits.relaxed:
        yield "No passage has all of it; these have parts of it."
    others = [other for other in hits.suggestions if other != hits.corrected]
    if others:
        yield f"Did you mean: {', '.join(others)}"


def counts(facets: Facets) -> Iterator[str]:
    """Yield the documents and the years with their numbers of passages."""
    if facets.is_capped:
        yield "Of so many passages only those added last are counted:"
    for _, name, passages in facets.documents:
        yield f"{passages:>7}  {name}"
    for year, passages in facets.years:
        yield f"{passages:>7}  {year or 'undated'}"


def origin(hit: Hit) -> str:
    """Return where the hit comes from: file, date, section and clause, as far as they are known; and whether
    only its titles have what was sought."""
    date = hit.date.isoformat() if hit.date else None
    by_title = "in the title" if hit.is_by_title else None
    return " · ".join(filter(None, (hit.document, date, hit.section, hit.clause, by_title)))


def as_object(hits: Hits, facets: Facets | None) -> dict[str, Any]:
    """Return what was found as other programs read it."""
    return {
        "total": hits.total,
        "documents": hits.documents,
        "more": hits.is_capped,
        "corrected": hits.corrected,
        "suggestions": list(hits.suggestions),
        **({"facets": facets_as_json(facets)} if facets else {}),
        "hits": [hit_as_json(hit) for hit in hits.hits],
    }


def facets_as_json(facets: Facets) -> dict[str, Any]:
    """Return the counts as other programs read them; the year of undated articles is null."""
    return {
        "more": facets.is_capped,
        "documents": [[name, passages] for _, name, passages in facets.documents],
        "years": [list(each) for each in facets.years],
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as other programs read it; spans are half-open, in code points of the snippet's text."""
    return {
        "passage_id": hit.passage_id,
        "score": hit.score,
        "document": hit.document,
        "article": hit.article,
        "snippet": {
            "text": hit.snippet.text,
            "highlights": [[start, stop] for start, stop in hit.snippet.highlights],
        },
    }


def marked(hit: Hit) -> Text:
    """Return the snippet for a terminal, its highlights in bold."""
    text = Text(hit.snippet.text)
    for start, stop in hit.snippet.highlights:
        text.stylize("bold yellow", start, stop)
    return text
