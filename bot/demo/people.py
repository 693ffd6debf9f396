"""Users as a test or the demo handles them: what a person does with Telegram's app."""

from __future__ import annotations

from typing import Protocol

from bot.demo.entities import utf16_length
from bot.demo.formatting import MAX_TEXT, tidy
from bot.demo.found import find_entities
from bot.demo.model import Chat, File, Json, Message, Person, Query
from bot.demo.privacy import change_status, deliver
from bot.demo.state import State
from bot.demo.views import origin_json, query_json
from bot.demo.voting import vote


class HasId(Protocol):
    """A user, a room: anything that a chat can be found by."""

    @property
    def id(self) -> int:
        """The chat's number."""


class User:
    """A person with Telegram's app. Without `chat`, everything happens in the private chat with the bot."""

    def __init__(self, state: State, person: Person) -> None:
        self.state = state
        self.person = person

    @property
    def id(self) -> int:
        """The user's number, and that of the private chat."""
        return self.person.id

    @property
    def mention(self) -> str:
        """The name by which others call the user."""
        return f"@{self.person.username}" if self.person.username else self.person.first_name

    def start(self, parameter: str = "") -> Message:
        """Press Start, or follow a link with this parameter."""
        return self.send(f"/start {parameter}".strip())

    def send(
        self,
        text: str,
        chat: HasId | None = None,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        quote: str | None = None,
    ) -> Message:
        """Send a text and return the message. Raises ValueError where the app would not let it go."""
        text, _ = tidy(text, [])
        if not text or utf16_length(text) > MAX_TEXT:
            raise ValueError(f"the app sends texts of 1 to {MAX_TEXT} UTF-16 units, not {utf16_length(text)}")
        fields: Json = {"text": text, "entities": tuple(find_entities(text)), "thread_id": thread}
        if reply_to:
            fields |= {"reply_to": reply_to.message_id, "thread_id": thread or reply_to.thread_id}
        if reply_to and quote:
            position = utf16_length(reply_to.text.partition(quote)[0])
            fields |= {"quote": quote, "quote_position": position}
        return self._send(chat, fields)

    def reply(self, message: Message, text: str, quote: str | None = None) -> Message:
        """Answer a message, perhaps to some words of it, where it stands; return the answer."""
        return self.send(text, self.state.chats[message.chat_id], reply_to=message, quote=quote)

    def send_document(
        self,
        name: str,
        body: bytes,
        chat: HasId | None = None,
        *,
        caption: str = "",
        thread: int | None = None,
    ) -> Message:
        """Send a file and return its message."""
        with self.state.lock:
            file: File = self.state.add_file("documents", name, body)
            entities = tuple(find_entities(caption))
            fields = {"document": file, "text": caption, "entities": entities, "thread_id": thread}
            return self._send(chat, fields)

    def forward(self, message: Message, chat: HasId | None = None) -> Message:
        """Send a copy of a message that names its source, and return it."""
        return self._send(chat, message.content | {"forward_origin": origin_json(message)})

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message and return it as it now is."""
        with self.state.lock:
            if message.sender is not self.person:
                raise ValueError("that is somebody else's message")
            fields = {"text": text, "entities": tuple(find_entities(text)), "edited_at": self.state.now()}
            changed = self.state.change_message(message, **fields)
            deliver(self.state, changed, edited=True)
            return changed

    def press(self, message: Message, label_or_data: str) -> Query:
        """Press a button of the message as it now is, and return the query that the bot has to answer.

        Raises LookupError where there is no such button, ValueError where it asks the bot nothing.
        """
        with self.state.lock:
            current = self.state.chats[message.chat_id].messages.get(message.message_id, message)
            button = current.button(label_or_data)
            if button.data is None:
                raise ValueError(f"“{button.label}” opens or copies something; the bot hears nothing of it")
            return self.forge(current, button.data)

    def forge(self, message: Message, data: str, *, stale: bool = False) -> Query:
        """Send a press that no button offers, as a tampered app could; a stale one cannot be answered."""
        with self.state.lock:
            query = self.state.add_query(self.person, message.chat_id, message.message_id, data)
            query.open = not stale
            self.state.updates.add("callback_query", query_json(self.state, query))
            self.state.changed()
            return query

    def vote(self, message: Message, *options: int) -> None:
        """Choose these options of the message's poll; none takes the vote back.

        Raises ValueError where the app would not let the person do that.
        """
        with self.state.lock:
            vote(
                self.state,
                self.state.chats[message.chat_id].messages[message.message_id],
                self.person,
                options,
            )

    def delete(self, message: Message) -> None:
        """Delete a message for both sides; the bot is not told."""
        with self.state.lock:
            self.state.chats[message.chat_id].messages.pop(message.message_id, None)
            self.state.changed()

    def block(self) -> None:
        """Stop and block the bot."""
        self._set_blocked("kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        self._set_blocked("member")

    def delete_account(self) -> None:
        """Leave Telegram for good."""
        with self.state.lock:
            self.person.deleted = True

    def menu(self, chat: HasId | None = None) -> list[Json]:
        """Return the commands that the app offers in the chat."""
        with self.state.lock:
            return self.state.profile.menu(self.person, self._chat(chat))

    def _set_blocked(self, status: str) -> None:
        with self.state.lock:
            chat = self.state.chats[self.id]
            change_status(
                self.state, chat, self.person, "kicked" if status == "kicked" else "member", self.person
            )

    def _chat(self, chat: HasId | None) -> Chat:
        return self.state.chats[chat.id if chat else self.id]

    def _send(self, chat: HasId | None, fields: Json) -> Message:
        with self.state.lock:
            place = self._chat(chat)
            if place.type == "private":
                if self.person.blocked:
                    raise ValueError("unblock the bot first")
                self.person.started = True
            message = self.state.add_message(place, self.person, **fields)
            deliver(self.state, message)
            return message
