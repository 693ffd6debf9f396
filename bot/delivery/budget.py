"""The rate budget: who wants to send asks here, and waits for his turn. Knows no bot.

Telegram allows about 30 messages a second in all, one a second to a chat, 20 a minute to a group. Pushes
wait for the pace; an answer to someone who waits may run a few messages ahead of it, and pushes make room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.database import Database
from bot.delivery.pace import LONG_AGO, PATIENCE, LocalPace, Pace, Permit
from bot.delivery.shared_pace import SharedPace
from bot.settings import Settings

LONGEST_WAIT = 1.1
"""Seconds that a push waits for its permit: it holds up others. For longer it goes back into the ledger."""
TELL_SECONDS = 60.0
"""The admins are told of a longer wait."""

Sleep = Callable[[float], Awaitable[None]]


def build_budget(settings: Settings, database: Database, clock: Clock) -> Budget:
    """Return this process' part in the budget: of its own on SQLite, one for all processes on PostgreSQL."""
    rate = settings.send_rate
    if database.is_sqlite:
        return Budget(LocalPace(rate, clock.seconds), clock.seconds)
    return Budget(SharedPace(rate, settings.paid_broadcast_stars, database, clock.seconds), clock.seconds)


@dataclass(frozen=True)
class Flood:
    """Telegram told us to wait for longer than a minute."""

    chat_id: int
    seconds: float
    is_for_all: bool
    """Nothing could be sent to anybody meanwhile."""


class Budget:
    """Permits to send. Chats are known by id; negative ids are groups and channels."""

    def __init__(self, pace: Pace, clock: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
        self.floods: list[Flood] = []
        """What the admins have not been told yet."""
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._lock = asyncio.Lock()
        self._asking: list[tuple[int, asyncio.Future[Permit]]] = []
        """Pushes that wait for an answer, in their order."""
        self._again_at = LONG_AGO
        """Before that no push need ask."""
        self._paused_until = LONG_AGO

    @property
    def is_paused(self) -> bool:
        """Whether Telegram told the whole bot to wait."""
        return self._clock() < self._paused_until

    @property
    def is_paid(self) -> bool:
        """Whether pushes may be sent as a paid broadcast at the moment."""
        return self._pace.is_paid

    async def acquire(
        self, chat_id: int, *, interactive: bool = False, longest: float | None = None
    ) -> float:
        """Wait for the permit to send one message to the chat, and return 0.

        Where that would take longer than `longest` (1 s for a push, 10 s for an answer, unless it is given),
        return at once the seconds to wait, without a permit.
        """
        longest = longest or (PATIENCE if interactive else LONGEST_WAIT)
        tolerance = self._pace.tolerance
        while True:
            permit = await (self._ask_now(chat_id) if interactive else self._ask_in_turn(chat_id))
            wait = permit.at - self._clock()
            if not permit.is_granted and wait > longest:
                return wait
            await self._sleep(max(wait, 0.0))
            if permit.is_granted and self._clock() <= permit.at + tolerance:
                return 0.0
            if permit.is_granted:  # too late, as after a sleep: others may have sent since
                tolerance *= 2  # but who is slow for good is to send at last

    async def told_to_wait(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long: Telegram said so (429). It may mean all chats."""
        paused = self._paused_until - self._clock()
        told = await self._pace.told_to_wait(chat_id, seconds)
        self._paused_until = max(self._paused_until, told.paused_until)
        if paused <= TELL_SECONDS < (now_paused := self._paused_until - self._clock()):
            self.floods.append(Flood(chat_id, now_paused, is_for_all=True))
        elif told.already <= TELL_SECONDS < seconds:
            self.floods.append(Flood(chat_id, seconds, is_for_all=False))

    async def _ask_now(self, chat_id: int) -> Permit:
        taken = await self._pace.take([chat_id], interactive=True)
        self._paused_until = max(self._paused_until, taken.paused_until)
        return taken.permits[chat_id]

    async def _ask_in_turn(self, chat_id: int) -> Permit:
        """Return what is said to one push; whoever is first asks for those behind him as well."""
        answer: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
        asking = (chat_id, answer)
        self._asking.append(asking)
        try:
            async with self._lock:
                if not answer.done():
                    await self._ask_for_several()
            return answer.result()
        finally:
            self._asking.remove(asking)

    async def _ask_for_several(self) -> None:
        """Ask for the first that wait, each chat once."""
        group: dict[int, asyncio.Future[Permit]] = {}
        for chat_id, answer in self._asking:
            if len(group) < self._pace.block and not answer.done():
                group.setdefault(chat_id, answer)
        permits = await self._permits(list(group))
        for chat_id, answer in group.items():
            answer.set_result(permits[chat_id])

    async def _permits(self, chats: list[int]) -> dict[int, Permit]:
        if self._clock() < self._again_at:
            return dict.fromkeys(chats, Permit(False, self._again_at))
        taken = await self._pace.take(chats, interactive=False)
        self._again_at = taken.again_at
        self._paused_until = max(self._paused_until, taken.paused_until)
        return taken.permits
