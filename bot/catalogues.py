"""A plan's catalogue of passages: made once, and kept in memory for as long as its documents stay the same.

A catalogue follows from the plan and from the articles of its visible documents. A document that was
corrected or came in a new version keeps its id and has other articles, whose ids are new. So the ids of
documents and of their first articles tell whether what is kept still holds, and nobody needs to say that
something has changed: other processes import, too.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from threading import Lock
from typing import TypeAlias

from sqlalchemy import URL, Connection, Engine, Select, and_, func, select
from sqlalchemy.orm import Session

from bot.models import Plan
from content.models import STANDARD, VISIBILITIES, Article, Document, Passage
from content.picking import Candidate, Catalogue, Place

MOST_PASSAGES = 250_000
"""Passages kept in memory in all; at 300 bytes each, 75 MB. Beyond, what was unused the longest goes."""

Key: TypeAlias = tuple[URL, int, str]
"""Database, plan and cut. A file's reading and writing connections have one URL, and share."""
Stamp: TypeAlias = tuple[object, ...]
"""All that a catalogue follows from."""


class Shelf:
    """Keeps catalogues, for several threads at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[Stamp, Catalogue]] = OrderedDict()

    def find(self, key: Key, stamp: Stamp) -> Catalogue | None:
        """Return the catalogue that was kept; None where there is none, or it does not hold any more."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def keep(self, key: Key, stamp: Stamp, catalogue: Catalogue) -> None:
        """Keep the catalogue in place of an earlier one, and let go what is too much."""
        with self._lock:
            self._kept[key] = stamp, catalogue
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._count() > self._most:
                self._kept.popitem(last=False)

    def _count(self) -> int:
        return sum(len(catalogue.candidates) for _, catalogue in self._kept.values())


_SHELF = Shelf(MOST_PASSAGES)


def catalogue(session: Session, plan: Plan, length: str) -> Catalogue:
    """Return the passages of the plan in that cut, in the plan's order.

    A plan with a query holds the passages of the indexed cut that match, or what overlaps with them.
    """
    key = _url(session.get_bind()), plan.id, length
    stamp = (plan.order, plan.query, tuple(plan.document_ids), _versions(session, plan))
    kept = _SHELF.find(key, stamp)
    if kept is None:
        kept = _make_catalogue(session, plan, length)
        _SHELF.keep(key, stamp, kept)
    return kept


def count_passages(session: Session, plan: Plan) -> int:
    """Return how many passages the plan has in the standard cut."""
    if plan.query:
        return len(catalogue(session, plan, STANDARD).candidates)
    documents = _documents(plan).order_by(None)
    count = select(func.count(Passage.id)).where(Passage.document_id.in_(documents))
    return session.scalar(count.where(Passage.length == STANDARD)) or 0


def _url(bind: Engine | Connection) -> URL:
    return bind.engine.url


def _documents(plan: Plan) -> Select[int]:
    query = select(Document.id).where(Document.collection_id == plan.collection_id, Document.visible)
    query = query.order_by(Document.id)
    return query.where(Document.id.in_(plan.document_ids)) if plan.document_ids else query


def _versions(session: Session, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Return the plan's documents, each with the id of its first article."""
    first = and_(Article.document_id == Document.id, Article.ordinal == 0)
    rows = session.execute(_documents(plan).join(Article, first).add_columns(Article.id))
    return tuple((document_id, article_id) for document_id, article_id in rows)


def _make_catalogue(session: Session, plan: Plan, length: str) -> Catalogue:
    ranks = {document_id: rank for rank, document_id in enumerate(plan.document_ids)}
    rows = session.execute(_passages(plan, length))
    candidates = [
        Candidate(document_id, article, start, stop, date, ranks.get(document_id, 0))
        for _, document_id, article, start, stop, date in rows
    ]
    if plan.query:
        matches = _matches(session, plan, plan.query)
        candidates = [candidate for candidate in candidates if _overlaps(candidate, matches)]
    return Catalogue(candidates, plan.order)


def _passages(plan: Plan, length: str) -> Select[int, int, int, int, int, dt.date | None]:
    query = (
        select(Passage.id, Document.id, Article.ordinal, Passage.start, Passage.stop, Article.date)
        .join(Article, Passage.article_id == Article.id)
        .join(Document, Passage.document_id == Document.id)
        .where(Document.collection_id == plan.collection_id, Document.visible, Passage.length == length)
    )
    return query.where(Document.id.in_(plan.document_ids)) if plan.document_ids else query


def _matches(session: Session, plan: Plan, words: str) -> dict[Place, list[tuple[int, int]]]:
    """Return the spans of the plan's indexed passages that match, by place."""
    from content.search import find_passages, parse_query  # most plans have no query

    found = find_passages(session, parse_query(words), VISIBILITIES)
    spans: defaultdict[Place, list[tuple[int, int]]] = defaultdict(list)
    for passage_id, document_id, article, start, stop, _ in session.execute(_passages(plan, STANDARD)):
        if passage_id in found:
            spans[document_id, article].append((start, stop))
    return spans


def _overlaps(candidate: Candidate, spans: dict[Place, list[tuple[int, int]]]) -> bool:
    there = spans.get(candidate[:2], [])
    return any(start < candidate.stop and candidate.start < stop for start, stop in there)
