"""Writing together: what comes during a transaction goes into the next one, and one failure is one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from bot.together import Together

MOST = 3


class Written:
    """Keeps the groups that were written; 13 cannot be."""

    def __init__(self, database: Database, gather: float = 0.001) -> None:
        self.groups: list[list[int]] = []
        self.together = Together(database, self.write, MOST, gather)

    def write(self, session: Session, items: Sequence[int]) -> list[int]:
        """Return the items' squares."""
        if 13 in items:
            raise ValueError(len(items))
        self.groups.append(list(items))
        return [item * item for item in items]


async def wait_for(written: Written, number: int) -> int:
    """Return what comes of the number."""
    return await written.together.add(number)


async def test_what_comes_together_is_written_together_in_its_order(database: Database) -> None:
    written = Written(database)
    squares = await asyncio.gather(*(written.together.add(number) for number in range(7)))
    assert squares == [0, 1, 4, 9, 16, 25, 36]
    assert written.groups == [[0, 1, 2], [3, 4, 5], [6]]


async def test_who_waits_for_company_waits_no_longer_than_it_takes_to_come(database: Database) -> None:
    written = Written(database, gather=3600)
    first = written.together.add(1)
    async with asyncio.timeout(10):
        assert await asyncio.gather(*map(written.together.add, (2, 3, 4, 5, 6))) == [4, 9, 16, 25, 36]
    assert first.result() == 1
    assert written.groups == [[1, 2, 3], [4, 5, 6]]


async def test_who_is_urgent_waits_for_nobody_and_takes_along_who_waits(database: Database) -> None:
    written = Written(database, gather=3600)
    waiting = written.together.add(1)
    async with asyncio.timeout(10):
        assert await written.together.add(2, urgent=True) == 4
        assert await waiting == 1
        await asyncio.gather(*map(written.together.add, (3, 4, 5)), written.together.add(6, urgent=True))
    written.together.add(7)
    await asyncio.sleep(0)
    assert written.groups == [[1, 2], [3, 4, 5], [6]]


async def test_one_that_fails_does_not_make_the_others_fail(database: Database) -> None:
    written = Written(database)
    found = await asyncio.gather(*map(written.together.add, (1, 13, 3)), return_exceptions=True)
    assert [type(each) for each in found] == [int, ValueError, int]
    assert await written.together.add(5) == 25


async def test_who_waits_no_longer_takes_nothing_from_the_others(database: Database) -> None:
    written = Written(database)
    gone, other = (asyncio.create_task(wait_for(written, number)) for number in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await other == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert written.groups == [[1, 2]]
