"""A document sent in a private chat: reported on, and taken in where an admin says so."""

from __future__ import annotations

import datetime as dt
import logging

from sqlalchemy.orm import Session
from telegram import Document as File
from telegram import Update
from telegram.error import TelegramError

from bot.child import ChildFailed, run_in_child
from bot.delivery.send import READ_TIMEOUT
from bot.handlers.context import Asker, Context, Services, Tap, is_admin, texts_for
from bot.handlers.help import say_notice
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired
from bot.models import Upload
from bot.render.message import Message
from bot.render.texts import Texts
from bot.render.upload import (
    render_importing,
    render_not_imported,
    render_refused,
    render_rehearsal,
    render_taken_in,
    render_upload_notice,
)
from bot.render.values import Refused, TakenIn
from bot.subscriptions import find_target, subscriptions_of
from bot.uploads import (
    clean_file_name,
    drop_upload,
    find_twin,
    find_upload,
    import_upload,
    keep_upload,
    rehearse_upload,
)
from content.errors import DocumentError, DocumentTooLarge
from content.ingest import keep_original
from content.reading import check_suffix

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LIMIT_MB = 20
"""What Telegram lets a bot download (core.telegram.org/bots/api#getfile)."""
REHEARSAL_SECONDS = 120.0
IMPORT_SECONDS = 600.0
"""The same once more, and the writing, which lets others go first."""


async def take_document(context: Context, asker: Asker, update: Update) -> None:
    """Say what the document would bring, to an admin; anybody else is told what he can do."""
    message = update.effective_message
    if message is None or message.document is None:
        return
    file = message.document
    if not is_admin(context.services, asker):
        await say_notice(context, asker, "upload.admins_only")
        return
    texts, name = await texts_for(context.services, asker), clean_file_name(file.file_name or "")
    try:
        check_file(name, file.file_size or 0)
    except DocumentError as error:
        await say(context, asker, render_refused(Refused(error.key, error.fields), texts))
        return
    await say(context, asker, render_upload_notice("upload.reading", name, texts))
    await say(context, asker, await _read(context.services, asker, file, name, texts))


def check_file(name: str, size: int) -> None:
    """Raise DocumentError for what need not be downloaded; `size` is in bytes, 0 where it is not known."""
    check_suffix(name)
    if size > LIMIT_MB * MEGABYTE:
        raise DocumentTooLarge(size_mb=-(-size // MEGABYTE), limit_mb=LIMIT_MB)


async def _read(services: Services, asker: Asker, file: File, name: str, texts: Texts) -> Message:
    """Return the report on the file, or why there is none."""
    try:
        fetched = await file.get_file(read_timeout=READ_TIMEOUT)
        body = bytes(await fetched.download_as_bytearray(read_timeout=READ_TIMEOUT))
    except TelegramError as error:
        log.warning("a document could not be fetched: %s", error.message)
        return render_upload_notice("upload.not_fetched", name, texts)
    now = services.clock.now()

    def keep(session: Session) -> Message | int:
        twin = find_twin(session, body)
        if twin is not None:
            keep_original(session, twin.id, body)
            there = {"known": twin.name, "collection": twin.collection.name}
            return render_upload_notice("upload.duplicate", name, texts, **there)
        return keep_upload(session, asker.user_id, name, body, now).id

    kept = await services.database.write(keep)
    return kept if isinstance(kept, Message) else await _rehearse(services, kept, name, texts)


async def _rehearse(services: Services, upload_id: int, name: str, texts: Texts) -> Message:
    try:
        async with services.child:
            read = await run_in_child(REHEARSAL_SECONDS, rehearse_upload, *_arguments(services, upload_id))
    except ChildFailed as error:
        log.warning("a document could not be read: %s", error)
        await services.database.write(lambda session: drop_upload(session, upload_id))
        return render_upload_notice("upload.not_read", name, texts)
    if isinstance(read, Refused):
        await services.database.write(lambda session: drop_upload(session, upload_id))
        return render_refused(read, texts)
    return render_rehearsal(read, texts)


async def upload_cancel_button(context: Context, tap: Tap, upload_id: int) -> None:
    """Drop the document."""
    upload = await _find(context.services, tap.asker, upload_id)
    if upload is None:
        await expired(context, tap)
        return
    texts = await texts_for(context.services, tap.asker)
    await context.services.database.write(lambda session: drop_upload(session, upload_id))
    await toast(tap)
    await show(context, tap, render_upload_notice("upload.cancelled", upload.name, texts))


async def upload_import_button(context: Context, tap: Tap, upload_id: int) -> None:
    """Begin to take the document in; other taps need not wait for the end."""
    upload = await _find(context.services, tap.asker, upload_id)
    if upload is None:
        await expired(context, tap)
        return
    texts = await texts_for(context.services, tap.asker)
    await toast(tap)
    await show(context, tap, render_importing(upload_id, upload.name, texts))
    context.application.create_task(_import(context, tap, upload_id, texts))


async def _import(context: Context, tap: Tap, upload_id: int, texts: Texts) -> None:
    """Take the document in and say so. Of two taps the second finds that nothing is left to do."""
    services = context.services
    async with services.child:
        if await _find(services, tap.asker, upload_id) is None:
            return
        try:
            taken = await run_in_child(IMPORT_SECONDS, import_upload, *_arguments(services, upload_id))
        except ChildFailed as error:
            log.warning("a document could not be taken in: %s", error)
            await show(context, tap, render_not_imported(upload_id, texts))
            return
        async with services.lock(tap.asker.chat_id):  # a tap shows its answer before this, or finds nothing
            message = await services.database.write(
                lambda session: _settle(session, context, tap.asker, upload_id, taken, texts)
            )
            await show(context, tap, message)


def _settle(
    session: Session, context: Context, asker: Asker, upload_id: int, taken: TakenIn, texts: Texts
) -> Message:
    drop_upload(session, upload_id)
    target = find_target(session, asker.chat_id, asker.thread_id)
    mine = subscriptions_of(session, target) if target else []
    is_subscribed = any(row.plan_id == taken.plan.plan_id for row in mine)
    minute = None if is_subscribed else context.services.settings.default_minute
    return render_taken_in(taken, context.bot.username, minute, texts)


def _arguments(services: Services, upload_id: int) -> tuple[str, int, str, dt.datetime]:
    collection = Texts(services.settings.default_language)("collection.default")
    return services.database.url, upload_id, collection, services.clock.now()


async def _find(services: Services, asker: Asker, upload_id: int) -> Upload | None:
    """Return the document if it still waits, and the asker sent it and is an admin still."""
    if not is_admin(services, asker):
        return None
    now = services.clock.now()
    return await services.database.read(lambda session: find_upload(session, upload_id, asker.user_id, now))
