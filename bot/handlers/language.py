"""The language of a chat that has no subscription: all that such a chat has to set."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.context import Asker, Context, Services, Tap, asker_language, texts_for
from bot.handlers.menus import fit_menu
from bot.handlers.replies import say, show, toast
from bot.models import Target
from bot.render.message import render_notice
from bot.render.settings import render_languages
from bot.render.texts import Language, Texts
from bot.subscriptions import change_language, ensure_target


async def say_languages(context: Context, asker: Asker) -> None:
    """Offer the languages."""
    await say(context, asker, render_languages(0, await texts_for(context.services, asker)))


async def set_chat_language(context: Context, tap: Tap, language: Language) -> None:
    """Speak this language to the chat from now on."""
    services = context.services

    def change(session: Session) -> None:
        change_language(session, ensure_asker_target(session, services, tap.asker), language)

    await services.database.write(change)
    await toast(tap)
    await show(context, tap, render_notice(Texts(language), "changed.language"))
    await fit_menu(context, tap.asker, language)


def ensure_asker_target(session: Session, services: Services, asker: Asker) -> Target:
    """Return the target where the asker is, made in his language and the default zone where it is new."""
    return ensure_target(
        session,
        chat_id=asker.chat_id,
        thread_id=asker.thread_id,
        kind=asker.kind,
        language=asker_language(services, asker),
        timezone=services.settings.default_timezone,
        now=services.clock.now(),
        bound_by=None if asker.is_private else asker.user_id,
    )
