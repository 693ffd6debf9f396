"""Taking a rest, stopping, and the end of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.render.markup import Html, join, shorten
from bot.render.message import Button, Message, press, row, with_note
from bot.render.moments import day_name, full_date, next_time, rhythm
from bot.render.notices import TYPED_UNITS, render_choice
from bot.render.texts import Texts
from bot.render.values import Shut, SubscriptionView

if TYPE_CHECKING:
    from bot.digest import Finished

PLAN_UNITS = 40
REASON_UNITS = 80
DAY, WEEK = 1, 7


FARTHEST = dt.timedelta(days=3 * 366)
"""Nobody plans a return for later; a date beyond is a slip of the finger."""


def render_pause(view: SubscriptionView, texts: Texts, problem: Html | None = None) -> Message:
    """Return the question how long to pause; a `problem` with the date that was typed asks it as well."""
    some = row(
        press(texts("button.pause_days", n=DAY), "pause_days", view.subscription_id, DAY),
        press(texts("button.pause_days", n=WEEK), "pause_days", view.subscription_id, WEEK),
    )
    other = row(
        press(texts("button.pause_date"), "pause_date", view.subscription_id),
        press(texts("button.pause_open"), "pause_open", view.subscription_id),
    )
    ask = texts.html("pause.ask", plan=_plan(view), position=view.position, total=view.total)
    return Message(problem or ask, (some, other, row(_keep(view, texts))))


def date_problem(typed: str, until: dt.date | None, today: dt.date, texts: Texts) -> Html | None:
    """Return what is wrong with the date that `typed` was read as; None where one can pause until then."""
    if until is None:
        return texts.html("error.date", typed=shorten(typed, TYPED_UNITS))
    if until <= today:
        named = day_name if until.year == today.year else full_date
        return texts.html("error.past_date", day=named(until, texts))
    if until > today + FARTHEST:
        return texts.html("error.far_date", day=full_date(until, texts))
    return None


def render_pause_choice(until: dt.date, views: Sequence[SubscriptionView], texts: Texts) -> Message:
    """Return the question which of the subscriptions to pause until that date."""
    chosen = texts.html("pause.chosen", day=day_name(until, texts))
    return with_note(chosen, render_choice("pause_until", views, texts, [until.toordinal()]))


def render_pause_date(today: dt.date, texts: Texts) -> Message:
    """Return the request to type a date, with an example that would do."""
    return Message(texts.html("pause.date", example=(today + dt.timedelta(days=WEEK)).isoformat()))


def render_paused(view: SubscriptionView, texts: Texts) -> Message:
    """Return that the subscription rests, until when, and that its place is kept."""
    fields = {"plan": _plan(view), "position": view.position, "total": view.total}
    if view.paused_until:
        text = texts.html("pause.until", day=day_name(view.paused_until, texts), **fields)
    else:
        text = texts.html("pause.open", **fields)
    return Message(text, (row(press(texts("button.resume"), "resume", view.subscription_id)),))


def render_resumed(view: SubscriptionView, texts: Texts) -> Message:
    """Return that digests come again, and when."""
    fields = {"plan": _plan(view), "position": view.position, "total": view.total}
    text = texts.html("pause.resumed", rhythm=rhythm(view, texts), **fields)
    return Message(join("\n", [text, next_time(view, texts)]), (row(_today(view, texts)),))


def render_stop(view: SubscriptionView, texts: Texts) -> Message:
    """Return the question whether to stop for good."""
    text = texts.html("stop.ask", plan=_plan(view), position=view.position, total=view.total)
    stop = press(texts("button.stop_now"), "stop_now", view.subscription_id)
    pause = press(texts("button.pause_instead"), "pause", view.subscription_id)
    return Message(text, (row(stop, pause), row(_keep(view, texts))))


def render_stopped(view: SubscriptionView, texts: Texts) -> Message:
    """Return that nothing comes any more, and how to come back."""
    text = texts.html("stop.done", plan=_plan(view), position=view.position, total=view.total)
    return Message(text, (row(press(texts("button.resubscribe"), "resume", view.subscription_id)),))


def render_kept(view: SubscriptionView, texts: Texts) -> Message:
    """Return that nothing was changed."""
    text = texts.html("stop.kept", plan=_plan(view), rhythm=rhythm(view, texts))
    return Message(join("\n", [text, next_time(view, texts)]))


def render_finished(finished: Finished, texts: Texts, *, in_group: bool = False) -> Message:
    """Return that the plan is read to its end, in how many days, and, in private, what may come next."""
    view = finished.view
    passages, days = texts("count.passages", n=view.total), texts("count.days", n=finished.days)
    if in_group:
        return Message(texts.html("plan.finished_here", plan=_plan(view), passages=passages, days=days))
    offers = row(
        press(texts("button.again"), "again", view.subscription_id),
        press(texts("button.other_plan"), "plans", 0),
    )
    leave = row(press(texts("button.stop"), "stop_now", view.subscription_id))
    text = texts.html("plan.finished", plan=_plan(view), passages=passages, days=days)
    return Message(text, (offers, leave))


def render_shut(shut: Shut, texts: Texts) -> Message:
    """Return for who brought the bot there that it may not write any more; a button leads to the place."""
    text = texts.html("target.shut", reason=shorten(shut.reason, REASON_UNITS))
    number = str(shut.chat_id).removeprefix("-100")
    if number == str(shut.chat_id):  # a basic group has no address
        return Message(text)
    address = f"https://t.me/c/{number}" + (f"/{shut.thread_id}" if shut.thread_id else "")
    return Message(text, (row(Button(texts("button.open_place"), url=address)),))


def _plan(view: SubscriptionView) -> str:
    return shorten(view.plan, PLAN_UNITS)


def _keep(view: SubscriptionView, texts: Texts) -> Button:
    return press(texts("button.keep"), "keep", view.subscription_id)


def _today(view: SubscriptionView, texts: Texts) -> Button:
    return press(texts("button.today"), "today", view.subscription_id)
