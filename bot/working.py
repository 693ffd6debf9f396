"""A worker at work: it sends what is due, and settles what is in doubt; it answers nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from bot.alive import feed_watchdog
from bot.app import STOP_SECONDS, build_application, every, schedule_delivery, start_scheduler
from bot.clock import Clock
from bot.database import Database
from bot.delivery.push import Pusher
from bot.delivery.queue import Worker
from bot.handlers.context import App, Services
from bot.host import Host
from bot.polling import insist
from bot.settings import Settings
from bot.tasks import cancel

SWEEP_SECONDS = 10
"""How often the jobs of dead workers are looked for."""
LAST_JOB_SECONDS = 1.0
"""How long a stop waits for the last job to be put on record."""


@asynccontextmanager
async def working(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[App]:
    """Yield the application at work on the queue. Raises TokenRefused.

    At the end no batch is begun, what is under way may finish, and the rest is given back.
    """
    application = build_application(settings, database, clock)
    services: Services = application.bot_data["services"]
    worker = Worker(database, clock, services.pusher)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(cancel, asyncio.create_task(feed_watchdog(services, Host())))
        stack.push_async_callback(application.shutdown)
        await insist(application.initialize, "Telegram cannot be reached")
        scheduler = start_scheduler(stack)
        stack.push_async_callback(stop_work, services.pusher, asyncio.create_task(worker.run()))
        schedule_delivery(scheduler, application)
        every(scheduler, SWEEP_SECONDS, worker.sweep)
        stack.callback(scheduler.pause)
        yield application


async def stop_work(pusher: Pusher, working: asyncio.Task[None]) -> None:
    """Fetch no more, let the requests under way end, for some seconds, and give back the rest."""
    working.cancel()
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await pusher.stop()
    await asyncio.wait({working}, timeout=LAST_JOB_SECONDS)
