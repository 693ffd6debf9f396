"""`rizhi worker`: sends what is due, beside `rizhi web` or `rizhi run` and as many others as there are."""

from __future__ import annotations

import asyncio
import logging

import click

from bot.clock import Clock
from bot.commands import opened
from bot.commands.run import check_ready, until_told
from bot.database import Database
from bot.settings import Settings

log = logging.getLogger(__name__)


@click.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Send digests until told to stop, beside one rizhi web or run and any number of workers (PostgreSQL)."""
    check_ready(settings)
    if settings.resolved_database_url.startswith("sqlite"):
        raise click.ClickException(
            "workers need PostgreSQL. On SQLite rizhi run (or rizhi web) sends by itself, and needs none. "
            "For many processes make a PostgreSQL database, take everything there with "
            "rizhi db copy sqlite:///… postgresql://…, and set DATABASE_URL to it."
        )
    with opened(settings) as database:
        asyncio.run(until_told(serve(settings, database)))
    log.info("stopped")


async def serve(settings: Settings, database: Database) -> None:
    """Work, also while Telegram is out of reach; TokenRefused where it refuses the token."""
    from bot.app import watch_token
    from bot.working import working  # with all that it needs, 1 s

    async with working(settings, database, Clock()) as application:
        log.info("a worker of @%s is at work", application.bot.username)
        await watch_token(application)
