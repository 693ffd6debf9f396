"""Corrections in the chat: each is computed in a child process, shown, and made where the admin says so."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from bot.child import ChildFailed, run_in_child
from bot.conversation import settle
from bot.curation import Held, hold
from bot.handlers.context import Asker, Context, Services, Tap, is_admin, texts_for
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired
from bot.models import Proposal
from bot.proposals import (
    apply_proposal,
    drop_proposal,
    find_proposal,
    propose,
    rehearse_proposal,
    was_made,
)
from bot.render.docs import render_document
from bot.render.message import Message
from bot.render.message import toast as toast_text
from bot.render.proposals import (
    render_applied,
    render_applying,
    render_docs_notice,
    render_not_applied,
    render_preview,
    render_previewing,
)
from bot.render.texts import Texts
from bot.render.upload import render_refused
from bot.render.values import Refused
from bot.shelf import find_article, open_document, page_of
from content.corrections import MERGE, Correction, NoSuchPlace
from content.structure import ArticleDraft

log = logging.getLogger(__name__)

PREVIEW_SECONDS = 300.0
APPLY_SECONDS = 600.0
"""The same once more, and the writing, which lets others go first."""

Answer = Callable[[Message], Awaitable[None]]
Make = Callable[[Sequence[ArticleDraft], int], Correction]
"""The correction of the article of that ordinal. Raises NoSuchPlace."""
Wish = tuple[Held, Sequence[Correction], int]
"""A document, what its corrections are to be, and the ordinal of the article that it is about."""


async def propose_from_tap(context: Context, tap: Tap, document_id: int, article_id: int, make: Make) -> None:
    """Show, in place of the message that was tapped, what the correction would make of the document."""
    await _from_tap(context, tap, document_id, lambda session: _wish(session, document_id, article_id, make))


async def propose_from_text(
    context: Context, asker: Asker, document_id: int, article_id: int, make: Make
) -> None:
    """Answer what was typed with what the correction would make of the document."""
    await _propose(
        context,
        asker,
        partial(say, context, asker),
        document_id,
        lambda session: _wish(session, document_id, article_id, make),
    )


async def doc_undo_button(context: Context, tap: Tap, document_id: int) -> None:
    """Propose to take the last correction back."""

    def wish(session: Session) -> Wish | str:
        held = hold(session, document_id)
        if held is None:
            return "docs.no_original"
        return (held, held.corrections[:-1], 0) if held.corrections else "docs.no_correction"

    await _from_tap(context, tap, document_id, wish)


async def doc_recut_button(context: Context, tap: Tap, document_id: int) -> None:
    """Propose to read the document anew, by the rules of this version."""

    def wish(session: Session) -> Wish | str:
        held = hold(session, document_id)
        return (held, held.corrections, 0) if held else "docs.no_original"

    await _from_tap(context, tap, document_id, wish)


async def doc_apply_button(context: Context, tap: Tap, proposal_id: int) -> None:
    """Begin to make the correction; other taps need not wait for the end."""
    row = await _find_idle(context.services, tap.asker, proposal_id)
    if row is None:
        await _done(context, tap)
        return
    texts = await texts_for(context.services, tap.asker)
    await toast(tap)
    await show(context, tap, render_applying(proposal_id, texts))
    context.services.applying.add(proposal_id)
    context.application.create_task(_apply(context, tap, row, texts))


async def doc_drop_button(context: Context, tap: Tap, proposal_id: int) -> None:
    """Leave the document as it is, and come back to it."""
    row = await _find_idle(context.services, tap.asker, proposal_id)
    if row is None:
        await _done(context, tap)
        return
    texts = await texts_for(context.services, tap.asker)

    def drop(session: Session) -> Message:
        drop_proposal(session, proposal_id)
        opened = open_document(session, row.document_id, page_of(row.article))
        if opened is None:
            return missing(session, row.document_id, texts)
        return render_document(opened, texts, texts.html("docs.dropped"))

    message = await context.services.database.write(drop)
    await toast(tap)
    await show(context, tap, message)


def missing(session: Session, document_id: int, texts: Texts, key: str = "docs.changed") -> Message:
    """Return why nothing was done, by its key, and the way back; or that the document is gone."""
    if open_document(session, document_id) is None:
        return render_docs_notice(texts.html("docs.gone"), None, texts)
    return render_docs_notice(texts.html(key), document_id, texts)


def _wish(session: Session, document_id: int, article_id: int, make: Make) -> Wish | str:
    """Return the document with one more correction, or the key of a text that says why not."""
    article = find_article(session, document_id, article_id)
    if article is None:
        return "docs.changed"
    held = hold(session, document_id)
    if held is None:
        return "docs.no_original"
    try:
        correction = make(held.drafts, article.ordinal)
    except NoSuchPlace:
        return "docs.changed"
    return held, [*held.corrections, correction], article.ordinal - (correction.kind == MERGE)


async def _from_tap(
    context: Context, tap: Tap, document_id: int, wish: Callable[[Session], Wish | str]
) -> None:
    if not is_admin(context.services, tap.asker):
        await expired(context, tap)
        return
    await toast(tap)
    await _propose(context, tap.asker, partial(show, context, tap), document_id, wish)


async def _propose(
    context: Context,
    asker: Asker,
    answer: Answer,
    document_id: int,
    wish: Callable[[Session], Wish | str],
) -> None:
    services, texts = context.services, await texts_for(context.services, asker)
    wished = await services.database.read(wish)
    if isinstance(wished, str):
        key = wished
        await answer(await services.database.read(lambda session: missing(session, document_id, texts, key)))
        return
    held, corrections, article = wished
    now = services.clock.now()

    def keep(session: Session) -> int:
        settle(session, asker.chat_id, asker.user_id)
        return propose(session, asker.user_id, held, corrections, article, now, services.applying)

    proposal_id = await services.database.write(keep)
    await answer(render_previewing(texts))
    context.application.create_task(_preview(context, asker, answer, document_id, proposal_id, texts))


async def _preview(
    context: Context, asker: Asker, answer: Answer, document_id: int, proposal_id: int, texts: Texts
) -> None:
    """Show what would be. Of two taps the first finds that its proposal is forgotten."""
    services = context.services
    async with services.child:
        if await _find(services, asker, proposal_id) is None:
            return
        try:
            preview = await run_in_child(
                PREVIEW_SECONDS, rehearse_proposal, services.database.url, proposal_id
            )
        except ChildFailed as error:
            log.warning("a correction could not be previewed: %s", error)
            preview = Refused("docs.not_previewed", {})
    async with services.lock(asker.chat_id):
        if await _find(services, asker, proposal_id) is None:
            return
        if isinstance(preview, Refused):
            await answer(await _refuse(services, proposal_id, document_id, preview, texts))
        else:
            await answer(render_preview(preview, texts))


async def _apply(context: Context, tap: Tap, row: Proposal, texts: Texts) -> None:
    """Make the correction and say what became of it."""
    services = context.services
    try:
        async with services.child:
            message = await _make_it(services, tap.asker, row, texts)
            async with services.lock(tap.asker.chat_id):  # a tap shows its answer before this
                await show(context, tap, message)
    finally:
        services.applying.discard(row.id)


async def _make_it(services: Services, asker: Asker, row: Proposal, texts: Texts) -> Message:
    if await _find(services, asker, row.id) is None:
        return await services.database.read(lambda session: missing(session, row.document_id, texts))
    try:
        refused = await run_in_child(
            APPLY_SECONDS, apply_proposal, services.database.url, row.id, services.clock.now()
        )
    except ChildFailed as error:
        log.warning("a correction could not be made: %s", error)
        if not await services.database.read(lambda session: was_made(session, row)):
            return await _broken(services, asker, row, texts)
        refused = None  # it was made before the child died
    return await _outcome(services, row, refused, texts)


async def _broken(services: Services, asker: Asker, row: Proposal, texts: Texts) -> Message:
    """Return that nothing was done, and the way to try again where the proposal is there still."""
    if await _find(services, asker, row.id) is not None:
        return render_not_applied(row.id, texts)
    return await services.database.read(lambda session: missing(session, row.document_id, texts))


async def _outcome(services: Services, row: Proposal, refused: Refused | None, texts: Texts) -> Message:
    if refused is not None:
        return await _refuse(services, row.id, row.document_id, refused, texts)
    return await services.database.read(lambda session: _applied(session, row, texts))


def _applied(session: Session, row: Proposal, texts: Texts) -> Message:
    opened = open_document(session, row.document_id, page_of(row.article))
    if opened is None:
        return missing(session, row.document_id, texts)
    return render_applied(opened, row.article, texts)


async def _refuse(
    services: Services, proposal_id: int, document_id: int, refused: Refused, texts: Texts
) -> Message:
    """Forget the proposal and return why it cannot be made, with the way back."""

    def refuse(session: Session) -> Message:
        drop_proposal(session, proposal_id)
        if open_document(session, document_id) is None:
            return missing(session, document_id, texts)
        return render_docs_notice(render_refused(refused, texts).text, document_id, texts)

    return await services.database.write(refuse)


async def _done(context: Context, tap: Tap) -> None:
    """Answer a tap on the button of a proposal that does not wait any more; the message stays."""
    if not is_admin(context.services, tap.asker):
        await expired(context, tap)
        return
    await toast(tap, toast_text(await texts_for(context.services, tap.asker), "toast.docs_done"))


async def _find(services: Services, asker: Asker, proposal_id: int) -> Proposal | None:
    """Return the proposal if it still waits, and the asker made it and is an admin still."""
    if not is_admin(services, asker):
        return None
    now = services.clock.now()
    return await services.database.read(
        lambda session: find_proposal(session, proposal_id, asker.user_id, now)
    )


async def _find_idle(services: Services, asker: Asker, proposal_id: int) -> Proposal | None:
    """Return the proposal likewise, unless it is being applied."""
    return None if proposal_id in services.applying else await _find(services, asker, proposal_id)
