"""A running server, and python-telegram-bot's own Bot and Application pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.demo.server import BotApiServer

READ_TIMEOUT = 1.0
"""Seconds; short, so that hanging answers are noticed soon."""


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A server of this test's own."""
    with BotApiServer() as server:
        yield server


def _request() -> HTTPXRequest:
    options = {"trust_env": False, "verify": False}  # no proxy on loopback, no certificates to load
    return HTTPXRequest(read_timeout=READ_TIMEOUT, httpx_kwargs=options)


@pytest_asyncio.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Bot]:
    """A real Bot that talks to the server."""
    made = Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=_request(),
        get_updates_request=_request(),
    )
    async with made:
        yield made


@pytest_asyncio.fixture
async def application(api: BotApiServer) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """A real Application, polling; handlers can be added while it runs."""
    built = (
        ApplicationBuilder()
        .token(api.token)
        .base_url(f"{api.url}/bot")
        .base_file_url(f"{api.url}/file/bot")
        .request(_request())
        .get_updates_request(_request())
        .build()
    )
    async with built:
        await built.start()
        assert built.updater
        await built.updater.start_polling(timeout=5, poll_interval=0)
        yield built
        await built.updater.stop()
        await built.stop()


async def refusal(api: BotApiServer, call: Awaitable[object]) -> str:
    """Return the words in which the server refuses the call."""
    with pytest.raises(TelegramError):
        await call
    return str(api.calls()[-1].description)
