"""What one subscription gets: the digest as a value, and the reading of it.

Nothing is sent here, and nothing is worded: rows of the ledger are read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Exists, SQLColumnExpression, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.access import Readers
from bot.excerpts import Excerpt, make_excerpt
from bot.models import Delivery, Plan, Reading, Subscription
from bot.plans import template_of
from bot.render.template import USUAL, Template
from bot.render.values import SubscriptionView
from bot.schedule.claim import fill, may_go, skip
from bot.schedule.due import zone_named
from bot.schedule.picks import Picker
from bot.subscriptions import view
from content.models import Article, Document


@dataclass(frozen=True)
class Digest:
    """A passage as it is sent."""

    delivery_id: int
    plan: str
    headline: str | None
    """What is new in it, where the title does not say so."""
    title: str
    section: str | None
    heading: str | None
    ordinal: int
    total: int
    """It is the plan's `ordinal`th passage read, of `total`."""
    paragraphs: tuple[str, ...]
    summary: str | None
    keywords: tuple[str, ...]
    """Heaviest first."""
    searchable: tuple[str, ...]
    """The heaviest of them that other passages have as well: as many as have a button."""
    date: dt.date | None
    source: str | None
    document: str
    """The document's name."""
    paragraph_number: int
    """Of the first paragraph in its article, from 1."""
    units: int
    """Length in reading units."""
    is_whole: bool
    """It is all that its article holds: there is no context."""
    late_since: dt.datetime | None
    """The local time at which it should have come; None where it is not late."""
    is_read: bool
    is_again: bool = False
    """It may have come before."""
    clause: str | None = None
    """Of a statute the articles that it touches: 第五条."""
    points: tuple[str, ...] = ()
    """Of the article that begins here, where neither the passage nor its summary says them."""
    template: Template = USUAL
    """How the plan's organiser wants it."""


@dataclass(frozen=True)
class Finished:
    """The notice that a plan is finished: it goes out like a digest."""

    view: SubscriptionView
    days: int
    """On how many local dates something of the plan was sent in this round."""


def make_digest(session: Session, delivery_id: int) -> Digest | Finished | None:
    """Return what the ledger's row stands for; None where there is no such row or its document is gone."""
    row = session.get(Delivery, delivery_id)
    return make_content(session, row) if row is not None else None


def make_content(session: Session, row: Delivery) -> Digest | Finished | None:
    """Return what the row, stored or not, stands for; None where its document is gone."""
    if row.start is None:
        return make_finished(session, row.subscription)
    article = session.scalar(
        select(Article)
        .join(Article.document)
        .where(Document.id == row.document_id, Article.ordinal == row.article, Document.visible)
    )
    return _make_digest(session, row, article) if article else None


def repick(
    session: Session, delivery_id: int, owner: str, attempts: int, now: dt.datetime, readers: Readers
) -> None:
    """Freeze another passage into a row that `owner` has claimed and whose document is gone meanwhile.

    It is skipped where it may not go any more, has perhaps arrived, or the plan holds nothing any more.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None or (row.owner, row.attempts, row.state) != (owner, attempts, "claimed"):
        return
    picker = Picker(session)
    may = not row.doubtful and may_go(session, row, readers)
    if may and picker.catalogue(row.subscription).candidates:
        row.start = None  # what is gone no longer counts as seen
        session.flush()
        fill(picker, row)
    else:
        skip(row, now)
    session.flush()


def record_reading(session: Session, delivery_id: int, user_id: int, now: dt.datetime) -> bool:
    """Record that this person has read the row's passage, on his target's local date.

    Return False where that was on record, and where the row holds no passage; twice is as good as once.
    """
    row = session.get(Delivery, delivery_id)
    if row is None or row.start is None:
        return False
    reading = Reading(
        user_id=user_id,
        document_id=row.document_id,
        article=row.article,
        start=row.start,
        stop=row.stop,
        local_date=local_date(row.subscription, now),
        read_at=now,
    )
    try:
        with session.begin_nested():
            session.add(reading)
    except IntegrityError:
        return False
    return True


def local_date(subscription: Subscription, now: dt.datetime) -> dt.date:
    """Return the date that the target's clocks show."""
    return now.astimezone(zone_named(subscription.target.timezone)).date()


def make_finished(session: Session, subscription: Subscription) -> Finished:
    """Return the notice that the subscription's plan is finished."""
    dates = select(func.count(Delivery.local_date.distinct())).where(
        Delivery.subscription_id == subscription.id,
        Delivery.round == subscription.round,
        Delivery.state.in_(("sent", "unknown")),
        Delivery.start.is_not(None),
    )
    return Finished(view(session, subscription), session.scalar(dates) or 0)


def _make_digest(session: Session, row: Delivery, article: Article) -> Digest:
    subscription = row.subscription
    excerpt = make_excerpt(session, article, subscription.length, row.start or 0, row.stop or 0)
    late_since = late_local(row.due_at, subscription.target.timezone) if row.late else None
    return digest_of(
        excerpt,
        subscription.plan,
        delivery_id=row.id,
        ordinal=row.ordinal,
        total=row.total,
        late_since=late_since,
        is_read=bool(session.scalar(select(is_read_by(subscription.target.chat_id, row)))),
        is_again=row.again,
    )


def digest_of(
    excerpt: Excerpt,
    plan: Plan,
    *,
    delivery_id: int,
    ordinal: int | None,
    total: int | None,
    late_since: dt.datetime | None,
    is_read: bool,
    is_again: bool,
) -> Digest:
    """Return the digest that brings the excerpt to somebody."""
    lead = excerpt.lead
    return Digest(
        delivery_id=delivery_id,
        plan=plan.name,
        headline=lead.headline,
        title=excerpt.title,
        section=excerpt.section,
        heading=lead.heading,
        ordinal=ordinal or 1,
        total=total or 1,
        paragraphs=excerpt.paragraphs,
        summary=lead.summary,
        keywords=lead.keywords,
        searchable=lead.searchable,
        date=excerpt.date,
        source=excerpt.source,
        document=excerpt.document,
        paragraph_number=excerpt.paragraph_number,
        units=excerpt.units,
        is_whole=excerpt.is_whole,
        late_since=late_since,
        is_read=is_read,
        is_again=is_again,
        clause=lead.clause,
        points=lead.points,
        template=template_of(plan),
    )


def late_local(due_at: dt.datetime, timezone: str) -> dt.datetime:
    """Return the local time at which a late digest should have come."""
    return due_at.astimezone(zone_named(timezone))


def is_read_by(reader_id: SQLColumnExpression[int] | int, row: Delivery | type[Delivery]) -> Exists:
    """Return the condition that the reader has ticked the row off since it came: when a plan is read again,
    each passage is unread again. In groups no one's tick is everyone's."""
    return exists().where(
        Reading.user_id == reader_id,
        Reading.document_id == row.document_id,
        Reading.article == row.article,
        Reading.start == row.start,
        Reading.read_at >= row.created_at,
    )
