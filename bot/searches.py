"""Searches whose pages can be turned. A session goes in, a value comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.models import SearchSession
from bot.passages import find_parts
from bot.render.search import HITS_PER_PAGE
from bot.render.values import ResultsView
from content.models import Document, readable
from content.search import QUERY_CHARS, find_matches_in, parse_query, search

KEEP = dt.timedelta(days=30)
"""How long the pages of a search can be turned: far longer than anyone scrolls back."""


def open_search(session: Session, chat_id: int, user_id: int, query: str, now: dt.datetime) -> SearchSession:
    """Return a new search of this person in this chat; old ones are cleared away.

    One character more is kept than is used, so that later pages know as well that the query was too long.
    """
    session.execute(delete(SearchSession).where(SearchSession.created_at < now - KEEP))
    typed = " ".join(query.split())[: QUERY_CHARS + 1]
    opened = SearchSession(chat_id=chat_id, user_id=user_id, query=typed, created_at=now)
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
    """Return a page of the search's hits; QueryError where there is nothing to look for."""
    query = parse_query(opened.query)
    hits = search(
        session, query, limit=HITS_PER_PAGE, offset=page * HITS_PER_PAGE, visibilities=tuple(visibilities)
    )
    return ResultsView(
        search_id=opened.id,
        query=query.text,
        page=page,
        total=hits.total,
        documents=hits.documents,
        hits=hits.hits,
        parts=find_parts(session, [hit.passage_id for hit in hits.hits]),
        is_common=query.is_common,
        relaxed=hits.relaxed,
        corrected=hits.corrected,
        used_chars=QUERY_CHARS if query.truncated else None,
    )


def find_marks(
    session: Session, opened: SearchSession, text: str, visibilities: Collection[str]
) -> tuple[tuple[int, int], ...]:
    """Return the spans of a hit's text that have what was looked for, or what was looked for instead."""
    query = parse_query(opened.query)
    marks = find_matches_in(text, query)
    if marks:
        return marks
    corrected = search(session, query, limit=1, visibilities=tuple(visibilities)).corrected
    return find_matches_in(text, parse_query(corrected)) if corrected else ()


def count_readable(session: Session, visibilities: Collection[str]) -> int:
    """Return how many documents this reader may read."""
    found = select(func.count(Document.id)).join(Document.collection).where(readable(visibilities))
    return session.scalar(found) or 0
