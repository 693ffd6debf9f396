"""Narrowing a search to a document or a year, taking that back, and putting its hits in another order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.handlers.context import Context, Tap, visibilities_of
from bot.handlers.search import own_search, results_button, show_search
from bot.models import SearchSession
from bot.render.message import Message
from bot.render.narrowing import render_documents, render_years
from bot.render.texts import Texts
from bot.searches import find_document_title, view_facets

Change = Callable[[Session, SearchSession], None]


async def by_document_button(context: Context, tap: Tap, search_id: int, page: int) -> None:
    """Offer the documents that the search has hits in."""

    def offer(session: Session, opened: SearchSession, texts: Texts) -> Message:
        facets = view_facets(session, opened, visibilities_of(session, context.services, tap.asker))
        return render_documents(search_id, facets, page, texts)

    await show_search(context, tap, search_id, offer)


async def by_year_button(context: Context, tap: Tap, search_id: int, page: int) -> None:
    """Offer the years that the search has hits of."""

    def offer(session: Session, opened: SearchSession, texts: Texts) -> Message:
        facets = view_facets(session, opened, visibilities_of(session, context.services, tap.asker))
        return render_years(search_id, facets, page, texts)

    await show_search(context, tap, search_id, offer)


async def in_document_button(context: Context, tap: Tap, search_id: int, document_id: int) -> None:
    """Narrow the search to a document; one that is gone, or not for this reader, changes nothing."""

    def narrow(session: Session, opened: SearchSession) -> None:
        visibilities = visibilities_of(session, context.services, tap.asker)
        if find_document_title(session, document_id, visibilities) is not None:
            opened.document_id = document_id

    await _change(context, tap, search_id, narrow)


async def any_document_button(context: Context, tap: Tap, search_id: int) -> None:
    """Search in all documents again."""

    def widen(session: Session, opened: SearchSession) -> None:
        opened.document_id = None

    await _change(context, tap, search_id, widen)


async def in_year_button(context: Context, tap: Tap, search_id: int, year: int) -> None:
    """Narrow the search to a year; one that no calendar has changes nothing."""

    def narrow(session: Session, opened: SearchSession) -> None:
        if year <= dt.MAXYEAR:
            opened.year = year

    await _change(context, tap, search_id, narrow)


async def any_year_button(context: Context, tap: Tap, search_id: int) -> None:
    """Search in all years again."""

    def widen(session: Session, opened: SearchSession) -> None:
        opened.year = None

    await _change(context, tap, search_id, widen)


async def in_order_button(context: Context, tap: Tap, search_id: int, by_date: int) -> None:
    """Put the hits in order of date, or the best first."""

    def sort(session: Session, opened: SearchSession) -> None:
        opened.order = "date" if by_date else "relevance"

    await _change(context, tap, search_id, sort)


async def _change(context: Context, tap: Tap, search_id: int, change: Change) -> None:
    """Change the search, if it is the asker's, and show its first page."""

    def write(session: Session) -> None:
        opened = own_search(session, tap.asker, search_id)
        if opened is not None:
            change(session, opened)

    await context.services.database.write(write)
    await results_button(context, tap, search_id, 0)
