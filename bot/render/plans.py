"""A reader's own plans: how far he is, when he will be through, and changing to another."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.links import PlanLink, link_url, share_url
from bot.render.markup import Html, bold, join, shorten
from bot.render.message import Button, Message, press, row, rows
from bot.render.moments import full_date, next_time, rhythm
from bot.render.settings import state_line
from bot.render.subscribing import page_of_plans
from bot.render.texts import Texts
from bot.render.values import PlanOffer, PlanProgress, SubscriptionView

NAME_UNITS = 40
LABEL_UNITS = 18
BAR_CELLS = 10


def render_my_plan(mine: PlanProgress, only: bool, others: bool, username: str, texts: Texts) -> Message:
    """Return a plan with its progress, its link, and what can be done about it.

    `only` says that it is the reader's only one, `others` that there are plans he has not; `username` is the
    bot's, for the link.
    """
    view, link = mine.view, link_url(PlanLink(mine.plan_id), username)
    where = [_name(view, texts), progress_line(view), *_outlook(mine, texts)]
    text = join("\n\n", [join("\n", where), join("\n", [texts.html("plan.link"), link])])
    go_on = press(texts("button.today"), "today", view.subscription_id)
    if mine.is_finished:
        go_on = press(texts("button.again"), "again", view.subscription_id)
    elif view.is_paused:
        go_on = press(texts("button.resume"), "resume", view.subscription_id)
    change = press(texts("button.other_plan"), "switches", view.subscription_id, 0) if others else None
    share = Button(texts("button.share"), url=share_url(link, texts("plan.shared", plan=_short(view))))
    stop = press(texts("button.stop"), "stop", view.subscription_id)
    back = None if only else press(texts("button.my_plans"), "my_plans")
    return Message(
        text,
        rows(
            row(go_on, press(texts("button.settings"), "settings", view.subscription_id)),
            row(change, _add(texts) if others and only else None),
            row(share, stop),
            row(back),
        ),
    )


def render_my_plans(plans: Sequence[PlanProgress], others: bool, texts: Texts) -> Message:
    """Return several plans with their progress, a button for each, and one to add another."""
    parts = [
        join("\n", [_name(mine.view, texts), progress_line(mine.view), _end(mine, texts)]) for mine in plans
    ]
    buttons = [row(press(_label(mine.view), "plan", mine.view.subscription_id)) for mine in plans]
    text = join("\n\n", [texts.html("plans.mine"), *parts])
    return Message(text, rows(*buttons, row(_add(texts) if others else None)))


def render_switches(view: SubscriptionView, offers: Sequence[PlanOffer], page: int, texts: Texts) -> Message:
    """Return a page of the plans to change to; what is read of the present one is kept."""
    choices = page_of_plans(
        offers,
        page,
        lambda offer: ("switch", view.subscription_id, offer.plan_id),
        lambda number: ("switches", view.subscription_id, number),
        texts,
    )
    text = texts.html("plans.switch", plan=_short(view), position=view.position, total=view.total)
    return Message(text, (*choices, row(press(texts("button.back_to_plan"), "plan", view.subscription_id))))


def render_switched(new: SubscriptionView, old: SubscriptionView, old_plan_id: int, texts: Texts) -> Message:
    """Return that the new plan comes instead of the old one, and the way back."""
    passages = texts("count.passages", n=new.total)
    now = texts.html("plan.switched", plan=_short(new), passages=passages, rhythm=rhythm(new, texts))
    kept = texts.html("plan.left", plan=_short(old), position=old.position, total=old.total)
    today = press(texts("button.today"), "today", new.subscription_id)
    settings = press(texts("button.settings"), "settings", new.subscription_id)
    back = press(
        texts("button.switch_back", plan=shorten(old.plan, LABEL_UNITS)),
        "switch",
        new.subscription_id,
        old_plan_id,
    )
    return Message(join("\n", [now, next_time(new, texts), kept]), (row(today, settings), row(back)))


def progress_line(view: SubscriptionView) -> str:
    """Return a bar, and how much was read of how much; an empty text where the plan holds nothing."""
    if not view.total:
        return ""
    filled = max(view.position * BAR_CELLS // view.total, view.position > 0)
    bar = "▓" * filled + "░" * (BAR_CELLS - filled)
    return f"{bar} {view.position}/{view.total} · {view.position * 100 // view.total}%"


def _outlook(mine: PlanProgress, texts: Texts) -> list[Html]:
    view = mine.view
    if mine.is_hidden:
        return [texts.html("plan.hidden")]
    if mine.is_finished:
        return [texts.html("plan.done")]
    rhythm_line = texts.html("plan.rhythm", rhythm=rhythm(view, texts))
    return [rhythm_line, state_line(view, texts), _end(mine, texts)]


def _end(mine: PlanProgress, texts: Texts) -> Html:
    if mine.is_finished:
        return texts.html("plan.done")
    if mine.finishes_on is None or mine.is_hidden:
        return Html()
    return texts.html("plan.finish", date=full_date(mine.finishes_on, texts))


def _name(view: SubscriptionView, texts: Texts) -> Html:
    return bold(texts("plan", plan=_short(view)))


def _short(view: SubscriptionView) -> str:
    return shorten(view.plan, NAME_UNITS)


def _label(view: SubscriptionView) -> str:
    return f"{shorten(view.plan, LABEL_UNITS)} · {view.position}/{view.total}"


def _add(texts: Texts) -> Button:
    return press(texts("button.add_plan"), "plans", 0)
