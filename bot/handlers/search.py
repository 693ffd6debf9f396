"""/search, plain text, the pages of results, and passages opened from them."""

from __future__ import annotations

from sqlalchemy.orm import Session
from telegram.error import TelegramError

from bot.handlers.context import Asker, Context, Services, Tap, texts_for, visibilities_of
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired
from bot.models import SearchSession
from bot.passages import find_passage, find_passage_at, open_passage
from bot.render.actions import Action
from bot.render.message import Message, render_notice
from bot.render.message import toast as toast_text
from bot.render.notices import foreign_toast
from bot.render.passage import render_passage
from bot.render.search import render_hits, render_no_hits, render_usage
from bot.render.texts import Texts
from bot.searches import count_readable, find_marks, find_search, open_search, view_results
from content.errors import QueryError

ANYBODY = "…"
"""Stands for a name that cannot be had."""


async def search_command(context: Context, asker: Asker, words: str) -> None:
    """Search for the words; without any, say how to."""
    services, texts = context.services, await texts_for(context.services, asker)
    if not words.strip():
        await say(context, asker, render_usage(texts))
        return
    now = services.clock.now()
    opened = await services.database.write(
        lambda session: open_search(session, asker.chat_id, asker.user_id, words, now)
    )
    message = await services.database.read(
        lambda session: results_message(session, services, asker, opened, 0, texts)
    )
    await say(context, asker, message)


async def results_button(context: Context, tap: Tap, search_id: int, page: int) -> None:
    """Turn to a page of the asker's own search, or come back to it."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def turn(session: Session) -> Message | SearchSession | None:
        opened = find_search(session, search_id, tap.asker.chat_id)
        if opened is None or opened.user_id != tap.asker.user_id:
            return opened
        return results_message(session, services, tap.asker, opened, page, texts)

    await show_or_refuse(context, tap, await services.database.read(turn), texts)


async def hit_button(context: Context, tap: Tap, search_id: int, passage_id: int, page: int) -> None:
    """Open a hit in its context, its matches marked."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def open_hit(session: Session) -> Message | SearchSession | None:
        opened = find_search(session, search_id, tap.asker.chat_id)
        if opened is None or opened.user_id != tap.asker.user_id:
            return opened
        visibilities = visibilities_of(session, services, tap.asker)
        passage = find_passage(session, passage_id, visibilities)
        if passage is None:
            return render_notice(texts, "error.gone")
        view = open_passage(
            session,
            passage,
            turn=lambda beside: Action("hit", (search_id, beside.id, page)),
            back=Action("results", (search_id, page)),
            highlights=find_marks(session, opened, passage.text, visibilities),
        )
        return render_passage(view, context.bot.username, texts)

    await show_or_refuse(context, tap, await services.database.read(open_hit), texts)


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


async def show_or_refuse(
    context: Context, tap: Tap, outcome: Message | SearchSession | None, texts: Texts
) -> None:
    """Show the message; refuse where the search is somebody else's, or not known any more."""
    if outcome is None:
        await expired(context, tap)
    elif isinstance(outcome, SearchSession):
        await toast(tap, foreign_toast(await owner_name(context, tap, outcome), texts))
    else:
        await toast(tap)
        await show(context, tap, outcome)


async def owner_name(context: Context, tap: Tap, opened: SearchSession) -> str:
    """Return the first name of the one who searched."""
    try:
        member = await context.bot.get_chat_member(tap.asker.chat_id, opened.user_id)
    except TelegramError:  # gone from the group, or Telegram is out of reach
        return ANYBODY
    return member.user.first_name


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
        return render_no_hits(view.query, count_readable(session, visibilities), texts, view.used_chars)
    return render_hits(view, texts)
