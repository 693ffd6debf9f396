"""The pace of many processes on one PostgreSQL database: the points in time of `pace` are rows there.

Each question is one statement by the database's clock, committed at once: a process that freezes in the
middle holds up nobody. Nor is the disk waited for: what a power cut takes of it is the pace of a moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from bot.database import Database
from bot.delivery.pace import (
    CHAT_SECONDS,
    LONG_AGO,
    Lane,
    Permit,
    Taken,
    Told,
    answer_lane,
    push_lane,
    slot_seconds,
    tolerance_at,
)
from bot.delivery.shared_statements import FORGET, PARK, PAUSE, PREPARE, TAKE

FREE, PAID = "free", "paid"
"""Names of the rows of `rate_budget`."""
BLOCK, BLOCK_SECONDS = 4, 0.16
"""Permits that a process takes at a time, at most, and how long they may last: few questions, and few slots
that an answer has to wait for."""
PAID_BLOCK = 8
PAID_SLOT = 1 / 950
"""Seconds between paid messages: Telegram lets 1,000 a second pass, and they do not arrive as evenly as they
leave."""
PAID_LANE = Lane(horizon=0.03, early=0.0, chat_ahead=0.0)
MESSAGES_PER_STAR = 10
"""core.telegram.org/bots/api#sendmessage, allow_paid_broadcast: 0.1 Stars a message."""
UNBOUNDED = 2**62
NEVER = float("inf")
CLOCK_LOOKS = 50
"""Answers by which the database's clock is compared with ours: some seconds' worth, as clocks may be set."""

ASK_PAID_SECONDS = 60.0
"""How often it is looked whether another day has begun, where the day's ceiling is reached."""
FORGET_SECONDS = 60.0
"""How often a process deletes what holds up nothing any more."""


class SharedPace:
    """The pace of all processes on the database."""

    def __init__(self, rate: float, paid_stars: int, database: Database, clock: Callable[[], float]) -> None:
        self.tolerance = tolerance_at(rate)
        self._free_block = max(1, min(BLOCK, int(rate * BLOCK_SECONDS)))
        self.block = PAID_BLOCK if paid_stars else self._free_block
        self._slot = slot_seconds(rate)
        self._push, self._answer = push_lane(rate, self._free_block), answer_lane(rate)
        self._ceiling = paid_stars * MESSAGES_PER_STAR
        self._free_until = LONG_AGO if paid_stars else NEVER
        self._database = database
        self._clock = clock
        self._looks: deque[float] = deque(maxlen=CLOCK_LOOKS)
        """By how much our clock was ahead of the database's when its answers had arrived."""
        self._forgot = clock()
        database.run_write(lambda session: session.execute(PREPARE))

    @property
    def is_paid(self) -> bool:
        """Whether pushes may be sent as a paid broadcast: until the day's ceiling is reached."""
        return self._clock() >= self._free_until

    async def take(self, chats: Sequence[int], *, interactive: bool) -> Taken:
        """Take permits, as `Pace` says: for pushes the free ones first."""
        await self._forget()
        if interactive:
            return (await self._take(FREE, self._slot, chats, self._answer))[0]
        some, others = chats[: self._free_block], chats[self._free_block :]
        first, is_full = await self._take(FREE, self._slot, some, self._push)
        rest = [*(some if is_full else ()), *others]
        refused = dict.fromkeys(rest, Permit(False, max(first.again_at, first.paused_until)))
        if not rest or not self.is_paid or first.paused_until > self._clock():
            return replace(first, permits=first.permits | refused)
        more, is_full = await self._take(PAID, PAID_SLOT, rest, PAID_LANE)
        if is_full and max(more.again_at, more.paused_until) <= self._clock():
            self._free_until = self._clock() + ASK_PAID_SECONDS
            return replace(first, permits=first.permits | refused)
        return replace(more, permits=first.permits | more.permits)

    async def told_to_wait(self, chat_id: int, seconds: float) -> Told:
        """Let the chat wait, as `Pace` says."""
        told = {"chat_id": chat_id, "seconds": seconds}
        (chat,) = await self._database.at_once(PARK, told)
        rows = await self._database.at_once(PAUSE, {**told, "was_paced": chat.was_paced})
        return Told(chat.already, rows[0].paused_until + self._ahead(rows[0].now))

    async def _take(self, name: str, slot: float, chats: Sequence[int], lane: Lane) -> tuple[Taken, bool]:
        """Return what was granted, and whether the lane had no room though a chat was free."""
        asked = {
            "name": name,
            "chats": list(chats),
            "distance": slot,
            "ceiling": self._ceiling if name == PAID else UNBOUNDED,
            "horizon": lane.horizon,
            "early": lane.early,
            "chat_ahead": lane.chat_ahead,
        }
        rows = await self._database.at_once(TAKE, asked)
        ahead, one = self._ahead(rows[0].now), rows[0]
        permits = {row.chat_id: _permit(row, ahead) for row in rows}
        return Taken(permits, one.again_at + ahead, one.paused_until + ahead), one.is_full

    def _ahead(self, database_now: float) -> float:
        """Return by how much our clock is ahead of the database's: answers that came quickly tell it best."""
        self._looks.append(self._clock() - database_now)
        return min(self._looks)

    async def _forget(self) -> None:
        if self._clock() - self._forgot >= FORGET_SECONDS:
            self._forgot = self._clock()
            await self._database.at_once(FORGET, {})


def _permit(row: Row[Any], ahead: float) -> Permit:
    if row.is_granted:
        return Permit(True, row.slot + ahead)
    at = max(row.free_at, row.paused_until, row.again_at if row.is_full else 0)
    return Permit(False, (at if at > row.now else row.now + CHAT_SECONDS) + ahead)  # another was quicker
