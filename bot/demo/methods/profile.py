"""The bot about itself: who it is, its commands, its name and descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.demo.access import find_chat
from bot.demo.errors import bad_request
from bot.demo.model import Json
from bot.demo.parameters import Parameters
from bot.demo.profile import scope_key
from bot.demo.state import State
from bot.demo.views import person_json

MAX_COMMANDS = 100
MAX_COMMAND_CHARS = 32
MAX_COMMAND_DESCRIPTION_CHARS = 256
MAX_CHARS = {"name": 64, "description": 512, "short_description": 120}
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
"""Each scope and what it must name."""


def get_me(state: State, given: Parameters) -> Json:
    """Return the bot."""
    return person_json(state.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(state: State, given: Parameters) -> bool:
    """Set the commands of one scope and language."""
    items = given.json("commands", "commands")
    if not isinstance(items, list):
        raise bad_request('parameter "commands" must be an Array')
    key = _key(state, given)
    if len(items) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    state.profile.commands[key] = [_command(item) for item in items]
    state.changed()
    return True


def get_my_commands(state: State, given: Parameters) -> list[Json]:
    """Return the commands of one scope and language."""
    return state.profile.commands.get(_key(state, given), [])


def delete_my_commands(state: State, given: Parameters) -> bool:
    """Forget the commands of one scope and language."""
    state.profile.commands.pop(_key(state, given), None)
    state.changed()
    return True


def _language(given: Parameters) -> str:
    language = given.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _key(state: State, given: Parameters) -> tuple[str, str]:
    scope = given.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in SCOPES[kind]:
        chat = find_chat(state, Parameters({"chat_id": scope.get("chat_id")}, {}))
        if chat.type == "private" and kind != "chat":
            raise bad_request("can't use specified scope in private chats")
        scope = scope | {"chat_id": chat.id}
    wanted = {name: scope.get(name) for name in ("type", *SCOPES[kind])}
    return scope_key(wanted), _language(given)


def _command(item: Json) -> Json:
    name = str(item.get("command", "")).strip().removeprefix("/")
    description = str(item.get("description", "")).strip()
    if not name:
        raise bad_request("Command must be non-empty")
    if len(name) > MAX_COMMAND_CHARS:
        raise bad_request(f"Command length must not exceed {MAX_COMMAND_CHARS}")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > MAX_COMMAND_DESCRIPTION_CHARS:
        raise bad_request(f"Command description length must not exceed {MAX_COMMAND_DESCRIPTION_CHARS}")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _setter(what: str) -> Callable[[State, Parameters], bool]:
    def set_text(state: State, given: Parameters) -> bool:
        text = given.text(what)
        if len(text) > MAX_CHARS[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        state.profile.texts[what, _language(given)] = text
        state.changed()
        return True

    return set_text


def _getter(what: str) -> Callable[[State, Parameters], Json]:
    return lambda state, given: {what: state.profile.text(what, _language(given))}


METHODS: dict[str, Callable[[State, Parameters], object]] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
