"""A passage opened in its context: from a search, from a digest, or by turning to its neighbours."""

from __future__ import annotations

from bot.render.actions import Action, encode
from bot.render.citation import copy_button, origin, titled
from bot.render.digest import HEADING_UNITS
from bot.render.links import link_url
from bot.render.markup import (
    Html,
    bold,
    cut_after,
    cut_before,
    folded,
    highlighted,
    italic,
    join,
    shorten,
    visible_length,
)
from bot.render.message import MAX_TEXT, Button, Message, row, rows
from bot.render.texts import Texts
from bot.render.values import Part, PassageView

MAX_HIGHLIGHTS = 60
"""Telegram ignores what comes after 100 entities; the rest is left to our own markup."""
NEIGHBOUR_CHARS = 900
"""How much of a neighbouring passage is shown, in UTF-16 units: two of them leave half the message."""


def render_passage(view: PassageView, username: str, texts: Texts) -> Message:
    """Return the passage with its highlights between its neighbours, and buttons that lead on and back.

    `username` is the bot's, for the link that can be copied.
    """
    head, heading, foot = _head(view, texts), _heading(view), _foot(view)
    before = folded(_spaced(cut_before(view.before, NEIGHBOUR_CHARS))) if view.before else ""
    after = folded(_spaced(cut_after(view.after, NEIGHBOUR_CHARS))) if view.after else ""
    above = [join("\n\n", [head, before]), heading] if before else [join("\n", [head, heading])]
    room = MAX_TEXT - visible_length(join("\n\n", [*above, after, foot])) - len("\n\n")
    passage = _passage(view, room, texts)
    return Message(join("\n\n", [*above, passage, after, foot]), _buttons(view, username, texts))


def render_gone(back: Action, texts: Texts) -> Message:
    """Return that a passage is not there any more, and the way back."""
    return Message(texts.html("error.gone"), (row(Button(texts("button.back"), action=encode(back))),))


def _head(view: PassageView, texts: Texts) -> Html:
    title = bold(titled(shorten(view.title, HEADING_UNITS), texts))
    return join(" · ", [title, part_name(view.part, texts) or texts("passage.whole")])


def _heading(view: PassageView) -> str:
    return "" if view.text.startswith(view.heading or "") else shorten(view.heading or "", HEADING_UNITS)


def part_name(part: Part, texts: Texts) -> str:
    """Return which part of its article a passage is; an empty text where it is all of it."""
    return texts("passage.part", number=part.number, total=part.total) if part.total > 1 else ""


def _foot(view: PassageView) -> str:
    return f"📌 {origin(view)}" if origin(view) else ""


def _passage(view: PassageView, room: int, texts: Texts) -> Html:
    note = italic(texts("passage.cut"))
    breaks = view.text.count("\n")  # each becomes a blank line
    kept = cut_after(view.text, room - breaks)
    if kept != view.text:
        kept = cut_after(view.text, room - breaks - visible_length(note) - 1)
    shown = Html(_spaced(highlighted(kept, view.highlights, MAX_HIGHLIGHTS)))
    return shown if kept == view.text else join("\n", [shown, note])


def _spaced(text: str) -> str:
    return text.replace("\n", "\n\n")


def _buttons(view: PassageView, username: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    turn = [
        ("button.previous", view.previous),
        ("button.following", view.following),
        ("button.back", view.back),
    ]
    leading = row(*(Button(texts(key), action=encode(action)) for key, action in turn if action))
    link = Button(texts("button.link"), copy=link_url(view.place, username))
    return rows(leading, row(copy_button(view, texts), link))
