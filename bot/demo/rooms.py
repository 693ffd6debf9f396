"""Groups, forums and channels as a test or the demo handles them."""

from __future__ import annotations

from bot.demo.errors import ApiError
from bot.demo.found import find_entities
from bot.demo.model import Chat, Message, Person, Status, Topic
from bot.demo.people import User
from bot.demo.privacy import change_status, deliver
from bot.demo.state import State
from bot.demo.views import person_json


class Room:
    """A group, supergroup, forum or channel, and what its owner can do with it."""

    def __init__(self, state: State, chat: Chat) -> None:
        self.state = state
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat's number."""
        return self.chat.id

    def join(self, user: User) -> None:
        """The user comes in."""
        with self.state.lock:
            change_status(self.state, self.chat, user.person, "member", user.person)
            self._announce(user.person, new_chat_members=[person_json(user.person)])

    def leave(self, user: User) -> None:
        """The user goes out."""
        with self.state.lock:
            change_status(self.state, self.chat, user.person, "left", user.person)
            self._announce(user.person, left_chat_member=person_json(user.person))

    def promote(self, user: User | None = None) -> None:
        """Make the user, or the bot, an admin."""
        self._set_status(user.person if user else self.state.bot, "administrator")

    def demote(self, user: User | None = None) -> None:
        """Make the user, or the bot, a plain member."""
        self._set_status(user.person if user else self.state.bot, "member")

    def add_bot(self, *, admin: bool = False) -> None:
        """The owner adds the bot."""
        with self.state.lock:
            self._set_status(self.state.bot, "administrator" if admin else "member")
            if self.chat.type != "channel":
                self._announce(self._owner(), new_chat_members=[person_json(self.state.bot)])

    def kick_bot(self) -> None:
        """The owner throws the bot out."""
        self._set_status(self.state.bot, "kicked")

    def mute_bot(self, muted: bool = True) -> None:
        """The bot stays, but may not write (or may again)."""
        with self.state.lock:
            self.chat.muted_bot = muted

    def post(self, text: str) -> Message:
        """Post in the channel's name."""
        with self.state.lock:
            entities = tuple(find_entities(text))
            message = self.state.add_message(self.chat, None, text=text, entities=entities)
            deliver(self.state, message)
            return message

    def open_topic(self, name: str) -> int:
        """Open a topic in the forum and return its number."""
        with self.state.lock:
            number = self.chat.last_message_id + 1
            self.chat.topics[number] = Topic(name)
            created = {"name": name, "icon_color": 0x6FB9F0}
            self._announce(self._owner(), number, forum_topic_created=created)
            return number

    def close_topic(self, thread: int) -> None:
        """Close the topic: only admins may write in it."""
        with self.state.lock:
            self.chat.topics[thread].closed = True
            self._announce(self._owner(), thread, forum_topic_closed={})

    def reopen_topic(self, thread: int) -> None:
        """Open the topic again."""
        with self.state.lock:
            self.chat.topics[thread].closed = False
            self._announce(self._owner(), thread, forum_topic_reopened={})

    def delete_topic(self, thread: int) -> None:
        """Delete the topic and all in it."""
        with self.state.lock:
            del self.chat.topics[thread]
            kept = {number: m for number, m in self.chat.messages.items() if m.thread_id != thread}
            self.chat.messages = kept
            self.state.changed()

    def upgrade(self) -> Room:
        """Turn the basic group into a supergroup, with a new number, and return that."""
        with self.state.lock:
            new = self.state.add_chat("supergroup", self.chat.title)
            new.members = dict(self.chat.members)
            self._announce(self._owner(), migrate_to_chat_id=new.id)
            self.chat.upgraded_to = new.id
            room = Room(self.state, new)
            room._announce(self._owner(), migrate_from_chat_id=self.chat.id)
            return room

    def _set_status(self, person: Person, status: Status) -> None:
        with self.state.lock:
            change_status(self.state, self.chat, person, status, self._owner())

    def _owner(self) -> Person:
        for user_id, status in self.chat.members.items():
            if status == "creator":
                return self.state.people[user_id]
        raise ApiError(400, f"{self.chat.title} has no owner")

    def _announce(self, sender: Person, thread_id: int | None = None, **service: object) -> None:
        message = self.state.add_message(self.chat, sender, thread_id=thread_id, service=service)
        deliver(self.state, message)
