"""What the page can ask for: each action reads its few fields and lets a person, the clock or a fault act.

Raises KeyError, LookupError or ValueError where what is asked cannot be; the page's server answers 400.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.demo.model import Chat, Json, Message
from bot.demo.people import User
from bot.demo.scene import Scene


def user_of(scene: Scene, asked: Json) -> User:
    """Return the person who acts."""
    return scene.users[int(asked["user"])]


def chat_of(scene: Scene, asked: Json) -> Chat:
    """Return the chat in which the person acts; LookupError where it is not one of theirs."""
    chat = scene.api.state.chats[int(asked["chat"])]
    if user_of(scene, asked) not in scene.members(chat):
        raise LookupError("that is somebody else's chat")
    return chat


def message_of(scene: Scene, asked: Json) -> Message:
    """Return the message that is acted on."""
    return chat_of(scene, asked).messages[int(asked["message"])]


def send(scene: Scene, asked: Json) -> Json:
    """Send a text, perhaps as a reply."""
    chat = chat_of(scene, asked)
    reply_to = chat.messages.get(int(asked.get("reply_to") or 0))
    sent = user_of(scene, asked).send(
        str(asked["text"]), chat, reply_to=reply_to, quote=asked.get("quote") or None
    )
    return {"message": sent.message_id}


def press(scene: Scene, asked: Json) -> Json:
    """Press a button; a press that still waits for its answer is not made twice."""
    user, message, button = user_of(scene, asked), message_of(scene, asked), str(asked["data"])
    for query in scene.api.state.queries.values():
        here = (query.chat_id, query.message_id) == (message.chat_id, message.message_id)
        if query.open and here and query.person is user.person and query.data == button:
            return {"query": query.id}
    return {"query": user.press(message, button).id}


def vote(scene: Scene, asked: Json) -> Json:
    """Choose options of a poll; none takes the vote back."""
    user_of(scene, asked).vote(message_of(scene, asked), *(int(option) for option in asked["options"]))
    return {}


def forward(scene: Scene, asked: Json) -> Json:
    """Forward a message into another of the person's chats."""
    target = chat_of(scene, asked | {"chat": asked["to"]})
    return {"message": user_of(scene, asked).forward(message_of(scene, asked), target).message_id}


def block(scene: Scene, asked: Json) -> Json:
    """Block the bot, or let it write again."""
    user = user_of(scene, asked)
    if asked["on"]:
        user.block()
    else:
        user.unblock()
    return {}


def clock(scene: Scene, asked: Json) -> Json:
    """Move the clock: to tomorrow's digest, by minutes, or to a wall-clock time."""
    local = scene.local_time()
    if "minutes" in asked:
        scene.move_clock(local + dt.timedelta(minutes=int(asked["minutes"])))
    elif "at" in asked:
        scene.move_clock(dt.datetime.fromisoformat(str(asked["at"])).replace(tzinfo=ZoneInfo(scene.zone)))
    else:
        tomorrow = local.date() + dt.timedelta(days=1)
        time = dt.time.fromisoformat(scene.daily)
        scene.move_clock(dt.datetime.combine(tomorrow, time, ZoneInfo(scene.zone)))
    return {}


def fault(scene: Scene, asked: Json) -> Json:
    """Switch a fault on or off."""
    scene.set_fault(str(asked["name"]), bool(asked["on"]))
    return {}


def bot(scene: Scene, asked: Json) -> Json:
    """Stop the bot, or start it again."""
    scene.call_bot(bool(asked["on"]))
    return {}


ACTIONS: dict[str, Callable[[Scene, Json], Json]] = {
    action.__name__: action for action in (send, press, vote, forward, block, clock, fault, bot)
}
