"""A pusher between a real database and a Bot API server on this machine, with a clock of the test's own."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget, Sleep
from bot.delivery.pace import LocalPace
from bot.delivery.push import Pusher
from bot.delivery.sending import Content
from bot.demo.server import BotApiServer
from bot.digest import Finished
from bot.models import Delivery, Subscription
from bot.plans import find_plan
from bot.render.markup import Html, escape
from bot.render.message import Button, Message
from bot.render.values import Shut
from tests.factories import MARCH, READERS, make_document, make_plan, make_subscription, make_target

DUE = MARCH + dt.timedelta(hours=23, minutes=30)
"""07:30 in Shanghai on Tuesday, 3 March 2026."""


class SetClock(Clock):
    """Shows the moment it was set to, and stands still."""

    def __init__(self, moment: dt.datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> dt.datetime:
        return self.moment


class FakeTime:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        """Return the seconds that have passed since some moment."""
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let the time pass."""
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass for whoever waits."""
        self.pass_by(seconds)


def make_budget(clock: Callable[[], float], sleep: Sleep = asyncio.sleep) -> Budget:
    """Return the budget of a process that sends by itself."""
    return Budget(LocalPace(25, clock), clock, sleep)


def render(content: Content, language: str) -> Message:
    """Return a plain rendering: enough to tell which passage came."""
    if isinstance(content, Finished):
        return Message(Html(f"finished {content.view.total}"))
    if isinstance(content, Shut):
        return Message(escape(f"shut {content.thread_id} {content.reason}"))
    text = Html(f"<b>{content.ordinal}/{content.total}</b> {escape(content.paragraphs[0])}")
    return Message(text, ((Button("✅", action=f"1:read:{content.delivery_id}"), Button("📋", copy="出处")),))


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Bot API server of this test's own."""
    with BotApiServer() as server:
        yield server


@pytest.fixture
def make_bot(api: BotApiServer) -> Callable[[str], Bot]:
    """Makes a bot that talks to the server, with the token given."""

    def make(token: str) -> Bot:
        requests = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
        return Bot(token, base_url=f"{api.url}/bot", request=requests[0], get_updates_request=requests[1])

    return make


@pytest_asyncio.fixture
async def bot(api: BotApiServer, make_bot: Callable[[str], Bot]) -> AsyncIterator[Bot]:
    """A bot that talks to the server."""
    async with make_bot(api.token) as made:
        yield made


@dataclass
class Desk:
    """What a test of pushing has before it."""

    api: BotApiServer
    database: Database
    clock: SetClock
    time: FakeTime
    """By which the budget counts."""
    budget: Budget
    pusher: Pusher

    def subscribe(
        self, chat_id: int, plan: str = "河畔", thread_id: int = 0, kind: str = "private", **fields: object
    ) -> int:
        """Subscribe the chat, due at `DUE`, and return the subscription's id."""

        def work(session: Session) -> int:
            found = find_plan(session, plan) or make_plan(session, plan)
            return make_subscription(
                session, found, make_target(session, chat_id, thread_id=thread_id, kind=kind), **fields
            ).id

        return self.database.run_write(work)

    async def push(self) -> None:
        """Tick once, and wait for all that it started."""
        await self.pusher.tick()
        await self.pusher.wait()

    async def until_sending(self, count: int) -> None:
        """Wait until so many requests are under way."""
        async with asyncio.timeout(10):
            while self.states().count("sending") < count:  # noqa: ASYNC110  the ledger rings no bell
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.05)  # what is on record is on its way a moment later

    def states(self) -> list[str]:
        """Return the states of the ledger's rows, oldest first."""
        return [row.state for row in self.rows()]

    def rows(self) -> list[Delivery]:
        """Return the ledger's rows, oldest first."""
        query = select(Delivery).order_by(Delivery.id)
        return self.database.run_read(lambda session: list(session.scalars(query)))

    def subscription(self, key: int) -> Subscription:
        """Return the subscription as it is now."""
        return self.database.run_read(lambda session: session.get_one(Subscription, key))


def make_desk(api: BotApiServer, bot: Bot, database: Database, owner: str) -> Desk:
    """Return the desk of a process that is known as `owner`; it is `DUE`."""
    clock, time = SetClock(DUE), FakeTime()
    budget = make_budget(time.clock, time.sleep)
    pusher = Pusher(database, bot, clock, budget, render, owner, READERS)
    return Desk(api, database, clock, time, budget, pusher)


@pytest_asyncio.fixture
async def desk(api: BotApiServer, bot: Bot, database: Database) -> AsyncIterator[Desk]:
    """A pusher with a document to send from; it is `DUE`."""
    database.run_write(lambda session: make_document(session, articles=2))
    made = make_desk(api, bot, database, "me")
    yield made
    await made.pusher.stop()
