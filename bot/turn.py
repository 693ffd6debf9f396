"""The turn to poll: one process on a database has it, for two that poll would refuse each other (409)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database
from bot.polling import Poller
from bot.tasks import cancel

log = logging.getLogger(__name__)

RUNNING = "running"
"""The lock of the process that receives updates."""
LOOK_SECONDS = 5.0
"""How often who waits asks for the turn, and who has it looks whether it is his still."""
GOODBYE_SECONDS = 1.0
"""How long the end waits for such a look."""


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
        self.release()

    async def wait(self) -> None:
        """Return once no other process receives updates, and it is our turn."""
        if not await self.take():
            log.warning(
                "another process receives the updates of this database (rizhi run or rizhi web); "
                "this one waits until that one has ended"
            )
            while not await self.take():  # noqa: ASYNC110  another process rings no bell
                await asyncio.sleep(LOOK_SECONDS)
            log.info("the other process has ended; this one goes on in its place")

    async def lost(self) -> None:
        """Return when it is not ours any more: the connection that held it broke."""
        while await self.is_ours():  # noqa: ASYNC110  nor does a connection
            await asyncio.sleep(LOOK_SECONDS)

    async def is_ours(self) -> bool:
        """Return whether the connection that holds it lives."""
        return await asyncio.to_thread(self._lock.is_held)

    def release(self) -> None:
        """Let others have it."""
        self._lock.release()

    async def take(self) -> bool:
        """Take it if it is free, and return whether it was."""
        try:
            return await asyncio.to_thread(self._lock.take)
        except SQLAlchemyError as error:
            log.warning("the database does not say who receives updates: %s", type(error).__name__)
            return False


@asynccontextmanager
async def presence(database: Database) -> AsyncIterator[bool]:
    """Yield whether no other process receives updates; for others, this one does until the block ends."""
    turn, ending = Turn(database), asyncio.Event()
    is_alone = await turn.take()
    keeping = asyncio.create_task(_keep(turn, ending))
    try:
        yield is_alone
    finally:
        ending.set()  # what a thread is at in the lock's connection is waited for
        await asyncio.wait({keeping}, timeout=GOODBYE_SECONDS)
        await cancel(keeping)
        turn.release()


async def _keep(turn: Turn, ending: asyncio.Event) -> None:
    """Take the turn again whenever the connection that held it broke."""
    while not ending.is_set():
        if not await turn.is_ours():
            await turn.take()
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), LOOK_SECONDS)


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
