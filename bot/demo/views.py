"""What the server keeps, as the Bot API writes it in JSON."""

from __future__ import annotations

import datetime as dt
import struct

from bot.demo.entity import Entity
from bot.demo.model import Chat, File, Json, Message, Person, Query, Status
from bot.demo.state import State

PNG, PNG_SIZE = b"\x89PNG\r\n\x1a\n", slice(16, 24)
"""How a PNG begins, and where it says how wide and high it is."""
USUAL_SIZE = (1280, 720)
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def unix(moment: dt.datetime) -> int:
    """Return the moment as Telegram writes it: whole seconds since 1970."""
    return int(moment.timestamp())


def person_json(person: Person) -> Json:
    """Return a User."""
    shown: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    optional = {"username": person.username, "language_code": person.language_code}
    return shown | {key: value for key, value in optional.items() if value}


def chat_json(chat: Chat) -> Json:
    """Return a Chat."""
    shown: Json = {"id": chat.id, "type": chat.type}
    shown["first_name" if chat.type == "private" else "title"] = chat.title
    if chat.username:
        shown["username"] = chat.username
    return shown | ({"is_forum": True} if chat.is_forum else {})


def full_chat_json(state: State, chat: Chat) -> Json:
    """Return a ChatFullInfo."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    shown = chat_json(chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.type == "private"),
    }
    if chat.pinned and chat.pinned[-1] in chat.messages:
        shown["pinned_message"] = message_json(state, chat.messages[chat.pinned[-1]])
    return shown


def member_json(person: Person, status: Status) -> Json:
    """Return a ChatMember."""
    shown: Json = {"user": person_json(person), "status": status}
    match status:
        case "creator":
            return shown | {"is_anonymous": False}
        case "administrator":
            rights = dict.fromkeys(ADMIN_RIGHTS, True)
            return shown | rights | {"can_be_edited": False, "is_anonymous": False}
        case "kicked":
            return shown | {"until_date": 0}
    return shown


def entity_json(state: State, entity: Entity) -> Json:
    """Return a MessageEntity."""
    shown = entity.as_json()
    user_id = shown.pop("user_id", None)
    if isinstance(user_id, int):
        person = state.people.get(user_id) or Person(user_id, str(user_id))
        shown["user"] = person_json(person)
    return shown


def document_json(file: File) -> Json:
    """Return a Document."""
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime_type,
        "file_size": len(file.body),
    }


def photo_json(file: File) -> list[Json]:
    """Return the photo's one size: that of a PNG is read, others are taken to be of a usual one."""
    ids = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.body)}
    is_png = file.body.startswith(PNG) and len(file.body) >= PNG_SIZE.stop
    width, height = struct.unpack(">II", file.body[PNG_SIZE]) if is_png else USUAL_SIZE
    return [ids | {"width": width, "height": height}]


def message_json(state: State, message: Message, with_reply: bool = True) -> Json:
    """Return a Message; one that it replies to is shown without its own reply."""
    chat = state.chats[message.chat_id]
    shown: Json = {
        "message_id": message.message_id,
        "date": unix(message.date),
        "chat": chat_json(chat),
        **_origin(chat, message),
        **_content(state, message),
    }
    if message.thread_id is not None:
        shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
    if message.edited_at:
        shown["edit_date"] = unix(message.edited_at)
    if message.protected:
        shown["has_protected_content"] = True
    if message.link_preview_off:
        shown["link_preview_options"] = {"is_disabled": True}
    if "inline_keyboard" in (message.reply_markup or {}):
        shown["reply_markup"] = message.reply_markup
    return shown | (_reply(state, message) if with_reply else {})


def _origin(chat: Chat, message: Message) -> Json:
    shown: Json = {}
    if message.sender:
        shown["from"] = person_json(message.sender)
    else:
        shown["sender_chat"] = chat_json(chat)
    if message.forward_origin:
        shown["forward_origin"] = message.forward_origin
    return shown


def _content(state: State, message: Message) -> Json:
    shown: Json = dict(message.service or {})
    if message.document:
        shown["document"] = document_json(message.document)
    if message.photo:
        shown["photo"] = photo_json(message.photo)
    if message.poll:
        shown["poll"] = message.poll.as_json()
    kind = "caption" if message.document or message.photo else "text"
    if message.text:
        shown[kind] = message.text
    if message.entities:
        key = "caption_entities" if kind == "caption" else "entities"
        shown[key] = [entity_json(state, entity) for entity in message.entities]
    return shown


def _reply(state: State, message: Message) -> Json:
    original = state.chats[message.chat_id].messages.get(message.reply_to or 0)
    if original is None:
        return {}
    shown: Json = {"reply_to_message": message_json(state, original, with_reply=False)}
    if message.quote:
        shown["quote"] = {"text": message.quote, "position": message.quote_position, "is_manual": True}
    return shown


def origin_json(message: Message) -> Json:
    """Return the MessageOrigin of a message's copy; one that was forwarded before keeps its own."""
    if message.forward_origin:
        return message.forward_origin
    origin: Json = {"type": "hidden_user", "sender_user_name": "?", "date": unix(message.date)}
    if message.sender:
        origin |= {"type": "user", "sender_user": person_json(message.sender)}
    return origin


def query_json(state: State, query: Query) -> Json:
    """Return a CallbackQuery; the message is inaccessible when it was deleted."""
    chat = state.chats[query.chat_id]
    message = chat.messages.get(query.message_id)
    gone = {"message_id": query.message_id, "date": 0, "chat": chat_json(chat)}
    return {
        "id": query.id,
        "from": person_json(query.person),
        "message": message_json(state, message) if message else gone,
        "chat_instance": str(7_000_000_000_000 + abs(chat.id)),
        "data": query.data,
    }
