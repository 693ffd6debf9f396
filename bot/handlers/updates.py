"""Updates to handlers: who asks, whether he may, and which function answers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from hashlib import blake2s
from typing import Any

from telegram import Chat, ChatMember, ChatMemberRestricted, Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers.buttons import is_personal, press_button
from bot.handlers.commands import COMMANDS, Command
from bot.handlers.context import App, Asker, Context, Tap, asker_of, texts_for
from bot.handlers.docs import date_typed, split_title_typed, title_typed
from bot.handlers.documents import take_document
from bot.handlers.evidence import on_evidence
from bot.handlers.flood import hold_back
from bot.handlers.help import say_notice, say_private_only, say_refusal
from bot.handlers.pausing import pause_until_typed
from bot.handlers.replies import toast
from bot.handlers.search import search_command
from bot.handlers.settings import typed_time, typed_zone
from bot.handlers.waiting import awaited, stop_waiting
from bot.members import is_allowed
from bot.render.message import toast as toast_text
from bot.shut_out import mark_blocked, mark_unblocked
from bot.subscriptions import migrate_chat

log = logging.getLogger(__name__)

TYPED: dict[str, Callable[..., Awaitable[None]]] = {
    "time": typed_time,
    "zone": typed_zone,
    "pause_date": pause_until_typed,
    "doc_title": title_typed,
    "doc_date": date_typed,
    "doc_split": split_title_typed,
}
"""What an expected text means, by the kind of the question; called with what it is about, and the text."""
EVIDENCE, HOLD = -2, -1
"""The groups of what looks at an update before it is answered."""
GONE = (ChatMember.LEFT, ChatMember.BANNED)

OnUpdate = Callable[[Update, Context], Coroutine[Any, Any, None]]


def register_handlers(application: App) -> None:
    """Let the application answer all that it can be asked."""
    new, private = filters.UpdateType.MESSAGE, filters.ChatType.PRIVATE
    edited = filters.UpdateType.EDITED_MESSAGE & private
    application.add_handler(TypeHandler(Update, on_evidence), group=EVIDENCE)
    application.add_handler(TypeHandler(Update, hold_back), group=HOLD)
    for command in COMMANDS:
        application.add_handler(CommandHandler(command.name, on_command(command), filters=new))
    application.add_handler(CallbackQueryHandler(on_button))
    application.add_handler(ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, on_migration))
    application.add_handler(MessageHandler(filters.StatusUpdate.FORUM_TOPIC_REOPENED, on_reopened))
    application.add_handler(MessageHandler(new & private & filters.TEXT & ~filters.COMMAND, on_text))
    application.add_handler(
        MessageHandler(new & private & filters.COMMAND, on_notice("error.unknown_command"))
    )
    application.add_handler(MessageHandler(edited & filters.TEXT, on_notice("error.edited")))
    application.add_handler(MessageHandler(new & private & filters.Document.ALL, on_document))
    unread = new & private & ~filters.TEXT & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(unread, on_notice("error.no_text")))
    application.add_error_handler(on_error)


def on_command(command: Command) -> OnUpdate:
    """Return what answers the command: in groups only where it belongs there."""

    async def handle(update: Update, context: Context) -> None:
        if not is_addressed(update, context.bot.id):
            return
        asker = await admit(update, context, to_own_data=command.is_personal)
        if asker is None:
            return
        if not asker.is_private and not command.in_groups:
            await say_private_only(context, asker)
            return
        await stop_waiting(context, asker)
        await command.handle(context, asker, words_after_command(update))

    return handle


def on_notice(key: str) -> OnUpdate:
    """Return what answers with a text."""

    async def handle(update: Update, context: Context) -> None:
        asker = await admit(update, context)
        if asker is not None:
            await say_notice(context, asker, key)

    return handle


async def on_text(update: Update, context: Context) -> None:
    """Take a text in a private chat for what was asked for, or else search for it."""
    asker = await admit(update, context)
    if asker is None:
        return
    typed = (update.effective_message and update.effective_message.text) or ""
    waiting = await awaited(context, asker)
    if waiting is None:
        await search_command(context, asker, typed)
    else:
        kind, about = waiting
        await TYPED[kind](context, asker, *about, typed)


async def on_document(update: Update, context: Context) -> None:
    """Take a file in a private chat for a document."""
    asker = await admit(update, context)
    if asker is not None:
        await take_document(context, asker, update)


async def on_button(update: Update, context: Context) -> None:
    """Answer a press of a button."""
    asker, query = asker_of(update), update.callback_query
    if asker is None or query is None:
        return
    tap = Tap(asker, query)
    if await admit(update, context, to_own_data=is_personal(query.data or "")) is None:
        await toast(tap, toast_text(await texts_for(context.services, asker), "toast.private"))
        return
    async with context.services.lock(asker.chat_id):
        await press_button(context, tap)


async def on_membership(update: Update, context: Context) -> None:
    """Set a chat aside that has shut the bot out, and take it back when it lets it in again."""
    change = update.my_chat_member
    if change is None:
        return
    now, chat_id = context.services.clock.now(), change.chat.id
    mark = mark_unblocked if may_write(change.new_chat_member) else mark_blocked
    await context.services.database.write(lambda session: mark(session, chat_id, now))


def may_write(bot: ChatMember) -> bool:
    """Return whether the bot, being this in a chat, may write there."""
    if isinstance(bot, ChatMemberRestricted):
        return bot.is_member and bot.can_send_messages
    return bot.status not in GONE


async def on_reopened(update: Update, context: Context) -> None:
    """Let digests come again into a topic that was opened again."""
    message = update.effective_message
    if message is None:
        return
    now, thread_id = context.services.clock.now(), message.message_thread_id
    await context.services.database.write(
        lambda session: mark_unblocked(session, message.chat_id, now, thread_id)
    )


async def on_migration(update: Update, context: Context) -> None:
    """Follow a group that became a supergroup; both of Telegram's two messages say so."""
    message = update.effective_message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat_id
    new = message.migrate_to_chat_id or message.chat_id
    await context.services.database.write(lambda session: migrate_chat(session, old, new))


async def on_error(update: object, context: Context) -> None:
    """Log the failure under a number, and give the number to who met it."""
    error = context.error
    number = blake2s(repr((error, id(update))).encode(), digest_size=3).hexdigest()
    log.error("failure %s", number, exc_info=error)
    asker = asker_of(update) if isinstance(update, Update) else None
    if asker is not None:
        await say_notice(context, asker, "error.internal", number=number)


async def admit(update: Update, context: Context, *, to_own_data: bool = False) -> Asker | None:
    """Return who asks, if he may use the bot; tell him how to get in if he may not.

    To what is kept about himself everyone has access, in his private chat.
    """
    asker = asker_of(update)
    if asker is None or (to_own_data and asker.is_private):
        return asker
    settings = context.services.settings
    allowed = await context.services.database.read(
        lambda session: is_allowed(
            session, asker.user_id, admin_ids=settings.admin_ids, access=settings.access
        )
    )
    if allowed:
        return asker
    if asker.is_private:
        await say_refusal(context, asker)
    return None


def is_addressed(update: Update, bot_id: int) -> bool:
    """Return whether a command is meant for us: in a group others may have bots that know it too.

    There it names us (Telegram's menu adds the name by itself), or answers one of our messages.
    """
    message = update.effective_message
    if message is None or message.chat.type == Chat.PRIVATE:
        return True
    replied = message.reply_to_message
    answers_us = replied is not None and replied.from_user is not None and replied.from_user.id == bot_id
    return answers_us or "@" in (message.text or "").split(maxsplit=1)[0]


def words_after_command(update: Update) -> str:
    """Return what was typed after the command."""
    text = (update.effective_message and update.effective_message.text) or ""
    parts = text.split(maxsplit=1)
    return parts[1] if len(parts) > 1 else ""
