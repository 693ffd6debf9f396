"""The inbox: updates are stored before Telegram is told that they arrived, and answered from there.

Whatever brings them (polling, the webhook) hands them in here, and whoever answers them says when that is
done. What a process leaves behind when it dies is taken up by the next one, or by one beside it.
"""

from __future__ import annotations

import asyncio
import logging
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
    settle_update,
    store_update,
    take_over,
)

log = logging.getLogger(__name__)

Body = dict[str, Any]
"""An update as Telegram writes it."""

LOOK_SECONDS = 5.0
"""How often leases are renewed, and what others left is looked for; a quarter of a lease."""
FORGET_EVERY = 720
"""Looks between two cleanings: an hour's."""


class Inbox:
    """The updates of one process, known as `owner`; `answer` is handed each once, and does not wait."""

    def __init__(self, database: Database, clock: Clock, owner: str, answer: Callable[[Body], None]) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._answer = answer

    async def receive(self, bodies: Sequence[Body]) -> None:
        """Store the updates and let them be answered; those that were here before are left out."""
        now = self._clock.now()

        def store(session: Session) -> list[Body]:
            return [body for body in bodies if store_update(session, body, self._owner, now)]

        for body in await self._database.write(store):
            await self._begin(body)

    async def settle(self, update_id: int) -> None:
        """Take the update for answered."""
        await self._database.write(lambda session: settle_update(session, update_id))

    async def take_up(self, *, is_alone: bool) -> None:
        """Let be answered what dead processes have left: all that there is, where this one is alone."""
        now = self._clock.now()
        left = await self._database.write(
            lambda session: take_over(session, self._owner, now, is_alone=is_alone)
        )
        if left:
            log.info("%s updates that were not answered are taken up again", len(left))
        for body in left:
            await self._begin(body)

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

    async def _begin(self, body: Body) -> None:
        try:
            self._answer(body)
        except Exception as error:  # of a kind that the library cannot read: it would come again for ever
            log.error("update %s cannot be read", body["update_id"], exc_info=error)
            await self.settle(body["update_id"])
