"""Narrowing a search: the buttons under its hits, and the lists of documents and years to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.render.asked import document_name, year_name
from bot.render.markup import join, shorten
from bot.render.message import Button, Message, grid, press, row, rows
from bot.render.results import ResultsView
from bot.render.texts import Texts

if TYPE_CHECKING:
    from content.search import Facets

CHIP_UNITS = 9
"""Width of a name on a button that shares its row with another."""
DOCUMENT_UNITS = 24
DOCUMENTS_PER_PAGE = 8
YEARS_PER_PAGE = 24
YEARS_IN_A_ROW = 3


def narrowing_rows(view: ResultsView, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons that narrow the search, put it in another order, and save it."""
    return rows(
        row(_document_button(view, texts), _year_button(view, texts)),
        row(_order_button(view, texts), _save_button(view, texts)),
    )


def widening_row(view: ResultsView, texts: Texts) -> tuple[Button, ...]:
    """Return the buttons that take back what the search was narrowed to."""
    document = _document_button(view, texts) if view.narrowing.document is not None else None
    return row(document, _year_button(view, texts) if view.narrowing.year is not None else None)


def render_documents(search_id: int, facets: Facets, page: int, texts: Texts) -> Message:
    """Return the documents that the search has hits in, the fullest first: a tap narrows it to one."""
    buttons = [
        press(
            _counted(shorten(name, DOCUMENT_UNITS), passages, facets),
            "in_document",
            search_id,
            document_id,
        )
        for document_id, name, passages in facets.documents
    ]
    shown, pager = _page(buttons, page, DOCUMENTS_PER_PAGE, "by_document", search_id)
    return _list("search.by_document", facets, texts, (*grid(shown, 1), pager, _back(search_id, texts)))


def render_years(search_id: int, facets: Facets, page: int, texts: Texts) -> Message:
    """Return the years that the search has hits of, the latest first: a tap narrows it to one."""
    buttons = [
        press(
            _counted(str(year) if year else texts("search.undated"), passages, facets),
            "in_year",
            search_id,
            year or 0,
        )
        for year, passages in facets.years
    ]
    shown, pager = _page(buttons, page, YEARS_PER_PAGE, "by_year", search_id)
    years = grid(shown, YEARS_IN_A_ROW)
    return _list("search.by_year", facets, texts, (*years, pager, _back(search_id, texts)))


def _document_button(view: ResultsView, texts: Texts) -> Button | None:
    name = view.narrowing.document
    if name is not None:
        return press(f"✖ {shorten(document_name(name, texts), CHIP_UNITS)}", "any_document", view.search_id)
    is_one = view.documents == 1 and not view.is_capped
    return (
        None
        if is_one or _is_partial(view)
        else press(texts("button.by_document"), "by_document", view.search_id, 0)
    )


def _year_button(view: ResultsView, texts: Texts) -> Button | None:
    year = view.narrowing.year
    if year is not None:
        return press(f"✖ {year_name(year, texts)}", "any_year", view.search_id)
    return (
        None
        if _is_of_one_year(view) or _is_partial(view)
        else press(texts("button.by_year"), "by_year", view.search_id, 0)
    )


def _is_of_one_year(view: ResultsView) -> bool:
    """Return whether all hits are known to be of one year: it was asked for, or they are all on this page."""
    since, until = view.asked.since, view.asked.until
    if since and until and since.year == until.year:
        return True
    years = {hit.date.year if hit.date else None for hit in view.hits}
    return len(view.hits) == view.total and len(years) == 1


def _order_button(view: ResultsView, texts: Texts) -> Button | None:
    """Return the button for the other order; a search without words is by date, whatever is asked for."""
    has_words = view.asked.wanted or view.asked.phrases
    if view.total == 1 or _is_partial(view) or not has_words:
        return None
    by_date = view.order == "date"
    key = "button.best_first" if by_date else "button.latest_first"
    return press(texts(key), "in_order", view.search_id, int(not by_date))


def _is_partial(view: ResultsView) -> bool:
    """Return whether these have only a part of what was asked for: they are neither counted nor sorted."""
    return view.relaxed and not view.corrected


def _save_button(view: ResultsView, texts: Texts) -> Button:
    key, name = ("button.saved", "unsave") if view.is_saved else ("button.save", "save")
    return press(texts(key), name, view.search_id, view.page)


def _counted(name: str, passages: int, facets: Facets) -> str:
    return f"{name} · {passages}{'+' if facets.is_capped else ''}"


def _list(key: str, facets: Facets, texts: Texts, buttons: Sequence[tuple[Button, ...]]) -> Message:
    note = texts.html("search.newest_counted") if facets.is_capped else ""
    return Message(join("\n", [texts.html(key), note]), rows(*buttons))


def _page(
    buttons: Sequence[Button], page: int, size: int, name: str, search_id: int
) -> tuple[Sequence[Button], tuple[Button, ...]]:
    """Return the buttons of that page, or of the last where there are not so many, and the pager."""
    pages = max(1, -(-len(buttons) // size))
    page = min(page, pages - 1)
    back = press("‹", name, search_id, page - 1) if page else None
    on = press("›", name, search_id, page + 1) if page + 1 < pages else None
    middle = press(f"{page + 1} / {pages}", "page", page + 1, pages) if pages > 1 else None
    return buttons[page * size : (page + 1) * size], row(back, middle, on)


def _back(search_id: int, texts: Texts) -> tuple[Button, ...]:
    return row(press(texts("button.back"), "results", search_id, 0))
