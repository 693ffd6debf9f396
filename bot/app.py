"""The composition root: puts settings, database, clock and Telegram together, and runs them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.push import Pusher
from bot.handlers.commands import COMMANDS
from bot.handlers.context import App, Context, Services
from bot.handlers.updates import register_handlers
from bot.proxy import client_arguments
from bot.render.content import render_content
from bot.render.texts import LANGUAGES, Texts
from bot.settings import Settings
from content.tokens import warm_up

log = logging.getLogger(__name__)

TICK_SECONDS = 1
CONNECTIONS = 16
"""More make httpx slower; pushes use at most eight at a time."""
POLL_SECONDS = 30
"""How long Telegram holds a poll open while there is nothing new."""
FIRST_WAIT, LAST_WAIT = 1.0, 30.0
"""Seconds between attempts to reach Telegram at the start."""
TOKEN_CHECK_MINUTES = 5
MENU_LANGUAGES = {"zh-Hans": "zh", "en": None}
"""Telegram's language of a menu, by ours: two letters, or none for everybody else."""


class TokenRefused(Exception):
    """Telegram refuses the bot's token; ask @BotFather for it again (/token) and set TELEGRAM_BOT_TOKEN."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def build_application(settings: Settings, database: Database, clock: Clock) -> App:
    """Return the application with its handlers, not yet started."""
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(_request(settings, CONNECTIONS))
        .get_updates_request(_request(settings, 1))
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(True)
        .job_queue(None)
        .build()
    )
    budget = Budget(clock.seconds)
    owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:6]}"
    pusher = Pusher(database, application.bot, clock, budget, render_content, owner)
    application.bot_data["services"] = Services(settings, database, clock, budget, pusher)
    register_handlers(application)
    return application


@asynccontextmanager
async def running(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[App]:
    """Yield the application at work: polling, and ticking once a second. Raises TokenRefused."""
    application = build_application(settings, database, clock)
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    await _reach_telegram(application)
    scheduler = AsyncIOScheduler(timezone="UTC")
    pusher = application.bot_data["services"].pusher
    scheduler.add_job(
        pusher.tick,
        "interval",
        seconds=TICK_SECONDS,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    try:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(
            timeout=POLL_SECONDS, allowed_updates=Update.ALL_TYPES, error_callback=_on_polling_error
        )
        menus = asyncio.create_task(_set_menus(application))
        scheduler.start()
        yield application
        await menus
    finally:
        await _stop(application, scheduler)
        await warming


async def run_bot(settings: Settings, database: Database) -> None:
    """Run until SIGTERM or SIGINT; TokenRefused where Telegram refuses the token, then or later."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running(settings, database, Clock()) as application:
        log.info(
            "@%s is running; access is %s; %s",
            application.bot.username,
            settings.access,
            "everyone may use it" if settings.access == "open" else "admins and those let in may use it",
        )
        while not stopping.is_set():
            await _wait(stopping, TOKEN_CHECK_MINUTES * 60)
            if not stopping.is_set():
                await _check_token(application)
    log.info("stopped")


def _request(settings: Settings, connections: int) -> HTTPXRequest:
    arguments = client_arguments(settings)
    return HTTPXRequest(
        connection_pool_size=connections,
        proxy=arguments.pop("proxy", None),
        httpx_kwargs=arguments,
    )


async def _reach_telegram(application: App) -> None:
    wait = FIRST_WAIT
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise TokenRefused from None
        except NetworkError as error:
            log.warning("Telegram cannot be reached (%s); next try in %.0f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LAST_WAIT)


async def _check_token(application: App) -> None:
    """A refused token ends the polling in silence: ask from time to time."""
    try:
        await application.bot.get_me()
    except InvalidToken:
        raise TokenRefused from None
    except TelegramError as error:
        log.warning("Telegram does not answer: %s", error)


async def _set_menus(application: App) -> None:
    """Fill Telegram's menus from the one list of commands, for private chats and groups, in each language."""
    try:
        for language in LANGUAGES:
            texts, code = Texts(language), MENU_LANGUAGES[language]
            listed = [command for command in COMMANDS if command.is_listed]
            for scope, shown in (
                (BotCommandScopeAllPrivateChats(), listed),
                (BotCommandScopeAllGroupChats(), [command for command in listed if command.in_groups]),
            ):
                menu = [BotCommand(command.name, texts(f"command.{command.name}")) for command in shown]
                await application.bot.set_my_commands(menu, scope=scope, language_code=code)
    except TelegramError as error:
        log.warning("the menus could not be set: %s", error)


def _on_polling_error(error: TelegramError) -> None:
    log.warning("polling: %s", error)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def _stop(application: App, scheduler: AsyncIOScheduler) -> None:
    """Take nothing new, let what is under way end, and give back what is not begun."""
    if scheduler.running:
        scheduler.shutdown(wait=False)
    if application.updater is not None and application.updater.running:
        await application.updater.stop()
    if application.running:
        await application.stop()
    await application.bot_data["services"].pusher.stop()
    await application.shutdown()
