"""/plan: the reader's plans, how far he is, and changing to another."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.digest import make_finished
from bot.handlers.context import Asker, Context, Tap, texts_for, visibilities_of
from bot.handlers.offers import plans_message, without_own
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired, owned
from bot.models import Subscription
from bot.offers import offer_plans
from bot.plans import published_plans
from bot.progress import progress_of, switch_plan
from bot.render.message import Message
from bot.render.pausing import render_finished
from bot.render.plans import render_my_plan, render_my_plans, render_switched, render_switches
from bot.render.texts import Texts
from bot.render.values import PlanOffer
from bot.subscriptions import find_target, subscriptions_of, view


async def plan_command(context: Context, asker: Asker, words: str) -> None:
    """Show the reader's plan, or all of them where he has several."""
    texts = await texts_for(context.services, asker)
    message = await context.services.database.read(lambda session: _my_plans(session, context, asker, texts))
    await say(context, asker, message)


async def my_plans_button(context: Context, tap: Tap) -> None:
    """Come back to all of the reader's plans."""
    texts = await texts_for(context.services, tap.asker)
    message = await context.services.database.read(
        lambda session: _my_plans(session, context, tap.asker, texts)
    )
    await toast(tap)
    await show(context, tap, message)


async def plan_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Open one of the reader's plans."""
    texts = await texts_for(context.services, tap.asker)

    def open_plan(session: Session) -> Message | None:
        subscription = owned(session, tap.asker, subscription_id)
        return _my_plan(session, context, tap.asker, subscription, texts) if subscription else None

    await _show(context, tap, await context.services.database.read(open_plan))


async def switches_button(context: Context, tap: Tap, subscription_id: int, page: int) -> None:
    """Show the plans to change to."""
    texts = await texts_for(context.services, tap.asker)

    def offer(session: Session) -> Message | None:
        subscription = owned(session, tap.asker, subscription_id)
        if subscription is None:
            return None
        others = _others(session, context, tap.asker)
        return render_switches(view(session, subscription), others, page, texts)

    await _show(context, tap, await context.services.database.read(offer))


async def switch_button(context: Context, tap: Tap, subscription_id: int, plan_id: int) -> None:
    """Change to the plan; the message that was tapped becomes the confirmation."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    now = services.clock.now()

    def switch(session: Session) -> Message | None:
        old = owned(session, tap.asker, subscription_id)
        published = published_plans(session, visibilities_of(session, services, tap.asker))
        plan = next((plan for plan in published if plan.id == plan_id), None)
        if old is None or plan is None:
            return None
        new = switch_plan(session, old, plan, now)
        if new.status == "finished":
            return render_finished(make_finished(session, new), texts)
        return render_switched(view(session, new), view(session, old), old.plan_id, texts)

    await _show(context, tap, await services.database.write(switch))


def _my_plans(session: Session, context: Context, asker: Asker, texts: Texts) -> Message:
    mine = _mine(session, asker)
    if not mine:
        return plans_message(session, context.services, asker, texts, 0, "plans.not_subscribed")
    if len(mine) == 1:
        return _my_plan(session, context, asker, mine[0], texts)
    readers = context.services.pusher.readers
    plans = [progress_of(session, subscription, readers) for subscription in mine]
    return render_my_plans(plans, bool(_others(session, context, asker)), texts)


def _my_plan(
    session: Session, context: Context, asker: Asker, subscription: Subscription, texts: Texts
) -> Message:
    mine = progress_of(session, subscription, context.services.pusher.readers)
    only = len(_mine(session, asker)) == 1
    others = bool(_others(session, context, asker))
    return render_my_plan(mine, only, others, context.bot.username, texts)


def _mine(session: Session, asker: Asker) -> list[Subscription]:
    target = find_target(session, asker.chat_id, asker.thread_id)
    return subscriptions_of(session, target) if target else []


def _others(session: Session, context: Context, asker: Asker) -> list[PlanOffer]:
    """Return the plans on offer that the reader does not have."""
    services, visibilities = context.services, visibilities_of(session, context.services, asker)
    return without_own(session, asker, offer_plans(session, services.settings.default_plan, visibilities))


async def _show(context: Context, tap: Tap, message: Message | None) -> None:
    if message is None:
        await expired(context, tap)
        return
    await toast(tap)
    await show(context, tap, message)
