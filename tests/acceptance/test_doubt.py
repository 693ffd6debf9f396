"""A digest in doubt, in the running bot: who has it says so without knowing it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from bot.app import build_reconciler
from bot.attempts import Attempt
from bot.database import Database
from bot.delivery.doubt import PATIENCE
from bot.demo.faults import drop_after, hang_after
from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.server import BotApiServer
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.conftest import NOW

SECOND = dt.timedelta(seconds=1)


async def push_into_doubt(telegram: Telegram, user: User) -> Message:
    """Let a digest arrive whose answer is lost, and return it."""
    await telegram.subscribe(user)
    telegram.api.faults.add("sendMessage", drop_after())
    await telegram.move_to(shanghai(3, "07:30"))
    assert telegram.ledger()[-1][2] == "unknown"
    return telegram.said(user)[-1]


@pytest.mark.parametrize("way", ["press", "reply"])
async def test_who_presses_or_replies_has_it(river: Database, way: str) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        digest = await push_into_doubt(telegram, ann)
        if way == "press":
            ann.press(digest, "📖 上下文")
        else:
            ann.reply(digest, "河")
        await telegram.api.until(lambda: telegram.ledger()[-1][2] == "sent")
        await telegram.move_to(shanghai(3, "08:30"))

        assert [m.text for m in telegram.said(ann)].count(digest.text) == 1


async def test_a_press_under_what_was_shown_again_proves_nothing(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await push_into_doubt(telegram, ann)
        shown = await telegram.ask(ann, "/today")
        await telegram.tap(ann, shown, "✅ 读完了")

        assert telegram.ledger()[-1][2] == "unknown"


async def test_every_answer_is_on_record_before_it_is_sent(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        answer = await telegram.ask(ann, "/help")
        await telegram.api.until(lambda: numbers(river) == [answer.message_id])
        telegram.api.faults.add("sendMessage", hang_after(0.5))
        await telegram.ask(ann, "/help")

        assert numbers(river) == [answer.message_id, None]


def numbers(database: Database) -> list[int | None]:
    return database.run_read(lambda s: [row.message_id for row in s.query(Attempt).order_by(Attempt.id)])


async def test_after_a_crash_the_next_process_finds_what_arrived(river: Database) -> None:
    with BotApiServer() as api:
        async with running_bot(river, NOW, api) as telegram:
            ann = telegram.reader()
            await telegram.subscribe(ann)
            await telegram.move_to(shanghai(3, "07:30"))
            digest = telegram.said(ann)[-1]
        break_off = update(Attempt).where(Attempt.message_id == digest.message_id)
        river.run_write(lambda session: session.execute(break_off.values(message_id=None, outcome="open")))
        as_before = "UPDATE delivery SET state = 'sending', message_id = NULL, owner = 'dead'"
        river.run_write(lambda session: session.connection().exec_driver_sql(as_before))
        async with running_bot(river, telegram.clock.now(), api) as second:
            await second.services.pusher.tick()
            assert second.ledger()[-1][2] == "unknown"
            second.clock.move_to(second.clock.now() + PATIENCE + SECOND)
            await build_reconciler(second.application).tick()

            assert second.ledger()[-1][2] == "sent"
            assert [m.text for m in second.said(ann)].count(digest.text) == 1
