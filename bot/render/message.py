"""A message as a value: its text in HTML and its buttons. The edge turns it into a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.actions import Action, encode
from bot.render.markup import Html, cut_after, join
from bot.render.texts import Texts

MAX_TEXT = 4096
"""Telegram's limit for a message, in UTF-16 units after the markup is read."""
MAX_COPY = 256
"""Telegram's limit for what a button copies; counted in UTF-16 units to be on the safe side."""
MAX_TOAST = 200
"""Telegram's limit for the short answer to a tap."""
LINE_BREAK = Html("\n")
BLANK_LINE = Html("\n\n")


@dataclass(frozen=True)
class Button:
    """A button under a message: exactly one of `action` (callback data), `copy` (text) and `url`."""

    label: str
    action: str | None = None
    copy: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """What is sent: HTML, and rows of buttons from the top."""

    text: Html
    buttons: tuple[tuple[Button, ...], ...] = ()


def press(label: str, name: str, *numbers: int) -> Button:
    """Return a button for the action `name` of `actions.ARGUMENTS`."""
    return Button(label, action=encode(Action(name, numbers)))


def row(*buttons: Button | None) -> tuple[Button, ...]:
    """Return a row of those buttons that there are."""
    return tuple(button for button in buttons if button)


def grid(buttons: Sequence[Button], columns: int) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons in rows of `columns`."""
    return tuple(tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns))


def rows(*candidates: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    """Return those rows that hold a button."""
    return tuple(candidate for candidate in candidates if candidate)


def with_note(note: Html, message: Message) -> Message:
    """Return the message with a note above it, a blank line between."""
    return Message(join("\n\n", [note, message.text]), message.buttons)


def render_notice(texts: Texts, key: str, **fields: object) -> Message:
    """Return the text of `key` as a message without buttons."""
    return Message(texts.html(key, **fields))


def toast(texts: Texts, key: str, **fields: object) -> str:
    """Return the text of `key` as the short answer to a tap: plain, within `MAX_TOAST`."""
    return cut_after(texts(key, **fields), MAX_TOAST)
