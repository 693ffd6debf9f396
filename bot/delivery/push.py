"""Pushing: what is due is claimed, rendered, paced, sent and settled.

One tick a second starts sends and does not wait for them, so that a slow one holds up no one but itself.
`sending` is committed before the request: after a crash the ledger says exactly which messages are in doubt.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session
from telegram import Bot

from bot.access import Readers
from bot.clock import Clock
from bot.database import Database
from bot.delivery.attempts import send_on_record
from bot.delivery.budget import Budget
from bot.delivery.ledger import (
    Begun,
    Ended,
    give_back,
    give_up,
    put_back,
    renew,
    take_over,
    write_steps,
)
from bot.delivery.outcomes import Blocked, Failed, Outcome, Refused, Retry, Unknown
from bot.delivery.parcel import Packer, Parcel
from bot.delivery.send import send_message
from bot.digest import Digest, Finished, repick
from bot.models import Delivery
from bot.render.message import Message
from bot.render.values import Shut
from bot.schedule.claim import LEASE, claim_due, has_due, prepare_catalogues
from bot.together import Together

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Requests at a time. More make httpx slower, and more messages doubtful after a crash."""
BATCH = 50
"""Rows claimed and not settled: two seconds' worth at the pace of the budget."""
REFILL = BATCH // 2
"""Where more was due than a tick could claim, and so few are left, the next tick comes at once."""
RENEW_SECONDS = 15.0
"""How often a process says that it is alive, while it holds rows: four times in a lease."""
STOP_SECONDS = 10.0
"""How long a stop waits for the requests under way; hosts kill after 30 s."""

Content: TypeAlias = Digest | Finished | Shut
Render = Callable[[Content, str], Message]
"""Turns what a row stands for, or a notice, into a message in the language named."""


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
        self.is_refused = False
        """Whether Telegram refused the token: nothing more is claimed."""
        self._database = database
        self._bot = bot
        self._clock = clock
        self._budget = budget
        self._render = render
        self._packer = Packer(readers)
        self._steps = Together(database, write_steps, IN_FLIGHT)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._tick_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Outcome | None]] = set()
        self._in_flight: set[asyncio.Task[object]] = set()
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
        self.is_refused = False

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
            return await self._deliver(parcel, interactive=interactive)
        return None

    async def _deliver(self, parcel: Parcel, *, interactive: bool = False) -> Outcome | None:
        if parcel.content is None:
            return None
        try:
            message = self._render(parcel.content, parcel.language)
        except Exception as error:
            return await self._give_up(parcel, error)
        if interactive:
            return await self._send_in_turn(parcel, message, interactive)
        async with self._slots:
            return await self._send_in_turn(parcel, message, interactive)

    async def stop(self) -> None:
        """Claim no more, give back what is not begun, and wait for the requests under way (10 s at most)."""
        self._is_stopping = True
        async with self._tick_lock:
            for task in self._tasks - self._in_flight:
                task.cancel()
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=STOP_SECONDS)
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
            task = asyncio.create_task(self._deliver(parcel), name=f"delivery {key}")
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

    async def _give_up(self, parcel: Parcel, error: Exception) -> Outcome:
        log.error("delivery %s cannot be rendered", parcel.fence.delivery_id, exc_info=error)
        reason, now = f"cannot be rendered: {type(error).__name__}", self._clock.now()
        await self._database.write(lambda session: give_up(session, parcel.fence, reason, now))
        return Failed(reason)

    async def _send_in_turn(self, parcel: Parcel, message: Message, interactive: bool) -> Outcome | None:
        wait = await self._budget.acquire(parcel.chat_id, interactive=interactive)
        if wait > 0:
            not_before = self._clock.now() + dt.timedelta(seconds=wait)
            await self._database.write(lambda session: put_back(session, parcel.fence, not_before))
            return Retry("too fast for this chat", wait)
        task = asyncio.current_task()
        assert task is not None
        self._in_flight.add(task)
        try:
            return await self._send(parcel, message)
        finally:
            self._in_flight.discard(task)

    async def _send(self, parcel: Parcel, message: Message) -> Outcome | None:
        began = self._clock.now()
        if not await self._steps.write(Begun(parcel.fence, parcel.chat_id, began)):
            return None
        if self._clock.now() - began < LEASE:
            outcome = await send_message(self._bot, parcel.chat_id, parcel.thread_id, message, parcel.silent)
        else:  # asleep since: the row may be another's
            outcome = Retry("too late to begin")
        ended = self._clock.now()
        await self._steps.write(Ended(parcel.fence, outcome, ended))
        await self._heed(parcel, outcome)
        if isinstance(outcome, Blocked):
            await self._tell_who_brought_it(parcel, outcome, ended)
        return outcome

    async def _tell_who_brought_it(self, parcel: Parcel, outcome: Blocked, ended: dt.datetime) -> None:
        """Say once that a group or topic is shut to the bot; nobody there could read it."""
        person, key = parcel.bound_by, parcel.fence.delivery_id
        if person is None or not await self._database.read(lambda session: was_shut_at(session, key, ended)):
            return
        notice = self._render(Shut(parcel.chat_id, parcel.thread_id, outcome.reason), parcel.language)
        if await self._budget.acquire(person, interactive=True) == 0:
            await send_on_record(
                self._database,
                self._clock,
                self.owner,
                person,
                lambda: send_message(self._bot, person, 0, notice, silent=False),
            )

    async def _heed(self, parcel: Parcel, outcome: Outcome) -> None:
        """Let what Telegram said of one message hold for the next ones."""
        match outcome:
            case Retry(after=float(seconds)):
                await self._budget.told_to_wait(parcel.chat_id, seconds)
            case Refused():
                self.is_refused = True
                log.error("Telegram refuses the token; nothing is sent until it is mended")
            case Failed(reason) | Unknown(reason):
                log.warning("delivery %s: %s", parcel.fence.delivery_id, reason)


def look(session: Session, now: dt.datetime, limit: int) -> bool:
    """Return whether anything is due; what the claim will ask for is made then."""
    is_due = has_due(session, now)
    if is_due:
        prepare_catalogues(session, now, limit)
    return is_due


def was_shut_at(session: Session, delivery_id: int, moment: dt.datetime) -> bool:
    """Return whether the row's target was set aside at that moment, not before."""
    row = session.get(Delivery, delivery_id)
    return row is not None and row.subscription.target.blocked_at == moment
