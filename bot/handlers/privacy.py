"""/privacy: what is kept. /forget: asks once, and erases it."""

from __future__ import annotations

import datetime as dt

from bot.conversation import PATIENCE
from bot.handlers.context import Asker, Context, Tap, texts_for
from bot.handlers.menus import drop_menu
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired
from bot.personal import count_kept, erase
from bot.received import KEPT as UPDATES_KEPT
from bot.render.message import render_notice
from bot.render.privacy import render_forget, render_forgotten, render_privacy
from bot.searches import KEEP

MINUTE = dt.timedelta(minutes=1)


async def privacy_command(context: Context, asker: Asker, words: str) -> None:
    """Say what is kept, why, how long, and who sees it."""
    texts = await texts_for(context.services, asker)
    await say(context, asker, render_privacy(KEEP.days, PATIENCE // MINUTE, UPDATES_KEPT.days, texts))


async def forget_command(context: Context, asker: Asker, words: str) -> None:
    """Ask whether to erase all that is kept."""
    texts = await texts_for(context.services, asker)
    kept = await context.services.database.read(lambda session: count_kept(session, asker.user_id))
    await say(context, asker, render_forget(kept, texts))


async def forget_button(context: Context, tap: Tap) -> None:
    """Do what /forget does."""
    await toast(tap)
    await forget_command(context, tap.asker, "")


async def forget_now_button(context: Context, tap: Tap) -> None:
    """Erase all that is kept, and say what it was."""
    texts = await texts_for(context.services, tap.asker)
    kept = await context.services.database.write(lambda session: erase(session, tap.asker.user_id))
    if kept.is_nothing:  # a second tap: what was erased stays to be read
        await expired(context, tap)
        return
    await toast(tap)
    await show(context, tap, render_forgotten(kept, texts))
    await drop_menu(context, tap.asker)


async def forget_not_button(context: Context, tap: Tap) -> None:
    """Erase nothing."""
    texts = await texts_for(context.services, tap.asker)
    await toast(tap)
    await show(context, tap, render_notice(texts, "forget.kept"))
