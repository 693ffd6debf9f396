"""/report: how the bot is doing, for admins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.context import Asker, Context, is_admin, texts_for
from bot.handlers.help import say_notice
from bot.handlers.replies import say
from bot.render.report import render_report
from bot.render.values import Report
from bot.reports import make_report
from bot.subscriptions import find_target


async def report_command(context: Context, asker: Asker, words: str) -> None:
    """Send the report; for anybody else there is no such command."""
    services, texts = context.services, await texts_for(context.services, asker)
    if not is_admin(services, asker):
        await say_notice(context, asker, "error.unknown_command")
        return
    now = services.clock.now()

    def report(session: Session) -> Report:
        target = find_target(session, asker.chat_id, asker.thread_id)
        return make_report(session, target.timezone if target else services.settings.default_timezone, now)

    await say(context, asker, render_report(await services.database.read(report), texts))
