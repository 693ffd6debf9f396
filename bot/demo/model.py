"""What the local server keeps in memory: people, chats, messages, files. It changes none of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.demo.entity import Entity
from bot.demo.markup import write_html
from bot.demo.polls import Poll

Json = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]


@dataclass(eq=False)
class Person:
    """A user or the bot. `started`: has a conversation with the bot; `blocked`: has stopped it."""

    id: int
    first_name: str
    language_code: str | None = None
    username: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deleted: bool = False


@dataclass
class Topic:
    """A topic of a forum, known by the id of the message that opened it."""

    name: str
    closed: bool = False


@dataclass(frozen=True)
class File:
    """A stored file; `path` is where it can be downloaded."""

    file_id: str
    name: str
    mime_type: str
    body: bytes
    path: str

    @property
    def unique_id(self) -> str:
        """The id that is the same for every bot."""
        return f"U{self.file_id}"


@dataclass(frozen=True)
class Button:
    """An inline button: its label and the one thing that it does."""

    label: str
    data: str | None = None
    copy: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """A message as it stands; an edit puts another in its place. `text` is also the caption of a file."""

    chat_id: int
    message_id: int
    date: dt.datetime
    sender: Person | None
    """None: the channel itself."""
    by_bot: bool = False
    """Whether the bot sent it, in its own name or a channel's."""
    text: str = ""
    entities: tuple[Entity, ...] = ()
    thread_id: int | None = None
    reply_markup: Json | None = None
    edited_at: dt.datetime | None = None
    silent: bool = False
    link_preview_off: bool = False
    protected: bool = False
    reply_to: int | None = None
    quote: str | None = None
    quote_position: int = 0
    """In UTF-16 code units."""
    document: File | None = None
    photo: File | None = None
    poll: Poll | None = None
    service: Json | None = None
    """What a service message says: its fields as the Bot API writes them."""
    forward_origin: Json | None = None
    reaction: tuple[Json, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return self.edited_at is not None

    @property
    def html(self) -> str:
        """The text with its formatting, in Telegram's HTML."""
        return write_html(self.text, self.entities)

    @property
    def content(self) -> Json:
        """What a copy of the message has: its fields but for sender, place, keyboard and reply."""
        return {name: getattr(self, name) for name in ("text", "entities", "document", "photo", "poll")}

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The inline keyboard, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return tuple(tuple(_button(item) for item in row) for row in rows)

    def button(self, label_or_data: str) -> Button:
        """Return the button of this label or data, else the first whose label holds the words.

        Raises LookupError, naming the buttons that there are.
        """
        flat = [button for row in self.buttons for button in row]
        exact = [button for button in flat if label_or_data in (button.label, button.data)]
        for button in exact + [button for button in flat if label_or_data in button.label]:
            return button
        labels = ", ".join(f"“{button.label}”" for button in flat) or "none"
        raise LookupError(f"no button “{label_or_data}” under message {self.message_id}; there are: {labels}")


def _button(item: Json) -> Button:
    return Button(
        item["text"], item.get("callback_data"), (item.get("copy_text") or {}).get("text"), item.get("url")
    )


@dataclass(eq=False)
class Chat:
    """A chat and its messages; a private chat has the id of its user."""

    id: int
    type: ChatType
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    """Counts in supergroups and channels only; the others share the account's count."""
    upgraded_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    muted_bot: bool = False
    """The bot is a member that may not write."""

    def status(self, user_id: int) -> Status:
        """Return what the user is in this chat."""
        return self.members.get(user_id, "left")

    def is_admin(self, user_id: int) -> bool:
        """Whether the user may do what admins may."""
        return self.status(user_id) in ("creator", "administrator")


@dataclass(eq=False)
class Query:
    """A press of a button that waits for its answer."""

    id: str
    person: Person
    chat_id: int
    message_id: int
    data: str
    open: bool = True


@dataclass(frozen=True)
class Toast:
    """How the bot answered a press: with nothing, a short notice, or an alert."""

    query_id: str
    user_id: int
    text: str
    show_alert: bool
    url: str | None = None


@dataclass(frozen=True)
class Call:
    """A request that the bot made, and what came of it; status 0: the connection was dropped unanswered."""

    method: str
    parameters: Json
    status: int
    description: str | None
    at: dt.datetime
    made: int | None = None
    """The number of the message that it sent or changed."""

    @property
    def chat_id(self) -> int | None:
        """The chat that it is about, where it names one by number."""
        value = str(self.parameters.get("chat_id", ""))
        return int(value) if value.lstrip("-").isdigit() else None
