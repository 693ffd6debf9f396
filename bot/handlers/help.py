"""/help, and answers to what is not a command, not a text, or not for here."""

from __future__ import annotations

from bot.handlers.context import Asker, Context, is_admin, texts_for
from bot.handlers.menus import listed_commands, renew_menu
from bot.handlers.replies import say
from bot.render.message import render_notice
from bot.render.notices import render_help, render_private_only, render_refusal


async def help_command(context: Context, asker: Asker, words: str) -> None:
    """Say what the bot does and which commands there are here."""
    texts = await texts_for(context.services, asker)
    names = listed_commands(in_group=not asker.is_private, is_admin=is_admin(context.services, asker))
    await say(context, asker, render_help(names, texts, in_group=not asker.is_private))
    await renew_menu(context, asker, texts.language)


async def say_notice(context: Context, asker: Asker, key: str, **fields: object) -> None:
    """Say the text of `key`."""
    await say(context, asker, render_notice(await texts_for(context.services, asker), key, **fields))


async def say_private_only(context: Context, asker: Asker) -> None:
    """Say that the command belongs into the private chat, with a way there."""
    texts = await texts_for(context.services, asker)
    await say(context, asker, render_private_only(f"https://t.me/{context.bot.username}", texts))


async def say_refusal(context: Context, asker: Asker) -> None:
    """Say that the bot is a private one, and how to be let in."""
    texts = await texts_for(context.services, asker)
    await say(context, asker, render_refusal(asker.user_id, texts))
