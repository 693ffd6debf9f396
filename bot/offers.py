"""The plans there are, as a reader sees them. A session goes in, a value comes out."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.catalogues import catalogue, count_passages
from bot.models import Plan
from bot.plans import default_plan, published_plans
from bot.render.values import PlanOffer
from content.models import STANDARD, Article, Document, Passage, readable


def offer_plans(session: Session, first: str | None, visibilities: Collection[str]) -> list[PlanOffer]:
    """Return the plans this reader can subscribe to that hold something; the one named `first` leads."""
    plans = published_plans(session, visibilities)
    leading = default_plan(session, first, visibilities)
    ordered = sorted(plans, key=lambda plan: plan is not leading)
    offers = [PlanOffer(plan.id, plan.name, count_passages(session, plan)) for plan in ordered]
    return [offer for offer in offers if offer.passages]


def first_passage(session: Session, plan_id: int) -> str:
    """Return the text of the plan's first passage, in its own order of documents; empty where it has none."""
    candidates = catalogue(session, session.get_one(Plan, plan_id), STANDARD).candidates
    if not candidates:
        return ""
    first = candidates[0]
    query = (
        select(Passage.text)
        .join(Passage.article)
        .where(Passage.document_id == first.document_id, Article.ordinal == first.article)
        .where(Passage.length == STANDARD, Passage.start == first.start)
    )
    return session.scalar(query) or ""


def has_documents(session: Session, visibilities: Collection[str]) -> bool:
    """Return whether there is anything that this reader may read."""
    found = select(Document.id).join(Document.collection).where(readable(visibilities))
    return bool(session.scalar(select(exists(found))))
