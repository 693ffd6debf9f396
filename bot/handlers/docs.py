"""/docs: documents and their articles, for admins to look at and to remove; asking for a title or a date.

What is corrected is shown first and made by `handlers.proposals`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from bot.conversation import expect
from bot.curation import take_out, typed_date
from bot.handlers.context import Asker, Context, Tap, is_admin, texts_for
from bot.handlers.help import say_notice
from bot.handlers.proposals import Make, missing, propose_from_tap, propose_from_text
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired
from bot.handlers.waiting import stop_waiting
from bot.render.docs import (
    name_of,
    render_article,
    render_ask_date,
    render_ask_split_title,
    render_ask_title,
    render_document,
    render_paragraphs,
    render_remove,
    render_shelf,
)
from bot.render.markup import INVISIBLE, clean_name
from bot.render.message import Message
from bot.render.proposals import render_docs_notice
from bot.render.texts import Texts
from bot.schedule.due import zone_named
from bot.shelf import (
    OpenArticle,
    count_readers,
    open_article,
    open_document,
    open_paragraphs,
    open_shelf,
)
from bot.subscriptions import find_target
from content.corrections import Correction, merge_article, redate_article, retitle_article, split_article
from content.structure import ArticleDraft

TITLE_CHARS = 100
"""What is longer is no title, but a text sent to the wrong question."""

Look = Callable[[Session, Texts], Message | None]
"""What is shown; None where it is not there any more, or was changed."""


async def docs_command(context: Context, asker: Asker, words: str) -> None:
    """Send the list of documents; for anybody else there is no such command."""
    if not is_admin(context.services, asker):
        await say_notice(context, asker, "error.unknown_command")
        return
    texts = await texts_for(context.services, asker)
    shelf = await context.services.database.read(lambda session: open_shelf(session, 0))
    await say(context, asker, render_shelf(shelf, texts))


async def docs_button(context: Context, tap: Tap, page: int) -> None:
    """Turn the list of documents to the page."""
    await _look(context, tap, 0, lambda session, texts: render_shelf(open_shelf(session, page), texts))


async def doc_button(context: Context, tap: Tap, document_id: int, page: int, doubtful: int) -> None:
    """Open a document at that page of its articles, or of those that are in doubt."""

    def look(session: Session, texts: Texts) -> Message | None:
        opened = open_document(session, document_id, page, only_doubtful=doubtful > 0)
        return render_document(opened, texts) if opened else None

    await _look(context, tap, document_id, look)


async def doc_article_button(context: Context, tap: Tap, document_id: int, article_id: int) -> None:
    """Open an article."""

    def look(session: Session, texts: Texts) -> Message | None:
        opened = open_article(session, document_id, article_id)
        return render_article(opened, texts) if opened else None

    await _look(context, tap, document_id, look)


async def doc_paragraphs_button(
    context: Context, tap: Tap, document_id: int, article_id: int, page: int
) -> None:
    """Show the paragraphs that the article can be split at."""

    def look(session: Session, texts: Texts) -> Message | None:
        opened = open_paragraphs(session, document_id, article_id, page)
        return render_paragraphs(opened, texts) if opened else None

    await _look(context, tap, document_id, look)


async def doc_split_button(
    context: Context, tap: Tap, document_id: int, article_id: int, paragraph: int
) -> None:
    """Ask for the title of the article that begins at the paragraph."""

    def render(opened: OpenArticle, texts: Texts) -> Message | None:
        paragraphs = opened.text.split("\n")
        if not 0 < paragraph < len(paragraphs):
            return None
        text = paragraphs[paragraph]
        is_title = len(text) <= TITLE_CHARS
        return render_ask_split_title(document_id, article_id, paragraph, text, is_title, texts)

    await _ask(context, tap, "doc_split", (document_id, article_id, paragraph), render)


async def doc_retitle_button(context: Context, tap: Tap, document_id: int, article_id: int) -> None:
    """Ask for another title."""

    def render(opened: OpenArticle, texts: Texts) -> Message:
        return render_ask_title(document_id, opened.entry, texts)

    await _ask(context, tap, "doc_title", (document_id, article_id), render)


async def doc_redate_button(context: Context, tap: Tap, document_id: int, article_id: int) -> None:
    """Ask for another date."""

    def render(opened: OpenArticle, texts: Texts) -> Message:
        return render_ask_date(document_id, opened.entry, texts)

    await _ask(context, tap, "doc_date", (document_id, article_id), render)


async def doc_merge_button(context: Context, tap: Tap, document_id: int, article_id: int) -> None:
    """Propose to join the article to the one before it."""
    await propose_from_tap(context, tap, document_id, article_id, merge_article)


async def doc_split_here_button(
    context: Context, tap: Tap, document_id: int, article_id: int, paragraph: int
) -> None:
    """Propose to begin an article at the paragraph, which is its title."""
    await propose_from_tap(context, tap, document_id, article_id, _split(paragraph, None))


async def doc_undate_button(context: Context, tap: Tap, document_id: int, article_id: int) -> None:
    """Propose to take the article's date away."""
    await propose_from_tap(
        context, tap, document_id, article_id, lambda drafts, at: redate_article(drafts, at, None)
    )


async def title_typed(context: Context, asker: Asker, document_id: int, article_id: int, typed: str) -> None:
    """Propose the title that was typed."""
    title = await _title(context, asker, typed)
    if title is not None:
        await propose_from_text(
            context, asker, document_id, article_id, lambda drafts, at: retitle_article(drafts, at, title)
        )


async def split_title_typed(
    context: Context, asker: Asker, document_id: int, article_id: int, paragraph: int, typed: str
) -> None:
    """Propose to begin an article of the title that was typed."""
    title = await _title(context, asker, typed)
    if title is not None:
        await propose_from_text(context, asker, document_id, article_id, _split(paragraph, title))


async def date_typed(context: Context, asker: Asker, document_id: int, article_id: int, typed: str) -> None:
    """Propose the date that was typed, or say that it is none; then another one may be typed."""
    if not await _may_correct(context, asker):
        return
    services = context.services
    now = services.clock.now()

    def zone(session: Session) -> str:
        target = find_target(session, asker.chat_id, asker.thread_id)
        return target.timezone if target else services.settings.default_timezone

    today = now.astimezone(zone_named(await services.database.read(zone))).date()
    if typed_date(typed, today) is None:
        await say_notice(context, asker, "docs.bad_date", typed=clean_name(typed))
        return

    def make(drafts: Sequence[ArticleDraft], at: int) -> Correction:
        return redate_article(drafts, at, typed_date(typed, today, drafts[at].date))

    await propose_from_text(context, asker, document_id, article_id, make)


async def doc_remove_button(context: Context, tap: Tap, document_id: int) -> None:
    """Ask whether to remove the document."""

    def look(session: Session, texts: Texts) -> Message | None:
        opened = open_document(session, document_id)
        readers = count_readers(session, document_id)
        return render_remove(opened.shelved, readers, texts) if opened else None

    await _look(context, tap, document_id, look)


async def doc_remove_now_button(context: Context, tap: Tap, document_id: int) -> None:
    """Remove the document."""
    if not is_admin(context.services, tap.asker):
        await expired(context, tap)
        return
    services, texts = context.services, await texts_for(context.services, tap.asker)
    await toast(tap)
    name = await asyncio.to_thread(take_out, services.database, document_id)
    said = texts.html("docs.removed", name=name_of(name)) if name else texts.html("docs.gone")
    await show(context, tap, render_docs_notice(said, None, texts))


async def _look(context: Context, tap: Tap, document_id: int, look: Look) -> None:
    """Show what is there in place of the message that was tapped, or that it was changed or is gone."""
    if not is_admin(context.services, tap.asker):
        await expired(context, tap)
        return
    texts = await texts_for(context.services, tap.asker)
    message = await context.services.database.read(
        lambda session: look(session, texts) or missing(session, document_id, texts)
    )
    await toast(tap)
    await show(context, tap, message)


async def _ask(
    context: Context,
    tap: Tap,
    kind: str,
    about: tuple[int, ...],
    render: Callable[[OpenArticle, Texts], Message | None],
) -> None:
    """Put a question about an article, and wait for the answer to be typed."""
    if not is_admin(context.services, tap.asker):
        await expired(context, tap)
        return
    services, texts = context.services, await texts_for(context.services, tap.asker)
    now, asker = services.clock.now(), tap.asker

    def ask(session: Session) -> Message:
        opened = open_article(session, *about[:2])
        message = render(opened, texts) if opened else None
        if message is None:
            return missing(session, about[0], texts)
        expect(session, asker.chat_id, asker.user_id, kind, *about, now=now)
        return message

    message = await services.database.write(ask)
    await toast(tap)
    await show(context, tap, message)


async def _title(context: Context, asker: Asker, typed: str) -> str | None:
    """Return the title that was typed; None, and say so, where it is none: then it may be typed again."""
    if not await _may_correct(context, asker):
        return None
    title = " ".join(INVISIBLE.sub("", " ".join(typed.split())).split())
    if 0 < len(title) <= TITLE_CHARS:
        return title
    await say_notice(context, asker, "docs.bad_title", n=TITLE_CHARS)
    return None


async def _may_correct(context: Context, asker: Asker) -> bool:
    """Return whether the asker is an admin still; say so, and ask no more, where he is not."""
    if is_admin(context.services, asker):
        return True
    await stop_waiting(context, asker)
    await say_notice(context, asker, "docs.admins_only")
    return False


def _split(paragraph: int, title: str | None) -> Make:
    return lambda drafts, at: split_article(drafts, at, paragraph, title)
