"""Stopping: what is under way is finished, the rest left to the next start, all within ten seconds."""

from __future__ import annotations

import asyncio

import pytest

import bot.app
from bot.database import Database
from bot.delivery.push import STOP_SECONDS as PUSHES_SECONDS
from bot.demo.faults import hang_after, slow
from bot.demo.server import BotApiServer
from bot.polling import GOODBYE_SECONDS
from bot.web.serving import CLOSE_SECONDS
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.conftest import NOW


async def push(telegram: Telegram) -> None:
    """Let the digest be due, and wait until its request is under way."""
    telegram.clock.move_to(shanghai(3, "07:30"))
    await telegram.services.pusher.tick()
    await telegram.api.until(lambda: "sending" in {state for _, _, state in telegram.ledger()})


async def test_a_digest_that_is_being_sent_at_the_stop_is_sent_and_on_record(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        reader = telegram.reader()
        await telegram.subscribe(reader)
        telegram.api.faults.add("sendMessage", slow(0.4))
        await push(telegram)

    assert [state for _, _, state in telegram.ledger()][-1] == "sent"
    assert "河畔" in telegram.said(reader)[-1].text


async def test_a_command_that_is_being_answered_at_the_stop_is_answered(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        reader = telegram.reader()
        telegram.api.faults.add("sendMessage", slowly := slow(0.4))
        reader.send("/help")
        await telegram.api.until(lambda: not telegram.api.faults.is_planned(slowly))

    assert "/search" in telegram.said(reader)[-1].text
    assert telegram.waiting() == []


async def test_what_hangs_is_left_to_the_next_start_and_the_stop_is_over_in_time(
    river: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.app, "ANSWERS_SECONDS", 0.2)
    monkeypatch.setattr(bot.app, "STOP_SECONDS", 0.4)
    loop = asyncio.get_running_loop()
    with BotApiServer() as api:
        async with running_bot(river, NOW, api) as telegram:
            reader = telegram.reader()
            api.faults.add("sendMessage", hanging := hang_after(30))
            reader.send("/help")
            await api.until(lambda: not api.faults.is_planned(hanging))
            began = loop.time()
        took = loop.time() - began
        left = telegram.waiting()
        async with running_bot(river, NOW, api) as telegram:
            await telegram.settled()

    assert took < PUSHES_SECONDS
    assert len(left) == 1


def test_the_parts_of_a_stop_add_up_to_ten_seconds_at_most() -> None:
    assert bot.app.STOP_SECONDS + max(GOODBYE_SECONDS, 2 * CLOSE_SECONDS) <= 10
