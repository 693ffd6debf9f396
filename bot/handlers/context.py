"""What a handler is given: the services, and who asks, where, in which language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session
from telegram import CallbackQuery, Chat, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.engine import Engine
from bot.delivery.push import Pusher
from bot.flood import Buckets
from bot.inbox import Inbox
from bot.members import audience
from bot.metrics import Metrics
from bot.polling import Poller
from bot.render.texts import Language, Texts, as_language, language_of
from bot.settings import Settings
from bot.subscriptions import find_target


@dataclass
class Services:
    """What was put together once, at the entrance."""

    settings: Settings
    database: Database
    clock: Clock
    budget: Budget
    pusher: Pusher
    engine: Engine
    poller: Poller
    inbox: Inbox
    metrics: Metrics = field(default_factory=Metrics)
    buckets: Buckets = field(default_factory=Buckets)
    is_ready: bool = False
    """Whether words are loaded and Telegram knows the bot: searches are quick from then on."""
    polling: asyncio.Task[None] | None = None
    """The poller's task, while the application runs; it ends only where the token is refused."""
    child: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever has a child process at work: there is one at a time."""
    applying: set[int] = field(default_factory=set)
    """The proposals that are being made, or wait for the child process: these are not forgotten."""
    locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lock(self, chat_id: int) -> asyncio.Lock:
        """Return the chat's lock: two taps at once are taken one after the other."""
        return self.locks.setdefault(chat_id, asyncio.Lock())


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """PTB's context of one update, with our services."""

    update_id: int | None = None
    """Which update is answered; None where none is."""

    @classmethod
    def from_update(cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]) -> Context:
        """Return the context for answering the update."""
        context = super().from_update(update, application)
        context.update_id = update.update_id if isinstance(update, Update) else None
        return context

    @property
    def services(self) -> Services:
        """The services of this application."""
        services: Services = self.bot_data["services"]
        return services


App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]


@dataclass(frozen=True)
class Asker:
    """Who asks, and where."""

    chat_id: int
    thread_id: int
    kind: str
    """private, group or channel."""
    user_id: int
    name: str
    language_code: str | None

    @property
    def is_private(self) -> bool:
        """Whether this is a private chat."""
        return self.kind == "private"


@dataclass(frozen=True)
class Tap:
    """A press of a button under one of our messages."""

    asker: Asker
    query: CallbackQuery


def asker_of(update: Update) -> Asker | None:
    """Return who asks; None for updates without a chat or a person (channel posts, polls)."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None or user is None:
        return None
    thread_id = message.message_thread_id if message is not None and message.is_topic_message else None
    return Asker(chat.id, thread_id or 0, kind_of(chat), user.id, user.first_name, user.language_code)


def kind_of(chat: Chat) -> str:
    """Return private, group (supergroups with them) or channel."""
    return {Chat.PRIVATE: "private", Chat.CHANNEL: "channel"}.get(chat.type, "group")


async def texts_for(services: Services, asker: Asker) -> Texts:
    """Return the texts in the chat's own language; until it has chosen one, in the person's."""

    def language(session: Session) -> Language:
        target = find_target(session, asker.chat_id, asker.thread_id)
        return as_language(target.language) if target else asker_language(services, asker)

    return Texts(await services.database.read(language))


def asker_language(services: Services, asker: Asker) -> Language:
    """Return the language that the person's Telegram speaks, as far as we speak it."""
    return language_of(asker.language_code, services.settings.default_language)


def is_admin(services: Services, asker: Asker) -> bool:
    """Return whether the asker is one of the operator's admins, and nobody reads along."""
    return asker.is_private and asker.user_id in services.settings.admin_ids


def visibilities_of(session: Session, services: Services, asker: Asker) -> tuple[str, ...]:
    """Return what may be shown to the asker here; where others read along, only what is public."""
    reader_id = asker.user_id if asker.is_private else None
    return audience(session, reader_id, services.settings.admin_ids)
