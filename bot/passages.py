"""Opening a passage in its context. A session goes in, a value comes out.

A place is opened in the standard cut: the one that is indexed. What the asker may not read is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from bot.models import Delivery
from bot.render.actions import Action
from bot.render.links import PlaceLink
from bot.render.values import Part, PassageView
from content.models import STANDARD, Article, Document, Passage, readable

Turn = Callable[[Passage], Action]
"""What a button does that leads to a neighbouring passage."""


def find_passage(session: Session, passage_id: int, visibilities: Collection[str]) -> Passage | None:
    """Return the passage with that id; None where it is gone or not for this reader."""
    return session.scalar(_readable(visibilities).where(Passage.id == passage_id))


def find_passage_at(
    session: Session, document_id: int, article: int, start: int, visibilities: Collection[str]
) -> Passage | None:
    """Return the passage that holds a place; None where it is gone or not for this reader."""
    holds = _readable(visibilities).where(
        Passage.document_id == document_id,
        Article.ordinal == article,
        Passage.length == STANDARD,
        Passage.start <= start,
        Passage.stop > start,
    )
    return session.scalar(holds)


def turn_to_place(passage: Passage) -> Action:
    """Return what a button does that opens the passage by its place alone."""
    return Action("place", (passage.document_id, passage.article.ordinal, passage.start))


def open_passage(
    session: Session,
    passage: Passage,
    *,
    turn: Turn = turn_to_place,
    back: Action | None = None,
    highlights: tuple[tuple[int, int], ...] = (),
) -> PassageView:
    """Return the passage with buttons to its neighbours; where neighbours end, the article does."""
    before, after = neighbours(session, passage)
    article = passage.article
    return PassageView(
        title=article.title,
        section=article.section,
        heading=passage.heading,
        date=article.date,
        source=article.source,
        paragraph_number=article.text.count("\n", 0, passage.start) + 1,
        part=find_parts(session, [passage.id])[passage.id],
        text=passage.text,
        place=PlaceLink(passage.document_id, article.ordinal, passage.start),
        clause=passage.clause,
        highlights=highlights,
        previous=turn(before) if before else None,
        following=turn(after) if after else None,
        back=back,
    )


def open_delivery(session: Session, delivery: Delivery, visibilities: Collection[str]) -> PassageView | None:
    """Return the passage of a digest between the texts before and after it; None where it is gone."""
    if delivery.document_id is None or delivery.article is None or delivery.start is None:
        return None
    place = PlaceLink(delivery.document_id, delivery.article, delivery.start)
    return open_between(session, place, visibilities)


def open_between(session: Session, place: PlaceLink, visibilities: Collection[str]) -> PassageView | None:
    """Return the passage that holds a place, between the texts before and after it; None where it is gone
    or not for this reader."""
    passage = find_passage_at(session, place.document_id, place.article, place.start, visibilities)
    if passage is None:
        return None
    before, after = neighbours(session, passage)
    return replace(
        open_passage(session, passage),
        before=before.text if before else None,
        after=after.text if after else None,
    )


def neighbours(session: Session, passage: Passage) -> tuple[Passage | None, Passage | None]:
    """Return the passages of the article before and after this one, in the same cut."""
    beside = select(Passage).where(Passage.article_id == passage.article_id, Passage.length == passage.length)
    before = beside.where(Passage.start < passage.start).order_by(Passage.start.desc())
    after = beside.where(Passage.start > passage.start).order_by(Passage.start)
    return session.scalar(before.limit(1)), session.scalar(after.limit(1))


def find_parts(session: Session, passage_ids: Collection[int]) -> dict[int, Part]:
    """Return which of its article's passages each is, by id."""
    beside = aliased(Passage)
    counts = (
        select(
            Passage.id,
            func.count(beside.id).filter(beside.start <= Passage.start),
            func.count(beside.id),
        )
        .join(beside, and_(beside.article_id == Passage.article_id, beside.length == Passage.length))
        .where(Passage.id.in_(passage_ids))
        .group_by(Passage.id)
    )
    return {passage_id: Part(number, total) for passage_id, number, total in session.execute(counts)}


def _readable(visibilities: Collection[str]) -> Select[Passage]:
    return (
        select(Passage)
        .join(Passage.article)
        .join(Article.document)
        .join(Document.collection)
        .where(readable(visibilities))
        .options(contains_eager(Passage.article))
    )
