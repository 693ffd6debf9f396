"""/start, the plans, subscribing, and taking it back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.digest import make_finished
from bot.handlers.context import Asker, Context, Services, Tap, texts_for, visibilities_of
from bot.handlers.language import ensure_asker_target
from bot.handlers.menus import renew_menu
from bot.handlers.offers import plans_message
from bot.handlers.replies import say, show, toast
from bot.handlers.subscription import expired, owned
from bot.models import Plan, Subscription, Target
from bot.offers import first_passage, offer_plans
from bot.passages import open_between
from bot.plans import published_plans
from bot.render.links import Link, PlanLink, read_payload
from bot.render.markup import Html
from bot.render.message import Message, with_note
from bot.render.passage import render_passage
from bot.render.pausing import render_finished, render_paused
from bot.render.subscribing import (
    render_already_subscribed,
    render_subscribed,
    render_undone,
    render_welcome,
    render_welcome_back,
    with_plans,
)
from bot.render.texts import Texts, as_language
from bot.shut_out import mark_unblocked
from bot.subscriptions import resume, subscribe, undo_subscription
from bot.subscriptions import view as view_subscription


async def start_command(context: Context, asker: Asker, words: str) -> None:
    """Welcome a newcomer with a passage and one tap to subscribe; let a returning reader go on.

    After a link, `words` is its payload, and what it leads to comes instead.
    """
    services, payload = context.services, words.strip()
    link = read_payload(payload)

    def work(session: Session) -> tuple[Message, Texts]:
        target = ensure_asker_target(session, services, asker)
        mark_unblocked(session, asker.chat_id, services.clock.now())
        texts = Texts(as_language(target.language))
        if link is not None and (found := _follow(session, context, asker, target, link, texts)):
            return found, texts
        welcome = _welcome(session, services, asker, target, texts)
        return (with_note(_lost(link, texts), welcome) if payload else welcome), texts

    message, texts = await services.database.write(work)
    await say(context, asker, message)
    await renew_menu(context, asker, texts.language)


async def show_plans(context: Context, tap: Tap, page: int) -> None:
    """Show a page of plans."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    message = await services.database.read(
        lambda session: plans_message(session, services, tap.asker, texts, page, "plans.choose")
    )
    await toast(tap)
    await show(context, tap, message)


async def subscribe_button(context: Context, tap: Tap, plan_id: int) -> None:
    """Subscribe the chat to the plan; the message that was tapped becomes the confirmation."""
    services, texts = context.services, await texts_for(context.services, tap.asker)
    message = await services.database.write(
        lambda session: _subscribe(session, services, tap.asker, plan_id, texts)
    )
    if message is None:
        await expired(context, tap)
        return
    await toast(tap)
    await show(context, tap, message)


async def undo_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Take a subscription back."""
    services, texts = context.services, await texts_for(context.services, tap.asker)

    def undo(session: Session) -> str | None:
        subscription = owned(session, tap.asker, subscription_id)
        return undo_subscription(session, subscription, services.clock.now()) if subscription else None

    plan = await services.database.write(undo)
    if plan is None:
        await expired(context, tap)
        return
    await toast(tap)
    await show(context, tap, render_undone(plan, texts))


def _follow(
    session: Session, context: Context, asker: Asker, target: Target, link: Link, texts: Texts
) -> Message | None:
    """Return what the link leads to; None where that is gone, or not for this reader."""
    if isinstance(link, PlanLink):
        return _subscribe(session, context.services, asker, link.plan_id, texts)
    view = open_between(session, link, visibilities_of(session, context.services, asker))
    if view is None:
        return None
    passage = render_passage(view, context.bot.username, texts)
    return passage if known_subscriptions(session, target) else with_plans(passage, texts)


def _lost(link: Link | None, texts: Texts) -> Html:
    """Return why a link leads nowhere."""
    if link is None:
        return texts.html("link.unknown")
    return texts.html("link.no_plan" if isinstance(link, PlanLink) else "link.no_passage")


def _welcome(session: Session, services: Services, asker: Asker, target: Target, texts: Texts) -> Message:
    known = known_subscriptions(session, target)
    if not known:
        return _first_welcome(session, services, asker, texts)
    if known[0].status == "active":
        return render_already_subscribed(view_subscription(session, known[0]), texts)
    if known[0].status == "paused":
        return render_paused(view_subscription(session, known[0]), texts)
    if known[0].status == "finished":
        return render_finished(make_finished(session, known[0]), texts)
    back = resume(session, known[0], services.clock.now())
    return render_welcome_back(view_subscription(session, back), texts)


def _first_welcome(session: Session, services: Services, asker: Asker, texts: Texts) -> Message:
    settings, visibilities = services.settings, visibilities_of(session, services, asker)
    offers = offer_plans(session, settings.default_plan, visibilities)
    if len(offers) == 1 or (offers and offers[0].name == settings.default_plan):
        sample = first_passage(session, offers[0].plan_id)
        return render_welcome(offers[0], sample, settings.default_minute, len(offers) > 1, texts)
    return plans_message(session, services, asker, texts, 0, "plans.welcome")


def known_subscriptions(session: Session, target: Target) -> list[Subscription]:
    """Return the target's subscriptions, those that were stopped as well, the liveliest first."""
    rank = {"active": 0, "paused": 1, "stopped": 2, "finished": 3}
    rows = session.query(Subscription).filter(Subscription.target_id == target.id).all()
    return sorted(rows, key=lambda row: (rank[row.status], -row.id))


def _subscribe(
    session: Session, services: Services, asker: Asker, plan_id: int, texts: Texts
) -> Message | None:
    plan = session.get(Plan, plan_id)
    if plan is None or plan not in published_plans(session, visibilities_of(session, services, asker)):
        return None
    target = ensure_asker_target(session, services, asker)
    known = {row.plan_id: row.status for row in known_subscriptions(session, target)}
    minute, now = services.settings.default_minute, services.clock.now()
    subscription = subscribe(session, target, plan, minute, now)
    if subscription.status == "finished":
        return render_finished(make_finished(session, subscription), texts)
    renders = {None: render_subscribed, "active": render_already_subscribed}
    render = renders.get(known.get(plan_id), render_welcome_back)
    return render(view_subscription(session, subscription), texts)
