"""Pushing: what is due is claimed, packed, and handed to the sender.

One tick a second starts sends and does not wait for them, so that a slow one holds up no one but itself.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session
from telegram import Bot

from bot.access import Readers
from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.ledger import give_back, renew, take_over
from bot.delivery.outcomes import Outcome
from bot.delivery.parcel import Packer, Parcel
from bot.delivery.sending import IN_FLIGHT, Render, Sender
from bot.digest import repick
from bot.schedule.claim import claim_due, has_due, prepare_catalogues

log = logging.getLogger(__name__)

BATCH = 100
"""Rows claimed and not settled: four seconds' worth at the pace of the budget. Fewer cost more each."""
REFILL = BATCH // 4
"""Where more was due than a tick could claim, and so few are left, the next tick comes at once."""
RENEW_SECONDS = 15.0
"""How often a process says that it is alive, while it holds rows: four times in a lease."""
STOP_SECONDS = 10.0
"""How long a stop waits for the requests under way; hosts kill after 30 s."""


class Pusher:
    """Sends what the ledger holds for this process, which is known as `owner`, to those who may read it."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        clock: Clock,
        budget: Budget,
        render: Render,
        owner: str,
        readers: Readers,
    ) -> None:
        self.owner = owner
        self.readers = readers
        self._database = database
        self._clock = clock
        self._budget = budget
        self._packer = Packer(readers)
        self._sender = Sender(database, bot, clock, budget, render, owner)
        self._tick_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Outcome | None]] = set()
        self._held: set[int] = set()
        """The rows that `_tasks` are at work on."""
        self._ended = asyncio.Event()
        """Set whenever a send ends."""
        self._has_more = False
        """The last tick claimed all that there was room for."""
        self._refilling: asyncio.Task[None] | None = None
        self._renewed = clock.seconds()
        self._is_stopping = False

    @property
    def is_refused(self) -> bool:
        """Whether Telegram refused the token: nothing more is claimed."""
        return self._sender.is_refused

    @property
    def is_held_up(self) -> bool:
        """Whether nothing may be claimed now."""
        return self._is_stopping or self.is_refused or self._budget.is_paused

    async def tick(self) -> None:
        """Start sending what is due. One tick at a time; a second one returns at once."""
        await self.renew()
        if self._tick_lock.locked() or self.is_held_up:
            return
        async with self._tick_lock:
            await self._claim(BATCH - len(self._tasks))

    async def _claim(self, room: int) -> None:
        now = self._clock.now()
        if room <= 0 or not await self._database.read(lambda session: look(session, now, room)):
            return
        ids = await self._database.write(
            lambda session: claim_due(session, now, self.owner, room, self.readers)
        )
        self._has_more = len(ids) == room
        await self._start(ids)

    async def take(self, claim: Callable[[Session], list[int]]) -> bool:
        """Start sending the rows that `claim` makes this owner's, and return once there is room for more.

        False, and nothing is claimed, where this owner is about to stop or may not send.
        """
        async with self._tick_lock:
            if self._is_stopping or self.is_refused:
                return False
            await self._start(await self._database.write(claim))
        while len(self._tasks) > IN_FLIGHT:
            self._ended.clear()
            await self._ended.wait()
        return True

    def token_works(self) -> None:
        """Go on after a refusal: Telegram takes the token again."""
        self._sender.is_refused = False

    async def take_over(self) -> None:
        """Take what other processes hold: the caller knows that none of them is alive."""
        now = self._clock.now()
        await self._database.write(lambda session: take_over(session, self.owner, now))

    async def deliver(self, delivery_id: int, *, interactive: bool = False) -> Outcome | None:
        """Send a row that this owner has claimed, settle it, and return what became of it.

        None where the row is not ours (any more). `interactive` is for a reader who is waiting: he does not
        queue behind the pushes.
        """
        for parcel in await self._pack([delivery_id]):
            return await self._sender.send(parcel, interactive=interactive)
        return None

    async def stop(self) -> None:
        """Claim no more, give back what is not begun, and wait for the requests under way (10 s at most)."""
        self._is_stopping = True
        async with self._tick_lock:
            for task in self._tasks - self._sender.in_flight:
                task.cancel()
        if self._sender.in_flight:
            await asyncio.wait(self._sender.in_flight, timeout=STOP_SECONDS)
        now = self._clock.now()
        await self._database.write(lambda session: give_back(session, self.owner, now))

    async def wait(self) -> None:
        """Wait until every send that a tick has started is settled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def renew(self) -> None:
        """Say, now and then, that the rows held here are in work."""
        if self._clock.seconds() - self._renewed < RENEW_SECONDS:
            return
        self._renewed = self._clock.seconds()
        if self._held:
            ids, now = list(self._held), self._clock.now()
            await self._database.write(lambda session: renew(session, self.owner, ids, now))

    async def _start(self, ids: Sequence[int]) -> None:
        for parcel in await self._pack(ids) if ids else ():
            key = parcel.fence.delivery_id
            task = asyncio.create_task(self._sender.send(parcel), name=f"delivery {key}")
            self._tasks.add(task)
            self._held.add(key)
            task.add_done_callback(partial(self._end, key))

    def _end(self, delivery_id: int, task: asyncio.Task[Outcome | None]) -> None:
        self._tasks.discard(task)
        self._held.discard(delivery_id)
        self._ended.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s broke off", task.get_name(), exc_info=error)
        if self._has_more and len(self._tasks) <= REFILL:
            self._has_more = False
            self._refilling = asyncio.create_task(self.tick())

    async def _pack(self, ids: Sequence[int]) -> list[Parcel]:
        """Return parcels of the rows; what was frozen into one and is gone meanwhile is picked anew."""
        owner, readers, now = self.owner, self.readers, self._clock.now()
        parcels = await self._database.read(lambda session: self._packer.pack(session, ids, owner, now))
        empty = [parcel.fence for parcel in parcels if parcel.content is None]
        if not empty:
            return parcels

        def repick_all(session: Session) -> None:
            for fence in empty:
                repick(session, fence.delivery_id, owner, fence.attempts, now, readers)

        await self._database.write(repick_all)
        return await self._database.read(lambda session: self._packer.pack(session, ids, owner, now))


def look(session: Session, now: dt.datetime, limit: int) -> bool:
    """Return whether anything is due; what the claim will ask for is made then."""
    is_due = has_due(session, now)
    if is_due:
        prepare_catalogues(session, now, limit)
    return is_due
