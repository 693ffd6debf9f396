"""Serving: the web server and the application at work beside each other, until one of them ends."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.app import at_work, build_application
from bot.clock import Clock
from bot.database import Database
from bot.fetching import Fetcher
from bot.handlers.context import App, Services
from bot.polling import set_webhook
from bot.settings import Settings
from bot.tasks import cancel
from bot.web.application import make_web
from bot.web.webhook import webhook_path

log = logging.getLogger(__name__)

MOST_REQUESTS = 200
"""At a time; beyond that, 503: Telegram comes again."""
CLOSE_SECONDS = 1
"""How long a stop waits for requests under way; they take milliseconds."""


class Server(uvicorn.Server):
    """uvicorn's server, which leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(
    settings: Settings,
    database: Database,
    clock: Clock,
    address: tuple[str, int],
    fetcher: Fetcher | None = None,
) -> AsyncIterator[App]:
    """Yield the application at work, its updates coming to the webhook. Raises TokenRefused, WebhookRefused.

    The server listens from the start, also while Telegram is out of reach; OSError where the port is taken.
    """
    application = build_application(settings, database, clock)
    services: Services = application.bot_data["services"]
    with listening(address) as listener:
        async with web_server(make_web(services), listener), at_work(application, fetcher):
            url = f"{settings.webhook_url}{webhook_path(settings)}"
            await set_webhook(application.bot, url, settings.resolved_webhook_secret)
            log.info("updates come to %s", settings.webhook_url)
            yield application


@contextmanager
def listening(address: tuple[str, int]) -> Iterator[socket.socket]:
    """Yield a socket that listens there."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
        yield listener


@asynccontextmanager
async def web_server(web: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer requests until the end of the block."""
    server = Server(
        uvicorn.Config(
            web,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_REQUESTS,
            timeout_graceful_shutdown=CLOSE_SECONDS,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait({task}, timeout=2 * CLOSE_SECONDS)
        await cancel(task)
