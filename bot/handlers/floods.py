"""Telling the admins that Telegram told the bot to wait for more than a minute."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.delivery.budget import Flood
from bot.handlers.context import App, Services
from bot.handlers.daily import tell
from bot.render.flood import render_flood
from bot.render.message import Message
from bot.render.texts import Texts, as_language
from bot.subscriptions import find_target


async def tell_of_floods(application: App) -> None:
    """Tell each admin of each wait, once; where nothing may be sent to anybody, after it."""
    services: Services = application.bot_data["services"]
    budget = services.budget
    while budget.floods and not budget.is_paused:
        flood = budget.floods.pop(0)
        for admin_id in sorted(services.settings.admin_ids):
            await tell(application, admin_id, await notice_for(services, admin_id, flood))


async def notice_for(services: Services, admin_id: int, flood: Flood) -> Message:
    """Return the notice in the admin's language."""

    def language(session: Session) -> str:
        target = find_target(session, admin_id, 0)
        return target.language if target else services.settings.default_language

    texts = Texts(as_language(await services.database.read(language)))
    return render_flood(flood.chat_id, flood.seconds, texts, is_for_all=flood.is_for_all)
