"""What Telegram shows of the bot by itself: menus of commands, filled from the one list, and descriptions.

There is a menu for private chats and one for groups, in each language. A chat that chose a language other
than its Telegram's, and an admin's, has a menu of its own. On a private instance everybody who is let in has:
what all others see are the commands that do not refuse them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.handlers.context import Asker, Context, Services, asker_language, is_admin
from bot.models import Target
from bot.render.texts import LANGUAGES, Language, Texts, as_language

log = logging.getLogger(__name__)

MENU_LANGUAGES = {"zh-Hans": "zh", "en": None}
"""Telegram's language of a menu, by ours: two letters, or none for everybody else."""


async def set_menus(bot: Bot, services: Services) -> None:
    """Fill the menus and say what the bot is; where Telegram will not have it, that is logged, and the bot
    works without."""
    settings = services.settings
    admins = await services.database.read(lambda session: _languages(session, settings.admin_ids))
    try:
        for language in LANGUAGES:
            await _introduce(bot, Texts(language), MENU_LANGUAGES[language], settings.access)
        for chat_id, language in admins.items():
            await _set_own_menu(bot, chat_id, language, is_admin=True)
    except TelegramError as error:
        log.warning("the menus could not be set: %s", error)


async def _introduce(bot: Bot, texts: Texts, code: str | None, access: str) -> None:
    private, group = (listed_commands(in_group=in_group, is_admin=False) for in_group in (False, True))
    if access == "private":
        private = _commands_for_strangers()
    for scope, names in (
        (BotCommandScopeAllPrivateChats(), private),
        (BotCommandScopeAllGroupChats(), group),
    ):
        await bot.set_my_commands(_menu(names, texts), scope=scope, language_code=code)
    await bot.set_my_description(texts("about.description"), language_code=code)
    await bot.set_my_short_description(texts("about.short_description"), language_code=code)


def _languages(session: Session, admin_ids: Collection[int]) -> dict[int, Language]:
    """Return the languages of those admins who have written to the bot: others cannot have a menu yet."""
    targets = session.scalars(select(Target).where(Target.chat_id.in_(admin_ids)))
    return {target.chat_id: as_language(target.language) for target in targets}


async def fit_menu(context: Context, asker: Asker, language: Language) -> None:
    """Give the asker's chat a menu of its own where the common one does not fit, else take it back."""
    if _needs_own(context, asker, language):
        await renew_menu(context, asker, language)
    else:
        await drop_menu(context, asker)


async def renew_menu(context: Context, asker: Asker, language: Language) -> None:
    """Fill the chat's own menu, if it needs one: Telegram keeps it as it was when commands are added."""
    if not _needs_own(context, asker, language):
        return
    admin = is_admin(context.services, asker)
    try:
        await _set_own_menu(context.bot, asker.chat_id, language, is_admin=admin)
    except TelegramError as error:
        log.warning("the menu of a chat could not be set: %s", error)


async def drop_menu(context: Context, asker: Asker) -> None:
    """Let the chat have the common menu."""
    try:
        await context.bot.delete_my_commands(scope=BotCommandScopeChat(asker.chat_id))
    except TelegramError as error:
        log.warning("the menu of a chat could not be taken back: %s", error)


async def _set_own_menu(bot: Bot, chat_id: int, language: Language, *, is_admin: bool) -> None:
    names = listed_commands(in_group=False, is_admin=is_admin)
    await bot.set_my_commands(_menu(names, Texts(language)), scope=BotCommandScopeChat(chat_id))


def _needs_own(context: Context, asker: Asker, language: Language) -> bool:
    services = context.services
    speaks_otherwise = language != asker_language(services, asker)
    is_let_in = services.settings.access == "private"  # who is not does not come so far
    return asker.is_private and (speaks_otherwise or is_let_in or is_admin(services, asker))


def listed_commands(*, in_group: bool, is_admin: bool) -> list[str]:
    """Return the names of the commands to show, in their order."""
    from bot.handlers.commands import COMMANDS  # the list names functions that need this one

    here = [command for command in COMMANDS if command.is_listed and (command.in_groups or not in_group)]
    return [command.name for command in here if is_admin or not command.for_admins]


def _commands_for_strangers() -> list[str]:
    from bot.handlers.commands import COMMANDS

    return [command.name for command in COMMANDS if command.name == "start" or command.is_personal]


def _menu(names: list[str], texts: Texts) -> list[BotCommand]:
    return [BotCommand(name, texts(f"command.{name}")) for name in names]
