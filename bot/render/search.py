"""What a search says: a page of hits, nothing found, how to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from bot.render.asked import ask_back, asked_for, has_conditions
from bot.render.citation import titled
from bot.render.markup import Html, bold, highlighted, italic, join, shorten
from bot.render.message import Button, Message, press, row, rows
from bot.render.narrowing import narrowing_rows, widening_row
from bot.render.passage import part_name
from bot.render.results import HITS_PER_PAGE, ResultsView
from bot.render.texts import Texts
from bot.render.values import Part

if TYPE_CHECKING:
    from content.search import Hit

QUERY_UNITS = 30
TITLE_UNITS = 36
ORIGIN_UNITS = 16
"""Width of a section and of a source."""
SUGGESTION_UNITS = 14
SNIPPET_CHARS = 200
"""Far above what a snippet has; a bound for the message's length."""
HIGHLIGHTS_PER_HIT = 8
"""With titles and numbers five hits stay below the hundred entities that Telegram shows in a message."""


def render_hits(view: ResultsView, texts: Texts) -> Message:
    """Return a page of hits, at least one, with their numbers as buttons, a pager, and ways to narrow it.

    Hits of one article stand together under its title, where the best of them would stand.
    """
    first = view.page * HITS_PER_PAGE + 1
    articles = _by_article(view.hits)
    numbered = list(enumerate(chain.from_iterable(articles), first))
    numbers = {hit.passage_id: number for number, hit in numbered}
    found = [_article(hits, view, numbers, texts) for hits in articles]
    return Message(
        join("\n\n", [join("\n", [_head(view, texts), *_notes(view, texts)]), *found]),
        rows(
            _number_row(view, numbered),
            _pager(view, texts),
            _suggested(view),
            *narrowing_rows(view, texts),
        ),
    )


def render_no_hits(view: ResultsView, documents: int, texts: Texts) -> Message:
    """Return what to say when nothing was found in the `documents` that the reader may read."""
    if not documents:
        return Message(texts.html("search.no_documents"))
    found = texts("count.documents", n=documents)
    key = "search.none_with_conditions" if has_conditions(view) else "search.none"
    none = texts.html(key, query=_query(view, texts), documents=found)
    why = _offering(view, texts) or none
    notes = [ask_back(view, texts), why, _suggesting(view, texts), _shortened(view, texts)]
    return Message(join("\n", notes), rows(_suggested(view), widening_row(view, texts)))


def _head(view: ResultsView, texts: Texts) -> Html:
    passages = texts("count.passages", n=view.total)
    documents = "" if view.documents is None else texts("count.documents", n=view.documents)
    order = texts("search.latest_first") if view.order == "date" else ""
    key = "search.found_more" if view.is_capped else "search.found"
    found = texts(key, passages=passages, documents=documents) if documents else passages
    return join(" · ", [Html(f"🔍 {bold(_query(view, texts))}"), found, order])


def _query(view: ResultsView, texts: Texts) -> str:
    return shorten(asked_for(view.asked, texts), QUERY_UNITS)


def _notes(view: ResultsView, texts: Texts) -> list[str]:
    return [
        ask_back(view, texts),
        italic(texts("search.common")) if view.is_common else "",
        _instead(view, texts),
        _suggesting(view, texts),
        _shortened(view, texts),
        italic(texts("search.beyond")) if view.is_beyond else "",
    ]


def _instead(view: ResultsView, texts: Texts) -> str:
    """Return what these hits have where no passage has what was typed; nothing where one has it."""
    if view.corrected:
        return italic(texts("search.corrected", query=shorten(view.corrected, QUERY_UNITS)))
    is_word = view.nearest in view.asked.wanted  # to have one of several words is to have some of them
    if view.relaxed and view.nearest and not is_word:
        return italic(texts("search.nearest", nearest=shorten(view.nearest, QUERY_UNITS)))
    return italic(texts("search.relaxed")) if view.relaxed else ""


def _suggesting(view: ResultsView, texts: Texts) -> str:
    others = [shorten(other, QUERY_UNITS) for _, other in _others(view)]
    return texts("search.suggestions", queries=texts("list.separator").join(others)) if others else ""


def _offering(view: ResultsView, texts: Texts) -> str:
    """Return what in: may name, where nothing is called what it names."""
    offered = [titled(shorten(title, TITLE_UNITS), texts) for title in view.offered]
    return (
        texts.html("search.no_such_place", offered=texts("list.separator").join(offered)) if offered else ""
    )


def _others(view: ResultsView) -> list[tuple[int, str]]:
    """Return the suggestions that these hits do not answer, each with its number."""
    return [(index, other) for index, other in enumerate(view.suggestions) if other != view.corrected]


def _suggested(view: ResultsView) -> tuple[Button, ...]:
    return row(
        *(
            press(f"🔎 {shorten(other, SUGGESTION_UNITS)}", "suggestion", view.search_id, index)
            for index, other in _others(view)
        )
    )


def _shortened(view: ResultsView, texts: Texts) -> str:
    return italic(texts("search.shortened", n=view.used_chars)) if view.used_chars else ""


def _by_article(hits: Sequence[Hit]) -> list[list[Hit]]:
    articles: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        articles.setdefault((hit.place.document_id, hit.place.article), []).append(hit)
    return list(articles.values())


def _article(hits: Sequence[Hit], view: ResultsView, numbers: Mapping[int, int], texts: Texts) -> Html:
    title = bold(titled(shorten(hits[0].article, TITLE_UNITS), texts))
    lines = [_hit(numbers[hit.passage_id], hit, view.parts[hit.passage_id], texts) for hit in hits]
    return join("\n", [title, _origin(hits[0]), *lines])


def _origin(hit: Hit) -> str:
    section, source = (shorten(part or "", ORIGIN_UNITS) for part in (hit.section, hit.source))
    known = join(" · ", [section, hit.date.isoformat() if hit.date else "", source])
    return italic(known) if known else ""


def _hit(number: int, hit: Hit, part: Part, texts: Texts) -> Html:
    text = hit.snippet.text[:SNIPPET_CHARS].replace("\n", " ")
    snippet = highlighted(text, hit.snippet.highlights, HIGHLIGHTS_PER_HIT)
    where = hit.clause or part_name(part, texts)
    by_title = italic(texts("search.in_title")) if hit.is_by_title else ""
    return join(" ", [bold(number), italic(where) if where else "", by_title, snippet])


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
