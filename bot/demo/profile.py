"""What the bot says of itself: its commands by scope and language, its name and descriptions by language."""

from __future__ import annotations

import json

from bot.demo.model import Chat, Json, Person

GROUPS = ("group", "supergroup")


class Profile:
    """The bot's commands and descriptions as they were set."""

    def __init__(self, name: str) -> None:
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """By scope (as canonical JSON) and language ("" for all others)."""
        self.texts: dict[tuple[str, str], str] = {("name", ""): name}
        """By what it is (name, description, short_description) and language."""

    def text(self, what: str, language: str) -> str:
        """Return the text for this language, else the one for all."""
        return self.texts.get((what, language)) or self.texts.get((what, ""), "")

    def menu(self, person: Person, chat: Chat) -> list[Json]:
        """Return the commands that this person is shown in this chat, by Telegram's order of scopes."""
        language = (person.language_code or "")[:2]
        for scope in _scopes(person, chat):
            for code in (language, ""):
                if (scope_key(scope), code) in self.commands:
                    return self.commands[scope_key(scope), code]
        return []


def scope_key(scope: Json) -> str:
    """Return one spelling for a scope."""
    return json.dumps(scope, sort_keys=True)


def _scopes(person: Person, chat: Chat) -> list[Json]:
    """After core.telegram.org/bots/api#determining-list-of-commands."""
    here = {"type": "chat", "chat_id": chat.id}
    if chat.type == "private":
        return [here, {"type": "all_private_chats"}, {"type": "default"}]
    admin = chat.is_admin(person.id)
    return [
        {"type": "chat_member", "chat_id": chat.id, "user_id": person.id},
        *([{"type": "chat_administrators", "chat_id": chat.id}] if admin else []),
        here,
        *([{"type": "all_chat_administrators"}] if admin else []),
        {"type": "all_group_chats"},
        {"type": "default"},
    ]
