"""All that is kept about a person, for himself. A session goes in, a value comes out, ready for JSON.

Its keys stand in the README. Places are given as citations, so that they can be read without the corpus.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from bot.models import (
    Delivery,
    Member,
    PendingAction,
    Proposal,
    Reading,
    SavedSearch,
    SearchSession,
    Subscription,
    Target,
    Upload,
)
from bot.personal import asked_of, searched_by
from bot.render.moments import clock_time
from bot.saved import saved_of
from bot.schedule.picks import Picker
from content.models import Article, Document

Json: TypeAlias = dict[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def gather(session: Session, user_id: int, now: dt.datetime) -> Json:
    """Return all that is kept about this person, ready for JSON: moments in UTC, dates and times his own."""
    member = session.get(Member, user_id)
    targets = session.scalars(select(Target).where(Target.chat_id == user_id).order_by(Target.id))
    return {
        "exported_at": now.isoformat(timespec="seconds"),
        "user_id": user_id,
        "allowed_at": _moment(member.allowed_at) if member else None,
        "settings": [_settings(target) for target in targets],
        "subscriptions": _subscriptions(session, user_id),
        "deliveries": _deliveries(session, user_id),
        "readings": _readings(session, user_id),
        "searches": _searches(session, user_id),
        "saved_searches": [_search(session, row) for row in saved_of(session, user_id)],
        "questions": _questions(session, user_id),
        "uploads": _uploads(session, user_id),
        "proposals": _proposals(session, user_id),
    }


def _settings(target: Target) -> Json:
    return {
        "language": target.language,
        "timezone": target.timezone,
        "topic": target.thread_id or None,
        "since": _moment(target.created_at),
        "blocked_at": _moment(target.blocked_at),
    }


def _subscriptions(session: Session, user_id: int) -> list[Json]:
    place = Subscription.position_document_id, Subscription.position_article, Subscription.position_stop
    query = select(Subscription).join(Subscription.target).where(Target.chat_id == user_id)
    rows = session.execute(_citing(query.order_by(Subscription.id), *place))
    picker = Picker(session)
    return [_subscription(picker, row[0], _citation(row)) for row in rows]


def _subscription(picker: Picker, subscription: Subscription, citation: Json | None) -> Json:
    passage, total = picker.progress(subscription)
    days = [name for bit, name in enumerate(WEEKDAYS) if subscription.weekdays >> bit & 1]
    return {
        "plan": subscription.plan.name,
        "status": subscription.status,
        "time": clock_time(subscription.local_minute),
        "weekdays": days,
        "length": subscription.length,
        "paused_until": _date(subscription.paused_until),
        "round": subscription.round,
        "since": _moment(subscription.created_at),
        "next_due_at": _moment(subscription.next_due_at),
        "last_date": _date(subscription.last_local_date),
        "position": {"passage": passage, "of": total, "read_up_to": citation},
    }


def _deliveries(session: Session, user_id: int) -> list[Json]:
    query = select(Delivery).join(Delivery.subscription).join(Subscription.target)
    query = (
        query.where(Target.chat_id == user_id)
        .order_by(Delivery.id)
        .options(contains_eager(Delivery.subscription).joinedload(Subscription.plan))
    )
    rows = session.execute(_citing(query, Delivery.document_id, Delivery.article, Delivery.start))
    return [_delivery(row[0], _citation(row)) for row in rows]


def _delivery(row: Delivery, citation: Json | None) -> Json:
    return {
        "date": row.local_date.isoformat(),
        "plan": row.subscription.plan.name,
        "state": row.state,
        "read_ahead": row.slot > 0,
        "round": row.round,
        "late": row.late,
        "due_at": _moment(row.due_at),
        "ended_at": _moment(row.ended_at),
        "message_id": row.message_id,
        "error": row.error,
        "passage": row.ordinal,
        "of": row.total,
        "citation": citation,
    }


def _readings(session: Session, user_id: int) -> list[Json]:
    query = select(Reading).where(Reading.user_id == user_id).order_by(Reading.id)
    rows = session.execute(_citing(query, Reading.document_id, Reading.article, Reading.start))
    return [
        {
            "date": row[0].local_date.isoformat(),
            "read_at": _moment(row[0].read_at),
            "citation": _citation(row),
        }
        for row in rows
    ]


def _searches(session: Session, user_id: int) -> list[Json]:
    query = select(SearchSession).where(searched_by(user_id)).order_by(SearchSession.id)
    return [_search(session, row) | {"in_group": row.chat_id != user_id} for row in session.scalars(query)]


def _search(session: Session, row: SearchSession | SavedSearch) -> Json:
    """Return a search; of its year 0 means articles without a date."""
    document = session.get(Document, row.document_id) if row.document_id else None
    return {
        "query": row.query,
        "document": document.name if document else None,
        "year": row.year,
        "order": row.order,
        "at": _moment(row.created_at),
    }


def _questions(session: Session, user_id: int) -> list[Json]:
    rows = session.scalars(select(PendingAction).where(asked_of(user_id)))
    return [{"kind": row.kind, "expires_at": _moment(row.expires_at)} for row in rows]


def _uploads(session: Session, user_id: int) -> list[Json]:
    rows = session.scalars(select(Upload).where(Upload.user_id == user_id).order_by(Upload.id))
    return [{"name": row.name, "since": _moment(row.created_at)} for row in rows]


def _proposals(session: Session, user_id: int) -> list[Json]:
    query = select(Document.name, Proposal.created_at).join(Document, Document.id == Proposal.document_id)
    rows = session.execute(query.where(Proposal.user_id == user_id).order_by(Proposal.id))
    return [{"document": name, "since": _moment(since)} for name, since in rows]


def _citing(
    query: Select[Any],
    document_id: InstrumentedAttribute[Any],
    article: InstrumentedAttribute[Any],
    at: InstrumentedAttribute[Any],
) -> Select[Any]:
    """Add to the query what `_citation` needs of the place; all null where the document is gone."""
    before = func.substr(Article.text, 1, at)
    paragraph = func.length(before) - func.length(func.replace(before, "\n", "")) + 1
    in_document = and_(Article.document_id == Document.id, Article.ordinal == article)
    return (
        query.outerjoin(Document, Document.id == document_id)
        .outerjoin(Article, in_document)
        .add_columns(Article.title, Article.section, Article.date.label("dated"), Article.source)
        .add_columns(paragraph.label("paragraph"), Document.name.label("document"))
    )


def _citation(row: Row[Any]) -> Json | None:
    if row.title is None:
        return None
    return {
        "title": row.title,
        "section": row.section,
        "date": _date(row.dated),
        "source": row.source,
        "paragraph": row.paragraph,
        "document": row.document,
    }


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _date(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
