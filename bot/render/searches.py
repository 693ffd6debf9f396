"""/search without words: how to ask, and searches to be made again."""

from __future__ import annotations

from bot.render.asked import document_name, year_name
from bot.render.markup import join, shorten
from bot.render.message import Button, Message, press, row, rows
from bot.render.results import KeptSearch, SearchesView
from bot.render.texts import Texts

LABEL_UNITS = 26


def render_searches(view: SearchesView, texts: Texts) -> Message:
    """Return how to search, and the searches that can be made again as buttons."""
    ways = [texts.html("search.usage"), texts.html("search.syntax")]
    saved = [row(press(f"⭐ {_label(search, texts)}", "saved", search.number)) for search in view.saved]
    recent = [
        row(press(f"🕘 {_label(search, texts)}", "results", search.number, 0)) for search in view.recent
    ]
    kept = texts.html("search.again") if saved or recent else ""
    return Message(join("\n\n", [*ways, kept]), rows(*saved, *recent, _tidy(view, texts)))


def render_tidying(view: SearchesView, texts: Texts) -> Message:
    """Return the saved searches, each a button that removes it."""
    saved = [row(press(f"🗑 {_label(search, texts)}", "drop_saved", search.number)) for search in view.saved]
    ask = texts.html("search.tidy" if saved else "search.tidied")
    return Message(ask, rows(*saved, row(press(texts("button.searches"), "searches"))))


def _tidy(view: SearchesView, texts: Texts) -> tuple[Button, ...]:
    return row(press(texts("button.tidy"), "tidy")) if view.saved else ()


def _label(search: KeptSearch, texts: Texts) -> str:
    document, year = search.narrowing.document, search.narrowing.year
    parts = [
        search.query,
        document_name(document, texts) if document is not None else "",
        year_name(year, texts) if year is not None else "",
    ]
    return shorten(" · ".join(filter(None, parts)), LABEL_UNITS)
