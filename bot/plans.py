"""Plans: making and removing them, and who may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection as Group
from collections.abc import Sequence
from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Plan
from bot.render.template import BLOCKS, Template, check_blocks, check_line
from content.models import Collection


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
    """Return a new plan. `document_ids`, where given, are read in that order."""
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
    """Return the plan that an import gives its collection: all of it, in sequence.

    It has the collection's name; where a plan of another collection has that, a number is added. A collection
    that has a plan of all its documents needs no other.
    """
    plans = session.scalars(select(Plan).where(Plan.collection_id == collection_id).order_by(Plan.id))
    whole = next((plan for plan in plans if not plan.document_ids and plan.query is None), None)
    name = session.get_one(Collection, collection_id).name
    return whole or add_plan(session, _free_name(session, name), collection_id, now)


def find_plan(session: Session, name: str) -> Plan | None:
    """Return the plan of that name; None where there is none."""
    return session.scalar(select(Plan).where(Plan.name == name))


def edit_plan(
    session: Session,
    plan: Plan,
    *,
    header: str | None = None,
    footer: str | None = None,
    blocks: Sequence[str] | None = None,
) -> None:
    """Change what is given of the plan's template; an empty line takes one away. Raises TemplateError."""
    if header is not None:
        plan.header = check_line(header) or None
    if footer is not None:
        plan.footer = check_line(footer) or None
    if blocks is not None:
        plan.blocks = list(check_blocks(blocks))
    session.flush()


def template_of(plan: Plan) -> Template:
    """Return how the plan's digests look."""
    return Template(plan.header or "", plan.footer or "", tuple(plan.blocks or BLOCKS))


def remove_plan(session: Session, plan: Plan) -> None:
    """Delete the plan with its subscriptions and what was sent for them."""
    session.delete(plan)
    session.flush()


def all_plans(session: Session) -> list[Plan]:
    """Return every plan, oldest first."""
    return list(session.scalars(select(Plan).order_by(Plan.id)))


def published_plans(session: Session, visibilities: Group[str]) -> list[Plan]:
    """Return the plans of collections with one of these visibilities, oldest first."""
    query = select(Plan).join(Plan.collection).where(Collection.visibility.in_(visibilities))
    return list(session.scalars(query.order_by(Plan.id)))


def default_plan(session: Session, name: str | None, visibilities: Group[str]) -> Plan | None:
    """Return the plan of that name, else the first, of those published for the audience; None if none is."""
    plans = published_plans(session, visibilities)
    return next((plan for plan in plans if plan.name == name), plans[0] if plans else None)


def _free_name(session: Session, name: str) -> str:
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(free for free in names if find_plan(session, free) is None)
