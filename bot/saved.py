"""Searches that a person keeps, to look for the same again. A session goes in, a value comes out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from bot.models import SavedSearch, SearchMixin, SearchSession
from content.errors import EmptyQuery
from content.search import parse_query

MOST_SAVED = 20
"""Searches that a person can keep: as many buttons as a phone shows in two screens."""
MOST_RECENT = 5
LOOKED_AT = 40
"""The latest searches among which those of the last days are looked for: many are the same again."""


def save_search(session: Session, opened: SearchSession, now: dt.datetime) -> bool:
    """Keep the search as it is narrowed and ordered; return False where the person keeps too many already."""
    if find_same(session, opened) is not None:
        return True
    if count_saved(session, opened.user_id) >= MOST_SAVED:
        return False
    session.add(
        SavedSearch(
            user_id=opened.user_id,
            query=opened.query,
            document_id=opened.document_id,
            year=opened.year,
            order=opened.order,
            created_at=now,
        )
    )
    return True


def unsave_search(session: Session, opened: SearchSession) -> None:
    """Keep the search no longer."""
    session.execute(delete(SavedSearch).where(*_same(opened)))


def drop_saved(session: Session, saved_id: int, user_id: int) -> None:
    """Remove the person's saved search, if it is his and there."""
    session.execute(delete(SavedSearch).where(SavedSearch.id == saved_id, SavedSearch.user_id == user_id))


def find_same(session: Session, opened: SearchSession) -> SavedSearch | None:
    """Return the saved search of this person that looks for the same; None where there is none."""
    return session.scalar(select(SavedSearch).where(*_same(opened)).limit(1))


def find_saved(session: Session, saved_id: int, user_id: int) -> SavedSearch | None:
    """Return the saved search if it is this person's: a button's data may be forged."""
    found = session.get(SavedSearch, saved_id)
    return found if found is not None and found.user_id == user_id else None


def count_saved(session: Session, user_id: int) -> int:
    """Return how many searches the person keeps."""
    found = select(func.count(SavedSearch.id)).where(SavedSearch.user_id == user_id)
    return session.scalar(found) or 0


def saved_of(session: Session, user_id: int) -> list[SavedSearch]:
    """Return what the person keeps, oldest first."""
    found = select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id)
    return list(session.scalars(found))


def recent_of(session: Session, user_id: int, chat_id: int) -> list[SearchSession]:
    """Return the person's latest searches in this chat, each once, without those that he keeps and those in
    which there was nothing to look for."""
    mine = SearchSession.user_id == user_id, SearchSession.chat_id == chat_id
    latest = select(SearchSession).where(*mine).order_by(SearchSession.id.desc()).limit(LOOKED_AT)
    kept = {_key(row) for row in saved_of(session, user_id)}
    recent: dict[tuple[str, int | None, int | None], SearchSession] = {}
    for row in session.scalars(latest):
        if _key(row) not in kept and _is_query(row.query):
            recent.setdefault(_key(row), row)
    return list(recent.values())[:MOST_RECENT]


def _is_query(typed: str) -> bool:
    try:
        parse_query(typed)
    except EmptyQuery:
        return False
    return True


def _key(row: SearchMixin) -> tuple[str, int | None, int | None]:
    return row.query, row.document_id, row.year


def _same(opened: SearchSession) -> tuple[ColumnElement[bool], ...]:
    return (
        SavedSearch.user_id == opened.user_id,
        SavedSearch.query == opened.query,
        SavedSearch.document_id.is_not_distinct_from(opened.document_id),
        SavedSearch.year.is_not_distinct_from(opened.year),
    )
