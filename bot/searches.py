"""Searches whose pages can be turned. A session goes in, a value comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.models import SearchMixin, SearchSession
from bot.passages import find_parts
from bot.render.results import HITS_PER_PAGE, KeptSearch, Narrowing, ResultsView, SearchesView
from bot.saved import find_same, recent_of, saved_of
from content.models import Collection as CollectionRow
from content.models import Document, readable
from content.search import (
    QUERY_CHARS,
    Facets,
    Hits,
    Query,
    count_facets,
    describe,
    find_matches_in,
    narrow,
    offer_places,
    parse_query,
    search,
)
from content.titles import title_documents

KEEP = dt.timedelta(days=30)
"""How long the pages of a search can be turned: far longer than anyone scrolls back."""


def open_search(
    session: Session,
    chat_id: int,
    user_id: int,
    query: str,
    now: dt.datetime,
    like: SearchMixin | None = None,
) -> SearchSession:
    """Return a new search of this person in this chat, narrowed and ordered `like` another; old ones go.

    One character more is kept than is used, so that later pages know as well that the query was too long.
    """
    session.execute(delete(SearchSession).where(SearchSession.created_at < now - KEEP))
    typed = " ".join(query.split())[: QUERY_CHARS + 1]
    opened = SearchSession(chat_id=chat_id, user_id=user_id, query=typed, created_at=now)
    if like is not None:
        opened.document_id, opened.year, opened.order = like.document_id, like.year, like.order
    session.add(opened)
    session.flush()
    return opened


def find_search(session: Session, search_id: int, chat_id: int) -> SearchSession | None:
    """Return the search if it was made in this chat and is still known."""
    found = session.get(SearchSession, search_id)
    return found if found is not None and found.chat_id == chat_id else None


def view_results(
    session: Session, opened: SearchSession, page: int, visibilities: Collection[str]
) -> ResultsView:
    """Return a page of the search's hits, the last one where there are not so many any more.

    QueryError where there is nothing to look for.
    """
    query = _asked(opened)
    hits = _find(session, opened, query, page, visibilities)
    last = max(0, -(-hits.total // HITS_PER_PAGE) - 1)
    is_beyond = page > last
    if is_beyond:
        page, hits = last, _find(session, opened, query, last, visibilities)
    return ResultsView(
        search_id=opened.id,
        asked=describe(parse_query(opened.query)),
        page=page,
        total=hits.total,
        documents=hits.documents,
        hits=hits.hits,
        parts=find_parts(session, [hit.passage_id for hit in hits.hits]),
        is_capped=hits.is_capped,
        narrowing=find_narrowing(session, opened, visibilities),
        order="date" if opened.order == "date" else "relevance",
        is_saved=find_same(session, opened) is not None,
        is_beyond=is_beyond,
        is_common=query.is_common,
        relaxed=hits.relaxed,
        nearest=hits.nearest,
        corrected=hits.corrected,
        suggestions=hits.suggestions,
        offered=() if hits.total else offer_places(session, query, tuple(visibilities)),
        used_chars=QUERY_CHARS if query.truncated else None,
    )


def find_suggestions(
    session: Session, opened: SearchSession, visibilities: Collection[str]
) -> tuple[str, ...]:
    """Return what may have been meant by the search, in the order in which its results offer it."""
    return _find(session, opened, _asked(opened), 0, visibilities).suggestions


def view_facets(session: Session, opened: SearchSession, visibilities: Collection[str]) -> Facets:
    """Return what the search's hits can be narrowed to, the documents by their titles."""
    facets = count_facets(session, _answered(session, opened, visibilities), tuple(visibilities))
    titles = title_documents(session, [document.document_id for document in facets.documents])
    titled = [each._replace(name=titles[each.document_id]) for each in facets.documents]
    return replace(facets, documents=tuple(titled))


def view_searches(
    session: Session, user_id: int, chat_id: int, visibilities: Collection[str]
) -> SearchesView:
    """Return what the person saved, and what else he looked for in this chat lately."""

    def kept(row: SearchMixin) -> KeptSearch:
        return KeptSearch(row.id, row.query, find_narrowing(session, row, visibilities))

    recent = recent_of(session, user_id, chat_id)
    return SearchesView(tuple(map(kept, saved_of(session, user_id))), tuple(map(kept, recent)))


def find_marks(
    session: Session, opened: SearchSession, text: str, visibilities: Collection[str]
) -> tuple[tuple[int, int], ...]:
    """Return the spans of a hit's text that have what was looked for, or what was looked for instead."""
    marks = find_matches_in(text, _asked(opened))
    return marks or find_matches_in(text, _answered(session, opened, visibilities))


def find_narrowing(session: Session, row: SearchMixin, visibilities: Collection[str]) -> Narrowing:
    """Return what the search is narrowed to, in names."""
    if row.document_id is None:
        return Narrowing(year=row.year)
    return Narrowing(find_document_title(session, row.document_id, visibilities) or "", row.year)


def find_document_title(session: Session, document_id: int, visibilities: Collection[str]) -> str | None:
    """Return the document's title; None where it is gone or not for this reader."""
    found = select(Document.id).join(CollectionRow, CollectionRow.id == Document.collection_id)
    if session.scalar(found.where(Document.id == document_id, readable(visibilities))) is None:
        return None
    return title_documents(session, [document_id])[document_id]


def count_readable(session: Session, visibilities: Collection[str]) -> int:
    """Return how many documents this reader may read."""
    found = select(func.count(Document.id)).join(Document.collection).where(readable(visibilities))
    return session.scalar(found) or 0


def _asked(opened: SearchSession, text: str | None = None) -> Query:
    return narrow(parse_query(text or opened.query), opened.document_id, opened.year)


def _answered(session: Session, opened: SearchSession, visibilities: Collection[str]) -> Query:
    """Return the query that the search's hits answer: what was asked for, or what was found instead."""
    query = _asked(opened)
    return _asked(opened, _find(session, opened, query, 0, visibilities).corrected)


def _find(
    session: Session, opened: SearchSession, query: Query, page: int, visibilities: Collection[str]
) -> Hits:
    return search(
        session,
        query,
        limit=HITS_PER_PAGE,
        offset=page * HITS_PER_PAGE,
        visibilities=tuple(visibilities),
        order="date" if opened.order == "date" else "relevance",
    )
