"""The rate budget: how fast this process may send, over all and to each chat. Knows no bot.

Telegram allows about 30 messages a second in all, one a second to a chat, 20 a minute to a group. Pushes
wait for the pace; an answer to someone who waits may run a few messages ahead of it, and pushes make room.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.database import Database
from bot.settings import Settings

MOST_PER_SECOND = 30
"""Messages a second in all: Telegram speaks of “about 30”. What `SEND_RATE` leaves of them is for answers."""
CHAT_SECONDS = 1.0
"""Least distance of two messages to one chat."""
CHAT_AHEAD = 4
"""Answers in quick succession to one chat, as when somebody turns pages; then they keep the distance on
average. Telegram speaks of “short bursts” that it lets pass."""
GROUP_MINUTE = 20
"""Messages to one group in any 60 seconds."""
LONGEST_WAIT = 1.1
"""Seconds that a push waits for its permit: it holds up others. For longer it goes back into the ledger. A
probe that follows another one waits `CHAT_SECONDS`."""
PATIENCE = 10.0
"""Seconds that an answer waits for its permit; it holds up no one."""
ALARM_SECONDS = 10.0
"""Two chats that are told to wait within this time mean that the whole bot is."""
MOST_CHATS = 10_000
"""Chats remembered before those that were quiet for a minute are forgotten."""
LONG_AGO = float("-inf")

Sleep = Callable[[float], Awaitable[None]]


def build_budget(settings: Settings, database: Database, clock: Clock) -> Budget:
    """Return the budget of this process."""
    return Budget(settings.send_rate, clock.seconds)


class Budget:
    """Permits to send. Chats are known by id; negative ids are groups and channels."""

    def __init__(self, rate: float, clock: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
        self._rate = rate
        self._ahead = (MOST_PER_SECOND - rate) / rate
        self._clock = clock
        self._sleep = sleep
        self._next = LONG_AGO
        self._paused_until = LONG_AGO
        self._parked_until: dict[int, float] = {}
        self._sent: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=GROUP_MINUTE))
        self._last_alarm: tuple[int, float] | None = None

    @property
    def is_paused(self) -> bool:
        """Whether Telegram told the whole bot to wait."""
        return self._clock() < self._paused_until

    async def acquire(self, chat_id: int, *, interactive: bool = False) -> float:
        """Wait for the permit to send one message to the chat, and return 0.

        Where that would take too long (1 s for a push, 10 s for an answer), return at once the seconds to
        wait, without a permit.
        """
        longest = PATIENCE if interactive else LONGEST_WAIT
        while (wait := self.reserve(chat_id, interactive=interactive)) > 0:
            if wait > longest:
                return wait
            await self._sleep(wait)
        return 0.0

    def reserve(self, chat_id: int, *, interactive: bool = False) -> float:
        """Take the permit and return 0, or return after how many seconds to ask again."""
        now = self._clock()
        wait = max(self._wait_of_all(now, interactive), self._wait_of_chat(chat_id, now, interactive))
        if wait <= 0:
            self._next = max(self._next, now) + 1 / self._rate
            self._sent[chat_id].append(now)
            self._forget(now)
        return max(wait, 0.0)

    async def park(self, chat_id: int, seconds: float) -> None:
        """Send nothing to the chat for so long: Telegram said so (429). Two chats at a time pause all."""
        now = self._clock()
        self._parked_until[chat_id] = now + seconds
        last, self._last_alarm = self._last_alarm, (chat_id, now)
        if last is not None and last[0] != chat_id and now - last[1] <= ALARM_SECONDS:
            self._paused_until = max(self._paused_until, now + seconds)

    def _wait_of_all(self, now: float, interactive: bool) -> float:
        ahead = self._ahead if interactive else 0.0
        return max(self._next - ahead, self._paused_until) - now

    def _wait_of_chat(self, chat_id: int, now: float, interactive: bool) -> float:
        parked = self._parked_until.get(chat_id, LONG_AGO)
        sent = self._sent.get(chat_id)
        if not sent:
            return parked - now
        full = chat_id < 0 and len(sent) == GROUP_MINUTE
        burst = CHAT_AHEAD if interactive else 1
        paced = sent[-burst] + burst * CHAT_SECONDS if len(sent) >= burst else LONG_AGO
        return max(parked, paced, sent[0] + 60 if full else LONG_AGO) - now

    def _forget(self, now: float) -> None:
        if len(self._sent) <= MOST_CHATS:
            return
        for chat_id in [chat_id for chat_id, sent in self._sent.items() if sent[-1] < now - 60]:
            del self._sent[chat_id]
        self._parked_until = {chat: until for chat, until in self._parked_until.items() if until > now}
