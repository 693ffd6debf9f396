"""What the page is shown, as JSON: everything at first, and from then on what has changed."""

from __future__ import annotations

from dataclasses import asdict

from bot.demo.model import Call, Chat, Json, Message
from bot.demo.scene import Scene
from bot.demo.views import message_json, person_json, unix

MAX_CALLS = 300
"""As many of the calls made before are shown to a page that opens."""


def message_view(scene: Scene, message: Message) -> Json:
    """Return a message as the Bot API writes it, with what only the app knows."""
    shown = message_json(scene.api.state, message)
    extra = {"by_bot": message.by_bot, "silent": message.silent, "reaction": message.reaction}
    if message.poll:
        extra["votes"] = message.poll.votes
    return shown | {"chat": message.chat_id} | extra


def chat_view(scene: Scene, chat: Chat) -> Json:
    """Return a chat, and the people who can write in it with the commands that each is offered."""
    people = [
        person_json(user.person)
        | {"menu": user.menu(chat), "started": user.person.started, "blocked": user.person.blocked}
        | {"admin": user.id in scene.admins}
        for user in scene.members(chat)
    ]
    return {"id": chat.id, "type": chat.type, "title": chat.title, "people": people}


def call_view(scene: Scene, number: int, call: Call) -> Json:
    """Return a call, and the message that it is about, if it is about one."""
    query = scene.api.state.queries.get(str(call.parameters.get("callback_query_id")))
    return {
        "id": number,
        "method": call.method,
        "parameters": call.parameters,
        "status": call.status,
        "description": call.description,
        "date": unix(call.at),
        "chat": query.chat_id if query else call.chat_id,
        "message": query.message_id if query else call.made or call.parameters.get("message_id"),
    }


class Shown:
    """What one page has been shown."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._parts: Json = {}
        self._messages: dict[tuple[int, int], Message] = {}
        state = scene.api.state
        self._calls = max(0, len(state.calls) - MAX_CALLS)
        self._toasts = len(state.toasts)

    def news(self) -> Json:
        """Return what the page has not been shown; empty where that is nothing."""
        with self.scene.api.state.lock:
            return self._changed_parts() | self._changed_messages() | self._new_calls() | self._new_toasts()

    def _changed_parts(self) -> Json:
        scene, state = self.scene, self.scene.api.state
        parts: Json = {
            "bot": person_json(state.bot) | {"status": scene.bot},
            "about": {code: state.profile.text("description", code) for code in ("", "zh")},
            "chats": [chat_view(scene, chat) for chat in state.chats.values()],
            "presses": [
                {"id": query.id, "user": query.person.id, "chat": query.chat_id}
                | {"message": query.message_id, "data": query.data}
                for query in state.queries.values()
                if query.open
            ],
            "clock": {
                "ahead": scene.clock.offset.total_seconds(),
                "zone": scene.zone,
                "daily": scene.daily,
            },
            "library": asdict(scene.library),
            "faults": scene.faults(),
        }
        changed = {name: part for name, part in parts.items() if self._parts.get(name) != part}
        self._parts = parts
        return changed

    def _changed_messages(self) -> Json:
        now = {
            (chat.id, number): message
            for chat in self.scene.api.state.chats.values()
            for number, message in chat.messages.items()
        }
        changed = [
            message_view(self.scene, message)
            for key, message in now.items()
            if self._messages.get(key) is not message
        ]
        gone = [list(key) for key in self._messages if key not in now]
        self._messages = now
        return {name: found for name, found in {"messages": changed, "gone": gone}.items() if found}

    def _new_calls(self) -> Json:
        first, self._calls = self._calls, len(self.scene.api.state.calls)
        new = list(enumerate(self.scene.api.state.calls))[first:]
        return {"calls": [call_view(self.scene, number, call) for number, call in new]} if new else {}

    def _new_toasts(self) -> Json:
        new = self.scene.api.state.toasts[self._toasts :]
        self._toasts += len(new)
        return {"toasts": [asdict(toast) for toast in new]} if new else {}
