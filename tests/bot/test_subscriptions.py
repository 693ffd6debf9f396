"""Subscriptions: coming, going, changing one's mind; never two digests on one local date."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.access import Readers, may_receive
from bot.members import allow, audience, is_allowed
from bot.models import Delivery, Subscription, Target
from bot.schedule.claim import claim_due
from bot.shut_out import mark_blocked, mark_unblocked
from bot.subscriptions import (
    begin_again,
    change_length,
    change_time,
    change_weekdays,
    change_zone,
    ensure_target,
    migrate_chat,
    pause,
    resume,
    stop,
    subscribe,
    subscriptions_of,
    view,
    wake_finished,
)
from tests.conftest import NOW
from tests.factories import (
    READERS,
    make_collection,
    make_delivery,
    make_document,
    make_plan,
    make_subscription,
    make_target,
)

TODAY = dt.date(2026, 3, 2)
"""The date of NOW in Shanghai, where it is 08:00."""
DAY = dt.timedelta(days=1)


def due_locally(subscription: Subscription) -> str | None:
    if subscription.next_due_at is None:
        return None
    zone = ZoneInfo(subscription.target.timezone)
    return subscription.next_due_at.astimezone(zone).strftime("%m-%d %H:%M")


def test_a_newcomer_is_due_at_the_next_time_of_day(session: Session) -> None:
    plan, target = make_plan(session), make_target(session)
    subscription = subscribe(session, target, plan, 450, NOW)
    assert (subscription.status, due_locally(subscription)) == ("active", "03-03 07:30")


def test_subscribing_twice_is_as_good_as_once(session: Session) -> None:
    plan, target = make_plan(session), make_target(session)
    first = subscribe(session, target, plan, 450, NOW)
    assert subscribe(session, target, plan, 600, NOW) is first
    assert subscriptions_of(session, target) == [first]
    assert first.local_minute == 450


def test_a_returning_reader_goes_on_where_he_was(session: Session) -> None:
    subscription = make_subscription(session, position_document_id=3, position_article=1, position_stop=20)
    stop(session, subscription, NOW)
    assert subscriptions_of(session, subscription.target) == []
    assert due_locally(subscription) is None
    again = subscribe(session, subscription.target, subscription.plan, 600, NOW + 9 * DAY)
    assert again is subscription
    assert (again.status, again.position_stop, due_locally(again)) == ("active", 20, "03-12 07:30")


def test_a_pause_without_an_end_lasts_until_resumed(session: Session) -> None:
    subscription = make_subscription(session)
    pause(session, subscription, None, NOW)
    assert due_locally(subscription) is None
    resume(session, subscription, NOW + 3 * DAY)
    assert (subscription.status, due_locally(subscription)) == ("active", "03-06 07:30")


def test_a_pause_to_a_date_is_due_on_that_date(session: Session) -> None:
    subscription = make_subscription(session)
    pause(session, subscription, dt.date(2026, 3, 20), NOW)
    assert (subscription.status, due_locally(subscription)) == ("paused", "03-20 07:30")


def test_a_later_time_still_comes_today_unless_todays_digest_came(session: Session) -> None:
    subscription = make_subscription(session)
    assert due_locally(change_time(session, subscription, 1260, NOW)) == "03-02 21:00"
    subscription.last_local_date = TODAY
    assert due_locally(change_time(session, subscription, 1290, NOW)) == "03-03 21:30"


def test_a_zone_far_to_the_west_does_not_bring_todays_digest_again(session: Session) -> None:
    subscription = make_subscription(session, last_local_date=TODAY)
    change_zone(session, subscription.target, "America/Los_Angeles", NOW)
    assert due_locally(subscription) == "03-03 07:30"


def test_a_zone_that_does_not_exist_changes_nothing(session: Session) -> None:
    subscription = make_subscription(session)
    with pytest.raises(ZoneInfoNotFoundError):
        change_zone(session, subscription.target, "Mond/Krater", NOW)
    assert subscription.target.timezone == "Asia/Shanghai"


def test_weekdays_that_are_left_out_are_not_due(session: Session) -> None:
    subscription = make_subscription(session)
    assert due_locally(change_weekdays(session, subscription, 0b1100000, NOW)) == "03-07 07:30"
    with pytest.raises(ValueError, match="weekdays"):
        change_weekdays(session, subscription, 0, NOW)


def test_a_change_takes_back_what_still_waits_and_frees_its_date(session: Session) -> None:
    subscription = make_subscription(session, last_local_date=TODAY)
    make_delivery(session, subscription, local_date=TODAY, state="pending")
    kept = make_delivery(session, subscription, local_date=TODAY - DAY)
    change_time(session, subscription, 540, NOW)
    assert session.scalars(select(Delivery)).all() == [kept]
    assert due_locally(subscription) == "03-02 09:00"


def test_changing_the_length_keeps_the_place(session: Session) -> None:
    subscription = make_subscription(session, position_document_id=3, position_article=1, position_stop=20)
    change_length(session, subscription, "short", NOW)
    assert (subscription.length, subscription.position_stop) == ("short", 20)


def test_beginning_again_is_a_new_round_from_the_start(session: Session) -> None:
    document = make_document(session)
    subscription = make_subscription(session, status="finished", position_document_id=document.id)
    make_delivery(session, subscription, document_id=document.id, article=0, start=0, stop=33)
    assert view(session, subscription).position == 1
    begin_again(session, subscription, NOW)
    seen = view(session, subscription)
    assert (subscription.status, subscription.round, seen.position, seen.total) == ("active", 2, 0, 3)


def test_who_blocked_the_bot_keeps_his_place_and_gets_no_backlog(session: Session) -> None:
    subscription = make_subscription(session, position_stop=20)
    paused = make_subscription(
        session, make_plan(session, "山中", "山中"), subscription.target, status="paused", next_due_at=None
    )
    mark_blocked(session, 1001, NOW)
    mark_blocked(session, 1001, NOW + DAY)
    assert subscription.target.blocked_at == NOW
    assert due_locally(subscription) is None
    change_time(session, subscription, 480, NOW + DAY)
    assert due_locally(subscription) is None
    mark_unblocked(session, 1001, NOW + 30 * DAY + dt.timedelta(hours=1))
    assert (subscription.position_stop, due_locally(subscription)) == (20, "04-02 08:00")
    assert (paused.status, due_locally(paused)) == ("paused", None)


def test_a_group_that_moves_keeps_its_subscriptions(session: Session) -> None:
    group = make_target(session, -50, kind="group")
    subscription = make_subscription(session, target=group, position_stop=20)
    migrate_chat(session, -50, -100_050)
    migrate_chat(session, -50, -100_050)
    assert (subscription.target.chat_id, subscription.position_stop) == (-100_050, 20)


def test_a_group_that_moved_before_it_was_noticed_is_merged(session: Session) -> None:
    subscription = make_subscription(session, target=make_target(session, -50, kind="group"))
    make_delivery(session, subscription)
    new = make_target(session, -100_050, kind="group")
    make_subscription(session, subscription.plan, new, last_local_date=TODAY)
    migrate_chat(session, -50, -100_050)
    session.expire_all()
    assert session.scalars(select(Target)).all() == [new]
    assert session.scalars(select(Subscription)).all() == [subscription]
    assert (subscription.target, subscription.last_local_date) == (new, TODAY)
    assert len(session.scalars(select(Delivery)).all()) == 1


def test_a_target_is_made_once(session: Session) -> None:
    values = {"chat_id": 7, "kind": "private", "language": "en", "timezone": "Europe/Paris", "now": NOW}
    first = ensure_target(session, **values)  # type: ignore[arg-type]
    assert ensure_target(session, **{**values, "language": "zh-Hans"}) is first  # type: ignore[arg-type]
    assert first.language == "en"


def test_who_may_use_a_private_instance_and_read_what(session: Session) -> None:
    allow(session, 8, NOW)
    allow(session, 8, NOW)
    admins = frozenset({9})
    allowed = [is_allowed(session, user, admin_ids=admins, access="private") for user in (7, 8, 9)]
    assert allowed == [False, True, True]
    assert is_allowed(session, 7, admin_ids=admins, access="open")
    assert audience(session, 7, admins) == ("public",)
    assert audience(session, 8, admins) == ("public", "members")
    assert audience(session, 9, admins) == ("public", "members", "admins")
    assert audience(session, None, admins) == ("public",)


def test_what_somebody_asked_for_comes_whatever_is_changed_meanwhile(session: Session) -> None:
    subscription = make_subscription(session)
    asked = make_delivery(session, subscription, local_date=TODAY, slot=1, state="pending", asked=True)
    make_delivery(session, subscription, local_date=TODAY, state="pending")
    change_weekdays(session, subscription, 31, NOW)
    pause(session, subscription, None, NOW)
    assert session.scalars(select(Delivery)).all() == [asked]
    stop(session, subscription, NOW)
    assert session.scalars(select(Delivery)).all() == []


def rest(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    return pause(session, subscription, None, now)


def finish(session: Session, subscription: Subscription) -> None:
    """Let all of the plan be sent, and its end be said."""
    for number in range(4):
        for key in claim_due(session, NOW + (number + 1) * DAY, "me", 9, READERS):
            session.get_one(Delivery, key).state = "sent"
    session.refresh(subscription)
    assert (subscription.status, subscription.next_due_at) == ("finished", None)


def test_a_finished_plan_stays_so_however_one_comes_back_to_it(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    finish(session, subscription)
    later = NOW + 9 * DAY
    resume(session, subscription, later)
    assert subscription.status == "finished"
    subscribe(session, subscription.target, subscription.plan, 450, later)
    assert subscription.status == "finished"
    for leave in (rest, stop):
        resume(session, leave(session, subscription, later), later)
        assert (subscription.status, subscription.next_due_at) == ("finished", None)
    begin_again(session, subscription, later)
    assert (subscription.status, due_locally(subscription)) == ("active", "03-12 07:30")


def test_a_finished_plan_goes_on_when_something_new_is_there(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    finish(session, subscription)
    other = make_document(session, collection="山中")
    later = NOW + 9 * DAY
    assert wake_finished(session, subscription.plan.collection_id, later) == 0
    assert wake_finished(session, other.collection_id, later) == 0
    new = make_document(session)
    assert wake_finished(session, subscription.plan.collection_id, later) == 1
    assert (subscription.status, due_locally(subscription)) == ("active", "03-12 07:30")
    [key] = claim_due(session, later + DAY, "me", 9, READERS)
    assert session.get_one(Delivery, key).document_id == new.id


def test_who_stopped_is_not_woken(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    finish(session, subscription)
    stop(session, subscription, NOW + 9 * DAY)
    make_document(session)
    assert wake_finished(session, subscription.plan.collection_id, NOW + 9 * DAY) == 0


@pytest.mark.parametrize(
    ("kind", "visibility", "access", "expected"),
    [
        ("private", "public", "open", [True, True, True]),
        ("private", "public", "private", [False, True, True]),
        ("private", "members", "open", [False, True, True]),
        ("private", "admins", "open", [False, False, True]),
        ("group", "public", "private", [True, True, True]),
        ("group", "members", "open", [False, False, False]),
        ("channel", "admins", "open", [False, False, False]),
    ],
)
def test_who_may_receive_a_plan(
    session: Session, kind: str, visibility: str, access: str, expected: list[bool]
) -> None:
    allow(session, 8, NOW)
    make_collection(session, "内部", visibility)
    plan = make_plan(session, "内部", "内部")
    readers = Readers(frozenset({9}), access)
    targets = [make_target(session, chat_id, kind=kind) for chat_id in (7, 8, 9)]
    assert [may_receive(session, target, plan, readers) for target in targets] == expected
