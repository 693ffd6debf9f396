"""`rizhi search QUERY`: the corpus' own search, from the command line."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from bot.commands import count, opened
from bot.settings import Settings
from content.models import VISIBILITIES
from content.search import Hit, parse_query
from content.search import search as search_corpus


@click.command()
@click.argument("query")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Hits to print.")
@click.option("--offset", default=0, show_default=True, type=click.IntRange(0), help="Hits to leave out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def search(settings: Settings, query: str, limit: int, offset: int, as_json: bool) -> None:
    """Search all collections."""
    parsed = parse_query(query)
    with opened(settings) as database:
        hits = database.run_read(
            lambda session: search_corpus(
                session, parsed, limit=limit, offset=offset, visibilities=VISIBILITIES
            )
        )
    if as_json:
        found = {"total": hits.total, "hits": [hit_as_json(hit) for hit in hits.hits]}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console()
    console.print(f"{count(hits.total, 'passage')} in {count(hits.documents, 'document')}")
    for number, hit in enumerate(hits.hits, offset + 1):
        console.print(f"\n{number}. {hit.article}", style="bold", highlight=False, markup=False)
        console.print(marked(hit))


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
