"""Telegram's menus of commands, filled from the one list: for private chats and groups, in each language."""

from __future__ import annotations

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.handlers.commands import COMMANDS
from bot.render.texts import LANGUAGES, Texts

log = logging.getLogger(__name__)

MENU_LANGUAGES = {"zh-Hans": "zh", "en": None}
"""Telegram's language of a menu, by ours: two letters, or none for everybody else."""


async def set_menus(bot: Bot) -> None:
    """Fill the menus; where Telegram will not have it, that is logged, and the bot works without."""
    listed = [command for command in COMMANDS if command.is_listed]
    scopes = {
        BotCommandScopeAllPrivateChats(): listed,
        BotCommandScopeAllGroupChats(): [command for command in listed if command.in_groups],
    }
    try:
        for language in LANGUAGES:
            texts, code = Texts(language), MENU_LANGUAGES[language]
            for scope, shown in scopes.items():
                menu = [BotCommand(command.name, texts(f"command.{command.name}")) for command in shown]
                await bot.set_my_commands(menu, scope=scope, language_code=code)
    except TelegramError as error:
        log.warning("the menus could not be set: %s", error)
