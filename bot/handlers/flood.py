"""Who asks too much at once is told so, and not answered for a while: others wait for nobody."""

from __future__ import annotations

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.flood import Verdict
from bot.handlers.context import Asker, Context, Tap, asker_of, texts_for
from bot.handlers.help import say_notice
from bot.handlers.replies import toast
from bot.render.message import toast as toast_text


async def hold_back(update: Update, context: Context) -> None:
    """Let the update pass, or end it here. What nobody asks (memberships, talk in a group) always passes."""
    asker = asker_of(update)
    if asker is None or not is_asked(update, asker):
        return
    verdict = context.services.buckets.ask(asker.user_id, context.services.clock.seconds())
    if verdict is Verdict.ANSWER:
        return
    if verdict is Verdict.TELL:
        await tell(update, context, asker)
    raise ApplicationHandlerStop


def is_asked(update: Update, asker: Asker) -> bool:
    """Return whether somebody wants an answer: a tap, a command, or anything in a private chat."""
    if update.callback_query is not None:
        return True
    message = update.message or update.edited_message
    return message is not None and (asker.is_private or (message.text or "").startswith("/"))


async def tell(update: Update, context: Context, asker: Asker) -> None:
    """Say that it is too much: in a toast where a button was tapped; a group is not bothered with it."""
    if update.callback_query is not None:
        texts = await texts_for(context.services, asker)
        await toast(Tap(asker, update.callback_query), toast_text(texts, "toast.too_fast"))
    elif asker.is_private:
        await say_notice(context, asker, "error.too_fast")
