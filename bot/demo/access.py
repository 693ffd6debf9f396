"""Whether the bot may do this there: finds chats, topics, messages, or says why not in Telegram's words."""

from __future__ import annotations

from bot.demo.errors import ApiError, bad_request, forbidden
from bot.demo.model import Chat, Message
from bot.demo.parameters import Parameters
from bot.demo.state import State


def find_chat(state: State, given: Parameters, name: str = "chat_id") -> Chat:
    """Return the chat that the call names by number or @name. Raises ApiError."""
    if name not in given:
        raise bad_request(f"{name} is empty")
    number = given.number(name)
    for chat in state.chats.values():
        if chat.id == number or (chat.username and given.text(name).lower() == f"@{chat.username}".lower()):
            _check_membership(state, chat)
            return chat
    raise bad_request("chat not found")


def _check_membership(state: State, chat: Chat) -> None:
    if chat.type == "private":
        return
    if chat.upgraded_to:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.upgraded_to,
        )
    if state.bot.id not in chat.members:
        raise bad_request("chat not found")
    if chat.status(state.bot.id) == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.status(state.bot.id) == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def find_open_chat(state: State, given: Parameters) -> Chat:
    """Return the chat of the call if the bot may write in it. Raises ApiError."""
    chat = find_chat(state, given)
    if chat.type == "private":
        _check_conversation(state, chat)
    elif chat.type == "channel" and not chat.is_admin(state.bot.id):
        raise bad_request("need administrator rights in the channel chat")
    elif chat.muted_bot:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _check_conversation(state: State, chat: Chat) -> None:
    person = state.people[chat.id]
    if person.deleted:
        raise forbidden("user is deactivated")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if person.blocked:
        raise forbidden("bot was blocked by the user")


def find_thread(state: State, chat: Chat, given: Parameters) -> int | None:
    """Return the topic that the call names, None where it names none. Raises ApiError."""
    thread_id = given.number("message_thread_id")
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.is_admin(state.bot.id):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def find_message(chat: Chat, given: Parameters, purpose: str) -> Message:
    """Return the message that the call names. Raises ApiError: message to `purpose` not found."""
    message_id = given.number("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message
