"""/today, /next, and the buttons under a digest."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.access import may_receive
from bot.asking import Asked, read_ahead, today
from bot.cards import can_draw
from bot.delivery.outcomes import Sent, Unknown
from bot.digest import Digest, make_digest, make_finished, record_reading
from bot.handlers.context import Asker, Context, Services, Tap, texts_for, visibilities_of
from bot.handlers.language import ensure_asker_target
from bot.handlers.replies import say, show, toast
from bot.handlers.search import search_command
from bot.handlers.subscription import expired, for_subscription, owned
from bot.models import Delivery, Subscription
from bot.passages import open_delivery
from bot.plans import default_plan
from bot.render.card import offer_card
from bot.render.digest import render_digest
from bot.render.message import render_notice
from bot.render.message import toast as toast_text
from bot.render.passage import render_passage
from bot.render.pausing import render_finished
from bot.render.texts import Texts
from bot.render.values import PassageView
from bot.subscriptions import pause, subscribe, subscriptions_of


async def today_command(context: Context, asker: Asker, words: str) -> None:
    """Send today's passage, or show it again."""
    if not asker.is_private:
        await ensure_group_reads(context, asker)
    await for_subscription(context, asker, "today", send_today)


async def next_command(context: Context, asker: Asker, words: str) -> None:
    """Send the next passage now."""
    await for_subscription(context, asker, "ahead", send_next)


async def send_today(context: Context, asker: Asker, subscription_id: int) -> None:
    """Send the subscription's passage of the day, or show it again."""
    services = context.services
    now, owner, readers = services.clock.now(), services.pusher.owner, services.pusher.readers
    await hand_over(
        context, asker, subscription_id, lambda session, row: today(session, row, now, owner, readers)
    )


async def send_next(context: Context, asker: Asker, subscription_id: int, after: int | None = None) -> None:
    """Send what comes after all that was sent; `after` is the digest whose button asks."""
    services = context.services
    now, owner, readers = services.clock.now(), services.pusher.owner, services.pusher.readers
    await hand_over(
        context,
        asker,
        subscription_id,
        lambda session, row: read_ahead(session, row, now, owner, readers, after),
    )


async def hand_over(
    context: Context, asker: Asker, subscription_id: int, ask: Callable[[Session, Subscription], Asked]
) -> None:
    """Ask the ledger, and do what it says: send a row, show one again, or say why there is none."""
    services, texts = context.services, await texts_for(context.services, asker)

    def ask_for(session: Session) -> Asked | None:
        subscription = owned(session, asker, subscription_id)
        return ask(session, subscription) if subscription else None

    asked = await services.database.write(ask_for)
    if asked is None:
        await say(context, asker, render_notice(texts, "error.button"))
    elif asked.kind == "send" and asked.delivery_id is not None:
        outcome = await services.pusher.deliver(asked.delivery_id, interactive=True)
        if not isinstance(outcome, Sent | Unknown):
            await say(context, asker, render_notice(texts, "today.delayed"))
    elif asked.kind == "show" and asked.delivery_id is not None:
        await show_again(context, asker, asked.delivery_id, texts)
    elif asked.kind == "nothing":
        end = await services.database.read(
            lambda session: make_finished(session, session.get_one(Subscription, subscription_id))
        )
        await say(context, asker, render_finished(end, texts, in_group=not asker.is_private))
    else:
        await say(context, asker, render_notice(texts, f"today.{asked.kind}"))


async def show_again(context: Context, asker: Asker, delivery_id: int, texts: Texts) -> None:
    """Show a digest once more, as it was."""
    digest = await context.services.database.read(lambda session: make_digest(session, delivery_id))
    if isinstance(digest, Digest):
        await say(context, asker, offer_card(render_digest(digest, texts), digest, texts, can_draw()))
    else:
        await say(context, asker, render_notice(texts, "error.gone"))


async def ensure_group_reads(context: Context, asker: Asker) -> None:
    """Give a group that asks for the first time its place in the default plan; nothing is pushed to it."""
    services, now = context.services, context.services.clock.now()

    def ensure(session: Session) -> None:
        target = ensure_asker_target(session, services, asker)
        plan = default_plan(
            session, services.settings.default_plan, visibilities_of(session, services, asker)
        )
        if plan is not None and not subscriptions_of(session, target):
            pause(session, subscribe(session, target, plan, services.settings.default_minute, now), None, now)

    await services.database.write(ensure)


async def next_button(context: Context, tap: Tap, delivery_id: int) -> None:
    """Send the passage after this digest; a second tap at once changes nothing."""
    row = await context.services.database.read(lambda session: own_delivery(session, tap.asker, delivery_id))
    if row is None:
        await expired(context, tap)
        return
    await toast(tap)
    await send_next(context, tap.asker, row.subscription_id, delivery_id)


async def today_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Do what /today does."""
    await toast(tap)
    await send_today(context, tap.asker, subscription_id)


async def ahead_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Do what /next does."""
    await toast(tap)
    await send_next(context, tap.asker, subscription_id)


async def read_button(context: Context, tap: Tap, delivery_id: int) -> None:
    """Record the reading, and tick it off under the digest."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    now = services.clock.now()

    def read(session: Session) -> tuple[bool, Digest] | None:
        if readable_delivery(session, services, tap.asker, delivery_id) is None:
            return None
        is_new = record_reading(session, delivery_id, tap.asker.user_id, now)
        digest = make_digest(session, delivery_id)
        return (is_new, digest) if isinstance(digest, Digest) else None

    outcome = await services.database.write(read)
    if outcome is None:
        await expired(context, tap)
        return
    is_new, digest = outcome
    await toast(tap, toast_text(texts, "toast.read" if is_new else "toast.read_already"))
    await show(context, tap, offer_card(render_digest(digest, texts), digest, texts, can_draw()))


async def context_button(context: Context, tap: Tap, delivery_id: int) -> None:
    """Send the passage between the texts before and after it; the digest stays where it is."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def open_context(session: Session) -> PassageView | None:
        row = readable_delivery(session, services, tap.asker, delivery_id)
        return open_delivery(session, row, visibilities_of(session, services, tap.asker)) if row else None

    view = await services.database.read(open_context)
    await toast(tap)
    username = context.bot.username
    message = render_passage(view, username, texts) if view else render_notice(texts, "error.gone")
    await say(context, tap.asker, message)


async def word_button(context: Context, tap: Tap, delivery_id: int, index: int) -> None:
    """Search the corpus for a keyword of the digest."""
    services = context.services

    def keyword(session: Session) -> str | None:
        if readable_delivery(session, services, tap.asker, delivery_id) is None:
            return None
        digest = make_digest(session, delivery_id)
        words = digest.keywords if isinstance(digest, Digest) else ()
        return words[index] if index < len(words) else None

    word = await services.database.read(keyword)
    if word is None:
        await expired(context, tap)
        return
    await toast(tap)
    await search_command(context, tap.asker, word)


def own_delivery(session: Session, asker: Asker, delivery_id: int) -> Delivery | None:
    """Return the ledger's row if it is this chat's: a button's data may be forged."""
    row = session.get(Delivery, delivery_id)
    return row if row is not None and row.subscription.target.chat_id == asker.chat_id else None


def readable_delivery(
    session: Session, services: Services, asker: Asker, delivery_id: int
) -> Delivery | None:
    """Return the ledger's row if it is this chat's, and may be read here still: buttons grow old."""
    row = own_delivery(session, asker, delivery_id)
    if row is None:
        return None
    target, plan = row.subscription.target, row.subscription.plan
    return row if may_receive(session, target, plan, services.pusher.readers) else None
