"""Evidence: who presses a button under a digest, or replies to it, has it. That settles a row in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup, Update

from bot.delivery.doubt import is_open, note_evidence
from bot.handlers.context import Context
from bot.models import Delivery
from bot.render.actions import ARGUMENTS, decode


class Evidence(NamedTuple):
    """A message in a chat that bears the number of a row of the ledger."""

    delivery_id: int
    chat_id: int
    message_id: int


async def on_evidence(update: Update, context: Context) -> None:
    """Settle the row that the update proves to have arrived, if it is in doubt."""
    evidence = evidence_of(update, context.bot.id)
    if evidence is None:
        return

    def is_of_use(session: Session) -> bool:
        row = session.get(Delivery, evidence.delivery_id)
        return row is not None and is_open(row)

    services = context.services
    if await services.database.read(is_of_use):
        now = services.clock.now()
        await services.database.write(lambda session: note_evidence(session, *evidence, now))


def evidence_of(update: Update, bot_id: int) -> Evidence | None:
    """Return what a press or a reply says of a digest; None where it says nothing."""
    query, message = update.callback_query, update.message
    if query is not None and query.message is not None:
        named = delivery_of(query.data or "")
        return Evidence(named, query.message.chat.id, query.message.message_id) if named else None
    replied = message.reply_to_message if message is not None else None
    if replied is None or replied.from_user is None or replied.from_user.id != bot_id:
        return None
    named = next(filter(None, map(delivery_of, presses(replied.reply_markup))), None)
    return Evidence(named, replied.chat.id, replied.message_id) if named else None


def delivery_of(data: str) -> int | None:
    """Return the row of the ledger that a button's data names; None where it names none."""
    action = decode(data)
    if action is None or ARGUMENTS[action.name][:1] != ("delivery",):
        return None
    return action.numbers[0]


def presses(markup: InlineKeyboardMarkup | None) -> Iterator[str]:
    """Yield what the buttons of a keyboard would say."""
    for row in markup.inline_keyboard if markup is not None else ():
        yield from (str(button.callback_data) for button in row if button.callback_data)
