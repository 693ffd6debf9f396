"""`rizhi search QUERY`: the corpus' own search, from the command line."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy import exists, select

from bot.commands import count, opened
from bot.settings import Settings
from content.models import VISIBILITIES, Document
from content.search import QUERY_CHARS, Hit, Hits, parse_query
from content.search import search as search_corpus

SHORTENED = "Only the first {n} characters of the query were used."
NOTHING = "Nothing was found. Try fewer or other words, without quotes, minus or in:."
EMPTY = "The corpus is empty; import something first: rizhi import FOLDER"


@click.command()
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Hits to print.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Hits to leave out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def search(settings: Settings, words: tuple[str, ...], limit: int, offset: int, as_json: bool) -> None:
    """Search all collections.

    A query is words, "an exact phrase", -excluded words, in:document. To find nothing is no failure.
    """
    parsed = parse_query(" ".join(words))
    if parsed.truncated:
        click.echo(SHORTENED.format(n=QUERY_CHARS), err=True)
    with opened(settings) as database:
        hits = database.run_read(
            lambda session: search_corpus(
                session, parsed, limit=limit, offset=offset, visibilities=VISIBILITIES
            )
        )
        is_empty = not database.run_read(
            lambda session: session.scalar(select(exists().where(Document.visible)))
        )
    if as_json:
        found = {"total": hits.total, "hits": [hit_as_json(hit) for hit in hits.hits]}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if is_empty:
        click.echo(EMPTY)
        return
    show(hits, offset)


def show(hits: Hits, offset: int) -> None:
    """Print the hits for a person."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not hits.total:
        console.print(NOTHING)
        return
    console.print(f"{count(hits.total, 'passage')} in {count(hits.documents, 'document')}")
    if hits.corrected:
        console.print(f"No passage has it as it stands; these are the hits for “{hits.corrected}”.")
    elif hits.relaxed:
        console.print("No passage has all of it; these have parts of it.")
    for number, hit in enumerate(hits.hits, offset + 1):
        console.print(f"\n{number}. {hit.article}", style="bold")
        console.print(origin(hit), style="dim")
        console.print(marked(hit))
    shown = offset + len(hits.hits)
    if not hits.hits:
        console.print(f"There is no hit after the first {hits.total}.")
    elif shown < hits.total:
        console.print(f"\nMore: --offset {shown}")


def origin(hit: Hit) -> str:
    """Return where the hit comes from: file, date, section and clause, as far as they are known."""
    date = hit.date.isoformat() if hit.date else None
    return " · ".join(filter(None, (hit.document, date, hit.section, hit.clause)))


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
