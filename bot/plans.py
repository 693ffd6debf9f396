"""Plans: making and removing them, who may see them, and the catalogue of passages that one stands for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.models import Plan
from content.models import VISIBILITIES, Article, Collection, Document, Passage
from content.picking import Candidate, Catalogue, Place

INDEXED = "standard"
"""The cut that is indexed."""


def add_plan(
    session: Session,
    name: str,
    collection_id: int,
    now: dt.datetime,
    *,
    order: str = "sequence",
    document_ids: Sequence[int] = (),
    query: str | None = None,
) -> Plan:
    """Return a new published plan. `document_ids`, where given, are read in that order."""
    plan = Plan(
        name=name,
        collection_id=collection_id,
        order=order,
        document_ids=list(document_ids),
        query=query,
        created_at=now,
    )
    session.add(plan)
    session.flush()
    return plan


def ensure_plan(session: Session, collection_id: int, now: dt.datetime) -> Plan:
    """Return the plan that an import gives its collection: of its name, all of it, in sequence."""
    name = session.get_one(Collection, collection_id).name
    return find_plan(session, name) or add_plan(session, name, collection_id, now)


def find_plan(session: Session, name: str) -> Plan | None:
    """Return the plan of that name; None where there is none."""
    return session.scalar(select(Plan).where(Plan.name == name))


def remove_plan(session: Session, plan: Plan) -> None:
    """Delete the plan with its subscriptions and what was sent for them."""
    session.delete(plan)
    session.flush()


def all_plans(session: Session) -> list[Plan]:
    """Return every plan, oldest first."""
    return list(session.scalars(select(Plan).order_by(Plan.id)))


def published_plans(session: Session, visibilities: Group[str]) -> list[Plan]:
    """Return the published plans of collections with one of these visibilities, oldest first."""
    query = select(Plan).join(Plan.collection).where(Plan.published, Collection.visibility.in_(visibilities))
    return list(session.scalars(query.order_by(Plan.id)))


def default_plan(session: Session, name: str | None, visibilities: Group[str]) -> Plan | None:
    """Return the plan of that name, else the first, of those published for the audience; None if none is."""
    plans = published_plans(session, visibilities)
    return next((plan for plan in plans if plan.name == name), plans[0] if plans else None)


def catalogue(session: Session, plan: Plan, length: str) -> Catalogue:
    """Return the passages of the plan in that cut, in the plan's order.

    A plan with a query holds the passages of the indexed cut that match, or what overlaps with them.
    """
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
    for passage_id, document_id, article, start, stop, _ in session.execute(_passages(plan, INDEXED)):
        if passage_id in found:
            spans[document_id, article].append((start, stop))
    return spans


def _overlaps(candidate: Candidate, spans: dict[Place, list[tuple[int, int]]]) -> bool:
    there = spans.get(candidate[:2], [])
    return any(start < candidate.stop and candidate.start < stop for start, stop in there)
