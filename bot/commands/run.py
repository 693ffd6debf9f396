"""`rizhi run`: polling, the tick and the sending, in one process."""

from __future__ import annotations

import asyncio

import click

from bot.commands import opened
from bot.settings import TOKEN, Settings


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    if not TOKEN.fullmatch(settings.telegram_bot_token.get_secret_value()):
        raise click.ClickException(
            "TELEGRAM_BOT_TOKEN is missing or has not the form of a token. "
            "Ask @BotFather for one (/newbot) and put it in .env."
        )
    from bot.app import run_bot  # python-telegram-bot costs 0.5 s

    with opened(settings) as database:
        asyncio.run(run_bot(settings, database))
