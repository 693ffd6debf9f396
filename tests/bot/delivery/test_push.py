"""Pushing over real HTTP: what is due arrives once, and the ledger says what became of it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable

import httpcore
import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from telegram import Bot

from bot.asking import read_ahead
from bot.clock import Clock
from bot.database import Database
from bot.delivery.push import RENEW_SECONDS, Pusher
from bot.delivery.sending import IN_FLIGHT, Content
from bot.demo import faults
from bot.demo.model import Topic
from bot.demo.people import User
from bot.demo.rooms import Room
from bot.demo.server import BotApiServer
from bot.digest import Digest
from bot.models import Subscription, Target
from bot.render.message import Message
from bot.schedule.claim import LEASE, claim_due
from bot.schedule.picks import position
from bot.shut_out import mark_unblocked
from bot.subscriptions import pause, stop
from content.models import Collection, Document
from tests.bot.delivery.conftest import DUE, Desk, SetClock, make_budget, render
from tests.factories import READERS, make_document

SECOND, MINUTE, DAY = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def ann(api: BotApiServer) -> User:
    """A reader who has pressed Start."""
    user = api.user("Ann")
    user.start()
    return user


def received(desk: Desk, user: User) -> list[str]:
    return [message.text.split(" ")[0] for message in desk.api.transcript(user) if message.text != "/start"]


def rest(session: Session, subscription: Subscription, now: dt.datetime) -> Subscription:
    return pause(session, subscription, None, now)


async def test_what_is_due_arrives_once_and_is_settled(desk: Desk, ann: User) -> None:
    key = desk.subscribe(ann.id)
    await desk.push()
    await desk.push()
    assert received(desk, ann) == ["1/6"]
    [row] = desk.rows()
    assert (row.state, row.chat_id) == ("sent", ann.id)
    assert row.message_id == desk.api.transcript(ann)[-1].message_id
    assert position(desk.subscription(key)) == (row.document_id, 0, 33)


async def test_the_next_day_brings_the_next_passage(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    for day in range(3):
        desk.clock.moment = DUE + day * DAY
        await desk.push()
    assert received(desk, ann) == ["1/6", "2/6", "3/6"]


async def test_the_end_of_the_plan_is_said_once(desk: Desk, ann: User) -> None:
    key = desk.subscribe(ann.id, length="long")
    for day in range(7):
        desk.clock.moment = DUE + day * DAY
        await desk.push()
    assert received(desk, ann) == ["1/4", "2/4", "3/4", "4/4", "finished"]
    assert desk.subscription(key).status == "finished"


async def test_a_429_is_obeyed_and_the_same_passage_comes_later(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.flood(30))
    await desk.push()
    assert desk.states() == ["pending"]
    desk.clock.moment = DUE + 29 * SECOND
    await desk.push()
    assert received(desk, ann) == []
    assert len(desk.api.calls("sendMessage")) == 1
    assert desk.rows()[0].not_before == DUE + 30 * SECOND
    assert await desk.budget.acquire(ann.id) > 29


async def test_a_server_error_is_tried_again(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.refuse(500, "Internal Server Error"))
    await desk.push()
    assert desk.states() == ["pending"]
    desk.clock.moment = DUE + 2 * SECOND
    await desk.push()
    assert received(desk, ann) == ["1/6"]
    assert desk.rows()[0].attempts == 2


async def test_an_answer_that_is_lost_leaves_the_row_unknown_and_nothing_is_resent(
    desk: Desk, ann: User
) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.drop_after())
    await desk.push()
    for minutes in (1, 10, 60):
        desk.clock.moment = DUE + minutes * MINUTE
        await desk.push()
    assert desk.states() == ["unknown"]
    assert received(desk, ann) == ["1/6"]
    desk.clock.moment = DUE + DAY
    await desk.push()
    assert received(desk, ann) == ["1/6", "2/6"]


async def test_who_blocked_the_bot_is_set_aside_and_the_others_get_theirs(desk: Desk, ann: User) -> None:
    bob = desk.api.user("Bob")
    bob.start()
    blocked, other = desk.subscribe(ann.id), desk.subscribe(bob.id)
    ann.block()
    await desk.push()
    desk.clock.moment = DUE + DAY
    await desk.push()
    assert received(desk, bob) == ["1/6", "2/6"]
    assert len(desk.api.calls("sendMessage", ann)) == 1
    assert position(desk.subscription(blocked)) is None
    assert desk.subscription(blocked).next_due_at is None
    assert desk.subscription(other).next_due_at == DUE + 2 * DAY


async def test_a_closed_topic_does_not_silence_the_other_topics(desk: Desk, ann: User) -> None:
    forum = desk.api.group("读书会", [ann], forum=True)
    topics = [forum.open_topic("晨读"), forum.open_topic("夜读")]
    for topic in topics:
        desk.subscribe(forum.id, thread_id=topic)
    desk.api.faults.add("sendMessage", faults.refuse(400, "Bad Request: TOPIC_CLOSED"))
    await desk.push()
    assert sorted(desk.states()) == ["sent", "skipped"]
    desk.clock.moment = DUE + DAY
    await desk.push()
    threads = {message.thread_id for message in desk.api.transcript(forum) if message.text}
    assert len(threads) == 1
    assert sorted(desk.states()) == ["sent", "sent", "skipped"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda room, topic: room.close_topic(topic), "topic_closed"),
        (lambda room, topic: room.delete_topic(topic), "message thread not found"),
        (lambda room, topic: room.mute_bot(), "not enough rights"),
        (lambda room, topic: room.kick_bot(), "bot was kicked"),
    ],
)
async def test_who_brought_the_bot_is_told_once_where_it_may_not_write_any_more(
    desk: Desk, ann: User, change: Callable[[Room, int], None], said: str
) -> None:
    forum = desk.api.group("读书会", [ann], forum=True)
    topic = forum.open_topic("晨读")
    key = desk.subscribe(forum.id, thread_id=topic, kind="group")
    bring = update(Target).where(Target.chat_id == forum.id).values(bound_by=ann.id)
    desk.database.run_write(lambda session: session.execute(bring))
    change(forum, topic)
    await desk.push()
    desk.clock.moment = DUE + DAY
    await desk.push()
    [notice] = [message.text for message in desk.api.transcript(ann) if message.by_bot]
    assert notice.startswith(f"shut {topic} ")
    assert said in notice.lower()
    assert (desk.states(), desk.subscription(key).status) == (["skipped"] * 2, "active")
    now = desk.clock.moment
    desk.database.run_write(lambda session: mark_unblocked(session, forum.id, now, topic))
    change_back(forum, topic)
    desk.clock.moment = DUE + 2 * DAY
    await desk.push()
    assert [m.text[:3] for m in desk.api.transcript(forum) if m.by_bot] == ["1/6"]


async def test_a_group_that_shut_the_bot_out_is_tried_once_more_the_next_day_and_then_let_be(
    desk: Desk, ann: User
) -> None:
    room = desk.api.group("读书会", [ann])
    desk.subscribe(room.id, kind="group")
    bring = update(Target).where(Target.chat_id == room.id).values(bound_by=ann.id)
    desk.database.run_write(lambda session: session.execute(bring))
    room.mute_bot()
    for day in range(4):
        desk.clock.moment = DUE + day * DAY
        await desk.push()

    calls = Counter(call.chat_id for call in desk.api.calls("sendMessage"))
    assert calls == {room.id: 2, ann.id: 1}  # the one who brought the bot is told once
    assert desk.states() == ["skipped", "skipped"]


async def test_a_group_that_lets_the_bot_write_again_without_a_word_gets_the_passage_that_was_kept(
    desk: Desk, ann: User
) -> None:
    room = desk.api.group("读书会", [ann])
    desk.subscribe(room.id, kind="group")
    for day, is_mute in enumerate((True, False, True, False, False)):
        room.mute_bot(is_mute)
        desk.clock.moment = DUE + day * DAY
        await desk.push()

    assert [m.text[:3] for m in desk.api.transcript(room) if m.by_bot] == ["1/6", "2/6", "3/6"]
    assert desk.states() == ["skipped", "sent", "skipped", "sent", "sent"]


def change_back(room: Room, topic: int) -> None:
    """Let the bot write in the topic again, whatever was in its way."""
    room.add_bot()
    room.mute_bot(False)
    if topic in room.chat.topics:
        room.reopen_topic(topic)
    else:
        room.chat.topics[topic] = Topic("晨读")


async def test_a_group_that_became_a_supergroup_gets_its_digest_there(desk: Desk, ann: User) -> None:
    group = desk.api.group("读书会", [ann])
    key = desk.subscribe(group.id)
    new = group.upgrade()
    await desk.push()
    await desk.push()
    assert desk.api.transcript(new)[-1].text.startswith("1/6")
    chats = desk.database.run_read(lambda session: session.get_one(Subscription, key).target.chat_id)
    assert chats == new.id
    assert desk.states() == ["sent"]


async def test_a_message_that_telegram_refuses_fails_and_the_next_passage_comes_the_next_day(
    desk: Desk, ann: User
) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.refuse(400, "Bad Request: message is too long"))
    await desk.push()
    desk.clock.moment = DUE + DAY
    await desk.push()
    assert desk.states() == ["failed", "sent"]
    assert received(desk, ann) == ["2/6"]


async def test_a_refused_token_stops_everything_and_blames_no_reader(
    desk: Desk, ann: User, make_bot: Callable[[str], Bot]
) -> None:
    key = desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.refuse(401, "Unauthorized"))
    await desk.push()
    assert desk.pusher.is_refused
    assert (desk.states(), desk.subscription(key).status) == (["pending"], "active")
    desk.clock.moment = DUE + 10 * MINUTE
    await desk.push()
    assert len(desk.api.calls("sendMessage")) == 1
    desk.pusher.token_works()
    await desk.push()
    assert received(desk, ann) == ["1/6"]


async def test_a_proxys_own_page_does_not_stop_the_bot(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.Fault(status=404, body="<html>no such page</html>"))
    await desk.push()
    assert (desk.pusher.is_refused, desk.states()) == (False, ["pending"])
    desk.clock.moment = DUE + 2 * SECOND
    await desk.push()
    assert received(desk, ann) == ["1/6"]


@pytest.mark.parametrize(("leave", "expected"), [(stop, []), (rest, ["skipped"])])
async def test_what_was_claimed_when_its_reader_left_is_not_sent(
    desk: Desk, ann: User, leave: Callable[..., object], expected: list[str]
) -> None:
    key = desk.subscribe(ann.id)
    [row] = desk.database.run_write(lambda session: claim_due(session, DUE, "me", 5, READERS))
    desk.database.run_write(lambda session: leave(session, session.get_one(Subscription, key), DUE))
    assert await desk.pusher.deliver(row) is None
    assert desk.states() == expected
    assert received(desk, ann) == []


async def test_what_was_claimed_when_its_collection_was_closed_is_not_sent(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    [key] = desk.database.run_write(lambda session: claim_due(session, DUE, "me", 5, READERS))
    desk.database.run_write(lambda session: session.execute(update(Collection).values(visibility="admins")))
    assert await desk.pusher.deliver(key) is None
    assert desk.states() == ["skipped"]
    assert received(desk, ann) == []


async def test_a_slow_send_holds_up_no_other(desk: Desk, ann: User) -> None:
    bob = desk.api.user("Bob")
    bob.start()
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.slow(1.5), chat_id=ann.id)
    await desk.pusher.tick()
    desk.subscribe(bob.id)
    await desk.pusher.tick()
    await desk.api.message(bob)
    assert received(desk, ann) == []
    await desk.pusher.wait()
    assert received(desk, ann) == ["1/6"]


async def test_one_that_cannot_be_rendered_holds_up_no_other(desk: Desk, ann: User) -> None:
    bob = desk.api.user("Bob")
    bob.start()
    for user in (ann, bob):
        desk.subscribe(user.id)

    def render_but_not_the_first(content: Content, language: str) -> Message:
        if isinstance(content, Digest) and content.delivery_id == 1:
            raise ValueError("too odd")
        return render(content, language)

    desk.pusher._sender._render = render_but_not_the_first
    await desk.push()
    assert desk.states() == ["failed", "sent"]
    assert received(desk, bob) == ["1/6"]


async def test_no_more_than_eight_requests_are_under_way(desk: Desk) -> None:
    for number in range(12):
        user = desk.api.user(f"R{number}")
        user.start()
        desk.subscribe(user.id)
    desk.api.faults.add("sendMessage", faults.slow(1.0), times=12)
    await desk.pusher.tick()
    await desk.until_sending(IN_FLIGHT)
    assert desk.states().count("sending") == IN_FLIGHT
    await desk.pusher.wait()
    assert desk.states() == ["sent"] * 12


@pytest.fixture
def three(desk: Desk, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Pusher:
    """A pusher at the usual pace that waits for company for an hour, and three readers."""
    monkeypatch.setattr("bot.delivery.sending.GATHER_SECONDS", 3600)
    for number in range(3):
        user = desk.api.user(f"R{number}")
        user.start()
        desk.subscribe(user.id)
    return Pusher(desk.database, bot, desk.clock, make_budget(Clock().seconds), render, "three", READERS)


async def test_nobody_waits_for_company_that_cannot_come(desk: Desk, three: Pusher) -> None:
    async with asyncio.timeout(10):
        await three.tick()
        await three.wait()
    assert desk.states() == ["sent"] * 3


async def test_who_waited_for_his_permit_does_not_wait_for_company(desk: Desk, three: Pusher) -> None:
    desk.api.faults.add("sendMessage", faults.slow(1.0), times=3)
    await three.tick()
    await desk.until_sending(3)
    await three.wait()
    assert desk.states() == ["sent"] * 3


async def test_requests_that_begin_together_are_not_sent_to_the_same_connection(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    handle = httpcore.AsyncHTTPConnection.handle_async_request

    async def count(connection: httpcore.AsyncHTTPConnection, request: httpcore.Request) -> httpcore.Response:
        asked.append(str(request.url.target))
        return await handle(connection, request)

    for number in range(IN_FLIGHT):
        user = desk.api.user(f"R{number}")
        user.start()
        desk.subscribe(user.id)
    await desk.push()
    monkeypatch.setattr(httpcore.AsyncHTTPConnection, "handle_async_request", count)
    desk.clock.moment += DAY
    await desk.push()
    assert desk.states() == ["sent"] * 2 * IN_FLIGHT
    assert len(asked) == IN_FLIGHT


async def test_sending_is_committed_before_the_request(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.slow(0.5))
    await desk.pusher.tick()
    await desk.until_sending(1)
    assert received(desk, ann) == []
    await desk.pusher.wait()
    assert received(desk, ann) == ["1/6"]


async def test_what_became_of_a_message_is_not_forgotten_while_the_database_is_away(
    desk: Desk, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.keeping.AGAIN_SECONDS", 0.05)
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.slow(0.3))
    await desk.pusher.tick()
    await desk.until_sending(1)
    desk.database.run_write(lambda session: session.execute(text("PRAGMA busy_timeout = 1")))

    with Database(desk.database.url).writer.begin():  # nobody else may write
        async with asyncio.timeout(10):
            while not received(desk, ann):  # noqa: ASYNC110  nor does the server
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert desk.states() == ["sending"]
    await desk.pusher.wait()

    assert desk.states() == ["sent"]


async def test_a_stop_waits_for_what_is_under_way_and_gives_back_the_rest(desk: Desk) -> None:
    users = [desk.api.user(f"R{number}") for number in range(IN_FLIGHT + 3)]
    for user in users:
        user.start()
        desk.subscribe(user.id)
    desk.api.faults.add("sendMessage", faults.slow(1.0), times=20)
    await desk.pusher.tick()
    await desk.until_sending(IN_FLIGHT)
    await desk.pusher.stop()
    assert sorted(desk.states()) == ["pending"] * 3 + ["sent"] * IN_FLIGHT
    await desk.push()
    assert desk.states().count("pending") == 3


async def test_what_a_stop_gave_back_is_sent_by_the_next_process(desk: Desk, ann: User, bot: Bot) -> None:
    desk.subscribe(ann.id)
    desk.database.run_write(lambda session: claim_due(session, DUE, "me", 5, READERS))
    await desk.pusher.stop()
    assert desk.states() == ["pending"]
    later = Pusher(desk.database, bot, desk.clock, make_budget(Clock().seconds), render, "other", READERS)
    await later.tick()
    await later.wait()
    assert received(desk, ann) == ["1/6"]


async def test_who_is_at_work_for_long_keeps_what_he_holds(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.api.faults.add("sendMessage", faults.slow(1.0))
    await desk.pusher.tick()
    await desk.until_sending(1)
    desk.clock.moment += LEASE
    desk.pusher._renewed -= RENEW_SECONDS
    await desk.pusher.tick()
    assert desk.rows()[0].lease_until == desk.clock.moment + LEASE
    await desk.pusher.wait()
    assert desk.states() == ["sent"]


async def test_who_slept_through_his_lease_sends_nothing(
    desk: Desk, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine may be put to sleep between the note that a request is to be made and the request."""
    desk.subscribe(ann.id)
    write = desk.database.write

    async def sleep_after_a_write(work: Callable[[Session], object]) -> object:
        done = await write(work)
        desk.clock.moment += LEASE if "sending" in desk.states() else SECOND
        return done

    monkeypatch.setattr(desk.database, "write", sleep_after_a_write)
    await desk.push()
    assert desk.api.calls("sendMessage") == []
    assert desk.states() == ["pending"]


async def test_a_process_that_lost_its_row_sends_nothing(desk: Desk, ann: User, bot: Bot) -> None:
    desk.subscribe(ann.id)
    [key] = desk.database.run_write(lambda session: claim_due(session, DUE, "me", 5, READERS))
    desk.database.run_write(lambda session: claim_due(session, DUE + LEASE + SECOND, "other", 5, READERS))
    assert await desk.pusher.deliver(key) is None
    assert received(desk, ann) == []


async def test_a_document_removed_after_the_claim_is_replaced_by_another(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    [key] = desk.database.run_write(lambda session: claim_due(session, DUE, "me", 5, READERS))

    def replace(session: Session) -> int:
        session.execute(update(Document).values(visible=False))
        return make_document(session).id

    other = desk.database.run_write(replace)
    await desk.pusher.deliver(key)
    [row] = desk.rows()
    assert (row.state, row.document_id) == ("sent", other)
    assert received(desk, ann) == ["1/3"]


async def test_a_reader_who_asks_does_not_queue_behind_the_pushes(desk: Desk, ann: User) -> None:
    for number in range(IN_FLIGHT):
        user = desk.api.user(f"R{number}")
        user.start()
        desk.subscribe(user.id)
    asking = desk.subscribe(ann.id, next_due_at=DUE + DAY)
    desk.api.faults.add("sendMessage", faults.slow(6), times=IN_FLIGHT)
    await desk.pusher.tick()
    await desk.until_sending(IN_FLIGHT)
    asked = desk.database.run_write(
        lambda session: read_ahead(session, session.get_one(Subscription, asking), DUE, "me", READERS)
    )
    assert asked.delivery_id is not None
    await desk.pusher.deliver(asked.delivery_id, interactive=True)
    assert received(desk, ann) == ["1/6"]
    assert desk.states().count("sending") == IN_FLIGHT
    await desk.pusher.wait()


async def test_nothing_is_claimed_while_telegram_makes_the_whole_bot_wait(
    database: Database, desk: Desk, bot: Bot, ann: User
) -> None:
    budget = make_budget(Clock().seconds)
    await budget.told_to_wait(1, 60)
    await budget.told_to_wait(2, 60)
    desk.subscribe(ann.id)
    waiting = Pusher(database, bot, SetClock(DUE), budget, render, "waiting", READERS)
    await waiting.tick()
    assert desk.states() == []


async def test_a_language_goes_to_the_renderer(desk: Desk, ann: User) -> None:
    desk.subscribe(ann.id)
    desk.database.run_write(lambda session: session.execute(update(Target).values(language="en")))
    languages = []

    def note(content: Content, language: str) -> Message:
        languages.append(language)
        return render(content, language)

    desk.pusher._sender._render = note
    await desk.push()
    assert languages == ["en"]
