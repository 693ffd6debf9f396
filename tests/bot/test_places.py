"""What people read and where they are, when a document's articles become others."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Delivery, Reading
from bot.places import move_places
from content.versions import Moves
from tests.factories import MARCH, make_delivery, make_subscription

DAY = dt.date(2026, 3, 2)
EAST, WEST = "东渠先修，三月动工。", "西渠后修，五月动工。"


def read(session: Session, article: int, start: int, stop: int, user_id: int = 1) -> None:
    span = {"document_id": 7, "article": article, "start": start, "stop": stop}
    session.add(Reading(user_id=user_id, local_date=DAY, read_at=MARCH, **span))
    session.flush()


def readings(session: Session) -> list[tuple[int, int, int, int]]:
    query = select(Reading.user_id, Reading.article, Reading.start, Reading.stop).order_by(Reading.id)
    return [(user, article, start, stop) for user, article, start, stop in session.execute(query)]


def test_readings_go_along_with_their_text(session: Session) -> None:
    read(session, 0, 0, len(EAST))
    read(session, 1, 0, len(WEST))

    move_places(session, 7, Moves([EAST, WEST], ["前言。", EAST, WEST]))

    assert readings(session) == [(1, 1, 0, len(EAST)), (1, 2, 0, len(WEST))]


def test_what_two_people_read_in_two_lengths_stays_what_each_has_read(session: Session) -> None:
    read(session, 0, 0, 4, user_id=1)
    read(session, 0, 0, len(EAST), user_id=2)

    move_places(session, 7, Moves([EAST], [f"题记：\n{EAST}"]))

    assert readings(session) == [(1, 0, 4, 8), (2, 0, 4, 4 + len(EAST))]


def test_a_reading_of_text_that_is_gone_stays_on_record(session: Session) -> None:
    read(session, 0, 0, len(EAST))
    read(session, 1, 0, len(WEST))

    for old, new in (([EAST, WEST], [WEST]), ([WEST], ["全新。"])):
        move_places(session, 7, Moves(old, new))

    assert len(readings(session)) == 2
    assert {article for _, article, _, _ in readings(session)} == {-1}


def test_the_same_text_twice_becomes_one_without_an_error(session: Session) -> None:
    read(session, 0, 0, 5)
    read(session, 0, 5, len(EAST))

    move_places(session, 7, Moves([EAST], [EAST[5:]]))

    assert len(readings(session)) == 2


def test_the_ledger_and_the_position_go_along_and_other_documents_stay(session: Session) -> None:
    subscription = make_subscription(session)
    subscription.position_document_id, subscription.position_article, subscription.position_stop = 7, 1, 5
    rows = [
        make_delivery(session, subscription, document_id=document, article=1, start=0, stop=5, slot=slot)
        for slot, document in enumerate((7, 8))
    ]

    move_places(session, 7, Moves([EAST, WEST], [f"{EAST}\n{WEST}"]))
    session.flush()
    session.expire_all()

    at = len(EAST) + 1
    assert [(row.article, row.start, row.stop) for row in rows] == [(0, at, at + 5), (1, 0, 5)]
    assert (subscription.position_article, subscription.position_stop) == (0, at + 5)


def test_two_sent_passages_that_begin_alike_now_both_stay_in_the_ledger(session: Session) -> None:
    subscription = make_subscription(session)
    spans = ((0, len(EAST)), (3, len(EAST)))
    rows = [
        make_delivery(session, subscription, document_id=7, article=0, start=start, stop=stop, slot=slot)
        for slot, (start, stop) in enumerate(spans)
    ]

    move_places(session, 7, Moves([EAST], [EAST[3:]]))
    session.flush()
    session.expire_all()

    assert [(row.article, row.start, row.stop) for row in rows] == [(0, 0, len(EAST) - 3)] * 2


def test_who_had_read_nothing_that_is_left_begins_the_document_anew(session: Session) -> None:
    subscription = make_subscription(session)
    subscription.position_document_id, subscription.position_article, subscription.position_stop = 7, 0, 5

    move_places(session, 7, Moves([EAST], ["全新的内容。"]))

    assert (subscription.position_article, subscription.position_stop) == (0, 0)
    assert session.scalars(select(Delivery)).all() == []
