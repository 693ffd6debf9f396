"""A subscription's settings: the summary, and a page for each of them."""

from __future__ import annotations

import datetime as dt

from bot.render.markup import Html, bold, join, shorten
from bot.render.message import Button, Message, grid, press, row, rows
from bot.render.moments import (
    COMMON_ZONES,
    EVERY_DAY,
    LENGTH_NAMES,
    WEEKEND,
    WORKDAYS,
    clock_time,
    day_name,
    next_time,
    weekdays_name,
    zone_name,
)
from bot.render.texts import LANGUAGES, Texts
from bot.render.values import SubscriptionView
from bot.schedule.due import zone_named

PLAN_UNITS = 40
TIME_CHOICES = (
    6 * 60 + 30,
    7 * 60,
    7 * 60 + 30,
    8 * 60,
    12 * 60 + 30,
    18 * 60 + 30,
    20 * 60,
    21 * 60,
    22 * 60,
)
"""Minutes after midnight: before work, at noon, in the evening. Any other time can be typed."""
PAGES = {
    "times": "button.times",
    "zones": "button.zones",
    "weekdays": "button.weekdays",
    "lengths": "button.lengths",
    "languages": "button.languages",
}
"""The action that opens a setting, and the key of its label."""


def render_settings(view: SubscriptionView, texts: Texts, note: Html | None = None) -> Message:
    """Return the subscription's settings with a button for each; `note` is what has just changed."""
    weekdays, zone = weekdays_name(view.weekdays, texts), zone_name(view.zone, texts)
    lines = [
        bold(texts("plan", plan=shorten(view.plan, PLAN_UNITS))),
        texts.html("settings.time", weekdays=weekdays, time=clock_time(view.local_minute)),
        texts.html("settings.zone", zone=zone),
        texts.html("settings.length", length=texts(f"length.{view.length}")),
        texts.html("settings.language", language=texts("language.name")),
        texts.html("settings.progress", position=view.position, total=view.total),
        state_line(view, texts),
    ]
    pages = [press(texts(key), page, view.subscription_id) for page, key in PAGES.items()]
    rest = ("button.resume", "resume") if view.is_paused else ("button.pause", "pause")
    leaving = press(texts(rest[0]), rest[1], view.subscription_id)
    stopping = press(texts("button.stop"), "stop", view.subscription_id)
    return Message(join("\n\n", [note, join("\n", lines)]), grid([*pages, leaving, stopping], 2))


def render_times(view: SubscriptionView, texts: Texts) -> Message:
    """Return the choice of a time; any other may be typed."""
    choices = [
        _choice(clock_time(minute), minute == view.local_minute, "set_time", view, minute)
        for minute in TIME_CHOICES
    ]
    text = texts.html("settings.times", time=clock_time(view.local_minute))
    return Message(text, (*grid(choices, 3), _back(view, texts)))


def render_zones(view: SubscriptionView, now: dt.datetime, texts: Texts) -> Message:
    """Return the choice of a zone, each with its present time, so that the reader sees which is his."""
    choices = [
        _choice(
            f"{texts(key)} {_clock(now, zone)}",
            zone == view.zone,
            "set_zone",
            view,
            index,
        )
        for index, (zone, key) in enumerate(COMMON_ZONES.items())
    ]
    here = _clock(now, view.zone)
    text = texts.html("settings.zones", zone=zone_name(view.zone, texts), time=here)
    return Message(text, (*grid(choices, 2), _back(view, texts)))


def render_weekdays(view: SubscriptionView, texts: Texts) -> Message:
    """Return the seven days to switch on and off, and three common choices."""
    days = [
        _choice(
            texts(f"weekday.{bit + 1}"),
            bool(view.weekdays >> bit & 1),
            "set_weekdays",
            view,
            view.weekdays ^ 1 << bit,
        )
        for bit in range(7)
    ]
    common = [
        _choice(_capitalised(weekdays_name(mask, texts)), mask == view.weekdays, "set_weekdays", view, mask)
        for mask in (EVERY_DAY, WORKDAYS, WEEKEND)
    ]
    text = texts.html("settings.weekdays", weekdays=weekdays_name(view.weekdays, texts))
    return Message(text, rows(*grid(days, 4), *grid(common, 3), _back(view, texts)))


def render_lengths(view: SubscriptionView, texts: Texts) -> Message:
    """Return the choice of how long a passage is."""
    choices = [
        _choice(texts(f"length.{name}"), name == view.length, "set_length", view, index)
        for index, name in enumerate(LENGTH_NAMES)
    ]
    return Message(texts.html("settings.lengths"), (*grid(choices, 1), _back(view, texts)))


def render_languages(subscription_id: int, texts: Texts) -> Message:
    """Return the choice of a language, each in its own; a subscription of 0 has no settings to go back to."""
    choices = grid(
        [
            press(
                _marked(Texts(language)("language.name"), language == texts.language),
                "set_language",
                subscription_id,
                index,
            )
            for index, language in enumerate(LANGUAGES)
        ],
        2,
    )
    back = row(
        press(texts("button.back_to_settings"), "settings", subscription_id) if subscription_id else None
    )
    return Message(texts.html("settings.languages"), rows(*choices, back))


def state_line(view: SubscriptionView, texts: Texts) -> Html:
    """Return when the next digest comes, or how long none does."""
    if not view.is_paused:
        return next_time(view, texts) or texts.html("settings.no_next")
    if view.paused_until is None:
        return texts.html("settings.paused")
    return texts.html("settings.paused_until", day=day_name(view.paused_until, texts))


def _choice(label: str, chosen: bool, action: str, view: SubscriptionView, number: int) -> Button:
    return press(_marked(label, chosen), action, view.subscription_id, number)


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _back(view: SubscriptionView, texts: Texts) -> tuple[Button, ...]:
    return row(press(texts("button.back_to_settings"), "settings", view.subscription_id))


def _clock(now: dt.datetime, zone: str) -> str:
    return f"{now.astimezone(zone_named(zone)):%H:%M}"
