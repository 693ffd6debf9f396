"""The composition root: puts settings, database, clock and Telegram together, and runs them."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from bot.access import Readers
from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.push import Pusher
from bot.feeds.schedule import poll_due
from bot.fetching import Fetcher
from bot.handlers.context import App, Context, Services
from bot.handlers.menus import set_menus
from bot.handlers.updates import register_handlers
from bot.polling import FIRST_WAIT, LAST_WAIT, Poller, TokenRefused, explain, is_refusal, pause_after
from bot.proxy import client_arguments
from bot.render.content import render_content
from bot.settings import Settings
from content.tokens import warm_up

log = logging.getLogger(__name__)

TICK_SECONDS = 1
FEED_MINUTES = 5
"""How often it is looked which feeds are due; each is polled once an hour."""
WARM_AFTER_SECONDS = 1.5
"""Loading words at once would put off the first answer by 0.4 s."""
CONNECTIONS = 16
"""More make httpx slower; pushes use at most eight at a time."""
STOP_SECONDS = 8.0
"""How long a stop waits for answers under way."""


def build_application(settings: Settings, database: Database, clock: Clock) -> App:
    """Return the application with its handlers, not yet started."""
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(_request(settings, CONNECTIONS))
        .get_updates_request(_request(settings, 1))
        .updater(None)
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(True)
        .job_queue(None)
        .build()
    )
    budget = Budget(clock.seconds)
    owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:6]}"
    readers = Readers(settings.admin_ids, settings.access)
    pusher = Pusher(database, application.bot, clock, budget, render_content, owner, readers)
    poller = Poller(application.bot, application.update_queue, pusher.token_works)
    application.bot_data["services"] = Services(settings, database, clock, budget, pusher, poller)
    register_handlers(application)
    return application


@asynccontextmanager
async def running(
    settings: Settings, database: Database, clock: Clock, fetcher: Fetcher | None = None
) -> AsyncIterator[App]:
    """Yield the application at work: polling, and ticking once a second. Raises TokenRefused.

    `fetcher` is what feeds are fetched by: one for the public internet unless another is given.
    At the end nothing new is taken, what is under way may finish, and what is not begun is given back.
    """
    application = build_application(settings, database, clock)
    services: Services = application.bot_data["services"]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(application.shutdown)
        await reach_telegram(application)
        await application.start()
        stack.push_async_callback(stop_handlers, application)
        stack.push_async_callback(services.pusher.stop)
        stack.push_async_callback(services.poller.say_goodbye)
        stack.push_async_callback(cancel, asyncio.create_task(set_menus(application.bot, services)))
        services.polling = asyncio.create_task(services.poller.run())
        stack.push_async_callback(cancel, services.polling)
        scheduler = start_ticking(services.pusher)
        polled = (database, clock, fetcher or Fetcher())
        scheduler.add_job(
            poll_due, "interval", polled, minutes=FEED_MINUTES, misfire_grace_time=None, max_instances=1
        )
        stack.callback(scheduler.shutdown, wait=False)
        stack.push_async_callback(cancel, asyncio.create_task(warm_up_soon()))
        yield application


async def warm_up_soon() -> None:
    """Load the words in a thread, once what waited for the start is answered: both want the processor."""
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(warm_up)


def start_ticking(pusher: Pusher) -> AsyncIOScheduler:
    """Return the scheduler at work: one job, which looks once a second for what is due."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        pusher.tick,
        "interval",
        seconds=TICK_SECONDS,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    return scheduler


async def reach_telegram(application: App) -> None:
    """Return once Telegram has said who the bot is; TokenRefused where it does not know the token."""
    wait = FIRST_WAIT
    while True:
        try:
            await application.initialize()
            return
        except TelegramError as error:
            if is_refusal(error):
                raise TokenRefused from None
            log.warning("Telegram cannot be reached: %s", explain(error))
            await asyncio.sleep(pause_after(error, wait))
            wait = min(wait * 2, LAST_WAIT)


async def stop_handlers(application: App) -> None:
    """Let the answers under way end, for some seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await application.stop()


async def cancel(task: asyncio.Task[None]) -> None:
    """End the task, whatever it is at; its errors were for whoever waited for it."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()


def _request(settings: Settings, connections: int) -> HTTPXRequest:
    arguments = client_arguments(settings)
    return HTTPXRequest(
        connection_pool_size=connections,
        proxy=arguments.pop("proxy", None),
        httpx_kwargs=arguments,
    )
