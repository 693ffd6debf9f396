"""The turn to poll: one process on a database has it, for two that poll would refuse each other (409)."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database
from bot.polling import Poller
from bot.tasks import cancel

log = logging.getLogger(__name__)

RUNNING = "running"
"""The lock of the process that receives updates."""
LOOK_SECONDS = 5.0
"""How often who waits asks for the turn, and who has it looks whether it is his still."""


class Turn:
    """This process' turn, which ends with the block; entered when it has come."""

    def __init__(self, database: Database) -> None:
        self._lock = database.make_lock(RUNNING)

    async def __aenter__(self) -> Turn:
        """Wait for it."""
        await self.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let others have it."""
        self._lock.release()

    async def wait(self) -> None:
        """Return once no other process receives updates, and it is our turn."""
        if not await self._take():
            log.warning(
                "another process receives the updates of this database (rizhi run or rizhi web); "
                "this one waits until that one has ended"
            )
            while not await self._take():  # noqa: ASYNC110  another process rings no bell
                await asyncio.sleep(LOOK_SECONDS)
            log.info("the other process has ended; this one goes on in its place")

    async def lost(self) -> None:
        """Return when it is not ours any more: the connection that held it broke."""
        while await asyncio.to_thread(self._lock.is_held):  # noqa: ASYNC110  nor does a connection
            await asyncio.sleep(LOOK_SECONDS)

    async def _take(self) -> bool:
        try:
            return await asyncio.to_thread(self._lock.take)
        except SQLAlchemyError as error:
            log.warning("the database does not say who receives updates: %s", type(error).__name__)
            return False


async def poll_in_turn(poller: Poller, turn: Turn) -> None:
    """Poll while it is our turn, then wait for the next one, until cancelled. Raises TokenRefused."""
    while True:
        polling = asyncio.create_task(poller.run())
        losing = asyncio.create_task(turn.lost())
        try:
            await asyncio.wait({polling, losing}, return_when=asyncio.FIRST_COMPLETED)
            if polling.done():
                return polling.result()
        finally:
            await cancel(polling, losing)
        log.warning("the connection that kept others from polling broke; polling stops until it is our turn")
        await turn.wait()
