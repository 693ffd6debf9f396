"""The inbox: updates are stored before Telegram is told that they arrived, and answered from there.

Whatever brings them (polling, the webhook) hands them in here, and whoever answers them says when that is
done. What a process leaves behind when it dies is taken up by the next one, or by one beside it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database
from bot.received import (
    forget_numbers,
    give_up_leases,
    needs_looking_after,
    renew_leases,
    settle_updates,
    store_update,
    take_over,
)

log = logging.getLogger(__name__)

Body = dict[str, Any]
"""An update as Telegram writes it."""
Arrived = tuple[Sequence[Body], asyncio.Future[None]]
"""Updates that came together, and what tells that they are stored."""

LOOK_SECONDS = 5.0
"""How often leases are renewed, and what others left is looked for; a quarter of a lease."""
LEFT_AT_A_TIME = 8
"""Of what dead processes left, so many are begun at a time: what is begun and not on record as answered is
answered once more after the next kill."""
FORGET_EVERY = 720
"""Looks between two cleanings: an hour's."""


class NotStored(Exception):
    """Updates could not be stored, and are not acknowledged: Telegram sends them again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"updates cannot be stored ({reason}); Telegram will send them again")


class Inbox:
    """The updates of one process, known as `owner`; `answer` is handed each once, and does not wait."""

    def __init__(self, database: Database, clock: Clock, owner: str, answer: Callable[[Body], None]) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._answer = answer
        self._arrived: list[Arrived] = []
        self._storing = asyncio.Lock()
        self._answered: list[int] = []
        self._settling = asyncio.Lock()
        self._left: deque[Body] = deque()
        """What dead processes left and is not begun yet, oldest first."""
        self._begun: set[int] = set()
        """What of it is being answered."""
        self._mine: set[int] = set()
        """All that is this process' to answer, and not answered yet."""
        self._given: dict[int, int] = {}
        """How many answers to it are on record as sent, and not yet left out."""

    async def receive(self, bodies: Sequence[Body]) -> None:
        """Store the updates and let them be answered; those that were here before are left out.

        What comes while others are written is written with the next ones, in one transaction.
        """
        stored = asyncio.get_running_loop().create_future()
        self._arrived.append((bodies, stored))
        async with self._storing:
            together, self._arrived = self._arrived, []
            if together:
                await self._store(together)
        await stored

    async def settle(self, update_id: int) -> None:
        """Take the update for answered; several at a time are written in one transaction."""
        self._answered.append(update_id)
        async with self._settling:
            together, self._answered = self._answered, []
            try:
                if together:
                    await self._database.write(lambda session: settle_updates(session, together))
            except BaseException:
                self._answered += together  # the next one writes them
                raise
            finally:
                self._mine.discard(update_id)
                self._given.pop(update_id, None)
                self._begun.discard(update_id)  # whether that is written or not, others may be begun
        await self._begin_left()

    def was_given(self, update_id: int | None) -> bool:
        """Return whether the next answer to the update was given by a process that died after it.

        Each call is about one answer more: who begins an update anew gives the same ones in the same order.
        """
        given = self._given.get(update_id or 0, 0)
        if given:
            self._given[update_id or 0] = given - 1
        return given > 0

    async def take_up(self, *, is_alone: bool) -> None:
        """Let be answered what dead processes have left: all that there is, where this one is alone.

        Nothing is stored meanwhile: what Telegram sends again would pass for new between the take-over and
        this process' knowing of it.
        """
        now = self._clock.now()
        async with self._storing:
            left = await self._database.write(
                lambda session: take_over(session, self._owner, now, is_alone=is_alone)
            )
            self._mine |= {body["update_id"] for body, _ in left}
        if left:
            log.info("%s updates that were not answered are taken up again", len(left))
        self._left.extend(body for body, _ in left)
        self._given |= {body["update_id"]: answers for body, answers in left if answers}
        await self._begin_left()

    async def look_after(self) -> None:
        """Keep the leases, take up what others leave, and forget old numbers, until cancelled."""
        looks = 0
        while True:
            try:
                if looks % FORGET_EVERY == 0:
                    await self._database.write(lambda session: forget_numbers(session, self._clock.now()))
                await self._look()
            except Exception as error:  # the database may be away for a while
                log.warning("the inbox cannot be looked after: %s", type(error).__name__)
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)

    async def give_up(self) -> None:
        """Leave what is not answered to whoever comes next."""
        now = self._clock.now()
        await self._database.write(lambda session: give_up_leases(session, self._owner, now))

    async def _look(self) -> None:
        now = self._clock.now()
        if await self._database.read(lambda session: needs_looking_after(session, self._owner, now)):
            await self._database.write(lambda session: renew_leases(session, self._owner, now))
            await self.take_up(is_alone=False)

    async def _store(self, arrived: list[Arrived]) -> None:
        now = self._clock.now()

        def store(session: Session) -> list[Body]:
            bodies = {body["update_id"]: body for together, _ in arrived for body in together}
            new = [bodies[number] for number in bodies if number not in self._mine]
            return [body for body in new if store_update(session, body, self._owner, now)]

        try:
            new = await self._database.write(store)
        except BaseException as error:  # none of them may be acknowledged
            for _, stored in arrived:
                if not stored.done():
                    stored.set_exception(NotStored(type(error).__name__))
            if not isinstance(error, Exception):
                raise
            return
        self._mine |= {body["update_id"] for body in new}
        for _, stored in arrived:
            if not stored.done():
                stored.set_result(None)
        for body in new:
            await self._begin(body)

    async def _begin_left(self) -> None:
        while self._left and len(self._begun) < LEFT_AT_A_TIME:
            body = self._left.popleft()
            self._begun.add(body["update_id"])
            await self._begin(body)

    async def _begin(self, body: Body) -> None:
        try:
            self._answer(body)
        except Exception as error:  # of a kind that the library cannot read: it would come again for ever
            log.error("update %s cannot be read", body["update_id"], exc_info=error)
            await self.settle(body["update_id"])
