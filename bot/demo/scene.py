"""What the demo plays with: its people and group, the clock, the faults that are on, how far the bot is.

The page's server and the bot's loop both look at it and change it, from two threads, under the state's lock.
It opens no database and runs nothing itself.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.demo.faults import ANY, Fault, flood, slow
from bot.demo.model import Chat
from bot.demo.people import User
from bot.demo.server import BotApiServer

CAST = Path(__file__).with_name("cast.json")
SLOW_SECONDS = 2
FLOOD_SECONDS = 5
OFTEN = 1_000_000
"""Calls: until it is switched off."""
FAULTS: dict[str, tuple[str, Fault, int]] = {
    "slow": (ANY, slow(SLOW_SECONDS), OFTEN),
    "flood": ("sendMessage", flood(FLOOD_SECONDS), 1),
}
"""Each fault that the page offers: the method that suffers, how, and how many times."""
LATEST = dt.timedelta(days=3650)
"""How far the clock can be moved; calendars need not work beyond."""


@dataclass(frozen=True)
class Library:
    """How far the documents are: how many of them are read, and what those that could not be said."""

    done: int = 0
    total: int = 0
    failed: tuple[tuple[str, str], ...] = ()


@dataclass
class Scene:
    """One run of the demo."""

    api: BotApiServer
    clock: Clock
    zone: str
    daily: str
    """The wall-clock time of the daily digest, e.g. 07:30."""
    users: dict[int, User] = field(default_factory=dict)
    admins: frozenset[int] = frozenset()
    bot: Literal["starting", "running", "stopped"] = "starting"
    library: Library = Library()
    call_bot: Callable[[bool], None] = lambda wanted: None
    """Asks the bot's loop to start or stop the bot."""

    def enter(self) -> None:
        """Let the people and the group come on."""
        cast = json.loads(CAST.read_text(encoding="utf-8"))
        for person in cast["people"]:
            self.users[person["id"]] = self.api.user(person["name"], person["language"], person["id"])
        self.admins = frozenset(person["id"] for person in cast["people"] if person["admin"])
        self.api.group(cast["group"], self.users.values(), supergroup=True)

    def members(self, chat: Chat) -> list[User]:
        """Return the people who can write in the chat."""
        if chat.type == "private":
            return [self.users[chat.id]]
        return [user for user in self.users.values() if user.id in chat.members]

    def set_bot(self, bot: Literal["starting", "running", "stopped"]) -> None:
        """Note how far the bot is."""
        with self.api.state.lock:
            self.bot = bot
            self.api.state.changed()

    def expect(self, documents: int) -> None:
        """Note that so many more documents will be read."""
        with self.api.state.lock:
            self.library = replace(self.library, total=self.library.total + documents)
            self.api.state.changed()

    def note_document(self, name: str, error: str | None) -> None:
        """Note that a document was read, or why it was not."""
        with self.api.state.lock:
            failed = self.library.failed + (((name, error),) if error else ())
            self.library = replace(self.library, done=self.library.done + 1, failed=failed)
            self.api.state.changed()

    def faults(self) -> dict[str, bool]:
        """Return which faults are still to happen."""
        return {name: self.api.faults.is_planned(fault) for name, (_, fault, _) in FAULTS.items()}

    def set_fault(self, name: str, on: bool) -> None:
        """Switch a fault on or off. Raises KeyError where there is none of that name."""
        with self.api.state.lock:
            wanted = {each for each, planned in (self.faults() | {name: on}).items() if planned}
            planned = [FAULTS[each] for each in sorted(wanted)]
            self.api.faults.clear()
            for method, fault, times in planned:
                self.api.faults.add(method, fault, times=times)
            self.api.state.changed()

    def move_clock(self, moment: dt.datetime) -> None:
        """Move the clock forward. Raises ValueError for a moment that is past, or years away."""
        with self.api.state.lock:
            if not self.clock.now() <= moment <= Clock().now() + LATEST:
                raise ValueError("the clock moves forward, by ten years at most")
            self.clock.move_to(moment)
            self.api.state.changed()

    def local_time(self) -> dt.datetime:
        """Return what the demo's wall clock shows."""
        return self.clock.now().astimezone(ZoneInfo(self.zone))
