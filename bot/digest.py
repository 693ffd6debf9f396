"""What one subscription gets: the digest as a value, /today, /next, and the reading of it.

Nothing is sent here, and nothing is worded: rows of the ledger are written and read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.access import Readers, may_receive
from bot.leads import find_lead
from bot.models import Delivery, Reading, Subscription
from bot.plans import template_of
from bot.render.template import USUAL, Template
from bot.render.values import SubscriptionView
from bot.schedule.claim import claim, fill, may_go, new_row, skip
from bot.schedule.picks import SENT_STATES, Picker, freeze
from bot.subscriptions import reschedule, view
from content.models import Article, Document
from content.passages import reading_units


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


@dataclass(frozen=True)
class Asked:
    """What to do for a reader who asked for a passage."""

    kind: Literal["send", "show", "coming", "below", "nothing", "empty", "hidden"]
    """Send the row, which is claimed for the owner; show what was sent once more; say that it is on its way,
    or that it has come already; that the plan is read to its end; that it holds nothing (any more); that it
    is not for this reader (any more)."""
    delivery_id: int | None = None


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


def today(
    session: Session, subscription: Subscription, now: dt.datetime, owner: str, readers: Readers
) -> Asked:
    """Return what /today does.

    Before the day's push it takes the push's place: the date is settled with it. Afterwards it shows the
    same passage again.
    """
    if not may_receive(session, subscription.target, subscription.plan, readers):
        return Asked("hidden")
    row = _row_of(session, subscription, local_date(subscription, now))
    if row is None:
        return _ask_for(session, subscription, now, owner, slot=0)
    if row.start is not None and row.state in ("sent", "unknown"):
        row.reconcile_at = None  # he has it now, whatever became of it
        return Asked("show", row.id)
    if row.state == "pending":
        claim(row, owner, now)
        row.asked = True
        session.flush()
        return Asked("send", row.id)
    if row.state in ("claimed", "sending"):
        return Asked("coming", row.id)
    return read_ahead(session, subscription, now, owner, readers)


def read_ahead(
    session: Session,
    subscription: Subscription,
    now: dt.datetime,
    owner: str,
    readers: Readers,
    after: int | None = None,
) -> Asked:
    """Return what /next does: the passage after all that was sent or is about to be; the push still comes.

    `after` is the row whose button asks: where something was sent since, a second tap is no second wish.
    """
    if not may_receive(session, subscription.target, subscription.plan, readers):
        return Asked("hidden")
    if after is not None and _has_later(session, subscription, after):
        return Asked("below")
    last = session.scalar(
        select(func.max(Delivery.slot)).where(
            Delivery.subscription_id == subscription.id,
            Delivery.local_date == local_date(subscription, now),
        )
    )
    return _ask_for(session, subscription, now, owner, slot=(last or 0) + 1)


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
    return now.astimezone(ZoneInfo(subscription.target.timezone)).date()


def _ask_for(
    session: Session, subscription: Subscription, now: dt.datetime, owner: str, *, slot: int
) -> Asked:
    date = local_date(subscription, now)
    picker = Picker(session)
    pick = picker.pick(subscription)
    if pick is None:
        return Asked("nothing" if picker.catalogue(subscription).candidates else "empty")
    row = new_row(subscription, date, now, now, slot)
    row.asked = True
    freeze(row, pick)
    claim(row, owner, now)
    session.add(row)
    if slot == 0:
        subscription.last_local_date = max(filter(None, (subscription.last_local_date, date)))
        reschedule(session, subscription, now)
    session.flush()
    return Asked("send", row.id)


def _has_later(session: Session, subscription: Subscription, delivery_id: int) -> bool:
    later = select(Delivery.id).where(Delivery.subscription_id == subscription.id, Delivery.id > delivery_id)
    return session.scalar(later.where(Delivery.state.in_(SENT_STATES)).limit(1)) is not None


def _row_of(session: Session, subscription: Subscription, date: dt.date) -> Delivery | None:
    rows = select(Delivery).where(Delivery.subscription_id == subscription.id, Delivery.slot == 0)
    return session.scalar(rows.where(Delivery.local_date == date))


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
    start, stop = row.start or 0, row.stop or 0
    text = article.text[start:stop]
    lead = find_lead(session, article, row.subscription.length, start, stop)
    return Digest(
        delivery_id=row.id,
        plan=row.subscription.plan.name,
        headline=lead.headline,
        title=article.title,
        section=article.section,
        heading=lead.heading,
        ordinal=row.ordinal or 1,
        total=row.total or 1,
        paragraphs=tuple(filter(str.strip, text.split("\n"))),
        summary=lead.summary,
        keywords=lead.keywords,
        searchable=lead.searchable,
        date=article.date,
        source=article.source,
        document=article.document.name,
        paragraph_number=article.text.count("\n", 0, stop - len(text.lstrip())) + 1,
        units=reading_units(text),
        is_whole=not (article.text[:start] + article.text[stop:]).strip(),
        late_since=_late_since(row),
        is_read=_is_read(session, row),
        is_again=row.again,
        clause=lead.clause,
        points=lead.points,
        template=template_of(row.subscription.plan),
    )


def _late_since(row: Delivery) -> dt.datetime | None:
    return row.due_at.astimezone(ZoneInfo(row.subscription.target.timezone)) if row.late else None


def _is_read(session: Session, row: Delivery) -> bool:
    """Return whether the reader has ticked it off since it came: when a plan is read again, each passage is
    unread again. In groups no one's tick is everyone's."""
    query = select(Reading.id).where(
        Reading.user_id == row.subscription.target.chat_id,
        Reading.document_id == row.document_id,
        Reading.article == row.article,
        Reading.start == row.start,
        Reading.read_at >= row.created_at,
    )
    return session.scalars(query.limit(1)).first() is not None
