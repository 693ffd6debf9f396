"""Waiting for what the bot does: from a test's thread, or from its event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.demo.model import Message, Query, Toast
from bot.demo.people import HasId
from bot.demo.state import State

T = TypeVar("T")
DEFAULT_TIMEOUT = 30.0
"""Seconds: only what goes wrong takes so long, or a machine that is very busy."""
LOOK_AGAIN = 0.02
"""Seconds; a change of the server's state wakes those who wait, other things do not."""


class Waiting:
    """Waits until something is so: `wait_for…` blocks the thread, the others are awaited in an event loop."""

    state: State

    def wait_for(self, condition: Callable[[], T], timeout: float = DEFAULT_TIMEOUT) -> T:
        """Return the condition's value as soon as it is true. Raises TimeoutError after so many seconds."""
        deadline = time.monotonic() + timeout
        while not (value := condition()):
            if time.monotonic() >= deadline:
                raise TimeoutError(f"not so after {timeout:g} s; {self._situation()}")
            with self.state.lock:
                self.state.lock.wait(LOOK_AGAIN)
        return value

    def wait_for_message(
        self, chat: HasId, after: Message | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> Message:
        """Return the bot's first message after `after`, or after the last message that is not the bot's."""
        start = after.message_id if after else self._last_word(chat)

        def message() -> Message | None:
            own = (m for m in self._messages(chat) if m.by_bot)
            return next((m for m in own if m.message_id > start), None)

        found = self.wait_for(message, timeout)
        assert found
        return found

    def wait_for_edit(self, message: Message, timeout: float = DEFAULT_TIMEOUT) -> Message:
        """Return the message as soon as it is no longer as given."""

        def changed() -> Message | None:
            current = self.state.chats[message.chat_id].messages.get(message.message_id)
            return current if current != message else None

        found = self.wait_for(changed, timeout)
        assert found
        return found

    def wait_for_toast(self, query: Query, timeout: float = DEFAULT_TIMEOUT) -> Toast:
        """Return how the bot answered this press."""

        def answer() -> Toast | None:
            return next((toast for toast in self.state.toasts if toast.query_id == query.id), None)

        found = self.wait_for(answer, timeout)
        assert found
        return found

    def until(self, condition: Callable[[], T], timeout: float = DEFAULT_TIMEOUT) -> Awaitable[T]:
        """Like wait_for; the condition is asked in another thread."""
        return asyncio.to_thread(self.wait_for, condition, timeout)

    def message(
        self, chat: HasId, after: Message | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> Awaitable[Message]:
        """Like wait_for_message."""
        return asyncio.to_thread(self.wait_for_message, chat, after, timeout)

    def edit(self, message: Message, timeout: float = DEFAULT_TIMEOUT) -> Awaitable[Message]:
        """Like wait_for_edit."""
        return asyncio.to_thread(self.wait_for_edit, message, timeout)

    def toast(self, query: Query, timeout: float = DEFAULT_TIMEOUT) -> Awaitable[Toast]:
        """Like wait_for_toast."""
        return asyncio.to_thread(self.wait_for_toast, query, timeout)

    def _messages(self, chat: HasId) -> list[Message]:
        return list(self.state.chats[chat.id].messages.values())

    def _last_word(self, chat: HasId) -> int:
        with self.state.lock:
            others = [m.message_id for m in self._messages(chat) if not m.by_bot]
        return max(others, default=0)

    def _situation(self) -> str:
        calls = [f"{call.method} {call.status} {call.description or ''}".strip() for call in self.state.calls]
        waiting = len(self.state.updates.waiting)
        return f"last calls: {calls[-5:]}, updates not yet taken: {waiting}"
