"""Answering: a message sent, a message shown in place of the one tapped, a toast. The rate budget is kept."""

from __future__ import annotations

import logging

from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.delivery.outcomes import Sent
from bot.delivery.send import NO_PREVIEW, keyboard, send_message
from bot.handlers.context import Asker, Context, Tap
from bot.render.message import Message

log = logging.getLogger(__name__)

UNCHANGED = "message is not modified"
TOO_OLD = ("query is too old", "query id is invalid")


async def say(context: Context, asker: Asker, message: Message) -> None:
    """Send the message to the chat where the asker is. What does not arrive is logged, without its text."""
    wait = await context.services.budget.acquire(asker.chat_id, interactive=True)
    if wait > 0:
        log.warning("an answer was dropped: this chat may be written to in %.0f s", wait)
        return
    outcome = await send_message(context.bot, asker.chat_id, asker.thread_id, message, silent=False)
    if not isinstance(outcome, Sent):
        log.warning("an answer did not arrive: %s", outcome)


async def show(context: Context, tap: Tap, message: Message) -> None:
    """Put the message in place of the one that was tapped; where that cannot be edited, send it."""
    await context.services.budget.acquire(tap.asker.chat_id, interactive=True)
    try:
        await tap.query.edit_message_text(
            message.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(message),
        )
    except BadRequest as error:
        if UNCHANGED not in error.message.lower():
            await say(context, tap.asker, message)


async def toast(tap: Tap, text: str | None = None) -> None:
    """Answer the tap, with a few words where there are some; too late is not an error."""
    try:
        await tap.query.answer(text)
    except TelegramError as error:
        if not any(known in error.message.lower() for known in TOO_OLD):
            log.warning("a tap was not answered: %s", error.message)
