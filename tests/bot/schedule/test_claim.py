"""Claiming: what is due is taken once; after a stop the newest date is, marked, and never near the next."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.access import Readers
from bot.asking import today
from bot.database import Database
from bot.models import Delivery
from bot.schedule.claim import LEASE, claim_due, has_due
from bot.shut_out import mark_blocked, mark_unblocked
from bot.subscriptions import change_length, pause, stop
from tests.factories import (
    MARCH,
    READERS,
    make_collection,
    make_delivery,
    make_document,
    make_plan,
    make_subscription,
    make_target,
)

DUE = MARCH + dt.timedelta(hours=23, minutes=30)
"""07:30 in Shanghai on Tuesday, 3 March 2026: when `make_subscription` is due."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def take(session: Session, now: dt.datetime, limit: int = 100, owner: str = "me") -> list[Delivery]:
    rows = [session.get_one(Delivery, key) for key in claim_due(session, now, owner, limit, READERS)]
    session.expire_all()
    return rows


def settle(rows: list[Delivery], state: str = "sent") -> None:
    for row in rows:
        row.state = state


def ledger(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(Delivery).order_by(Delivery.local_date, Delivery.slot))
    return [(row.local_date.strftime("%m-%d"), row.state) for row in rows]


def test_what_is_due_is_claimed_with_its_passage_frozen_in(session: Session) -> None:
    document = make_document(session)
    subscription = make_subscription(session)
    assert take(session, DUE - MINUTE) == []
    [row] = take(session, DUE)
    assert (row.document_id, row.article, row.start, row.stop) == (document.id, 0, 0, 33)
    assert (row.ordinal, row.total) == (1, 3)
    assert (row.state, row.owner, row.attempts, row.lease_until) == ("claimed", "me", 1, DUE + LEASE)
    assert (row.local_date, row.late, row.silent) == (dt.date(2026, 3, 3), False, False)
    assert subscription.next_due_at == DUE + DAY
    assert take(session, DUE) == []


def test_days_follow_one_another_through_the_plan(session: Session) -> None:
    make_document(session, articles=2)
    make_subscription(session)
    found = []
    for day in range(7):
        rows = take(session, DUE + day * DAY)
        settle(rows)
        found += [(row.article, row.start, f"{row.ordinal}/{row.total}") for row in rows]
    assert found[:4] == [(0, 0, "1/6"), (0, 33, "2/6"), (0, 69, "3/6"), (1, 0, "4/6")]
    assert found[6] == (None, None, "None/None")


def test_the_end_of_a_plan_is_a_notice_once(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session, length="long")
    for day in range(2):
        settle(take(session, DUE + day * DAY))
    [row] = take(session, DUE + 2 * DAY)
    assert (row.state, row.start) == ("claimed", None)
    assert (subscription.status, subscription.next_due_at) == ("finished", None)
    assert take(session, DUE + 9 * DAY) == [row]  # its claim ran out; there is no second one


def test_a_plan_that_holds_nothing_yet_waits_in_silence(session: Session) -> None:
    subscription = make_subscription(session)
    assert take(session, DUE) == []
    assert (subscription.status, subscription.next_due_at) == ("active", DUE + DAY)
    assert ledger(session) == []


def test_no_more_than_asked_for_is_claimed_the_longest_due_first(session: Session) -> None:
    make_document(session)
    plan = make_plan(session)
    for chat in range(5):
        target = make_target(session, chat + 1)
        make_subscription(session, plan, target, local_minute=450 - chat, next_due_at=DUE - chat * MINUTE)
    first = take(session, DUE, limit=3)
    rest = take(session, DUE, limit=3)
    assert [row.subscription.target.chat_id for row in first + rest] == [5, 4, 3, 2, 1]


def test_after_a_stop_of_an_hour_the_digest_comes_late_and_says_so(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE + HOUR)
    assert (row.late, row.silent, row.due_at) == (True, False, DUE)


def test_five_minutes_are_not_late(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    assert not take(session, DUE + 5 * MINUTE)[0].late


def test_late_at_night_it_comes_without_a_sound(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE + 15 * HOUR)  # 22:30
    assert (row.late, row.silent) == (True, True)


def test_who_wants_it_at_five_in_the_morning_hears_it(session: Session) -> None:
    make_document(session)
    make_subscription(session, local_minute=300, next_due_at=DUE - 150 * MINUTE)
    [row] = take(session, DUE - 150 * MINUTE)
    assert (row.late, row.silent) == (False, False)


def test_after_days_only_the_newest_date_is_sent(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    [row] = take(session, DUE + 3 * DAY + HOUR)
    assert ledger(session) == [
        ("03-03", "expired"),
        ("03-04", "expired"),
        ("03-05", "expired"),
        ("03-06", "claimed"),
    ]
    assert (row.ordinal, subscription.next_due_at) == (1, DUE + 4 * DAY)


def test_what_is_late_is_not_sent_within_six_hours_of_the_next(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    assert take(session, DUE + 18 * HOUR + MINUTE) == []
    assert ledger(session) == [("03-03", "expired")]
    assert subscription.next_due_at == DUE + DAY
    [row] = take(session, DUE + DAY)
    assert row.ordinal == 1


def test_six_hours_before_the_next_it_is_still_sent(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    assert len(take(session, DUE + 18 * HOUR)) == 1


def test_a_retry_is_taken_when_its_time_has_come(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE)
    row.state, row.not_before = "pending", DUE + 10 * MINUTE
    span = (row.start, row.stop)
    assert take(session, DUE + 9 * MINUTE) == []
    [again] = take(session, DUE + 10 * MINUTE, owner="other")
    assert again is row
    assert (row.owner, row.attempts, (row.start, row.stop)) == ("other", 2, span)
    assert row.late


def test_a_retry_that_is_overtaken_by_the_next_day_expires_and_its_passage_comes_again(
    session: Session,
) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE)
    settle([row], "pending")
    [new] = take(session, DUE + DAY)
    assert ledger(session) == [("03-03", "expired"), ("03-04", "claimed")]
    assert new.ordinal == 1


def test_a_passage_read_ahead_does_not_expire(session: Session) -> None:
    subscription = make_subscription(session, next_due_at=DUE + DAY)
    row = make_delivery(session, subscription, state="pending", slot=1, not_before=DUE, due_at=DUE)
    assert take(session, DUE + 20 * HOUR) == [row]
    assert not row.late


def test_a_claim_that_ran_out_is_taken_over(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE, owner="gone")
    assert take(session, DUE + LEASE) == []
    assert take(session, DUE + LEASE + MINUTE) == [row]
    assert (row.owner, row.attempts) == ("me", 2)


def test_a_send_that_broke_off_is_unknown_and_is_not_sent_again(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    [row] = take(session, DUE)
    settle([row], "sending")
    assert take(session, DUE + LEASE + MINUTE) == []
    assert row.state == "unknown"
    [next_row] = take(session, DUE + DAY)
    assert next_row.ordinal == 2


def test_skipped_and_expired_rows_leave_their_passage_for_the_next_day(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    for day, state in enumerate(("expired", "skipped", "sent")):
        [row] = take(session, DUE + day * DAY)
        assert row.ordinal == 1
        settle([row], state)


def test_a_passage_that_cannot_be_sent_does_not_block_those_after_it(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    found = []
    for day in range(3):
        [row] = take(session, DUE + day * DAY)
        found.append(row.ordinal)
        settle([row], "failed")
    assert found == [1, 2, 3]


def test_who_blocked_the_bot_is_passed_over_and_goes_on_where_he_was(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    settle(take(session, DUE))
    mark_blocked(session, 1001, DUE)
    assert take(session, DUE + 5 * DAY) == []
    mark_unblocked(session, 1001, DUE + 5 * DAY + HOUR)
    assert take(session, DUE + 5 * DAY + HOUR) == []
    [row] = take(session, DUE + 6 * DAY)
    assert row.ordinal == 2


def test_a_pause_to_a_date_ends_by_itself(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    pause(session, subscription, dt.date(2026, 3, 10), DUE - HOUR)
    assert take(session, DUE + 6 * DAY) == []
    [row] = take(session, DUE + 7 * DAY)
    assert row.local_date == dt.date(2026, 3, 10)
    assert (subscription.status, subscription.paused_until) == ("active", None)


def test_who_stopped_gets_nothing_not_even_a_retry(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    settle(take(session, DUE), "pending")
    stop(session, subscription, DUE + MINUTE)
    assert take(session, DUE + HOUR) == []


def test_after_a_change_of_length_only_the_unread_rest_is_sent(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session)
    settle(take(session, DUE))
    change_length(session, subscription, "long", DUE + HOUR)
    [row] = take(session, DUE + DAY)
    assert (row.start, row.stop) == (33, 49)


def test_a_document_added_meanwhile_is_neither_skipped_nor_repeated(session: Session) -> None:
    make_document(session)
    subscription = make_subscription(session, plan=make_plan(session, order="date"))
    settle(take(session, DUE))
    older = make_document(session, dates=[dt.date(1950, 1, 1)])
    found = []
    for day in range(1, 6):
        rows = take(session, DUE + day * DAY)
        settle(rows)
        found += [row.document_id == older.id for row in rows]
        subscription.position_document_id = rows[0].document_id
        subscription.position_article, subscription.position_stop = rows[0].article, rows[0].stop
    assert sorted(found) == [False, False, True, True, True]


def test_across_a_change_of_clocks_every_date_has_one_row(session: Session) -> None:
    make_document(session, articles=3)
    target = make_target(session, timezone="Europe/Berlin")
    start = dt.datetime(2026, 10, 23, 0, 30, tzinfo=dt.UTC)
    make_subscription(session, target=target, local_minute=150, next_due_at=start)
    for half_hour in range(48 * 5):
        settle(take(session, start + half_hour * 30 * MINUTE))
    assert [date for date, _ in ledger(session)] == ["10-23", "10-24", "10-25", "10-26", "10-27"]


def test_processes_that_claim_at_the_same_time_share_the_rows_out(store: Database) -> None:
    def set_up(session: Session) -> None:
        make_document(session)
        plan = make_plan(session)
        for chat in range(40):
            make_subscription(session, plan, make_target(session, chat + 1))

    def claim_all(owner: str) -> list[int]:
        own = Database(store.url)
        keys: list[int] = []
        while claimed := own.run_write(lambda session: claim_due(session, DUE, owner, 4, READERS)):
            keys += claimed
        own.close()
        return keys

    store.run_write(set_up)
    with ThreadPoolExecutor(3) as pool:
        claimed = [key for keys in pool.map(claim_all, ("a", "b", "c")) for key in keys]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_row_that_another_process_is_claiming_is_skipped_over(store: Database) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")

    def set_up(session: Session) -> None:
        make_document(session)
        plan = make_plan(session)
        for chat in range(2):
            make_subscription(session, plan, make_target(session, chat + 1))

    store.run_write(set_up)
    with Session(store.writer) as first, Session(store.writer) as second:
        mine = claim_due(first, DUE, "first", 1, READERS)
        others = claim_due(second, DUE, "second", 5, READERS)
        first.commit()
        second.commit()
    assert len(mine) == len(others) == 1
    assert mine != others


@pytest.mark.parametrize(
    ("visibility", "access"), [("admins", "open"), ("members", "open"), ("public", "private")]
)
def test_what_is_closed_to_a_reader_is_not_written_and_his_place_is_kept(
    session: Session, visibility: str, access: str
) -> None:
    make_document(session)
    subscription = make_subscription(session)
    settle(take(session, DUE))
    make_collection(session).visibility = visibility
    closed = Readers(frozenset(), access)
    for day in range(1, 4):
        assert claim_due(session, DUE + day * DAY, "me", 9, closed) == []
    assert (ledger(session), subscription.next_due_at) == ([("03-03", "sent")], DUE + 4 * DAY)
    [key] = claim_due(session, DUE + 4 * DAY, "me", 9, Readers(frozenset({1001}), access))
    assert session.get_one(Delivery, key).ordinal == 2


def test_a_retry_of_what_was_closed_meanwhile_is_skipped(session: Session) -> None:
    make_document(session)
    make_subscription(session)
    settle(take(session, DUE), "pending")
    make_collection(session).visibility = "admins"
    assert take(session, DUE + MINUTE) == []
    assert ledger(session) == [("03-03", "skipped")]


@pytest.mark.parametrize("status", ["paused", "stopped"])
def test_a_send_that_is_put_back_after_its_reader_left_is_skipped(session: Session, status: str) -> None:
    make_document(session)
    subscription = make_subscription(session)
    settle(take(session, DUE), "pending")
    subscription.status = status
    asked = make_delivery(session, subscription, state="pending", slot=1, asked=True, not_before=DUE)
    assert take(session, DUE + MINUTE) == [asked]
    assert ("03-03", "skipped") in ledger(session)


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_what_waits_where_the_bot_is_shut_out_is_settled_and_not_looked_at_for_ever(
    session: Session, state: str
) -> None:
    make_document(session)
    subscription = make_subscription(session)
    mark_blocked(session, 1001, DUE)
    wait = {"state": state, "asked": True, "not_before": DUE, "lease_until": DUE}
    make_delivery(session, subscription, slot=1, **wait)
    make_delivery(session, subscription, slot=2, doubtful=True, **wait)
    assert has_due(session, DUE + MINUTE)
    assert take(session, DUE + MINUTE) == []
    assert ledger(session) == [("03-01", "skipped"), ("03-01", "unknown")]
    assert not has_due(session, DUE + MINUTE)


def test_a_zone_that_is_gone_stops_nobody(session: Session) -> None:
    make_document(session)
    gone = make_subscription(session, target=make_target(session, 1002, timezone="Europe/Atlantis"))
    other = make_subscription(session, gone.plan)
    rows = take(session, DUE)
    assert other.id in {row.subscription_id for row in rows}
    assert gone.next_due_at == DUE + HOUR * 8  # 07:30 in UTC


def test_a_plan_that_holds_nothing_settles_no_date(session: Session) -> None:
    subscription = make_subscription(session)
    take(session, DUE)
    assert subscription.last_local_date is None
    make_document(session)
    assert today(session, subscription, DUE + HOUR, "me", READERS).kind == "send"


@pytest.mark.parametrize("void", ["skipped", "expired"])
def test_readers_who_are_claimed_together_each_get_what_they_have_not_seen(
    session: Session, void: str
) -> None:
    document = make_document(session, articles=4)
    plan, mixed = make_plan(session), make_plan(session, "杂", order="shuffled")
    readers = [make_subscription(session, plan, make_target(session, 1001 + number)) for number in range(6)]
    lots = [make_subscription(session, mixed, reader.target) for reader in readers]
    first, second = (
        {"document_id": document.id, "article": 0, "start": start, "stop": stop}
        for start, stop in ((0, 33), (33, 69))
    )
    for reader in readers[1:]:
        make_delivery(session, reader, **first)
    make_delivery(session, readers[2], slot=1, state="failed", **second)
    make_delivery(session, readers[3], slot=1, state=void, **second)
    readers[4].round = 2
    make_delivery(session, readers[4], slot=1, round=2, **second)
    rows = {row.subscription_id: row for row in take(session, DUE)}
    got = [(rows[reader.id].start, rows[reader.id].ordinal) for reader in readers]
    assert got == [(0, 1), (33, 2), (69, 3), (33, 2), (0, 2), (33, 2)]
    assert len({(rows[reader.id].article, rows[reader.id].start) for reader in lots}) > 1


def test_an_idle_tick_searches_and_never_scans(session: Session, store: Database) -> None:
    if not store.is_sqlite:
        pytest.skip("SQLite plans a statement before it knows what is bound to it")
    make_document(session)
    make_subscription(session, next_due_at=DUE + DAY)
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            driver = connection.connection.dbapi_connection
            plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(store.writer, "before_cursor_execute", explain)
    assert claim_due(session, DUE, "me", 50, READERS) == []
    assert any("ix_delivery_pending (state=? AND not_before<?)" in plan for plan in plans)
    assert sum("ix_delivery_lease (state=? AND lease_until<?)" in plan for plan in plans) == 2
    assert any("ix_subscription_due" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN")]
