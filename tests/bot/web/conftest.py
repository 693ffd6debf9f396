"""The bot behind its webhook, beside a local Telegram: real HTTP both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest_asyncio

from bot.clock import Clock
from bot.database import Database
from bot.demo.server import BotApiServer
from bot.web.serving import listening, serving
from bot.web.webhook import webhook_path
from tests.acceptance.conftest import database_url, empty_folder, environment, journal, rizhi
from tests.acceptance.telegram import Telegram, make_settings, own_server
from tests.conftest import NOW

__all__ = ["database_url", "empty_folder", "environment", "journal", "rizhi"]


class Site:
    """A bot with a web server, and an HTTP client at its address."""

    def __init__(self, bot: Telegram, client: httpx.AsyncClient) -> None:
        self.bot = bot
        self.client = client
        self.path = webhook_path(bot.services.settings)


@asynccontextmanager
async def web_bot(database: Database, api: BotApiServer | None = None, **extra: Any) -> AsyncIterator[Site]:
    """Run the bot behind a webhook on its own Telegram (or on `api`), its clock showing NOW."""
    clock = Clock()
    clock.move_to(NOW)
    with listening(("127.0.0.1", 0)) as spare:
        port = spare.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with own_server(clock, api) as server:
        settings = make_settings(server, webhook_url=url, port=port, **extra)
        async with (
            serving(settings, database, clock, ("127.0.0.1", port)) as application,
            httpx.AsyncClient(trust_env=False, base_url=url) as client,
        ):
            yield Site(Telegram(server, application, database, clock), client)


@pytest_asyncio.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    """A bot behind its webhook, with an empty library."""
    async with web_bot(database) as running:
        yield running
