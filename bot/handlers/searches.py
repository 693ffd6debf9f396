"""Searches that are saved, made again, removed; and those that may have been meant."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.handlers.context import Context, Tap, texts_for, visibilities_of
from bot.handlers.replies import show, toast
from bot.handlers.search import made_before, own_search, results_button
from bot.handlers.subscription import expired
from bot.render.message import toast as toast_text
from bot.render.searches import render_searches, render_tidying
from bot.saved import MOST_SAVED, drop_saved, find_saved, save_search, unsave_search
from bot.searches import find_suggestions, open_search


async def save_button(context: Context, tap: Tap, search_id: int, page: int) -> None:
    """Save the asker's search, unless he keeps too many."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    now = services.clock.now()

    def save(session: Session) -> bool:
        opened = own_search(session, tap.asker, search_id)
        return opened is None or save_search(session, opened, now)

    is_saved = await services.database.write(save)
    said = toast_text(texts, "toast.saved" if is_saved else "toast.too_many_saved", most=MOST_SAVED)
    await results_button(context, tap, search_id, page, said)


async def unsave_button(context: Context, tap: Tap, search_id: int, page: int) -> None:
    """Keep the asker's search no longer."""
    texts = await texts_for(context.services, tap.asker)

    def unsave(session: Session) -> None:
        opened = own_search(session, tap.asker, search_id)
        if opened is not None:
            unsave_search(session, opened)

    await context.services.database.write(unsave)
    await results_button(context, tap, search_id, page, toast_text(texts, "toast.unsaved"))


async def suggestion_button(context: Context, tap: Tap, search_id: int, index: int) -> None:
    """Search for what may have been meant. Where the corpus offers it no more, show what is found now."""
    services, asker, now = context.services, tap.asker, context.services.clock.now()

    def suggested(session: Session) -> str | None:
        opened = own_search(session, asker, search_id)
        if opened is None:
            return None
        offered = find_suggestions(session, opened, visibilities_of(session, services, asker))
        return offered[index] if index < len(offered) else None

    meant = await services.database.read(suggested)

    def search_anew(session: Session) -> int:
        opened = own_search(session, asker, search_id)
        if opened is None or meant is None:
            return search_id
        return open_search(session, asker.chat_id, asker.user_id, meant, now, like=opened).id

    await results_button(context, tap, await services.database.write(search_anew), 0)


async def searches_button(context: Context, tap: Tap) -> None:
    """Offer the searches that were made before."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    view = await services.database.read(lambda session: made_before(session, services, tap.asker))
    await toast(tap)
    await show(context, tap, render_searches(view, texts))


async def saved_button(context: Context, tap: Tap, saved_id: int) -> None:
    """Make a saved search again."""
    services, asker, now = context.services, tap.asker, context.services.clock.now()

    def search_again(session: Session) -> int | None:
        saved = find_saved(session, saved_id, asker.user_id)
        if saved is None:
            return None
        return open_search(session, asker.chat_id, asker.user_id, saved.query, now, like=saved).id

    search_id = await services.database.write(search_again)
    if search_id is None:
        await expired(context, tap)
    else:
        await results_button(context, tap, search_id, 0)


async def tidy_button(context: Context, tap: Tap) -> None:
    """Offer the saved searches to be removed."""
    await _show_tidying(context, tap)


async def drop_saved_button(context: Context, tap: Tap, saved_id: int) -> None:
    """Remove one of the asker's saved searches."""
    await context.services.database.write(lambda session: drop_saved(session, saved_id, tap.asker.user_id))
    texts = await texts_for(context.services, tap.asker)
    await _show_tidying(context, tap, toast_text(texts, "toast.unsaved"))


async def _show_tidying(context: Context, tap: Tap, said: str | None = None) -> None:
    services, texts = context.services, await texts_for(context.services, tap.asker)
    view = await services.database.read(lambda session: made_before(session, services, tap.asker))
    await toast(tap, said)
    await show(context, tap, render_tidying(view, texts))
