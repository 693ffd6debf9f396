"""Which passages a search may find: those that may be read, in the places and times asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Collection, Document, Passage, readable
from content.search.query import Query
from content.tokens import fold

_LATEST_FIRST = (Article.date.desc().nulls_last(), Passage.document_id, Article.ordinal, Passage.start)


def find_readable(session: Session, query: Query, visibilities: Sequence[str]) -> frozenset[int] | None:
    """Return the passages of the standard cut that may be found; None where that is all there are."""
    documents = _documents(session, query, visibilities)
    if documents is None and not query.is_narrowed:
        return None
    return frozenset(session.scalars(_passages(session, query, documents)))


def list_by_date(session: Session, query: Query, visibilities: Sequence[str]) -> list[int]:
    """Return the same passages, those of the latest articles first and of undated ones last."""
    found = _passages(session, query, _documents(session, query, visibilities))
    return list(session.scalars(found.order_by(*_LATEST_FIRST)))


def sort_by_date(session: Session, passage_ids: Iterable[int]) -> list[int]:
    """Return the passages in the same order."""
    found = select(Passage.id).join(Article).where(Passage.id.in_(inline("passages", sorted(passage_ids))))
    return list(session.scalars(found.order_by(*_LATEST_FIRST)))


def _documents(session: Session, query: Query, visibilities: Sequence[str]) -> list[int] | None:
    """Return the documents that may be read and are asked for; None where that is every document."""
    rows = session.execute(
        select(Document.id, Document.name, Collection.name, readable(visibilities)).join(
            Collection, Collection.id == Document.collection_id
        )
    ).all()
    chosen = [
        document_id
        for document_id, name, collection, is_readable in rows
        if is_readable
        and _is_in(query.places, name, collection)
        and (not query.documents or document_id in query.documents)
    ]
    return None if len(chosen) == len(rows) else chosen


def _is_in(parts: Sequence[str], *names: str) -> bool:
    return not parts or any(part in fold(name).text for part in parts for name in names)


def _passages(session: Session, query: Query, documents: list[int] | None) -> Select[Any]:
    found = select(Passage.id).where(Passage.length == STANDARD).join(Article)
    if documents is not None:
        found = found.where(Passage.document_id.in_(inline("documents", documents)))
    if query.sections:
        found = found.where(Article.section.in_(inline("sections", _sections(session, query.sections))))
    return found.where(*_dated(query))


def inline(name: str, values: Iterable[object]) -> Any:
    """Return `values` to be written into the statement: there may be more than a statement has parameters."""
    return bindparam(name, list(values), expanding=True, literal_execute=True)


def _sections(session: Session, parts: Sequence[str]) -> list[str]:
    sections = session.scalars(select(Article.section).distinct().where(Article.section.is_not(None)))
    return [section for section in sections if section and _is_in(parts, section)]


def _dated(query: Query) -> list[ColumnElement[bool]]:
    since = [Article.date >= query.since] if query.since else []
    until = [Article.date <= query.until] if query.until else []
    undated = [Article.date.is_(None)] if query.is_undated else []
    return [*since, *until, *undated]
