"""The places that people's rows store in a document, taken along when its articles become others."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.models import Delivery, Reading, Subscription
from content.versions import Moves

MOVING = 1_000_000
"""Added to the numbers of articles while rows are moved, so that none is moved twice; more than any has."""
GONE = -1
"""The article of a span whose text is gone: what was sent or read stays on record."""


def move_places(session: Session, document_id: int, moves: Moves) -> None:
    """Change the places of the document in the ledger, in readings and in subscriptions as `moves` says."""
    _move_spans(session, Delivery, document_id, moves)
    _move_spans(session, Reading, document_id, moves)
    _move_positions(session, document_id, moves)


def _move_spans(
    session: Session, table: type[Delivery] | type[Reading], document_id: int, moves: Moves
) -> None:
    here = table.document_id == document_id
    session.execute(update(table).where(here, table.article >= 0).values(article=table.article + MOVING))
    spans = select(table.article, table.start, table.stop).where(here, table.article >= MOVING).distinct()
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for row in session.execute(spans.order_by(table.article, table.start, table.stop)).all():
        article, start, stop = (number or 0 for number in row)
        to = moves.span(article - MOVING, start, stop)
        if to is None or (
            table is Reading and taken.setdefault(to[:2], (article, start)) != (article, start)
        ):
            continue  # gone, or one with another: a reading is one of its text and day, by its beginning
        rows = update(table).where(here, table.article == article, table.start == start, table.stop == stop)
        session.execute(rows.values(article=to.article, start=to.start, stop=to.stop))
    rest = update(table).where(here, table.article >= MOVING)
    session.execute(rest.values(article=GONE, start=-table.id, stop=-table.id))


def _move_positions(session: Session, document_id: int, moves: Moves) -> None:
    query = select(Subscription).where(Subscription.position_document_id == document_id)
    for subscription in session.scalars(query):
        article, stop = subscription.position_article, subscription.position_stop
        assert article is not None  # a position has all three
        assert stop is not None
        end = moves.end(article, stop)
        subscription.position_article, subscription.position_stop = end or (0, 0)
