"""Which function answers which button. A button's data may be old or forged: each function checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.handlers.cards import card_button
from bot.handlers.context import Context, Tap
from bot.handlers.docs import (
    doc_article_button,
    doc_button,
    doc_merge_button,
    doc_paragraphs_button,
    doc_redate_button,
    doc_remove_button,
    doc_remove_now_button,
    doc_retitle_button,
    doc_split_button,
    doc_split_here_button,
    doc_undate_button,
    docs_button,
)
from bot.handlers.documents import upload_cancel_button, upload_import_button
from bot.handlers.export import export_button
from bot.handlers.narrowing import (
    any_document_button,
    any_year_button,
    by_document_button,
    by_year_button,
    in_document_button,
    in_order_button,
    in_year_button,
)
from bot.handlers.pausing import (
    again_button,
    keep_button,
    pause_button,
    pause_date_button,
    pause_days_button,
    pause_open_button,
    pause_until_button,
    resume_button,
    stop_button,
    stop_now_button,
)
from bot.handlers.plans import my_plans_button, plan_button, switch_button, switches_button
from bot.handlers.privacy import forget_button, forget_not_button, forget_now_button
from bot.handlers.proposals import doc_apply_button, doc_drop_button, doc_recut_button, doc_undo_button
from bot.handlers.search import hit_button, page_button, place_button, results_button
from bot.handlers.searches import (
    drop_saved_button,
    save_button,
    saved_button,
    searches_button,
    suggestion_button,
    tidy_button,
    unsave_button,
)
from bot.handlers.settings import (
    languages_button,
    lengths_button,
    set_language_button,
    set_length_button,
    set_time_button,
    set_weekdays_button,
    set_zone_button,
    settings_button,
    times_button,
    weekdays_button,
    zones_button,
)
from bot.handlers.start import show_plans, subscribe_button, undo_button
from bot.handlers.subscription import expired
from bot.handlers.today import (
    ahead_button,
    context_button,
    next_button,
    read_button,
    today_button,
    word_button,
)
from bot.handlers.waiting import stop_waiting
from bot.render.actions import decode

BUTTONS: dict[str, Callable[..., Awaitable[None]]] = {
    "read": read_button,
    "next": next_button,
    "context": context_button,
    "word": word_button,
    "card": card_button,
    "place": place_button,
    "results": results_button,
    "hit": hit_button,
    "page": page_button,
    "suggestion": suggestion_button,
    "by_document": by_document_button,
    "by_year": by_year_button,
    "in_document": in_document_button,
    "any_document": any_document_button,
    "in_year": in_year_button,
    "any_year": any_year_button,
    "in_order": in_order_button,
    "save": save_button,
    "unsave": unsave_button,
    "searches": searches_button,
    "saved": saved_button,
    "tidy": tidy_button,
    "drop_saved": drop_saved_button,
    "plans": show_plans,
    "subscribe": subscribe_button,
    "undo": undo_button,
    "my_plans": my_plans_button,
    "plan": plan_button,
    "switches": switches_button,
    "switch": switch_button,
    "export": export_button,
    "forget": forget_button,
    "forget_now": forget_now_button,
    "forget_not": forget_not_button,
    "upload_import": upload_import_button,
    "upload_cancel": upload_cancel_button,
    "docs": docs_button,
    "doc": doc_button,
    "doc_article": doc_article_button,
    "doc_merge": doc_merge_button,
    "doc_paragraphs": doc_paragraphs_button,
    "doc_split": doc_split_button,
    "doc_split_here": doc_split_here_button,
    "doc_retitle": doc_retitle_button,
    "doc_redate": doc_redate_button,
    "doc_undate": doc_undate_button,
    "doc_undo": doc_undo_button,
    "doc_recut": doc_recut_button,
    "doc_apply": doc_apply_button,
    "doc_drop": doc_drop_button,
    "doc_remove": doc_remove_button,
    "doc_remove_now": doc_remove_now_button,
    "today": today_button,
    "ahead": ahead_button,
    "settings": settings_button,
    "pause": pause_button,
    "stop": stop_button,
    "times": times_button,
    "set_time": set_time_button,
    "zones": zones_button,
    "set_zone": set_zone_button,
    "weekdays": weekdays_button,
    "set_weekdays": set_weekdays_button,
    "lengths": lengths_button,
    "set_length": set_length_button,
    "languages": languages_button,
    "set_language": set_language_button,
    "pause_days": pause_days_button,
    "pause_date": pause_date_button,
    "pause_until": pause_until_button,
    "pause_open": pause_open_button,
    "resume": resume_button,
    "stop_now": stop_now_button,
    "keep": keep_button,
    "again": again_button,
}
"""A function for every action of `render.actions`, called with the tap and the action's numbers."""
NARROWING = {"by_document", "by_year", "in_document", "any_document", "in_year", "any_year", "in_order"}
IN_GROUPS = {"read", "context", "word", "place", "results", "hit", "page", "next"} | NARROWING
IN_GROUPS |= {"suggestion", "save", "unsave"}
"""What everyone in a group may press; the rest belongs to private chats, until groups have organisers."""

PERSONAL = {"export", "forget", "forget_now", "forget_not"}
"""What is about a person's own data, which nobody is kept from."""


def is_personal(data: str) -> bool:
    """Return whether the button's data is about the person's own data."""
    action = decode(data)
    return action is not None and action.name in PERSONAL


async def press_button(context: Context, tap: Tap) -> None:
    """Do what the button says. Whatever was waited for to be typed is not waited for any more."""
    action = decode(tap.query.data or "")
    if action is None or not (tap.asker.is_private or action.name in IN_GROUPS):
        await expired(context, tap)
        return
    await stop_waiting(context, tap.asker)
    await BUTTONS[action.name](context, tap, *action.numbers)
