"""`rizhi web`: updates by webhook, health and metrics, the tick and the sending, in one process."""

from __future__ import annotations

import asyncio
import logging

import click

from bot.clock import Clock
from bot.commands import opened
from bot.commands.run import access_in_words, check_ready, until_told
from bot.database import Database
from bot.settings import Settings

log = logging.getLogger(__name__)


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="The address to listen at.")
@click.pass_obj
def web(settings: Settings, host: str) -> None:
    """Run the bot behind a webhook until it is told to stop; health and metrics are served beside it."""
    check_ready(settings)
    if settings.webhook_url is None:
        raise click.ClickException(
            "WEBHOOK_URL is missing: the public address (https://…) at which Telegram reaches this port. "
            "Without one, use rizhi run."
        )
    with opened(settings) as database:
        asyncio.run(until_told(serve(settings, database, host)))
    log.info("stopped")


async def serve(settings: Settings, database: Database, host: str) -> None:
    """Run the application and its web server, also while Telegram is out of reach."""
    from bot.app import watch_token
    from bot.web.serving import serving  # with all that it needs, 0.7 s

    async with serving(settings, database, Clock(), (host, settings.port)) as application:
        log.info("@%s is running; %s", application.bot.username, access_in_words(settings))
        await watch_token(application)
