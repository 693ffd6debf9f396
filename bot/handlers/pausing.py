"""/pause, resuming, /stop, and reading a finished plan again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from bot.conversation import expect, settle
from bot.digest import local_date
from bot.handlers.context import Asker, Context, Tap
from bot.handlers.subscription import Work, for_subscription, say_work, show_work
from bot.models import Subscription
from bot.render.markup import Html
from bot.render.message import Message, with_note
from bot.render.notices import render_choice
from bot.render.pausing import (
    FARTHEST,
    date_problem,
    render_kept,
    render_pause,
    render_pause_choice,
    render_pause_date,
    render_paused,
    render_resumed,
    render_stop,
    render_stopped,
)
from bot.render.texts import Texts
from bot.render.values import SubscriptionView
from bot.schedule.due import zone_named
from bot.subscriptions import begin_again, pause, resume, stop
from bot.subscriptions import view as view_subscription
from bot.typed import parse_date

Render = Callable[[SubscriptionView, Texts], Message]
Change = Callable[[Session, Subscription, dt.datetime], object]
"""What is changed before the subscription is shown."""


async def pause_command(context: Context, asker: Asker, words: str) -> None:
    """Pause until the date that was typed; without one, ask how long."""

    async def act(context: Context, asker: Asker, subscription_id: int) -> None:
        if words.strip():
            await pause_until_typed(context, asker, subscription_id, words)
        else:
            await say_work(context, asker, subscription_id, _showing(render_current))

    ask = partial(ask_which, words, context.services.clock.now()) if words.strip() else None
    await for_subscription(context, asker, "pause", act, ask)


def ask_which(typed: str, now: dt.datetime, views: Sequence[SubscriptionView], texts: Texts) -> Message:
    """Return the question which subscription to pause: until the date that was typed, if it is one."""
    today = now.astimezone(zone_named(views[0].zone)).date()  # a chat's subscriptions share its zone
    until = parse_date(typed, today)
    problem = date_problem(typed, until, today, texts)
    if until is None or problem:
        return with_note(problem or Html(), render_choice("pause", views, texts))
    return render_pause_choice(until, views, texts)


async def stop_command(context: Context, asker: Asker, words: str) -> None:
    """Ask whether to stop for good."""

    async def act(context: Context, asker: Asker, subscription_id: int) -> None:
        await say_work(context, asker, subscription_id, _showing(render_stop))

    await for_subscription(context, asker, "stop", act)


def render_current(view: SubscriptionView, texts: Texts) -> Message:
    """Return the choice of a pause, or, where there is one, the way out of it."""
    return render_paused(view, texts) if view.is_paused else render_pause(view, texts)


async def pause_until_typed(context: Context, asker: Asker, subscription_id: int, typed: str) -> None:
    """Pause until the date that was typed, or say what is wrong with it."""

    def work(session: Session, subscription: Subscription, texts: Texts, now: dt.datetime) -> Message:
        today = local_date(subscription, now)
        until = parse_date(typed, today)
        problem = date_problem(typed, until, today, texts)
        if problem:
            expect(session, asker.chat_id, asker.user_id, "pause_date", subscription.id, now=now)
            return render_pause(view_subscription(session, subscription), texts, problem)
        settle(session, asker.chat_id, asker.user_id)
        return render_paused(view_subscription(session, pause(session, subscription, until, now)), texts)

    await say_work(context, asker, subscription_id, work)


async def pause_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the choice of a pause."""
    await show_work(context, tap, subscription_id, _showing(render_current))


async def pause_days_button(context: Context, tap: Tap, subscription_id: int, days: int) -> None:
    """Leave out so many days, counted from today's or, where that has come, tomorrow's digest."""

    def change(session: Session, subscription: Subscription, now: dt.datetime) -> object:
        first = local_date(subscription, now)
        if subscription.last_local_date is not None:
            first = max(first, subscription.last_local_date + dt.timedelta(days=1))
        return pause(session, subscription, first + dt.timedelta(days=min(days, 366)), now)

    await show_work(context, tap, subscription_id, _showing(render_paused, change))


async def pause_until_button(context: Context, tap: Tap, subscription_id: int, day: int) -> None:
    """Pause until the day that was typed before it was asked for which plan; once it is past, ask anew."""

    def work(session: Session, subscription: Subscription, texts: Texts, now: dt.datetime) -> Message:
        ahead = day - local_date(subscription, now).toordinal()
        if not 0 < ahead <= FARTHEST.days:
            return render_current(view_subscription(session, subscription), texts)
        until = pause(session, subscription, dt.date.fromordinal(day), now)
        return render_paused(view_subscription(session, until), texts)

    await show_work(context, tap, subscription_id, work)


async def pause_open_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Pause until resumed."""

    def change(session: Session, subscription: Subscription, now: dt.datetime) -> object:
        return pause(session, subscription, None, now)

    await show_work(context, tap, subscription_id, _showing(render_paused, change))


async def pause_date_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Ask for a date, and wait for it to be typed."""

    def work(session: Session, subscription: Subscription, texts: Texts, now: dt.datetime) -> Message:
        expect(session, tap.asker.chat_id, tap.asker.user_id, "pause_date", subscription.id, now=now)
        return render_pause_date(local_date(subscription, now), texts)

    await show_work(context, tap, subscription_id, work)


async def resume_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Let digests come again."""
    await show_work(context, tap, subscription_id, _showing(render_resumed, resume))


async def stop_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Ask whether to stop for good."""
    await show_work(context, tap, subscription_id, _showing(render_stop))


async def stop_now_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Stop for good; the place is kept."""
    await show_work(context, tap, subscription_id, _showing(render_stopped, stop))


async def keep_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Leave everything as it is."""
    await show_work(context, tap, subscription_id, _showing(render_kept))


async def again_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Begin a finished plan anew."""
    await show_work(context, tap, subscription_id, _showing(render_resumed, begin_again))


def _showing(render: Render, change: Change | None = None) -> Work:
    """Return work that changes the subscription, where `change` is given, and shows it."""

    def work(session: Session, subscription: Subscription, texts: Texts, now: dt.datetime) -> Message:
        if change is not None:
            change(session, subscription, now)
        return render(view_subscription(session, subscription), texts)

    return work
