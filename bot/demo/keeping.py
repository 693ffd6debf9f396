"""The demo's chats in a folder: written when it ends, read when it begins again, their numbers going on.

Kept are what people and the bot said, the files, who began and who blocked, and how far the clock was moved.
The calls behind the messages and presses that nobody answered are not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from bot.demo.model import Chat, File, Json, Message
from bot.demo.scene import Scene
from bot.demo.state import State

CHATS, FILES = "chats.json", "files"
MESSAGES = TypeAdapter(Message)


@contextmanager
def kept(scene: Scene, folder: Path) -> Iterator[None]:
    """Begin with the chats that the folder has, if it has any, and write them there in the end.

    Raises ValueError, LookupError or TypeError where what the folder has is not what this version writes.
    """
    with scene.api.state.lock:
        if (folder / CHATS).exists():
            _load(scene, json.loads((folder / CHATS).read_text(encoding="utf-8")), folder / FILES)
        scene.api.state.changed()
    try:
        yield
    finally:
        with scene.api.state.lock:
            _write(scene, folder)


def _write(scene: Scene, folder: Path) -> None:
    state = scene.api.state
    (folder / FILES).mkdir(exist_ok=True)
    for file in state.files.values():
        (folder / FILES / file.file_id).write_bytes(file.body)
    text = json.dumps(_plain(scene, state), ensure_ascii=False, indent=1)
    fresh = folder / f"{CHATS}.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(folder / CHATS)


def _plain(scene: Scene, state: State) -> Json:
    people = [user.person for user in scene.users.values()]
    return {
        "clock": scene.clock.now().isoformat(),
        "counts": state.counts,
        "people": {person.id: [person.started, person.blocked] for person in people},
        "files": [[file.file_id, file.name, file.mime_type, file.path] for file in state.files.values()],
        "chats": {chat.id: _plain_chat(chat) for chat in state.chats.values()},
    }


def _plain_chat(chat: Chat) -> Json:
    messages = [_plain_message(message) for message in chat.messages.values()]
    return {"last": chat.last_message_id, "pinned": chat.pinned, "messages": messages}


def _plain_message(message: Message) -> Json:
    """People and files stand there by their numbers."""
    plain = {field.name: getattr(message, field.name) for field in fields(message)}
    plain["sender"] = message.sender and message.sender.id
    for name in ("document", "photo"):
        plain[name] = plain[name] and plain[name].file_id
    written: Json = to_jsonable_python(plain)
    return written


def _load(scene: Scene, plain: Json, folder: Path) -> None:
    state = scene.api.state
    scene.clock.move_to(max(scene.clock.now(), dt.datetime.fromisoformat(plain["clock"])))
    state.resume(plain["counts"])
    for number, (started, blocked) in plain["people"].items():
        person = state.people[int(number)]
        person.started, person.blocked = started, blocked
    for file_id, name, mime_type, path in plain["files"]:
        state.files[file_id] = File(file_id, name, mime_type, (folder / file_id).read_bytes(), path)
    for number, chat in plain["chats"].items():
        _load_chat(state, state.chats[int(number)], chat)


def _load_chat(state: State, chat: Chat, plain: Json) -> None:
    chat.last_message_id, chat.pinned = plain["last"], plain["pinned"]
    messages = [_message(state, message) for message in plain["messages"]]
    chat.messages = {message.message_id: message for message in messages}


def _message(state: State, plain: Json) -> Message:
    sender = plain["sender"] and state.people[plain["sender"]]
    files = {name: plain[name] and state.files[plain[name]] for name in ("document", "photo")}
    return MESSAGES.validate_python(plain | files | {"sender": sender})
