"""/settings: the summary, a page for each setting, and what is chosen or typed on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.conversation import expect, settle
from bot.handlers.context import Asker, Context, Tap, texts_for
from bot.handlers.language import say_languages, set_chat_language
from bot.handlers.menus import fit_menu
from bot.handlers.replies import toast
from bot.handlers.subscription import (
    Work,
    expired,
    for_subscription,
    say_work,
    show_work,
    views_of,
)
from bot.models import Subscription
from bot.render.markup import Html
from bot.render.message import Message
from bot.render.message import toast as toast_text
from bot.render.moments import COMMON_ZONES, LENGTH_NAMES, clock_time, zone_name
from bot.render.notices import render_bad_time, render_bad_zone
from bot.render.settings import (
    render_languages,
    render_lengths,
    render_settings,
    render_times,
    render_weekdays,
    render_zones,
)
from bot.render.texts import LANGUAGES, Texts
from bot.subscriptions import (
    change_language,
    change_length,
    change_time,
    change_weekdays,
    change_zone,
)
from bot.subscriptions import view as view_subscription
from bot.typed import parse_time, parse_zone

MINUTES_A_DAY = 24 * 60


async def settings_command(context: Context, asker: Asker, words: str) -> None:
    """Show the settings; without a subscription there is only the language to set."""
    if not await context.services.database.read(lambda session: views_of(session, asker)):
        await say_languages(context, asker)
        return

    async def act(context: Context, asker: Asker, subscription_id: int) -> None:
        await say_work(context, asker, subscription_id, _summary)

    await for_subscription(context, asker, "settings", act)


async def settings_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the settings."""
    await show_work(context, tap, subscription_id, _summary)


async def times_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the times; another one may be typed."""
    await show_work(
        context, tap, subscription_id, _asking(tap, "time", lambda view, _, texts: render_times(view, texts))
    )


async def zones_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the zones; another one may be typed."""
    await show_work(context, tap, subscription_id, _asking(tap, "zone", render_zones))


async def weekdays_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the weekdays."""
    await show_work(context, tap, subscription_id, _weekdays)


async def lengths_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the lengths."""
    await show_work(
        context,
        tap,
        subscription_id,
        lambda session, row, texts, now: render_lengths(view_subscription(session, row), texts),
    )


async def languages_button(context: Context, tap: Tap, subscription_id: int) -> None:
    """Show the languages."""
    await show_work(
        context, tap, subscription_id, lambda session, row, texts, now: render_languages(row.id, texts)
    )


async def set_time_button(context: Context, tap: Tap, subscription_id: int, minute: int) -> None:
    """Set the time."""
    if minute >= MINUTES_A_DAY:
        await expired(context, tap)
        return
    await show_work(context, tap, subscription_id, lambda *given: _set_time(*given, minute=minute))


async def set_zone_button(context: Context, tap: Tap, subscription_id: int, index: int) -> None:
    """Set the zone."""
    if index >= len(COMMON_ZONES):
        await expired(context, tap)
        return
    zone = list(COMMON_ZONES)[index]
    await show_work(context, tap, subscription_id, lambda *given: _set_zone(*given, zone=zone))


async def set_weekdays_button(context: Context, tap: Tap, subscription_id: int, mask: int) -> None:
    """Set the weekdays; one at least stays."""
    if not 0 < mask < 128:
        await toast(tap, toast_text(await texts_for(context.services, tap.asker), "toast.last_weekday"))
        return

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        change_weekdays(session, row, mask, now)
        return _weekdays(session, row, texts, now)

    await show_work(context, tap, subscription_id, work)


async def set_length_button(context: Context, tap: Tap, subscription_id: int, index: int) -> None:
    """Set the length."""
    if index >= len(LENGTH_NAMES):
        await expired(context, tap)
        return
    length = LENGTH_NAMES[index]

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        change_length(session, row, length, now)
        note = texts.html("changed.length", length=texts(f"length.{length}"))
        return render_settings(view_subscription(session, row), texts, note)

    await show_work(context, tap, subscription_id, work)


async def set_language_button(context: Context, tap: Tap, subscription_id: int, index: int) -> None:
    """Set the chat's language."""
    if index >= len(LANGUAGES):
        await expired(context, tap)
        return
    if subscription_id == 0:
        await set_chat_language(context, tap, LANGUAGES[index])
        return

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        change_language(session, row.target, LANGUAGES[index])
        new = Texts(LANGUAGES[index])
        return render_settings(view_subscription(session, row), new, new.html("changed.language"))

    await show_work(context, tap, subscription_id, work)
    await fit_menu(context, tap.asker, LANGUAGES[index])


async def typed_time(context: Context, asker: Asker, subscription_id: int, typed: str) -> None:
    """Set the time that was typed, or say that it was not understood; then it may be typed again."""
    minute = parse_time(typed)

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        if minute is None:
            return render_bad_time(typed, texts)
        settle(session, asker.chat_id, asker.user_id)
        return _set_time(session, row, texts, now, minute=minute)

    await say_work(context, asker, subscription_id, work)


async def typed_zone(context: Context, asker: Asker, subscription_id: int, typed: str) -> None:
    """Set the zone that was typed, or say that there is none of that name."""
    zone = parse_zone(typed)

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        if zone is None:
            return render_bad_zone(typed, row.id, texts)
        settle(session, asker.chat_id, asker.user_id)
        return _set_zone(session, row, texts, now, zone=zone)

    await say_work(context, asker, subscription_id, work)


def _summary(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
    return render_settings(view_subscription(session, row), texts)


def _weekdays(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
    return render_weekdays(view_subscription(session, row), texts)


def _asking(tap: Tap, kind: str, render: Callable[..., Message]) -> Work:
    """Return work that shows a page and waits for something to be typed."""

    def work(session: Session, row: Subscription, texts: Texts, now: dt.datetime) -> Message:
        expect(session, tap.asker.chat_id, tap.asker.user_id, kind, row.id, now=now)
        return render(view_subscription(session, row), now, texts)

    return work


def _set_time(session: Session, row: Subscription, texts: Texts, now: dt.datetime, *, minute: int) -> Message:
    change_time(session, row, minute, now)
    return _changed(session, row, texts, texts.html("changed.time", time=clock_time(minute)))


def _set_zone(session: Session, row: Subscription, texts: Texts, now: dt.datetime, *, zone: str) -> Message:
    change_zone(session, row.target, zone, now)
    return _changed(session, row, texts, texts.html("changed.zone", zone=zone_name(zone, texts)))


def _changed(session: Session, row: Subscription, texts: Texts, note: Html) -> Message:
    return render_settings(view_subscription(session, row), texts, note)
