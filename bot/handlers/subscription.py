"""Which subscription a command or a button means: the only one, the one named, or the reader's choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.orm import Session

from bot.handlers.context import Asker, Context, Tap, texts_for
from bot.handlers.offers import plans_message
from bot.handlers.replies import say, show, toast
from bot.models import Subscription
from bot.render.message import Message, render_notice
from bot.render.message import toast as toast_text
from bot.render.notices import render_choice
from bot.render.texts import Texts
from bot.render.values import SubscriptionView
from bot.subscriptions import find_target, subscriptions_of
from bot.subscriptions import view as view_subscription

Act = Callable[[Context, Asker, int], Awaitable[None]]
"""What is done with the subscription, given by its id."""
Ask = Callable[[Sequence[SubscriptionView], Texts], Message]
"""The question which of several subscriptions is meant."""
Work = Callable[[Session, Subscription, Texts, dt.datetime], Message]
"""What is read or changed in one transaction, and the message that shows it."""


def owned(session: Session, asker: Asker, subscription_id: int) -> Subscription | None:
    """Return the subscription if it is this chat's: a button's data may be forged."""
    subscription = session.get(Subscription, subscription_id)
    if subscription is None or subscription.target.chat_id != asker.chat_id:
        return None
    return subscription


def views_of(session: Session, asker: Asker) -> list[SubscriptionView]:
    """Return the chat's subscriptions a command can mean: a finished one only where there is no other."""
    target = find_target(session, asker.chat_id, asker.thread_id)
    kept = subscriptions_of(session, target) if target else []
    alive = [row for row in kept if row.status != "finished"]
    return [view_subscription(session, row) for row in alive or kept]


async def for_subscription(
    context: Context, asker: Asker, action: str, act: Act, ask: Ask | None = None
) -> None:
    """Do `act` for the chat's subscription; ask which where there are several, offer plans where none is.

    Each choice becomes the `action`, unless `ask` puts the question.
    """
    services, texts = context.services, await texts_for(context.services, asker)
    views = await services.database.read(lambda session: views_of(session, asker))
    if len(views) == 1:
        await act(context, asker, views[0].subscription_id)
    elif views:
        await say(context, asker, ask(views, texts) if ask else render_choice(action, views, texts))
    else:
        intro = "plans.not_subscribed"
        message = await services.database.read(
            lambda session: plans_message(session, services, asker, texts, 0, intro)
        )
        await say(context, asker, message)


async def say_work(context: Context, asker: Asker, subscription_id: int, work: Work) -> None:
    """Do the work and say what it shows."""
    message = await _do(context, asker, subscription_id, work)
    if message is None:
        message = render_notice(await texts_for(context.services, asker), "error.button")
    await say(context, asker, message)


async def show_work(context: Context, tap: Tap, subscription_id: int, work: Work) -> None:
    """Do the work and show it in place of the message that was tapped."""
    message = await _do(context, tap.asker, subscription_id, work)
    if message is None:
        await expired(context, tap)
        return
    await toast(tap)
    await show(context, tap, message)


async def _do(context: Context, asker: Asker, subscription_id: int, work: Work) -> Message | None:
    services, texts = context.services, await texts_for(context.services, asker)
    now = services.clock.now()

    def with_subscription(session: Session) -> Message | None:
        subscription = owned(session, asker, subscription_id)
        return work(session, subscription, texts, now) if subscription else None

    return await services.database.write(with_subscription)


async def expired(context: Context, tap: Tap) -> None:
    """Answer a tap on a button that means nothing any more, or never did."""
    await toast(tap, toast_text(await texts_for(context.services, tap.asker), "toast.expired"))
