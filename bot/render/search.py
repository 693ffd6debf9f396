"""What a search says: a page of hits, nothing found, how to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from bot.render.citation import titled
from bot.render.markup import Html, bold, highlighted, italic, join, shorten
from bot.render.message import Button, Message, press, row, rows
from bot.render.passage import part_name
from bot.render.texts import Texts
from bot.render.values import Part, ResultsView

if TYPE_CHECKING:
    from content.search import Hit

HITS_PER_PAGE = 5
"""What a phone shows without much scrolling; their numbers fit in one row of buttons."""
QUERY_UNITS = 30
TITLE_UNITS = 40
SNIPPET_CHARS = 200
"""Far above what a snippet has; a bound for the message's length."""
HIGHLIGHTS_PER_HIT = 3
MARKS = re.compile(r"[\"“”]|(?:^|\s)(?:-|(?:in|section|since|until)[:：])", re.IGNORECASE)
"""What narrows a search: where nothing is found, it is the first thing to leave out."""


def render_hits(view: ResultsView, texts: Texts) -> Message:
    """Return a page of hits, at least one, with their numbers as buttons and a pager.

    Hits of one article stand together under its title, where the best of them would stand.
    """
    notes = [
        italic(texts("search.common")) if view.is_common else "",
        _instead(view, texts),
        _shortened(view.used_chars, texts),
    ]
    first = view.page * HITS_PER_PAGE + 1
    articles = _by_article(view.hits)
    numbered = list(enumerate(chain.from_iterable(articles), first))
    numbers = {hit.passage_id: number for number, hit in numbered}
    found = [_article(hits, view, numbers, texts) for hits in articles]
    return Message(
        join("\n\n", [join("\n", [_count(view, texts), *notes]), *found]),
        rows(_number_row(view, numbered), _pager(view, texts)),
    )


def render_no_hits(query: str, documents: int, texts: Texts, used_chars: int | None = None) -> Message:
    """Return what to say when nothing was found in the `documents` that the reader may read.

    `used_chars` says how much of the query was used, where it was too long.
    """
    if not documents:
        return Message(texts.html("search.no_documents"))
    found = texts("count.documents", n=documents)
    key = "search.none_with_marks" if MARKS.search(query) else "search.none"
    none = texts.html(key, query=shorten(query, QUERY_UNITS), documents=found)
    return Message(join("\n", [none, _shortened(used_chars, texts)]))


def render_usage(texts: Texts) -> Message:
    """Return how to search: the answer to a search without words."""
    return Message(join("\n\n", [texts.html("search.usage"), texts.html("search.syntax")]))


def _shortened(used_chars: int | None, texts: Texts) -> str:
    return italic(texts("search.shortened", n=used_chars)) if used_chars else ""


def _instead(view: ResultsView, texts: Texts) -> str:
    """Return what these hits have where no passage has what was typed; nothing where one has it."""
    if view.corrected:
        return italic(texts("search.corrected", query=shorten(view.corrected, QUERY_UNITS)))
    return italic(texts("search.relaxed")) if view.relaxed else ""


def _count(view: ResultsView, texts: Texts) -> Html:
    counts = [texts("count.hits", n=view.total), texts("count.documents", n=view.documents)]
    return join(" · ", [Html(f"🔍 {bold(shorten(view.query, QUERY_UNITS))}"), *counts])


def _by_article(hits: Sequence[Hit]) -> list[list[Hit]]:
    articles: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        articles.setdefault((hit.place.document_id, hit.place.article), []).append(hit)
    return list(articles.values())


def _article(hits: Sequence[Hit], view: ResultsView, numbers: Mapping[int, int], texts: Texts) -> Html:
    title = titled(shorten(hits[0].article, TITLE_UNITS), texts)
    date = hits[0].date.isoformat() if hits[0].date else ""
    lines = [_hit(numbers[hit.passage_id], hit, view.parts[hit.passage_id], texts) for hit in hits]
    return join("\n", [join(" · ", [title, date]), *lines])


def _hit(number: int, hit: Hit, part: Part, texts: Texts) -> Html:
    text = hit.snippet.text[:SNIPPET_CHARS].replace("\n", " ")
    snippet = highlighted(text, hit.snippet.highlights, HIGHLIGHTS_PER_HIT)
    where = hit.clause or part_name(part, texts)
    return join(" ", [bold(number), italic(where) if where else "", snippet])


def _number_row(view: ResultsView, numbered: Sequence[tuple[int, Hit]]) -> tuple[Button, ...]:
    return row(
        *(press(str(number), "hit", view.search_id, hit.passage_id, view.page) for number, hit in numbered)
    )


def _pager(view: ResultsView, texts: Texts) -> tuple[Button, ...]:
    pages = -(-view.total // HITS_PER_PAGE)
    if pages < 2:
        return ()
    back = press("‹", "results", view.search_id, view.page - 1) if view.page else None
    on = press("›", "results", view.search_id, view.page + 1) if view.page + 1 < pages else None
    return row(back, press(f"{view.page + 1} / {pages}", "page", view.page + 1, pages), on)
