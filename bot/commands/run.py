"""`rizhi run`: polling, the tick and the sending, in one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Coroutine
from typing import Any

import click

from bot.clock import Clock
from bot.commands import opened
from bot.database import Database
from bot.host import Host, loses_data
from bot.settings import TOKEN, Settings

log = logging.getLogger(__name__)

LOADED_SECONDS = 10.0
"""When all that stays for good is loaded, words among it. The collector need not look through it again and
again: that stops everyone, for 0.2 s each time."""


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    check_ready(settings)
    if settings.webhook_url is not None:
        raise click.ClickException("WEBHOOK_URL is set: use rizhi web, or unset it to poll with rizhi run.")
    with opened(settings) as database:
        asyncio.run(until_told(serve(settings, database)))
    log.info("stopped")


def check_ready(settings: Settings) -> None:
    """Raise ClickException where the settings do not let the bot run."""
    if not TOKEN.fullmatch(settings.telegram_bot_token.get_secret_value()):
        raise click.ClickException(
            "TELEGRAM_BOT_TOKEN is missing or has not the form of a token. "
            "Ask @BotFather for one (/newbot) and put it in .env."
        )
    if reason := loses_data(settings, Host()):
        raise click.ClickException(reason)


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until SIGTERM, Ctrl-C or the terminal's end, and end in order; its errors come through."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    stops = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
        stops.append(signal.SIGHUP)
    for number in stops:
        loop.add_signal_handler(number, stopping.set)
    loop.call_later(LOADED_SECONDS, gc.freeze)
    serving = asyncio.create_task(work)
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    serving.cancel()
    await asyncio.wait({serving})
    if not serving.cancelled():
        serving.result()


async def serve(settings: Settings, database: Database) -> None:
    """Run the application, also while Telegram is out of reach; TokenRefused where it refuses the token."""
    from bot.app import running  # python-telegram-bot costs 0.5 s

    async with running(settings, database, Clock()) as application:
        log.info("@%s is running; %s", application.bot.username, access_in_words(settings))
        await application.bot_data["services"].polling


def access_in_words(settings: Settings) -> str:
    """Return who may use the bot."""
    if settings.access == "open":
        return "ACCESS=open: everyone may use it"
    return "ACCESS=private: admins, and those let in by `rizhi allow ID`, may use it"
