"""The least that a bot on python-telegram-bot can be: an echo. It is what Rizhi is measured against.

Run as: python echo_bot.py URL TOKEN
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters
from telegram.request import HTTPXRequest


async def echo(update: Update, _context: Any) -> None:
    """Say the same."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(url: str, token: str) -> None:
    """Poll until SIGTERM."""
    straight = {"trust_env": False}
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{url}/bot")
        .request(HTTPXRequest(httpx_kwargs=straight))
        .get_updates_request(HTTPXRequest(httpx_kwargs=straight))
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
