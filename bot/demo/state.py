"""The server's memory: everything there is, who may see it change, and the few ways to change it.

All access holds `lock`; verbs come from the tests' threads, calls of the bot from the server's. It knows
Telegram's numbering (one count of messages for all private chats and basic groups, one for each supergroup
and channel) and nothing of HTTP.
"""

from __future__ import annotations

import datetime as dt
import itertools
import mimetypes
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.demo.model import Call, Chat, ChatType, File, Message, Person, Query, Toast
from bot.demo.profile import Profile
from bot.demo.updates import Updates

FIRST_USER_ID = 5_000_000_001
"""Beyond 32 bits, as new accounts are."""
FIRST_GROUP_ID = 4_000_000_001
FIRST_SUPERGROUP_ID = 1_002_000_000_001


class State:
    """Everything that the server remembers about one bot and its world."""

    def __init__(self, bot: Person, now: Callable[[], dt.datetime], privacy: bool) -> None:
        self.lock = threading.Condition()
        self.bot = bot
        self.now = now
        self.privacy = privacy
        self.people: dict[int, Person] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.toasts: list[Toast] = []
        self.calls: list[Call] = []
        self.updates = Updates()
        self.profile = Profile(bot.first_name)
        self.listeners: set[Callable[[], None]] = set()
        self._last_message_id = 0
        self._user_ids = itertools.count(FIRST_USER_ID)
        self._group_ids = itertools.count(FIRST_GROUP_ID)
        self._supergroup_ids = itertools.count(FIRST_SUPERGROUP_ID)
        self._last_number = 0

    def changed(self) -> None:
        """Wake everyone who waits for a change."""
        self.lock.notify_all()
        for listener in list(self.listeners):
            listener()

    def add_person(self, first_name: str, language_code: str | None, user_id: int | None) -> Person:
        """Remember a new user, with a private chat that is still empty, and return the user."""
        number = next(self._user_ids) if user_id is None else user_id
        if number in self.people:
            raise ValueError(f"there is a user {number} already")
        person = Person(number, first_name, language_code)
        self.people[number] = person
        self.chats[number] = Chat(number, "private", first_name)
        return person

    def add_chat(self, kind: ChatType, title: str, is_forum: bool = False) -> Chat:
        """Remember a new group, supergroup or channel and return it."""
        number = next(self._group_ids) if kind == "group" else next(self._supergroup_ids)
        chat = Chat(-number, kind, title, is_forum=is_forum)
        self.chats[chat.id] = chat
        return chat

    def add_message(self, chat: Chat, sender: Person | None, **fields: Any) -> Message:
        """Store a new message in the chat, now, under the next number, and return it."""
        message = Message(chat.id, self._next_message_id(chat), self.now(), sender, **fields)
        chat.messages[message.message_id] = message
        self.changed()
        return message

    def change_message(self, message: Message, **fields: Any) -> Message:
        """Put the changed message in the place of `message` and return it."""
        changed = replace(message, **fields)
        self.chats[message.chat_id].messages[message.message_id] = changed
        self.changed()
        return changed

    def add_file(self, folder: str, name: str, body: bytes) -> File:
        """Store a file and return it; its path is `folder`, a number, and the name's suffix."""
        number = self._next_number()
        suffix = "." + name.rpartition(".")[2] if "." in name else ""
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(f"BQACAgUAAxkBAA{number:06d}", name, mime_type, body, f"{folder}/file_{number}{suffix}")
        self.files[file.file_id] = file
        return file

    def add_query(self, person: Person, chat_id: int, message_id: int, data: str) -> Query:
        """Remember a press of a button and return it."""
        query = Query(str(4_000_000_000_000 + self._next_number()), person, chat_id, message_id, data)
        self.queries[query.id] = query
        return query

    def next_poll_id(self) -> str:
        """Return a number for a new poll."""
        return str(5_000_000_000_000 + self._next_number())

    @property
    def counts(self) -> tuple[int, int]:
        """How far the numbers of messages have come, and those of files, presses and polls."""
        return self._last_message_id, self._last_number

    def resume(self, counts: tuple[int, int]) -> None:
        """Go on counting from there."""
        self._last_message_id, self._last_number = counts

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _next_message_id(self, chat: Chat) -> int:
        if chat.type in ("supergroup", "channel"):
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_message_id += 1
        return self._last_message_id
