"""The bot at work beside a local Telegram: the real application, a real SQLite file, real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.app import running
from bot.clock import Clock
from bot.database import Database
from bot.demo.model import Message
from bot.demo.people import HasId, User
from bot.demo.rooms import Room
from bot.demo.server import BotApiServer
from bot.handlers.context import App, Services
from bot.models import Delivery
from bot.operations import ReceivedUpdate
from bot.settings import Settings
from tests.secrecy import WATCH


@dataclass
class Telegram:
    """A bot that runs, the Telegram it runs on, and its clock."""

    api: BotApiServer
    application: App
    database: Database
    clock: Clock

    @property
    def services(self) -> Services:
        """The application's services."""
        services: Services = self.application.bot_data["services"]
        return services

    def reader(self, name: str = "安", user_id: int | None = None) -> User:
        """Return a new user whose Telegram speaks Chinese."""
        return self.api.user(name, "zh-hans", user_id)

    async def ask(self, user: User, text: str, chat: Room | None = None, **extra: Any) -> Message:
        """Send a text, and return the bot's answer to it."""
        sent = user.send(text, chat, **extra)
        return await self.api.message(chat or user, after=sent)

    async def tap(self, user: User, message: Message, button: str) -> Message:
        """Press a button, and return the message as it is after the bot's edit."""
        user.press(message, button)
        return await self.api.edit(message)

    async def tap_for_message(self, user: User, message: Message, button: str) -> Message:
        """Press a button, and return the message that the bot sends."""
        chat = self.api.state.chats[message.chat_id]
        last = self.api.transcript(chat)[-1]
        user.press(message, button)
        return await self.api.message(chat, after=last)

    async def toast(self, user: User, message: Message, button: str) -> str:
        """Press a button, or forge a press with data that no button has; return the words of the answer."""
        offered = [item for row in message.buttons for item in row if button in (item.label, item.data)]
        query = user.press(message, button) if offered else user.forge(message, button)
        return (await self.api.toast(query)).text

    async def subscribe(self, user: User) -> Message:
        """Take the first thing that /start offers, and return the confirmation."""
        welcome = await self.ask(user, "/start")
        return await self.tap(user, welcome, welcome.buttons[0][0].label)

    async def move_to(self, moment: dt.datetime) -> None:
        """Let the clock show this moment, and what is due then be sent."""
        pusher = self.services.pusher
        self.clock.move_to(moment)
        for _ in range(2):
            async with pusher._tick_lock:  # the bot's own tick is over, perhaps by the old clock
                pass
            await pusher.tick()
            await pusher.wait()

    async def settled(self) -> None:
        """Wait until all that came in is answered, and erased."""
        await self.api.until(lambda: not self.waiting())

    def waiting(self) -> list[int]:
        """Return the numbers of the updates that are not answered."""
        query = select(ReceivedUpdate.update_id).where(ReceivedUpdate.body.is_not(None))
        return self.database.run_read(lambda session: list(session.scalars(query)))

    def said(self, chat: HasId) -> list[Message]:
        """Return the bot's messages in the chat, oldest first."""
        return [message for message in self.api.transcript(chat) if message.by_bot]

    def ledger(self) -> list[tuple[str, int, str]]:
        """Return local date, slot and state of each of the ledger's rows, oldest first."""
        query = select(Delivery).order_by(Delivery.id)
        rows = self.database.run_read(lambda session: session.scalars(query).all())
        return [(row.local_date.isoformat(), row.slot, row.state) for row in rows]


def shanghai(day: int, time: str) -> dt.datetime:
    """Return the moment at which Shanghai's clocks show `time` on that day of March 2026."""
    return dt.datetime.fromisoformat(f"2026-03-{day:02}T{time}+08:00").astimezone(dt.UTC)


def make_settings(api: BotApiServer, **extra: Any) -> Settings:
    """Return settings for this server, whatever the environment says."""
    given = {"telegram_bot_token": api.token, "telegram_api_url": api.url, "telegram_proxy": None}
    settings = Settings.model_validate(given | extra)
    WATCH.know(settings.secrets)
    return settings


@contextmanager
def own_server(clock: Clock, api: BotApiServer | None) -> Iterator[BotApiServer]:
    """Yield the server that is given and goes on after this bot, or a new one for it alone."""
    if api is not None:
        yield api
        return
    with BotApiServer(now=clock.now) as started:
        yield started


@asynccontextmanager
async def running_bot(
    database: Database, now: dt.datetime, api: BotApiServer | None = None, **settings: Any
) -> AsyncIterator[Telegram]:
    """Run the bot on its own server (or on `api`), its clock showing `now`."""
    clock = Clock()
    clock.move_to(now)
    with own_server(clock, api) as server:
        async with running(make_settings(server, **settings), database, clock) as application:
            yield Telegram(server, application, database, clock)
