"""A check of the Bot API: whether it treats this bot as the probe for messages in doubt assumes.

It is made with messages of its own, in the chats that it is given, which it deletes.
"""

from __future__ import annotations

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Message as Sent
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.delivery.doubt import Absent, Found
from bot.delivery.reconcile import probe
from bot.proxy import client_arguments
from bot.settings import Settings

TEXT = "🔎 rizhi doctor --live"
NOWHERE = 1_000_000
"""So far above a message's number there is none yet."""


class LiveCheckFailed(Exception):
    """The Bot API does not do what the probe assumes, or could not be asked; the text says which."""


async def check_live(settings: Settings, chat_ids: list[int]) -> None:
    """Do `check_probe` with the bot that the settings name."""
    arguments = client_arguments(settings)
    proxy = arguments.pop("proxy", None)
    requests = [HTTPXRequest(proxy=proxy, httpx_kwargs=arguments) for _ in range(2)]
    token = settings.telegram_bot_token.get_secret_value()
    bot = Bot(token, f"{settings.telegram_api_url}/bot", request=requests[0], get_updates_request=requests[1])
    try:
        async with bot:
            await check_probe(bot, chat_ids)
    except TelegramError as error:
        raise LiveCheckFailed(f"it could not be asked: {error.message}") from error


async def check_probe(bot: Bot, chat_ids: list[int]) -> None:
    """Return where all assumptions hold in these private chats; raises LiveCheckFailed, TelegramError.

    They are: a message keeps its number and has a greater one than all before it, in whichever private chat;
    a keyboard that is there already is refused as such; a number that is nobody's, or another chat's, is
    refused as unknown.
    """
    sent: list[Sent] = []
    try:
        for chat_id in [*chat_ids, chat_ids[0]]:
            sent.append(
                await bot.send_message(chat_id, TEXT, reply_markup=markup(), disable_notification=True)
            )
        await _check(bot, sent)
    finally:
        await _clear(bot, sent)


def markup() -> InlineKeyboardMarkup:
    """Return a keyboard like a digest's; its button means nothing to the bot."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("🔎", callback_data="0:live")]])


async def _check(bot: Bot, sent: list[Sent]) -> None:
    numbers = [message.message_id for message in sent]
    if numbers != sorted(set(numbers)):
        raise LiveCheckFailed("numbers of messages do not rise from one private chat to the next")
    for message in sent:
        if await probe(bot, message.chat_id, message.message_id, markup()) != Found(message.message_id):
            raise LiveCheckFailed("a message that is there is not told by its keyboard")
        elsewhere = [other.message_id for other in sent if other.chat_id != message.chat_id]
        for nobodys in (numbers[-1] + NOWHERE, *elsewhere):
            if await probe(bot, message.chat_id, nobodys, markup()) != Absent():
                raise LiveCheckFailed("a message that is not there is not told as such")


async def _clear(bot: Bot, sent: list[Sent]) -> None:
    for message in sent:
        try:
            await bot.delete_message(message.chat_id, message.message_id)
        except TelegramError:
            continue  # it says what it is
