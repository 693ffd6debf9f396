"""One request to Telegram: a rendered message goes in, what became of it comes out. Never raises.

Messages go out as plain parameters, and of the answer only the message's id is read: to make the library's
objects of both would cost a fifth of what a request costs.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.delivery.outcomes import Outcome, Sent, classify, is_unreadable
from bot.render.markup import Html, plain_text
from bot.render.message import Button, Message

READ_TIMEOUT = 30.0
"""Seconds to wait for the answer. The library's 5 would leave many messages in doubt on a slow line."""
POOL_TIMEOUT = 10.0
"""Seconds to wait for a free connection."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Json: TypeAlias = dict[str, Any]


async def send_message(
    bot: Bot, chat_id: int, thread_id: int, message: Message, silent: bool, *, may_cost: bool = False
) -> Outcome:
    """Send the message and return what became of it.

    `thread_id` is 0 outside of topics. `may_cost`: it is part of a paid broadcast. Where Telegram cannot read
    the markup, the same goes out once more as plain text.
    """
    outcome = await _request(bot, chat_id, thread_id, message, silent, ParseMode.HTML, may_cost)
    if is_unreadable(outcome):
        plain = Message(Html(plain_text(message.text)), message.buttons)
        return await _request(bot, chat_id, thread_id, plain, silent, None, may_cost)
    return outcome


async def send_file(bot: Bot, chat_id: int, thread_id: int, name: str, body: bytes, caption: Html) -> Outcome:
    """Send a file with a caption, and return what became of it."""
    try:
        sent = await bot.send_document(
            chat_id,
            InputFile(body, filename=name),
            caption=caption,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            read_timeout=READ_TIMEOUT,
            pool_timeout=POOL_TIMEOUT,
        )
    except Exception as error:
        return classify(error)
    return Sent(sent.message_id)


async def send_photo(bot: Bot, chat_id: int, thread_id: int, body: bytes, message: Message) -> Outcome:
    """Send a PNG with the message as its caption, and return what became of it."""
    try:
        sent = await bot.send_photo(
            chat_id,
            InputFile(body, filename="rizhi.png"),
            caption=message.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            reply_markup=keyboard(message),
            read_timeout=READ_TIMEOUT,
            pool_timeout=POOL_TIMEOUT,
        )
    except Exception as error:
        return classify(error)
    return Sent(sent.message_id)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Return the message's buttons as the library takes them; None where it has none."""
    return InlineKeyboardMarkup.de_json(_markup(message), None) if message.buttons else None


async def _request(
    bot: Bot,
    chat_id: int,
    thread_id: int,
    message: Message,
    silent: bool,
    parse_mode: str | None,
    may_cost: bool,
) -> Outcome:
    parameters = {
        "chat_id": chat_id,
        "text": message.text,
        "parse_mode": parse_mode,
        "message_thread_id": thread_id or None,
        "disable_notification": silent,
        "allow_paid_broadcast": may_cost or None,
        "link_preview_options": NO_PREVIEW.to_dict(),
        "reply_markup": _markup(message) if message.buttons else None,
    }
    try:
        sent = await bot._post(  # what is public makes objects, or warns of it
            "sendMessage", parameters, read_timeout=READ_TIMEOUT, pool_timeout=POOL_TIMEOUT
        )
    except Exception as error:
        return classify(error)
    return Sent(sent["message_id"])


def _markup(message: Message) -> Json:
    return {"inline_keyboard": [[_button(button) for button in row] for row in message.buttons]}


def _button(button: Button) -> Json:
    action: Json
    if button.copy:
        action = {"copy_text": {"text": button.copy}}
    elif button.url:
        action = {"url": button.url}
    else:
        action = {"callback_data": button.action}
    return {"text": button.label, **action}
