"""What `in:` names: collections and documents by name, and documents by what readers see them called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.models import Document, readable
from content.search.folding import fold
from content.search.query import Query
from content.search.statements import fetch, listed
from content.titles import title_documents

MOST_OFFERED = 5
"""Documents that are named where nothing is called what was asked for: three lines of a phone."""


class Places(NamedTuple):
    """Ids of what is to be searched in."""

    collections: list[int]
    documents: list[int]


def find_places(session: Session, parts: Sequence[str]) -> Places:
    """Return the collections and the other documents with one of the parts (folded) in their names; where
    there are none, the documents with one in their titles."""
    collections = fetch(session, "SELECT id, name FROM collection")
    whole = [number for number, name in collections if is_in(parts, name)]
    documents = fetch(session, f"SELECT id, name FROM document WHERE collection_id NOT IN {listed(whole)}")
    named = [number for number, name in documents if is_in(parts, name)]
    if whole or named:
        return Places(whole, named)
    return Places([], [number for number, title in title_documents(session).items() if is_in(parts, title)])


def offer_places(session: Session, query: Query, visibilities: Sequence[str]) -> tuple[str, ...]:
    """Return titles of the latest documents that may be read; none unless the query is for a place that is
    not there."""
    if not query.places or any(find_places(session, query.places)):
        return ()
    latest = (
        select(Document.id)
        .join(Document.collection)
        .where(readable(visibilities))
        .order_by(Document.id.desc())
        .limit(MOST_OFFERED)
    )
    numbers = session.scalars(latest).all()
    titles = title_documents(session, numbers)
    return tuple(titles[number] for number in numbers)


def is_in(parts: Sequence[str], name: str) -> bool:
    """Return whether the name has one of the parts (folded)."""
    folded = _folded(name)
    return any(part in folded for part in parts)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return fold(name).text
