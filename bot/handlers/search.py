"""/search, plain text, the pages of results, and passages opened from them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram.error import TelegramError

from bot.handlers.context import Asker, Context, Services, Tap, texts_for, visibilities_of
from bot.handlers.replies import say, show, toast
from bot.models import SearchSession
from bot.passages import find_passage, find_passage_at, open_passage
from bot.render.actions import Action
from bot.render.message import Message, render_notice
from bot.render.message import toast as toast_text
from bot.render.notices import foreign_toast
from bot.render.passage import render_gone, render_passage
from bot.render.results import SearchesView
from bot.render.search import render_hits, render_no_hits
from bot.render.searches import render_searches
from bot.render.texts import Texts
from bot.searches import (
    count_readable,
    find_marks,
    find_search,
    open_search,
    view_results,
    view_searches,
)
from content.errors import QueryError

ANYBODY = "…"
"""Stands for a name that cannot be had."""
Work = Callable[[Session, SearchSession, Texts], Message]
"""What is read for the asker's own search, and the message that shows it."""


async def search_command(context: Context, asker: Asker, words: str) -> None:
    """Search for the words; without any, say how to, and offer the searches that were made before."""
    services, texts = context.services, await texts_for(context.services, asker)
    if not words.strip():
        view = await services.database.read(lambda session: made_before(session, services, asker))
        await say(context, asker, render_searches(view, texts))
        return
    now = services.clock.now()
    opened = await services.database.write(
        lambda session: open_search(session, asker.chat_id, asker.user_id, words, now)
    )
    with services.metrics.search_seconds.timing():
        message = await services.database.read(
            lambda session: results_message(session, services, asker, opened, 0, texts)
        )
    await say(context, asker, message)


async def results_button(
    context: Context, tap: Tap, search_id: int, page: int, said: str | None = None
) -> None:
    """Turn to a page of the asker's own search, or come back to it; `said` is a toast."""

    def turn(session: Session, opened: SearchSession, texts: Texts) -> Message:
        return results_message(session, context.services, tap.asker, opened, page, texts)

    await show_search(context, tap, search_id, turn, said)


async def hit_button(context: Context, tap: Tap, search_id: int, passage_id: int, page: int) -> None:
    """Open a hit in its context, its matches marked."""

    def open_hit(session: Session, opened: SearchSession, texts: Texts) -> Message:
        visibilities = visibilities_of(session, context.services, tap.asker)
        passage, back = find_passage(session, passage_id, visibilities), Action("results", (search_id, page))
        if passage is None:
            return render_gone(back, texts)
        view = open_passage(
            session,
            passage,
            turn=lambda beside: Action("hit", (search_id, beside.id, page)),
            back=back,
            highlights=find_marks(session, opened, passage.text, visibilities),
        )
        return render_passage(view, context.bot.username, texts)

    await show_search(context, tap, search_id, open_hit)


async def place_button(context: Context, tap: Tap, document_id: int, article: int, start: int) -> None:
    """Turn to the passage at a place."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def open_place(session: Session) -> Message:
        visibilities = visibilities_of(session, services, tap.asker)
        passage = find_passage_at(session, document_id, article, start, visibilities)
        if passage is None:
            return render_notice(texts, "error.gone")
        return render_passage(open_passage(session, passage), context.bot.username, texts)

    await toast(tap)
    await show(context, tap, await services.database.read(open_place))


async def page_button(context: Context, tap: Tap, page: int, pages: int) -> None:
    """Say on which page one is."""
    texts = await texts_for(context.services, tap.asker)
    await toast(tap, toast_text(texts, "toast.page", page=page, pages=pages))


async def show_search(
    context: Context, tap: Tap, search_id: int, work: Work, said: str | None = None
) -> None:
    """Show what `work` makes of the search; refuse where it is somebody else's, or not known any more."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def read(session: Session) -> Message | SearchSession | None:
        own = own_search(session, tap.asker, search_id)
        return work(session, own, texts) if own else find_search(session, search_id, tap.asker.chat_id)

    outcome = await services.database.read(read)
    if outcome is None:
        await toast(tap, toast_text(texts, "toast.search_expired"))
    elif isinstance(outcome, SearchSession):
        await toast(tap, foreign_toast(await owner_name(context, tap, outcome), texts))
    else:
        await toast(tap, said)
        await show(context, tap, outcome)


async def owner_name(context: Context, tap: Tap, opened: SearchSession) -> str:
    """Return the first name of the one who searched."""
    try:
        member = await context.bot.get_chat_member(tap.asker.chat_id, opened.user_id)
    except TelegramError:  # gone from the group, or Telegram is out of reach
        return ANYBODY
    return member.user.first_name


def own_search(session: Session, asker: Asker, search_id: int) -> SearchSession | None:
    """Return the search if the asker made it here: a button's data may be forged."""
    opened = find_search(session, search_id, asker.chat_id)
    return opened if opened is not None and opened.user_id == asker.user_id else None


def made_before(session: Session, services: Services, asker: Asker) -> SearchesView:
    """Return what the asker searched for and saved; in a group nothing of it is shown."""
    if not asker.is_private:
        return SearchesView()
    visibilities = visibilities_of(session, services, asker)
    return view_searches(session, asker.user_id, asker.chat_id, visibilities)


def results_message(
    session: Session, services: Services, asker: Asker, opened: SearchSession, page: int, texts: Texts
) -> Message:
    """Return a page of results, or what to say where there is none."""
    visibilities = visibilities_of(session, services, asker)
    try:
        view = view_results(session, opened, page, visibilities)
    except QueryError as error:
        return render_notice(texts, error.key)
    if not view.hits:
        return render_no_hits(view, count_readable(session, visibilities), texts)
    return render_hits(view, texts)
