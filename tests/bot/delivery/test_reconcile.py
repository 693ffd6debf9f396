"""Rows in doubt: what is in the chat is found, what is not is sent again, and nothing else is touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from telegram import Bot

from bot.asking import today
from bot.attempts import Attempt, Conformance
from bot.delivery.attempts import begin_attempt, settle_attempt
from bot.delivery.doubt import (
    GROUP_CANDIDATES,
    MOST_CANDIDATES,
    OPEN_CANDIDATES,
    PATIENCE,
    Policy,
    note_evidence,
)
from bot.delivery.outcomes import Sent
from bot.delivery.reconcile import TRIES, Reconciler
from bot.demo import faults
from bot.demo.people import HasId, User
from bot.models import Delivery, Subscription
from bot.schedule.claim import GRACE
from bot.schedule.late import LEAST_DISTANCE
from bot.schedule.picks import position
from bot.shut_out import mark_blocked, mark_unblocked
from tests.bot.delivery.conftest import DUE, Desk, render
from tests.factories import READERS

SECOND, MINUTE, DAY = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(days=1)
Make = Callable[..., Reconciler]


@pytest.fixture
def ann(desk: Desk) -> User:
    """A reader whose chat has seen a message of the bot's: from there on numbers are known."""
    return reader(desk, "Ann")


@pytest.fixture
def make(desk: Desk, bot: Bot) -> Make:
    """Makes a reconciler beside the desk's pusher."""

    def build(policy: Policy = "resend", *, is_local: bool = True) -> Reconciler:
        return Reconciler(desk.database, bot, desk.clock, desk.budget, render, policy, is_local=is_local)

    return build


def reader(desk: Desk, name: str) -> User:
    user = desk.api.user(name)
    user.start()
    desk.database.run_write(lambda session: note_message(session, user.id, user.send("hello").message_id))
    return user


def note_message(session: Session, chat_id: int, message_id: int) -> None:
    attempt = begin_attempt(session, chat_id, "me", DUE - 60 * MINUTE)
    settle_attempt(session, attempt, Sent(message_id), DUE - 60 * MINUTE)


async def lose(desk: Desk, user: HasId, fault: faults.Fault) -> int:
    """Push to the reader with this fault, and return the subscription's id: its row is in doubt."""
    key = desk.subscribe(user.id)
    desk.api.faults.add("sendMessage", fault, chat_id=user.id)
    await desk.push()
    assert desk.states()[-1] == "unknown"
    return key


async def after(desk: Desk, reconciler: Reconciler, wait: dt.timedelta = PATIENCE) -> None:
    """Let the time pass, and both do their work."""
    desk.clock.moment += wait
    await reconciler.tick()
    await desk.push()


def received(desk: Desk, user: User) -> list[str]:
    return [message.text.split(" ")[0] for message in desk.api.transcript(user) if message.by_bot]


def edits(desk: Desk) -> list[str | None]:
    return [call.description for call in desk.api.calls("editMessageReplyMarkup")]


async def test_what_arrived_is_found_and_not_sent_again(desk: Desk, ann: User, make: Make) -> None:
    key = await lose(desk, ann, faults.drop_after())
    await after(desk, make())
    [row] = desk.rows()
    assert (row.state, row.attempts, row.again) == ("sent", 1, False)
    assert row.message_id == desk.api.transcript(ann)[-1].message_id
    assert received(desk, ann) == ["1/6"]
    assert position(desk.subscription(key)) is not None
    assert not desk.api.transcript(ann)[-1].edited


async def test_what_did_not_arrive_is_sent_again_and_marked(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop())
    await after(desk, make())
    [row] = desk.rows()
    assert (row.state, row.attempts, row.again, row.doubtful) == ("sent", 2, True, False)
    assert received(desk, ann) == ["1/6"]


async def test_nothing_is_looked_for_before_telegram_had_its_time(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop_after())
    await after(desk, make(), GRACE - SECOND)
    await after(desk, make(), 2 * SECOND)
    assert edits(desk) == []
    assert desk.states() == ["unknown"]


async def test_a_later_message_ends_the_search(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop())
    bob = reader(desk, "Bob")
    desk.clock.moment += GRACE
    desk.subscribe(bob.id, local_minute=451, next_due_at=desk.clock.moment)
    await desk.push()
    await after(desk, make(), GRACE)
    assert received(desk, ann) == ["1/6"]
    assert len(edits(desk)) == 1  # Bob's /start alone is known to nobody


async def test_a_known_answer_is_never_probed(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop())
    answer = await answer_to(desk, ann)
    await after(desk, make())
    assert answer not in [int(c.parameters["message_id"]) for c in desk.api.calls("editMessageReplyMarkup")]
    assert received(desk, ann) == ["answer", "1/6"]


async def answer_to(desk: Desk, user: User, *, is_settled: bool = True) -> int:
    """Let the bot answer the reader, on record, and return the answer's number."""
    now = desk.clock.moment
    attempt = desk.database.run_write(lambda session: begin_attempt(session, user.id, "me", now))
    sent = await desk.pusher._sender._bot.send_message(user.id, "answer")
    if is_settled:
        desk.database.run_write(lambda s: settle_attempt(s, attempt, Sent(sent.message_id), now))
    return sent.message_id


async def test_a_chat_with_an_answer_in_doubt_is_not_probed(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop_after())
    answer = await answer_to(desk, ann, is_settled=False)
    await after(desk, make())
    assert edits(desk) == []
    assert received(desk, ann) == ["1/6", "answer", "1/6"]
    assert not next(m for m in desk.api.transcript(ann) if m.message_id == answer).buttons


async def test_without_a_check_of_the_bot_nothing_is_probed(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop_after())
    await after(desk, make(is_local=False))
    assert edits(desk) == []
    assert received(desk, ann) == ["1/6", "1/6"]
    [row] = desk.rows()
    assert (row.state, row.again) == ("sent", True)


@pytest.mark.parametrize(("passed", "expected"), [(True, ["1/6"]), (False, ["1/6", "1/6"])])
async def test_the_stored_check_of_the_bot_decides(
    desk: Desk, ann: User, make: Make, passed: bool, expected: list[str]
) -> None:
    check = Conformance(bot_id=desk.pusher._sender._bot.id, passed=passed, checked_at=DUE)
    desk.database.run_write(lambda session: session.add(check))
    await lose(desk, ann, faults.drop_after())
    await after(desk, make(is_local=False))
    assert received(desk, ann) == expected


async def test_what_cannot_be_found_out_is_sent_again_once(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop_after())
    desk.api.faults.add("sendMessage", faults.drop_after())
    await after(desk, make(is_local=False))
    assert (desk.states(), desk.rows()[0].doubtful) == (["unknown"], True)
    for _ in range(3):
        await after(desk, make(is_local=False))
    assert received(desk, ann) == ["1/6", "1/6"]
    assert (desk.states(), desk.rows()[0].reconcile_at) == (["unknown"], None)


async def test_an_operator_may_hold_what_cannot_be_found_out(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop_after())
    for _ in range(3):
        await after(desk, make("hold", is_local=False))
    assert received(desk, ann) == ["1/6"]
    assert (desk.states(), desk.rows()[0].reconcile_at) == (["unknown"], None)


async def test_near_the_next_digest_what_is_in_doubt_is_left_at_that(
    desk: Desk, ann: User, make: Make
) -> None:
    await lose(desk, ann, faults.drop_after())
    await after(desk, make(is_local=False), DAY - LEAST_DISTANCE + MINUTE)
    assert received(desk, ann) == ["1/6"]
    assert desk.states() == ["unknown"]


async def test_too_many_numbers_say_nothing(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop())
    for number in range(MOST_CANDIDATES + 1):
        ann.send(f"{number}")
    bob = reader(desk, "Bob")
    desk.clock.moment += GRACE
    desk.subscribe(bob.id, local_minute=451, next_due_at=desk.clock.moment)
    await desk.push()
    await after(desk, make("hold"), GRACE)
    assert edits(desk) == []
    assert desk.states() == ["unknown", "sent"]


async def test_others_in_doubt_are_reckoned_with_where_no_later_message_is_known(
    desk: Desk, ann: User, make: Make
) -> None:
    others = [desk.api.user(f"R{number}") for number in range(OPEN_CANDIDATES + 5)]
    for other in others:
        desk.database.run_write(partial(begin_attempt, chat_id=other.id, owner="me", now=DUE))
        other.start()  # takes a number, as what was begun may have
    await lose(desk, ann, faults.drop_after())
    await after(desk, make())
    assert received(desk, ann) == ["1/6"]
    assert desk.states() == ["sent"]


async def test_in_a_group_without_a_later_message_nothing_is_taken_for_absent(
    desk: Desk, ann: User, make: Make
) -> None:
    group = desk.api.group("读书会", [ann], supergroup=True)
    desk.database.run_write(lambda session: note_message(session, group.id, ann.send("a", group).message_id))
    for _ in range(GROUP_CANDIDATES + 5):
        ann.send("b", group)
    await lose(desk, group, faults.drop_after())
    await after(desk, make("hold"))
    assert desk.states() == ["unknown"]


@pytest.mark.parametrize("fault", [faults.refuse(500, "oops"), faults.drop()])
async def test_a_probe_without_an_answer_is_made_again_at_once(
    desk: Desk, ann: User, make: Make, fault: faults.Fault
) -> None:
    await lose(desk, ann, faults.drop_after())
    desk.api.faults.add("editMessageReplyMarkup", fault, times=TRIES - 1)
    await after(desk, make())
    assert desk.states() == ["sent"]
    assert received(desk, ann) == ["1/6"]
    assert not desk.budget.is_paused


@pytest.mark.parametrize("fault", [faults.flood(7), faults.refuse(500, "oops")])
async def test_while_telegram_does_not_answer_the_row_waits(
    desk: Desk, ann: User, make: Make, fault: faults.Fault
) -> None:
    await lose(desk, ann, faults.drop_after())
    desk.api.faults.add("editMessageReplyMarkup", fault, times=TRIES)
    await after(desk, make())
    assert desk.states() == ["unknown"]
    desk.api.faults.clear()
    desk.time.pass_by(10)
    await after(desk, make(), MINUTE)
    assert desk.states() == ["sent"]
    assert received(desk, ann) == ["1/6"]


async def test_who_left_meanwhile_is_set_aside_and_gets_no_second_one(
    desk: Desk, ann: User, make: Make
) -> None:
    key = await lose(desk, ann, faults.drop_after())
    desk.api.faults.add(
        "editMessageReplyMarkup", faults.refuse(403, "Forbidden: bot was blocked by the user")
    )
    await after(desk, make())
    assert desk.states() == ["unknown"]
    assert desk.subscription(key).next_due_at is None
    desk.database.run_write(lambda session: mark_unblocked(session, ann.id, desk.clock.moment))
    await after(desk, make())
    assert received(desk, ann) == ["1/6"]


async def test_who_blocked_the_bot_is_not_probed_and_has_no_backlog(
    desk: Desk, ann: User, make: Make
) -> None:
    await lose(desk, ann, faults.drop())
    desk.database.run_write(lambda session: mark_blocked(session, ann.id, desk.clock.moment))
    await after(desk, make())
    desk.database.run_write(lambda session: mark_unblocked(session, ann.id, desk.clock.moment))
    await after(desk, make())
    assert edits(desk) == []
    assert received(desk, ann) == []


async def test_two_that_reconcile_do_not_both_take_a_row(desk: Desk, ann: User, make: Make) -> None:
    await lose(desk, ann, faults.drop())
    desk.clock.moment += PATIENCE
    for reconciler in (make(), make()):
        await reconciler.tick()
    await desk.push()
    assert received(desk, ann) == ["1/6"]


async def test_a_press_proves_that_it_arrived(desk: Desk, ann: User, make: Make) -> None:
    key = await lose(desk, ann, faults.drop_after())
    seen, row = desk.api.transcript(ann)[-1], desk.rows()[0].id
    note = desk.database.run_write
    foreign = reader(desk, "Bob")
    assert not note(lambda session: note_evidence(session, row, foreign.id, seen.message_id, DUE))
    assert note(lambda session: note_evidence(session, row, ann.id, seen.message_id, DUE))
    assert not note(lambda session: note_evidence(session, row, ann.id, seen.message_id, DUE))
    assert desk.states() == ["sent"]
    assert position(desk.subscription(key)) is not None


async def test_a_press_under_another_message_proves_nothing(desk: Desk, ann: User) -> None:
    await lose(desk, ann, faults.drop())
    answer, row = await answer_to(desk, ann), desk.rows()[0].id
    assert not desk.database.run_write(lambda session: note_evidence(session, row, ann.id, answer, DUE))
    assert desk.states() == ["unknown"]


@pytest.mark.parametrize("settled", ["sent", "skipped"])
async def test_a_press_changes_nothing_that_is_settled(desk: Desk, ann: User, settled: str) -> None:
    await lose(desk, ann, faults.drop_after())
    seen, row = desk.api.transcript(ann)[-1], desk.rows()[0]
    values = {"state": settled, "message_id": None, "ended_at": DUE}
    desk.database.run_write(lambda session: session.execute(update(Delivery).values(values)))
    note = partial(note_evidence, delivery_id=row.id, chat_id=ann.id, message_id=seen.message_id, now=DUE)
    assert not desk.database.run_write(note)
    assert (desk.rows()[0].state, desk.rows()[0].message_id) == (settled, None)


async def test_what_was_found_absent_does_not_keep_the_next_try_from_being_looked_for(
    desk: Desk, ann: User, make: Make
) -> None:
    await lose(desk, ann, faults.drop())
    desk.api.faults.add("sendMessage", faults.drop_after())
    await after(desk, make())
    assert desk.states() == ["unknown"]
    await after(desk, make())
    assert (desk.states(), desk.rows()[0].attempts) == (["sent"], 2)
    assert received(desk, ann) == ["1/6"]


async def test_a_press_counts_also_when_it_is_about_to_be_sent_again(
    desk: Desk, ann: User, make: Make
) -> None:
    await lose(desk, ann, faults.drop_after())
    desk.clock.moment += PATIENCE
    await make(is_local=False).tick()
    assert desk.states() == ["pending"]
    seen, row = desk.api.transcript(ann)[-1], desk.rows()[0].id
    desk.database.run_write(lambda session: note_evidence(session, row, ann.id, seen.message_id, DUE))
    await desk.push()
    assert (desk.states(), received(desk, ann)) == (["sent"], ["1/6"])


async def test_who_asked_for_today_and_has_it_gets_no_second_one(desk: Desk, ann: User, make: Make) -> None:
    key = await lose(desk, ann, faults.drop())

    def ask(session: Session) -> str:
        return today(session, session.get_one(Subscription, key), desk.clock.moment, "me", READERS).kind

    assert desk.database.run_write(ask) == "show"
    await after(desk, make())
    assert (desk.states(), received(desk, ann)) == (["unknown"], [])


async def test_after_a_crash_what_was_being_sent_is_found(
    desk: Desk, ann: User, bot: Bot, make: Make
) -> None:
    """The answer never came, because nobody was there any more to hear it."""
    key = desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.hang_after(60))
    await desk.pusher.tick()
    await desk.until_sending(1)
    await desk.api.message(ann)
    for task in desk.pusher._tasks:
        task.cancel()
    desk.clock.moment += 10 * MINUTE
    await desk.push()
    assert desk.states() == ["unknown"]
    await after(desk, make())
    assert (desk.states(), received(desk, ann)) == (["sent"], ["1/6"])
    assert desk.database.run_read(lambda s: s.scalars(select(Attempt.outcome)).all())[-1] == "sent"
    assert position(desk.subscription(key)) is not None
