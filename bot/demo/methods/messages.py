"""Messages: sending, changing, deleting, answering presses."""

from __future__ import annotations

from typing import Any

from bot.demo.access import find_chat, find_message, find_open_chat, find_thread
from bot.demo.entities import utf16_length
from bot.demo.errors import bad_request
from bot.demo.formatting import format_text
from bot.demo.keyboards import read_markup
from bot.demo.model import Chat, Json, Message, Toast
from bot.demo.parameters import Parameters
from bot.demo.state import State
from bot.demo.views import message_json, origin_json

MAX_ANSWER_CHARS = 200
"""Of a toast."""
MEDIA = ("photo", "video", "voice", "document", "video_note")
CHAT_ACTIONS = frozenset(
    [
        *("typing", "choose_sticker", "find_location"),
        *(f"{verb}_{medium}" for verb in ("upload", "record") for medium in MEDIA),
    ]
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def send_message(state: State, given: Parameters) -> Json:
    """Store a text message and return it."""
    chat = find_open_chat(state, given)
    text, entities = format_text(
        given.text("text"), given.text("parse_mode"), given.json("entities", "entities") or []
    )
    fields = common_fields(state, chat, given)
    preview = link_preview_off(given)
    message = state.add_message(
        chat, author(state, chat), text=text, entities=entities, link_preview_off=preview, **fields
    )
    return message_json(state, message)


def author(state: State, chat: Chat) -> Any:
    """Return who appears as the sender of what the bot sends: in a channel, the channel."""
    return None if chat.type == "channel" else state.bot


def link_preview_off(given: Parameters) -> bool:
    """Return whether the call wants no preview of links."""
    options = given.json("link_preview_options", "link preview options") or {}
    return bool(options.get("is_disabled")) or given.flag("disable_web_page_preview")


def common_fields(state: State, chat: Chat, given: Parameters) -> Json:
    """Return what every kind of message has: keyboard, topic, reply, silence. Raises ApiError."""
    return {
        "by_bot": True,
        "reply_markup": read_markup(given),
        "thread_id": find_thread(state, chat, given),
        "silent": given.flag("disable_notification"),
        "protected": given.flag("protect_content"),
        **_reply_fields(chat, given),
    }


def _reply_fields(chat: Chat, given: Parameters) -> Json:
    reply: Json = given.json("reply_parameters", "reply parameters") or {}
    message_id = reply.get("message_id") or given.number("reply_to_message_id")
    if not message_id:
        return {}
    original = chat.messages.get(int(message_id))
    if original is None:
        if reply.get("allow_sending_without_reply") or given.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = reply.get("quote", "")
    if quote not in original.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = utf16_length(original.text.partition(quote)[0]) if quote else 0
    return {"reply_to": original.message_id, "quote": quote or None, "quote_position": position}


def _find_own(state: State, given: Parameters) -> Message:
    chat = find_chat(state, given)
    message = find_message(chat, given, "edit")
    if not message.by_bot or message.forward_origin:
        raise bad_request("message can't be edited")
    return message


def edit_message_text(state: State, given: Parameters) -> Json:
    """Change a message's text, formatting and keyboard; a keyboard that is not given is taken away."""
    message = _find_own(state, given)
    if message.document or message.photo or message.poll:
        raise bad_request("there is no text in the message to edit")
    text, entities = format_text(
        given.text("text"), given.text("parse_mode"), given.json("entities", "entities") or []
    )
    return _change(
        state,
        message,
        text=text,
        entities=entities,
        reply_markup=read_markup(given),
        link_preview_off=link_preview_off(given),
    )


def edit_message_reply_markup(state: State, given: Parameters) -> Json:
    """Change a message's keyboard, or take it away."""
    return _change(state, _find_own(state, given), reply_markup=read_markup(given))


def _change(state: State, message: Message, **fields: Any) -> Json:
    if all(getattr(message, name) == value for name, value in fields.items()):
        raise bad_request(NOT_MODIFIED)
    return message_json(state, state.change_message(message, edited_at=state.now(), **fields))


def delete_message(state: State, given: Parameters) -> bool:
    """Delete a message: the bot's own, any in a private chat, any where the bot is an admin."""
    chat = find_chat(state, given)
    message = find_message(chat, given, "delete")
    if not (message.by_bot or chat.type == "private" or chat.is_admin(state.bot.id)):
        raise bad_request("message can't be deleted")
    del chat.messages[message.message_id]
    state.changed()
    return True


def answer_callback_query(state: State, given: Parameters) -> bool:
    """Answer a press, once."""
    query = state.queries.get(given.text("callback_query_id"))
    if query is None or not query.open:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = given.text("text")
    if len(text) > MAX_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    query.open = False
    toast = Toast(query.id, query.person.id, text, given.flag("show_alert"), given.text("url") or None)
    state.toasts.append(toast)
    state.changed()
    return True


def send_chat_action(state: State, given: Parameters) -> bool:
    """Show that the bot is typing."""
    find_thread(state, find_open_chat(state, given), given)
    if given.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def copy_message(state: State, given: Parameters) -> Json:
    """Send a copy that does not name its source; return its number."""
    original = _find_source(state, given, "copy")
    return {"message_id": _send_again(state, given, original).message_id}


def forward_message(state: State, given: Parameters) -> Json:
    """Send a copy that names its source, and return it."""
    original = _find_source(state, given, "forward")
    copy = _send_again(state, given, original, forward_origin=origin_json(original))
    return message_json(state, copy)


def _find_source(state: State, given: Parameters, purpose: str) -> Message:
    source = find_message(find_chat(state, given, "from_chat_id"), given, purpose)
    if source.service:
        raise bad_request(f"message can't be {'copied' if purpose == 'copy' else 'forwarded'}")
    return source


def _send_again(state: State, given: Parameters, original: Message, **fields: Any) -> Message:
    chat = find_open_chat(state, given)
    common = common_fields(state, chat, given)
    return state.add_message(chat, author(state, chat), **original.content, **common, **fields)


def set_message_reaction(state: State, given: Parameters) -> bool:
    """Put the bot's reaction on a message, or take it away."""
    message = find_message(find_open_chat(state, given), given, "react")
    reaction = given.json("reaction", "reaction") or []
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    state.change_message(message, reaction=tuple(reaction))
    return True


METHODS = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "setMessageReaction": set_message_reaction,
}
