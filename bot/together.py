"""Writing together: what comes while a transaction is under way waits, and goes into the next one.

Where many write little things at a time, there are fewer transactions, and nobody waits for more than two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from bot.database import Database

Item = TypeVar("Item")
Result = TypeVar("Result")
Waiting: TypeAlias = "tuple[Item, asyncio.Future[Result]]"


class Together(Generic[Item, Result]):
    """Has `work` write items, at most `most` at a time; it returns a result for each, in their order.

    For company the first one waits `gather` seconds at most, and not at all for one that is urgent.
    """

    def __init__(
        self,
        database: Database,
        work: Callable[[Session, Sequence[Item]], Sequence[Result]],
        most: int,
        gather: float,
    ) -> None:
        self._gather = gather
        self._database = database
        self._work = work
        self._most = most
        self._waiting: list[Waiting[Item, Result]] = []
        self._timer: asyncio.TimerHandle | None = None
        """Runs while those who wait are too few to be written at once."""
        self._is_urgent = False
        """Somebody waits who is not to wait for company."""
        self._writing: asyncio.Task[None] | None = None

    def add(self, item: Item, *, urgent: bool = False) -> asyncio.Future[Result]:
        """Let the item be written, not before those that were added earlier.

        Return what will hold what `work` returned for it, once that is committed.
        """
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        self._is_urgent |= urgent
        if self._writing is None:
            self._gather_more()
        return done

    def _gather_more(self) -> None:
        if len(self._waiting) >= self._most or self._is_urgent:
            self._begin()
        elif self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._gather, self._begin)

    def _begin(self) -> None:
        """Write in a task of its own: of those who wait, any may be cancelled."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._is_urgent &= bool(self._waiting)
        self._writing = asyncio.create_task(self._write(group))
        self._writing.add_done_callback(self._go_on)

    def _go_on(self, _task: asyncio.Task[None]) -> None:
        self._writing = None
        self._gather_more()

    async def _write(self, group: Sequence[Waiting[Item, Result]]) -> None:
        """Where one of several fails, each is tried alone: the others are not to fail with it."""
        items = [item for item, _ in group]
        try:
            results = await self._database.write(lambda session: self._work(session, items))
        except Exception as error:
            if len(group) == 1:
                _settle(group[0][1], error)
            else:
                for each in group:
                    await self._write([each])
        else:
            for (_, done), result in zip(group, results, strict=True):
                _settle(done, result)


def _settle(done: asyncio.Future[Result], result: Result | Exception) -> None:
    if done.done():  # who waited was cancelled
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
