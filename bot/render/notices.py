"""Help, questions and refusals: what happened, what was not lost, and one next step."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.markup import clean_name, join, shorten
from bot.render.message import Button, Message, press, row, toast
from bot.render.texts import Texts
from bot.render.values import SubscriptionView

PLAN_UNITS = 18
TYPED_UNITS = 30
"""How much of what somebody typed is said back to him."""


def render_help(commands: Sequence[str], texts: Texts, *, in_group: bool = False) -> Message:
    """Return the help; `commands` are the names that work in this chat, from the one list of commands."""
    intro = texts.html("help.group" if in_group else "help.intro")
    listed = join(
        "\n", [texts.html("help.command", name=name, does=texts(f"command.{name}")) for name in commands]
    )
    return Message(join("\n\n", [intro, listed, texts.html("search.syntax")]))


def render_choice(
    command: str, views: Sequence[SubscriptionView], texts: Texts, numbers: Sequence[int] = ()
) -> Message:
    """Return the question which subscription a command means.

    `command` is the action it becomes; `numbers` are those of the action beside the subscription's.
    """
    buttons = [
        row(
            press(
                f"{shorten(view.plan, PLAN_UNITS)} · {view.position}/{view.total}",
                command,
                view.subscription_id,
                *numbers,
            )
        )
        for view in views
    ]
    return Message(texts.html("choose.subscription"), tuple(buttons))


def render_bad_time(typed: str, texts: Texts) -> Message:
    """Return that a time was not understood."""
    return Message(texts.html("error.time", typed=shorten(typed, TYPED_UNITS)))


def render_bad_zone(typed: str, subscription_id: int, texts: Texts) -> Message:
    """Return that there is no such zone, with a button that opens the choice."""
    choose = press(texts("button.choose_zone"), "zones", subscription_id)
    return Message(texts.html("error.zone", typed=shorten(typed, TYPED_UNITS)), (row(choose),))


def render_private_only(url: str, texts: Texts) -> Message:
    """Return that a command belongs into the private chat, with a button that opens it at `url`."""
    return Message(texts.html("error.not_in_groups"), ((Button(texts("button.private_chat"), url=url),),))


def render_refusal(user_id: int, texts: Texts) -> Message:
    """Return that the bot is a private one, how to be let in, and the number to hand over for it."""
    number = Button(texts("button.copy_number"), copy=str(user_id))
    return Message(texts.html("error.private", user_id=user_id), (row(number),))


def foreign_toast(owner: str, texts: Texts) -> str:
    """Return the answer to a tap on somebody else's button: plain text within a toast's 200 characters."""
    return toast(texts, "toast.foreign", name=clean_name(owner))
