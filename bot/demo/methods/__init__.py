"""The methods of the Bot API that the local server knows, by name in small letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.demo.methods import chats, files, messages, polls, profile, webhooks
from bot.demo.parameters import Parameters
from bot.demo.state import State

Method = Callable[[State, Parameters], Any]

METHODS: dict[str, Method] = {
    name.lower(): method
    for table in (
        messages.METHODS,
        files.METHODS,
        polls.METHODS,
        chats.METHODS,
        profile.METHODS,
        webhooks.METHODS,
    )
    for name, method in table.items()
}
"""getUpdates is not among them: it waits, and lives in `bot.demo.application`."""
