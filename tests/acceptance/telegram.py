"""The bot at work beside a local Telegram: the real application, a real SQLite file, real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from bot.app import running
from bot.clock import Clock
from bot.database import Database
from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.rooms import Room
from bot.demo.server import BotApiServer
from bot.handlers.context import App, Services
from bot.settings import Settings


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
        chat = message.chat_id
        last = self.api.transcript(user if chat == user.id else self.room(chat))[-1]
        user.press(message, button)
        return await self.api.message(user if chat == user.id else self.room(chat), after=last)

    def room(self, chat_id: int) -> Any:
        """Return something that has the chat's id."""
        return next(chat for chat in self.api.state.chats.values() if chat.id == chat_id)

    async def move_to(self, moment: dt.datetime) -> None:
        """Let the clock show this moment; the next tick looks for what is due."""
        self.clock.move_to(moment)


def make_settings(api: BotApiServer, **extra: Any) -> Settings:
    """Return settings for this server, whatever the environment says."""
    given = {"telegram_bot_token": api.token, "telegram_api_url": api.url, "telegram_proxy": None}
    return Settings.model_validate(given | extra)


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
