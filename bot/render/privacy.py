"""What is kept about a reader: saying it, handing it out, erasing it."""

from __future__ import annotations

from bot.render.markup import Html, join
from bot.render.message import Button, Message, press, row
from bot.render.texts import Texts
from bot.render.values import Kept


def render_privacy(search_days: int, question_minutes: int, update_days: int, texts: Texts) -> Message:
    """Return what is kept, why, how long, and who sees it; searches, questions and numbers so long."""
    text = texts.html("privacy", days=search_days, minutes=question_minutes, update_days=update_days)
    return Message(text, (row(_export(texts), press(texts("button.forget"), "forget")),))


def render_forget(kept: Kept, texts: Texts) -> Message:
    """Return the question whether to erase all of this, or that there is nothing."""
    if kept.is_nothing:
        return Message(join("\n\n", [texts.html("forget.nothing"), _member(kept, texts)]))
    listed = join("\n", [f"· {item}" for item in what_is_kept(kept, texts)])
    ask = join("\n", [texts.html("forget.ask"), listed])
    text = join("\n\n", [ask, texts.html("forget.warning"), _member(kept, texts)])
    keep = press(texts("button.keep"), "forget_not")
    return Message(text, (row(press(texts("button.forget_now"), "forget_now")), row(_export(texts), keep)))


def render_forgotten(kept: Kept, texts: Texts) -> Message:
    """Return what was erased."""
    what = texts("list.separator").join(what_is_kept(kept, texts))
    return Message(join("\n\n", [texts.html("forget.done", what=what), _member(kept, texts)]))


def export_caption(kept: Kept, texts: Texts) -> Html:
    """Return what stands under the file that holds all of this."""
    what = texts("list.separator").join(what_is_kept(kept, texts))
    return join("\n", [texts.html("export.caption"), what])


def what_is_kept(kept: Kept, texts: Texts) -> list[str]:
    """Return what there is, each with its number, in words."""
    counts = {
        "count.subscriptions": kept.subscriptions,
        "count.deliveries": kept.deliveries,
        "count.readings": kept.readings,
        "count.searches": kept.searches,
        "count.saved_searches": kept.saved_searches,
    }
    settings = [texts("forget.settings")] if kept.settings else []
    return settings + [texts(key, n=number) for key, number in counts.items() if number]


def _export(texts: Texts) -> Button:
    return press(texts("button.export"), "export")


def _member(kept: Kept, texts: Texts) -> Html:
    return texts.html("forget.member") if kept.is_member else Html()
