"""The composition root: puts settings, database, clock and Telegram together, and runs them."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes

from bot.access import Readers
from bot.alive import feed_watchdog
from bot.clock import Clock
from bot.counted import CountedRequest
from bot.database import Database
from bot.delivery.budget import build_budget
from bot.delivery.engine import build_engine
from bot.delivery.push import Pusher
from bot.delivery.reconcile import Reconciler
from bot.feeds.schedule import poll_due
from bot.fetching import Fetcher
from bot.handlers.answering import Answering
from bot.handlers.context import App, Context, Services
from bot.handlers.daily import report_daily
from bot.handlers.floods import tell_of_floods
from bot.handlers.menus import set_menus
from bot.handlers.updates import register_handlers
from bot.host import Host
from bot.inbox import Body, Inbox
from bot.metrics import Metrics
from bot.polling import Poller, insist
from bot.proxy import client_arguments
from bot.render.content import render_content
from bot.schedule.rules import follow_rules
from bot.settings import Settings, is_loopback
from bot.tasks import cancel
from bot.turn import Turn, poll_in_turn, presence
from content.tokens import warm_up

log = logging.getLogger(__name__)

TICK_SECONDS = 1
RECONCILE_SECONDS = 5
"""How often it is looked whether a message is in doubt."""
FLOOD_SECONDS = 5
"""How often it is looked whether the admins are to hear of a long wait."""
FEED_SECONDS = 300
"""How often it is looked which feeds are due; each is polled once an hour."""
REPORT_SECONDS = 300
"""How often it is looked whether the day's report is due."""
WARM_AFTER_SECONDS = 1.5
"""Loading words at once would put off the first answer by 0.4 s."""
CONNECTIONS = 16
"""More make httpx slower; pushes use at most eight at a time."""
ANSWERS_SECONDS = 4.0
"""How long a stop waits for answers under way."""
STOP_SECONDS = 8.0
"""How long it waits for answers and pushes together; with what goes before and after, it is over in ten."""
TOKEN_SECONDS = 5.0
"""How often it is looked whether the token was refused."""


def build_application(settings: Settings, database: Database, clock: Clock) -> App:
    """Return the application with its handlers, not yet started."""
    metrics = Metrics()
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(_request(settings, metrics, CONNECTIONS))
        .get_updates_request(_request(settings, metrics, 1))
        .updater(None)
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(Answering(lambda number: inbox.settle(number)))
        .job_queue(None)
        .build()
    )

    def answer(body: Body) -> None:
        application.update_queue.put_nowait(Update.de_json(body, application.bot))

    budget = build_budget(settings, database, clock)
    owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:6]}"
    readers = Readers(settings.admin_ids, settings.access)
    pusher = Pusher(database, application.bot, clock, budget, render_content, owner, readers)
    inbox = Inbox(database, clock, owner, answer)
    poller = Poller(application.bot, inbox, pusher.token_works)
    engine = build_engine(database, clock, pusher)
    application.bot_data["services"] = Services(
        settings, database, clock, budget, pusher, engine, poller, inbox, metrics
    )
    register_handlers(application)
    return application


def build_reconciler(application: App) -> Reconciler:
    """Return what settles messages in doubt."""
    services: Services = application.bot_data["services"]
    settings = services.settings
    return Reconciler(
        services.database,
        application.bot,
        services.clock,
        services.budget,
        render_content,
        settings.ambiguous,
        is_local=is_loopback(settings.telegram_api_url),
    )


@asynccontextmanager
async def running(
    settings: Settings, database: Database, clock: Clock, fetcher: Fetcher | None = None
) -> AsyncIterator[App]:
    """Yield the application at work, and polling. Raises TokenRefused.

    `fetcher` is what feeds are fetched by: one for the public internet unless another is given.
    """
    application = build_application(settings, database, clock)
    services: Services = application.bot_data["services"]
    turn = Turn(database)
    async with at_work(application, fetcher, turn):
        services.polling = asyncio.create_task(poll_in_turn(services.poller, turn))
        try:
            yield application
        finally:
            await cancel(services.polling)
            await services.poller.say_goodbye()


@asynccontextmanager
async def at_work(
    application: App, fetcher: Fetcher | None = None, turn: Turn | None = None
) -> AsyncIterator[None]:
    """Let the application answer what comes into its inbox, and tick once a second. Raises TokenRefused.

    Where it polls, nothing is begun before its turn has come. At the end nothing new is begun, what is under
    way may finish, and the rest is left to the next process.
    """
    services: Services = application.bot_data["services"]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(cancel, asyncio.create_task(feed_watchdog(services, Host())))
        if turn is not None:
            await stack.enter_async_context(turn)
        is_alone = turn is not None or await stack.enter_async_context(presence(services.database))
        stack.push_async_callback(application.shutdown)
        await insist(application.initialize, "Telegram cannot be reached")
        await application.start()
        scheduler = start_scheduler(stack)
        stack.push_async_callback(stop_work, application)
        await heed_new_rules(services)
        await services.inbox.take_up(is_alone=is_alone)
        stack.push_async_callback(cancel, asyncio.create_task(services.inbox.look_after()))
        stack.push_async_callback(cancel, asyncio.create_task(set_menus(application.bot, services)))
        if is_alone and services.database.is_sqlite:
            await services.pusher.take_over()
        schedule_jobs(scheduler, application, fetcher or Fetcher())
        stack.callback(scheduler.pause)  # what is under way ends by itself, or with the rest
        stack.push_async_callback(cancel, asyncio.create_task(warm_up_soon(services)))
        yield


async def heed_new_rules(services: Services) -> None:
    """Set anew what is due in zones whose clocks follow other rules since the last start."""
    zones = await services.database.write(follow_rules)
    if zones:
        log.info("new rules of time zones: %s", ", ".join(zones))


async def warm_up_soon(services: Services) -> None:
    """Load the words in a thread, once what waited for the start is answered: both want the processor."""
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(warm_up)
    services.is_ready = True


def start_scheduler(stack: AsyncExitStack) -> AsyncIOScheduler:
    """Return a scheduler at work, until the stack is unwound."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    return scheduler


def every(
    scheduler: AsyncIOScheduler, seconds: float, work: Callable[..., Awaitable[None]], *arguments: object
) -> None:
    """Have the work done at that interval. No job is a person's: who is due stands in the database."""
    scheduler.add_job(
        work,
        "interval",
        arguments,
        seconds=seconds,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )


def schedule_jobs(scheduler: AsyncIOScheduler, application: App, fetcher: Fetcher) -> None:
    """Look at intervals for what is due."""
    services: Services = application.bot_data["services"]
    schedule_delivery(scheduler, application)
    every(scheduler, REPORT_SECONDS, report_daily, application)
    every(scheduler, FEED_SECONDS, poll_due, services.database, services.clock, fetcher)


def schedule_delivery(scheduler: AsyncIOScheduler, application: App) -> None:
    """Look at intervals for what is due to be sent, and for what is in doubt."""
    every(scheduler, TICK_SECONDS, tick, application.bot_data["services"])
    every(scheduler, RECONCILE_SECONDS, build_reconciler(application).tick)
    every(scheduler, FLOOD_SECONDS, tell_of_floods, application)


async def tick(services: Services) -> None:
    """Look for what is due, and note that it was looked: also in vain, as where the database is away."""
    try:
        with services.metrics.tick_seconds.timing():
            await services.engine.tick()
        services.metrics.ticked_at = services.clock.seconds()
    finally:
        services.metrics.looked_at = services.clock.seconds()


async def watch_token(application: App) -> None:
    """Once Telegram has refused the token, see whether it takes it again; TokenRefused where not."""
    services: Services = application.bot_data["services"]
    while True:
        await asyncio.sleep(TOKEN_SECONDS)
        if services.pusher.is_refused:
            await insist(application.bot.get_me, "the token cannot be tried")
            services.pusher.token_works()


async def stop_work(application: App) -> None:
    """Let what is under way end, for some seconds, and leave the rest to the next process."""
    services: Services = application.bot_data["services"]
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await stop_handlers(application)
            await services.pusher.stop()
    await services.inbox.give_up()


async def stop_handlers(application: App) -> None:
    """Let the answers under way end, for some seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWERS_SECONDS):
            await application.stop()


def _request(settings: Settings, metrics: Metrics, connections: int) -> CountedRequest:
    arguments = client_arguments(settings)
    return CountedRequest(
        metrics,
        connection_pool_size=connections,
        proxy=arguments.pop("proxy", None),
        httpx_kwargs=arguments,
    )
