"""The digest as a value; /today and /next beside the push; readings."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asking import Asked, read_ahead, today
from bot.delivery.ledger import Fence
from bot.delivery.outcomes import Failed, Sent
from bot.digest import Digest, Finished, make_digest, record_reading, repick
from bot.members import allow
from bot.models import Delivery, Reading, Subscription
from bot.schedule.claim import claim_due
from bot.schedule.picks import position
from content.models import Article, Document
from tests.conftest import NOW
from tests.factories import (
    READERS,
    SENTENCES,
    make_collection,
    make_delivery,
    make_document,
    make_plan,
    make_subscription,
)
from tests.steps import mark_sending, record_outcome

DUE = NOW + dt.timedelta(hours=23, minutes=30)
"""07:30 in Shanghai on 3 March; NOW is 08:00 on 2 March, with nothing sent yet."""
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
EARLY = DUE - HOUR
"""06:30 on 3 March: before the day's push."""


@pytest.fixture
def document(session: Session) -> Document:
    return make_document(session, articles=2, dates=[dt.date(2024, 5, 1)])


@pytest.fixture
def subscription(session: Session, document: Document) -> Subscription:
    return make_subscription(session)


def deliver(session: Session, asked: Asked | int, now: dt.datetime) -> Digest | Finished | None:
    """Settle the row as sent, as the edge does, and return what was sent."""
    key = asked if isinstance(asked, int) else asked.delivery_id
    assert key is not None
    row = session.get_one(Delivery, key)
    fence = Fence(row.id, "me", row.attempts)
    assert mark_sending(session, fence, 1001, now)
    assert record_outcome(session, fence, Sent(row.id + 500), now)
    return make_digest(session, key)


def push(session: Session, now: dt.datetime) -> list[Digest | Finished | None]:
    return [deliver(session, key, now) for key in claim_due(session, now, "me", 10, READERS)]


def ordinals(sent: list[Digest | Finished | None]) -> list[int]:
    return [digest.ordinal for digest in sent if isinstance(digest, Digest)]


def ask_today(session: Session, subscription: Subscription, now: dt.datetime) -> Asked:
    return today(session, subscription, now, "me", READERS)


def ask_next(session: Session, subscription: Subscription, now: dt.datetime) -> Asked:
    return read_ahead(session, subscription, now, "me", READERS)


def test_a_digest_holds_all_that_is_shown(session: Session, subscription: Subscription) -> None:
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    assert digest.paragraphs == SENTENCES[:2]
    assert (digest.plan, digest.title, digest.section, digest.heading) == (
        "河畔",
        "第1篇",
        "上编",
        "一、河上",
    )
    assert (digest.headline, digest.summary) == (SENTENCES[0][:6], SENTENCES[0])
    assert (digest.keywords, digest.searchable, digest.is_whole) == (("河",), ("河",), False)
    assert (digest.ordinal, digest.total, digest.paragraph_number) == (1, 6, 1)
    assert (digest.date, digest.source) == (dt.date(2024, 5, 1), "河畔札记")
    assert digest.document.startswith("河畔")
    assert (digest.late_since, digest.is_read) == (None, False)
    assert digest.units > 20


def test_a_late_digest_says_when_it_should_have_come(session: Session, subscription: Subscription) -> None:
    [digest] = push(session, DUE + 2 * HOUR)
    assert isinstance(digest, Digest)
    assert digest.late_since is not None
    assert f"{digest.late_since:%m-%d %H:%M}" == "03-03 07:30"


def test_a_span_of_no_stored_passage_borrows_from_the_one_it_overlaps_most(
    session: Session, subscription: Subscription, document: Document
) -> None:
    start, stop = len(SENTENCES[0]) + 1, 69
    row = make_delivery(
        session, subscription, document_id=document.id, article=0, start=start, stop=stop, ordinal=2, total=6
    )
    digest = make_digest(session, row.id)
    assert isinstance(digest, Digest)
    assert digest.paragraphs == SENTENCES[1:4]
    assert (digest.summary, digest.paragraph_number) == (SENTENCES[2], 2)


def test_a_span_that_begins_with_a_line_feed_is_cited_by_its_first_real_paragraph(
    session: Session, subscription: Subscription, document: Document
) -> None:
    row = make_delivery(
        session, subscription, document_id=document.id, article=0, start=len(SENTENCES[0]), stop=33
    )
    digest = make_digest(session, row.id)
    assert isinstance(digest, Digest)
    assert (digest.paragraphs, digest.paragraph_number) == (SENTENCES[1:2], 2)


def test_the_digest_of_a_document_that_is_gone_is_none_and_another_is_picked(
    session: Session, subscription: Subscription, document: Document
) -> None:
    [key] = claim_due(session, DUE, "me", 10, READERS)
    document.visible = False
    other = make_document(session)
    assert make_digest(session, key) is None
    repick(session, key, "me", 1, DUE, READERS)
    assert session.get_one(Delivery, key).document_id == other.id
    assert isinstance(make_digest(session, key), Digest)


def test_with_nothing_left_to_pick_the_plan_is_finished(session: Session, document: Document) -> None:
    last = make_document(session)
    subscription = make_subscription(session)
    for _ in range(6):
        deliver(session, ask_next(session, subscription, EARLY), EARLY)
    [key] = claim_due(session, DUE, "me", 10, READERS)
    session.delete(last)
    session.flush()
    repick(session, key, "me", 1, DUE, READERS)
    assert isinstance(make_digest(session, key), Finished)
    assert subscription.status == "finished"


def test_a_plan_whose_documents_are_all_gone_is_not_said_to_be_read(
    session: Session, subscription: Subscription, document: Document
) -> None:
    [key] = claim_due(session, DUE, "me", 10, READERS)
    session.delete(document)
    session.flush()
    repick(session, key, "me", 1, DUE, READERS)
    assert (session.get_one(Delivery, key).state, subscription.status) == ("skipped", "active")
    assert ask_next(session, subscription, DUE) == Asked("empty")
    assert push(session, DUE + DAY) == []


@pytest.mark.parametrize(
    "changed", [{"owner": "other"}, {"attempts": 2}, {"state": "sending"}, {"state": "sent"}]
)
def test_nothing_is_put_into_a_row_that_is_not_ours_any_more(
    session: Session, subscription: Subscription, document: Document, changed: dict[str, object]
) -> None:
    [key] = claim_due(session, DUE, "me", 10, READERS)
    document.visible = False
    make_document(session)
    row = session.get_one(Delivery, key)
    for name, value in changed.items():
        setattr(row, name, value)
    repick(session, key, "me", 1, DUE, READERS)
    assert row.document_id == document.id


def test_what_is_closed_to_a_reader_is_not_read_ahead_either(
    session: Session, subscription: Subscription
) -> None:
    [digest] = push(session, DUE)
    make_collection(session).visibility = "members"
    assert ask_today(session, subscription, DUE) == Asked("hidden")
    assert ask_next(session, subscription, DUE) == Asked("hidden")
    allow(session, 1001, NOW)
    assert isinstance(digest, Digest)
    assert ask_today(session, subscription, DUE) == Asked("show", digest.delivery_id)


def test_a_passage_that_failed_is_no_answer_to_a_tap(session: Session, subscription: Subscription) -> None:
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    asked = read_ahead(session, subscription, DUE, "me", READERS, after=digest.delivery_id)
    session.get_one(Delivery, asked.delivery_id).state = "failed"
    again = read_ahead(session, subscription, DUE, "me", READERS, after=digest.delivery_id)
    assert again.kind == "send"


def test_there_is_no_digest_of_a_row_that_does_not_exist(session: Session) -> None:
    assert make_digest(session, 99) is None


def test_today_before_the_push_takes_its_place(session: Session, subscription: Subscription) -> None:
    asked = ask_today(session, subscription, EARLY)
    assert asked.kind == "send"
    assert ordinals([deliver(session, asked, EARLY)]) == [1]
    assert push(session, DUE) == []
    assert subscription.next_due_at == DUE + DAY
    assert ordinals(push(session, DUE + DAY)) == [2]


def test_today_after_the_push_shows_the_same_again(session: Session, subscription: Subscription) -> None:
    [digest] = push(session, DUE)
    asked = ask_today(session, subscription, DUE + HOUR)
    assert (asked.kind, make_digest(session, asked.delivery_id or 0)) == ("show", digest)


def test_today_while_the_push_is_under_way_says_so(session: Session, subscription: Subscription) -> None:
    [key] = claim_due(session, DUE, "other", 10, READERS)
    assert ask_today(session, subscription, DUE) == Asked("coming", key)


def test_today_sends_at_once_what_waits_for_a_retry(session: Session, subscription: Subscription) -> None:
    [key] = claim_due(session, DUE, "other", 10, READERS)
    session.get_one(Delivery, key).state = "pending"
    asked = ask_today(session, subscription, DUE)
    assert asked == Asked("send", key)
    assert ordinals([deliver(session, asked, DUE)]) == [1]


def test_today_shows_what_perhaps_never_arrived(session: Session, subscription: Subscription) -> None:
    [key] = claim_due(session, DUE, "other", 10, READERS)
    session.get_one(Delivery, key).state = "unknown"
    assert ask_today(session, subscription, DUE) == Asked("show", key)


def test_today_makes_up_for_a_digest_that_failed(session: Session, subscription: Subscription) -> None:
    [key] = claim_due(session, DUE, "other", 10, READERS)
    session.get_one(Delivery, key).state = "failed"
    asked = ask_today(session, subscription, DUE)
    assert asked.delivery_id != key
    assert ordinals([deliver(session, asked, DUE)]) == [2]


def test_next_reads_ahead_and_the_push_still_comes(session: Session, subscription: Subscription) -> None:
    sent = [deliver(session, ask_next(session, subscription, EARLY), EARLY) for _ in range(2)]
    assert ordinals(sent) == [1, 2]
    assert ordinals(push(session, DUE)) == [3]
    assert ordinals([deliver(session, ask_next(session, subscription, DUE + HOUR), DUE + HOUR)]) == [4]
    slots = session.scalars(select(Delivery.slot).order_by(Delivery.id)).all()
    assert slots == [1, 2, 0, 3]


def test_next_begins_after_what_is_about_to_be_sent(session: Session, subscription: Subscription) -> None:
    [open_key] = claim_due(session, DUE, "me", 10, READERS)
    ahead = ask_next(session, subscription, DUE)
    assert ordinals([deliver(session, ahead, DUE)]) == [2]
    assert ordinals([deliver(session, open_key, DUE)]) == [1]
    assert ordinals(push(session, DUE + DAY)) == [3]


def test_a_second_tap_on_the_same_button_is_no_second_wish(
    session: Session, subscription: Subscription
) -> None:
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    first = read_ahead(session, subscription, DUE, "me", READERS, after=digest.delivery_id)
    assert read_ahead(session, subscription, DUE, "me", READERS, after=digest.delivery_id) == Asked("below")
    assert first.delivery_id is not None
    assert read_ahead(session, subscription, DUE, "me", READERS, after=first.delivery_id).kind == "send"


def test_the_position_moves_only_when_something_was_sent(
    session: Session, subscription: Subscription, document: Document
) -> None:
    asked = ask_next(session, subscription, EARLY)
    assert position(subscription) is None
    row = session.get_one(Delivery, asked.delivery_id)
    fence = Fence(row.id, "me", row.attempts)
    mark_sending(session, fence, 1001, EARLY)
    record_outcome(session, fence, Failed("too long"), EARLY)
    assert position(subscription) is None
    deliver(session, ask_next(session, subscription, EARLY), EARLY)
    assert position(subscription) == (document.id, 0, 69)


def test_at_the_end_of_the_plan_there_is_nothing_to_ask_for(
    session: Session, subscription: Subscription
) -> None:
    for _ in range(6):
        deliver(session, ask_next(session, subscription, EARLY), EARLY)
    assert ask_next(session, subscription, EARLY) == Asked("nothing")
    assert ask_today(session, subscription, EARLY) == Asked("nothing")
    [notice] = push(session, DUE)
    assert isinstance(notice, Finished)
    assert (notice.view.position, notice.view.total, notice.days) == (6, 6, 1)


def test_who_has_stopped_may_still_ask_for_today(session: Session, subscription: Subscription) -> None:
    subscription.status, subscription.next_due_at = "stopped", None
    assert ordinals([deliver(session, ask_today(session, subscription, EARLY), EARLY)]) == [1]
    assert (subscription.status, subscription.next_due_at) == ("stopped", None)


def test_a_reading_is_recorded_once_with_the_readers_own_date(
    session: Session, subscription: Subscription
) -> None:
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    evening = dt.datetime(2026, 3, 3, 15, 59, tzinfo=dt.UTC)  # 23:59 in Shanghai
    assert record_reading(session, digest.delivery_id, 1001, evening)
    assert not record_reading(session, digest.delivery_id, 1001, evening)
    assert session.scalars(select(Reading.local_date)).all() == [dt.date(2026, 3, 3)]
    again = make_digest(session, digest.delivery_id)
    assert isinstance(again, Digest)
    assert again.is_read


def test_in_a_group_each_reader_has_his_own_readings(session: Session, subscription: Subscription) -> None:
    subscription.target.chat_id = -50
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    assert all(record_reading(session, digest.delivery_id, user, DUE) for user in (1, 2, 3))
    assert session.scalar(select(func.count(Reading.id))) == 3
    again = make_digest(session, digest.delivery_id)
    assert isinstance(again, Digest)
    assert not again.is_read


def test_a_notice_cannot_be_read(session: Session) -> None:
    row = make_delivery(session, make_subscription(session, make_plan(session)))
    assert not record_reading(session, row.id, 1001, NOW)
    assert not record_reading(session, 99, 1001, NOW)


def test_a_summary_follows_the_cut_that_the_reader_has(session: Session, document: Document) -> None:
    make_subscription(session, length="long")
    [digest] = push(session, DUE)
    assert isinstance(digest, Digest)
    assert digest.paragraphs == SENTENCES[:3]
    assert session.scalar(select(func.count(Article.id))) == 2
