"""The bot's queue of updates: what waits, what it wants to hear of, who is receiving."""

from __future__ import annotations

import secrets

from bot.demo.model import Json

OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it asks for them by name."""
FIRST_UPDATE_IDS = 100_000_000, 900_000_000
"""Where Telegram may begin to count, after a quiet week anywhere: a number must not come again."""


class Updates:
    """Updates in the order of their ids; the bot confirms them by asking for later ones."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.allowed: frozenset[str] = frozenset()
        """Kinds that the bot asked for; empty: all but `OPT_IN`."""
        self.webhook: Json = {}
        """The webhook's settings, and what went wrong with it; empty: none."""
        self.secret = ""
        """What goes with each update to the webhook, so that the bot knows the sender."""
        first, last = FIRST_UPDATE_IDS
        self._next_id = first + secrets.randbelow(last - first)
        self._poll = 0

    def add(self, kind: str, content: Json) -> None:
        """Queue an update of this kind, if the bot wants it."""
        wanted = kind in self.allowed if self.allowed else kind not in OPT_IN
        if wanted:
            self.waiting.append({"update_id": self._next_id, kind: content})
            self._next_id += 1

    def start_poll(self) -> int:
        """Return a number for a new getUpdates; every earlier one is over."""
        self._poll += 1
        return self._poll

    def is_current(self, poll: int) -> bool:
        """Whether no other getUpdates came after this one."""
        return poll == self._poll

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one counts from the end."""
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]

    def forget(self, update: Json) -> None:
        """Forget an update that the webhook has taken."""
        self.waiting = [other for other in self.waiting if other is not update]
