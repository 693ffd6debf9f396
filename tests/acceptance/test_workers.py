"""Many processes on one database: who sends, who answers, and whose turn it is to poll."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text

import bot.turn
from bot.app import running
from bot.clock import Clock
from bot.database import Database
from bot.demo.server import BotApiServer
from bot.handlers.context import Services
from bot.web.exposed import Exposed
from bot.working import working
from tests.acceptance.conftest import Rizhi
from tests.acceptance.telegram import make_settings, running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_document, make_plan


@pytest.fixture
def shared(postgres_with_schema: str) -> Iterator[Database]:
    """A PostgreSQL database with something to read."""
    database = Database(postgres_with_schema)
    database.run_write(lambda session: (make_document(session), make_plan(session)))
    yield database
    database.close()


@pytest.fixture
def other(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Another process' view of it."""
    shared: Database = request.getfixturevalue("shared")
    database = Database(shared.url)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.turn, "LOOK_SECONDS", 0.05)


def workers(services: Services) -> dict[str, float]:
    """Return what the metrics say of workers."""
    gauges = services.database.run_read(Exposed(services, None)._of_workers)
    return {gauge.name: value for gauge in gauges for _, value in gauge.values}


def test_on_sqlite_a_worker_says_what_it_needs(rizhi: Rizhi) -> None:
    done = rizhi("worker", TELEGRAM_BOT_TOKEN=f"123456789:{'A' * 35}")

    assert done.returncode == 1
    assert "workers need PostgreSQL" in done.stderr
    assert "rizhi db copy" in done.stderr


async def test_a_worker_sends_and_the_first_process_answers(shared: Database, other: Database) -> None:
    async with running_bot(shared, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        clock = Clock()
        clock.move_to(shanghai(3, "07:30"))
        async with working(make_settings(telegram.api), other, clock) as worker:
            await telegram.api.until(
                lambda: [state for *_, state in telegram.ledger()] == ["sent"], timeout=30
            )
            answer = await telegram.ask(ann, "/help")
            alive = workers(telegram.services)
        after = workers(telegram.services)
        owner = shared.run_read(lambda session: session.scalar(text("SELECT owner FROM delivery")))

    assert owner == worker.bot_data["services"].pusher.owner
    assert "/search" in answer.text
    assert (alive["rizhi_workers"], after["rizhi_workers"]) == (1, 0)
    assert after["rizhi_batches_waiting"] == 0


async def test_a_second_bot_on_a_database_waits_and_goes_on_when_the_first_has_ended(
    river: Database, caplog: pytest.LogCaptureFixture
) -> None:
    second = Database(river.url)

    async def take_over(api: BotApiServer) -> None:
        async with running(make_settings(api), second, Clock()):
            await asyncio.sleep(3600)

    with BotApiServer() as api, caplog.at_level(logging.INFO, "bot.turn"):
        async with running_bot(river, NOW, api) as telegram:
            waiting = asyncio.create_task(take_over(api))
            await api.until(lambda: "this one waits" in caplog.text)
            ann = telegram.reader()
            await telegram.ask(ann, "/help")
            assert len(api.calls("getMe")) == 1  # and nothing is asked of Telegram meanwhile
        asked = ann.send("/help")
        assert "/search" in (await api.message(ann, after=asked)).text
        assert "goes on in its place" in caplog.text
        waiting.cancel()
        await asyncio.wait({waiting})
    second.close()


async def test_who_loses_the_connection_that_keeps_others_from_polling_stops_until_it_is_his_turn(
    shared: Database, other: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_bot(shared, NOW) as telegram:
        ann = telegram.reader()
        await telegram.ask(ann, "/help")
        held = other.make_lock(bot.turn.RUNNING)
        holders = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        with caplog.at_level(logging.WARNING, "bot.turn"):
            other.run_write(lambda session: session.execute(holders))
            while not held.take():  # noqa: ASYNC110  it is a race between the two
                await asyncio.sleep(0)
            await telegram.api.until(lambda: "this one waits" in caplog.text)
        asked = ann.send("/help")
        await asyncio.sleep(0.3)
        assert [message for message in telegram.said(ann) if message.message_id > asked.message_id] == []
        held.release()
        assert "/search" in (await telegram.api.message(ann, after=asked)).text
