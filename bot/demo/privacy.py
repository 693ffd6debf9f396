"""Which messages of a group a bot gets to see, and how it is told of its own comings and goings."""

from __future__ import annotations

from bot.demo.model import Chat, Message, Person, Status
from bot.demo.state import State
from bot.demo.views import chat_json, member_json, message_json, person_json, unix


def deliver(state: State, message: Message, edited: bool = False) -> None:
    """Queue the update of a user's or channel's message, if the bot is there and gets to see it."""
    chat = state.chats[message.chat_id]
    if chat.type == "channel":
        kind, seen = "channel_post", chat.is_admin(state.bot.id)
    else:
        kind, seen = "message", _sees(state, chat, message)
    if seen:
        state.updates.add(f"edited_{kind}" if edited else kind, message_json(state, message))
        state.changed()


def _sees(state: State, chat: Chat, message: Message) -> bool:
    """After core.telegram.org/bots/features#privacy-mode."""
    if chat.type == "private":
        return True
    if chat.status(state.bot.id) in ("left", "kicked"):
        return False
    if not state.privacy or chat.is_admin(state.bot.id) or message.service:
        return True
    original = chat.messages.get(message.reply_to or 0)
    return (original is not None and original.by_bot) or _addresses(state.bot, message.text)


def _addresses(bot: Person, text: str) -> bool:
    name = f"@{bot.username}".lower()
    command = text.partition(" ")[0].lower()
    if command.startswith("/"):
        return "@" not in command or command.endswith(name)
    return name in text.lower()


def change_status(state: State, chat: Chat, person: Person, status: Status, by: Person) -> None:
    """Make the person what `status` says in the chat, and queue the update of it for the bot."""
    old = _status(chat, person)
    if chat.type == "private":
        person.blocked = status == "kicked"
        person = state.bot
    else:
        chat.members[person.id] = status
    change = {
        "chat": chat_json(chat),
        "from": person_json(by),
        "date": unix(state.now()),
        "old_chat_member": member_json(person, old),
        "new_chat_member": member_json(person, status),
    }
    state.updates.add("my_chat_member" if person is state.bot else "chat_member", change)
    state.changed()


def _status(chat: Chat, person: Person) -> Status:
    if chat.type == "private":
        return "kicked" if person.blocked else "member"
    return chat.status(person.id)
