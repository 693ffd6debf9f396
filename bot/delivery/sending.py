"""Sending: a parcel is rendered, paced, sent and settled.

`sending` is committed before the request: after a crash the ledger says exactly which messages are in doubt.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeAlias

from sqlalchemy.orm import Session
from telegram import Bot

from bot.clock import Clock
from bot.database import Database
from bot.delivery.attempts import send_on_record
from bot.delivery.budget import Budget
from bot.delivery.keeping import keep
from bot.delivery.ledger import Begun, Ended, give_up, put_back, write_steps
from bot.delivery.outcomes import Blocked, Failed, Outcome, Refused, Retry, Unknown
from bot.delivery.parcel import Parcel
from bot.delivery.send import send_message
from bot.digest import Digest, Finished
from bot.models import Delivery
from bot.render.message import Message
from bot.render.values import Shut
from bot.schedule.claim import LEASE
from bot.subscriptions import is_to_be_tried
from bot.together import Together

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Requests at a time. More make httpx slower, and more messages doubtful after a crash."""

GATHER_SECONDS = 0.1
"""How long a step of one message waits for those of others at most, to be committed with them: a commit costs
more than all that is written in it. None waits where no answer is awaited that could bring company."""
PACED_SECONDS = 0.02
"""Who waited longer for his permit waits for nobody: the budget holds him up, and the pace is to be even."""
TURNS = 2
"""Turns of the event loop between the beginnings of two requests. Of those that begin at once, httpcore sends
all to the same idle connection, and all but one back to ask again: it shows as taken two turns later only."""

Content: TypeAlias = Digest | Finished | Shut
Render = Callable[[Content, str], Message]
"""Turns what a row stands for, or a notice, into a message in the language named."""


class Sender:
    """Sends parcels of rows that this process holds, which is known as `owner`."""

    def __init__(
        self, database: Database, bot: Bot, clock: Clock, budget: Budget, render: Render, owner: str
    ) -> None:
        self.is_refused = False
        """Whether Telegram refused the token."""
        self.in_flight: set[asyncio.Task[object]] = set()
        """The tasks that have begun a request."""
        self._database = database
        self._bot = bot
        self._clock = clock
        self._budget = budget
        self._render = render
        self._owner = owner
        self._steps = Together(database, write_steps, IN_FLIGHT, GATHER_SECONDS)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._door = asyncio.Lock()
        """Where requests begin one after another."""
        self._requests = 0
        """How many are under way: what they come to is written together."""

    async def send(self, parcel: Parcel, *, interactive: bool = False) -> Outcome | None:
        """Send the parcel, settle its row, and return what became of it; None where it is not ours.

        `interactive` is for a reader who is waiting: he does not queue behind the pushes.
        """
        if parcel.content is None:
            return None
        try:
            message = self._render(parcel.content, parcel.language)
        except Exception as error:
            return await self._give_up(parcel, error)
        task = asyncio.current_task()
        assert task is not None
        try:
            return await self._send(task, parcel, message, interactive)
        finally:
            self.in_flight.discard(task)

    async def _send(
        self, task: asyncio.Task[object], parcel: Parcel, message: Message, interactive: bool
    ) -> Outcome | None:
        """The turn ends with the answer: what it was is written together with the next one's intent, and no
        more than `IN_FLIGHT` rows are ever on record as being sent by a push."""
        async with nullcontext() if interactive else self._slots:
            asked = self._clock.seconds()
            wait = await self._budget.acquire(parcel.chat_id, interactive=interactive)
            if wait > 0:
                return await self._put_back(parcel, wait)
            self.in_flight.add(task)
            is_paced = self._clock.seconds() - asked > PACED_SECONDS
            outcome = await self._begin(parcel, message, urgent=interactive or is_paced)
            if outcome is None:
                return None
            await self._heed(parcel, outcome)
            ended = self._clock.now()
            step = Ended(parcel.fence, outcome, ended)
            settled = self._add(step, urgent=interactive)
        await keep(settled, lambda: self._add(step), f"delivery {parcel.fence.delivery_id}")
        if isinstance(outcome, Blocked):
            await self._tell_who_brought_it(parcel, outcome, ended)
        return outcome

    async def _put_back(self, parcel: Parcel, wait: float) -> Outcome:
        not_before = self._clock.now() + dt.timedelta(seconds=wait)
        await self._database.write(lambda session: put_back(session, parcel.fence, not_before))
        return Retry("too fast for this chat", wait)

    def _add(self, step: Begun | Ended, *, urgent: bool = False) -> asyncio.Future[bool]:
        return self._steps.add(step, urgent=urgent or not self._requests)

    async def _begin(self, parcel: Parcel, message: Message, *, urgent: bool) -> Outcome | None:
        began = self._clock.now()
        if not await self._add(Begun(parcel.fence, parcel.chat_id, began), urgent=urgent):
            return None
        async with self._door:
            for _ in range(TURNS):
                await asyncio.sleep(0)
        if self._clock.now() - began < LEASE / 2:  # the request is to be over before others look for it
            return await self._request(parcel, message)
        return Retry("too late to begin")  # asleep since: the row may be another's

    async def _give_up(self, parcel: Parcel, error: Exception) -> Outcome:
        log.error("delivery %s cannot be rendered", parcel.fence.delivery_id, exc_info=error)
        reason, now = f"cannot be rendered: {type(error).__name__}", self._clock.now()
        await self._database.write(lambda session: give_up(session, parcel.fence, reason, now))
        return Failed(reason)

    async def _request(self, parcel: Parcel, message: Message) -> Outcome:
        chat_id, thread_id, may_cost = parcel.chat_id, parcel.thread_id, self._budget.is_paid
        self._requests += 1
        try:
            return await send_message(
                self._bot, chat_id, thread_id, message, parcel.silent, may_cost=may_cost
            )
        finally:
            self._requests -= 1

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
                self._owner,
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


def was_shut_at(session: Session, delivery_id: int, moment: dt.datetime) -> bool:
    """Return whether the row's target was set aside at that moment, not before; nor a day before, to be tried
    once more now."""
    row = session.get(Delivery, delivery_id)
    target = row.subscription.target if row is not None else None
    return target is not None and target.blocked_at == moment and is_to_be_tried(target)
