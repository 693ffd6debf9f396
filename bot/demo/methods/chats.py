"""Chats: what they are, who is in them, what is pinned, leaving."""

from __future__ import annotations

from bot.demo.access import find_chat, find_message, find_open_chat
from bot.demo.errors import bad_request
from bot.demo.model import Json
from bot.demo.parameters import Parameters
from bot.demo.state import State
from bot.demo.views import full_chat_json, member_json


def get_chat(state: State, given: Parameters) -> Json:
    """Return all about a chat."""
    chat = find_chat(state, given)
    if chat.type == "private" and not state.people[chat.id].started:
        raise bad_request("chat not found")
    return full_chat_json(state, chat)


def get_chat_member(state: State, given: Parameters) -> Json:
    """Return what a user is in a chat."""
    chat = find_chat(state, given)
    person = state.people.get(given.number("user_id") or 0)
    if person is None:
        raise bad_request("user not found")
    status = "member" if chat.type == "private" else chat.status(person.id)
    return member_json(person, status)


def get_chat_administrators(state: State, given: Parameters) -> list[Json]:
    """Return the admins of a group or channel, bots but this one left out."""
    chat = find_chat(state, given)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [state.people[user_id] for user_id in chat.members if chat.is_admin(user_id)]
    return [member_json(person, chat.status(person.id)) for person in admins]


def leave_chat(state: State, given: Parameters) -> bool:
    """Take the bot out of a group or channel."""
    chat = find_chat(state, given)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[state.bot.id] = "left"
    state.changed()
    return True


def pin_chat_message(state: State, given: Parameters) -> bool:
    """Pin a message."""
    chat = find_open_chat(state, given)
    message = find_message(chat, given, "pin")
    if chat.type != "private" and not chat.is_admin(state.bot.id):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned.append(message.message_id)
    state.changed()
    return True


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
}
