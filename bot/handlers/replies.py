"""Answering: a message sent, a message shown in place of the one tapped, a toast. The rate budget is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.orm import Session
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.delivery.attempts import send_on_record
from bot.delivery.budget import Budget
from bot.delivery.outcomes import Outcome, Retry, Sent, classify
from bot.delivery.send import NO_PREVIEW, keyboard, send_file, send_message, send_photo
from bot.handlers.context import Asker, Context, Services, Tap
from bot.received import note_answer
from bot.render.markup import Html
from bot.render.message import Message

log = logging.getLogger(__name__)

TRIES = 3
RETRY_SECONDS = 1.0
"""Between tries, where Telegram does not say how long."""
UNCHANGED = "message is not modified"
TOO_OLD = ("query is too old", "query id is invalid")


async def say(context: Context, asker: Asker, message: Message) -> None:
    """Send the message to the chat where the asker is. What does not arrive is logged, without its text."""
    await _answer(
        context,
        asker,
        lambda: send_message(context.bot, asker.chat_id, asker.thread_id, message, silent=False),
    )


async def say_file(context: Context, asker: Asker, name: str, body: bytes, caption: Html) -> None:
    """Send a file, as `say` sends a message."""
    await _answer(
        context,
        asker,
        lambda: send_file(context.bot, asker.chat_id, asker.thread_id, name, body, caption),
    )


async def say_photo(context: Context, asker: Asker, body: bytes, message: Message) -> None:
    """Send a picture with the message as its caption, as `say` sends a message."""
    await _answer(
        context,
        asker,
        lambda: send_photo(context.bot, asker.chat_id, asker.thread_id, body, message),
    )


async def _answer(context: Context, asker: Asker, send: Callable[[], Awaitable[Outcome]]) -> None:
    """Send unless it is on record that a process which died has sent it."""
    if not context.services.inbox.was_given(context.update_id):
        await send_in_turn(context.services, asker.chat_id, send, context.update_id)


async def send_in_turn(
    services: Services,
    chat_id: int,
    send: Callable[[], Awaitable[Outcome]],
    update_id: int | None = None,
) -> None:
    """Send within the budget, on record, a few times where it is refused; what does not arrive is logged.

    That an answer to an update was sent is on record at once with its outcome.
    """

    def note(session: Session, outcome: Outcome) -> None:
        if isinstance(outcome, Sent) and update_id is not None:
            note_answer(session, update_id)

    budget = services.budget
    for _ in range(TRIES):
        wait = await budget.acquire(chat_id, interactive=True)
        if wait > 0:
            log.warning("an answer was dropped: this chat may be written to in %.0f s", wait)
            return
        outcome = await send_on_record(
            services.database, services.clock, services.pusher.owner, chat_id, send, note
        )
        if isinstance(outcome, Retry):
            await _wait(budget, chat_id, outcome.after)
            continue
        if not isinstance(outcome, Sent):
            log.warning("an answer did not arrive: %s", outcome)
        return
    log.warning("an answer was given up after %s tries", TRIES)


async def show(context: Context, tap: Tap, message: Message) -> None:
    """Put the message in place of the one that was tapped; where that cannot be edited, send it.

    An edit may be made twice without harm: it is tried again, also when it is not known whether it arrived.
    """
    budget = context.services.budget
    for _ in range(TRIES):
        if await budget.acquire(tap.asker.chat_id, interactive=True) > 0:
            break
        try:
            await _edit(tap, message)
        except BadRequest as error:
            if UNCHANGED not in error.message.lower():
                await say(context, tap.asker, message)
        except TelegramError as error:
            log.warning("an edit was not answered: %s", error.message)
            outcome = classify(error)
            after = outcome.after if isinstance(outcome, Retry) else None
            await _wait(budget, tap.asker.chat_id, after)
            continue
        return
    log.warning("an edit was given up")


async def _wait(budget: Budget, chat_id: int, seconds: float | None) -> None:
    if seconds is None:
        await asyncio.sleep(RETRY_SECONDS)
    else:
        await budget.told_to_wait(chat_id, seconds)


async def _edit(tap: Tap, message: Message) -> None:
    await tap.query.edit_message_text(
        message.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
        reply_markup=keyboard(message),
    )


async def toast(tap: Tap, text: str | None = None) -> None:
    """Answer the tap, with a few words where there are some; too late is not an error."""
    try:
        await tap.query.answer(text)
    except TelegramError as error:
        if not any(known in error.message.lower() for known in TOO_OLD):
            log.warning("a tap was not answered: %s", error.message)
