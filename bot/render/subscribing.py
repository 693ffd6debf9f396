"""Coming in: welcome, the plans to choose from, the confirmation, and coming back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.render.markup import Html, cut_after, join, quoted, shorten
from bot.render.message import Button, Message, press, row, rows
from bot.render.moments import clock_time, next_time, rhythm, zone_name
from bot.render.texts import Texts
from bot.render.values import PlanOffer, SubscriptionView

SAMPLE_CHARS = 220
"""How much of a real passage the welcome shows, in UTF-16 units: a look, not a reading."""
NAME_UNITS = 40
LABEL_UNITS = 18
"""Width of a plan's name on a button of its own."""
PLANS_PER_PAGE = 8

Press: TypeAlias = tuple[str, *tuple[int, ...]]
"""What a button does: an action's name and its numbers."""


def render_welcome(offer: PlanOffer, sample: str, local_minute: int, more: bool, texts: Texts) -> Message:
    """Return the first thing a newcomer sees: what this is, a real passage, and one tap to have it daily.

    `sample` is the plan's first passage; `more` says that there are other plans.
    """
    passages = texts("count.passages", n=offer.passages)
    what = texts.html("start.offer", plan=shorten(offer.name, NAME_UNITS), passages=passages)
    look = quoted(cut_after(sample, SAMPLE_CHARS).replace("\n", "\n\n"))
    subscribe = texts("button.subscribe", time=clock_time(local_minute))
    others = press(texts("button.other_plans"), "plans", 0) if more else None
    text = join("\n\n", [texts.html("start.hello"), what, look])
    return Message(text, rows(row(press(subscribe, "subscribe", offer.plan_id)), row(others)))


def render_plans(
    offers: Sequence[PlanOffer], page: int, local_minute: int, texts: Texts, intro: str = "plans.choose"
) -> Message:
    """Return a page of plans, each a button that subscribes; `intro` is the key of what stands above."""
    choices = page_of_plans(
        offers,
        page,
        lambda offer: ("subscribe", offer.plan_id),
        lambda number: ("plans", number),
        texts,
    )
    return Message(texts.html(intro, time=clock_time(local_minute)), choices)


def page_of_plans(
    offers: Sequence[PlanOffer],
    page: int,
    choose: Callable[[PlanOffer], Press],
    turn: Callable[[int], Press],
    texts: Texts,
) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each plan of the page, and those that turn it, by what they do."""
    page = min(page, max(0, len(offers) - 1) // PLANS_PER_PAGE)
    shown = offers[page * PLANS_PER_PAGE : (page + 1) * PLANS_PER_PAGE]
    plans = [row(press(_label(offer, texts), *choose(offer))) for offer in shown]
    back = press("‹", *turn(page - 1)) if page else None
    on = press("›", *turn(page + 1)) if (page + 1) * PLANS_PER_PAGE < len(offers) else None
    return rows(*plans, row(back, on))


def render_no_plan(has_documents: bool, texts: Texts) -> Message:
    """Return what to say while there is nothing to subscribe to."""
    return Message(texts.html("plans.none" if has_documents else "plans.empty"))


def render_subscribed(view: SubscriptionView, texts: Texts) -> Message:
    """Return the confirmation, with the next time and a way to put right what is wrong."""
    wrong = row(
        press(texts("button.other_time"), "times", view.subscription_id),
        press(texts("button.wrong_zone"), "zones", view.subscription_id),
    )
    undo = press(texts("button.undo"), "undo", view.subscription_id)
    return Message(_standing("start.subscribed", view, texts), (row(_today(view, texts)), wrong, row(undo)))


def render_already_subscribed(view: SubscriptionView, texts: Texts) -> Message:
    """Return that the plan is subscribed to already, and what can be done with it."""
    return Message(_standing("start.already", view, texts), _going_on(view, texts, _today(view, texts)))


def render_welcome_back(view: SubscriptionView, texts: Texts) -> Message:
    """Return the greeting of a reader who goes on where he was."""
    on = press(texts("button.next"), "ahead", view.subscription_id)
    return Message(_standing("start.back", view, texts), _going_on(view, texts, on))


def with_plans(message: Message, texts: Texts) -> Message:
    """Return the message with a button that leads to the plans: for one who has none yet."""
    return Message(message.text, (*message.buttons, row(press(texts("button.plans"), "plans", 0))))


def render_undone(plan: str, texts: Texts) -> Message:
    """Return that a subscription was taken back."""
    button = press(texts("button.other_plans"), "plans", 0)
    return Message(texts.html("start.undone", plan=shorten(plan, NAME_UNITS)), (row(button),))


def _standing(key: str, view: SubscriptionView, texts: Texts) -> Html:
    what = texts.html(
        key,
        plan=shorten(view.plan, NAME_UNITS),
        rhythm=rhythm(view, texts),
        zone=zone_name(view.zone, texts),
        passages=texts("count.passages", n=view.total),
        position=view.position,
        total=view.total,
    )
    return join("\n", [what, next_time(view, texts)])


def _label(offer: PlanOffer, texts: Texts) -> str:
    return f"{shorten(offer.name, LABEL_UNITS)} · {texts('count.passages', n=offer.passages)}"


def _today(view: SubscriptionView, texts: Texts) -> Button:
    return press(texts("button.today"), "today", view.subscription_id)


def _going_on(view: SubscriptionView, texts: Texts, first: Button) -> tuple[tuple[Button, ...], ...]:
    settings = press(texts("button.settings"), "settings", view.subscription_id)
    return (row(first, settings), row(press(texts("button.other_plans"), "plans", 0)))
