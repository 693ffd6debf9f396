"""The inbox: each update is answered by one process, and by another where that one dies."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.clock import Clock
from bot.database import Database
from bot.inbox import LEFT_AT_A_TIME, Body, Inbox, NotStored
from bot.operations import ReceivedUpdate
from bot.received import KEPT, LEASE, MOST_TRIES, PATIENCE, forget_numbers, note_answer, store_update
from bot.schema import upgrade
from tests.conftest import NOW

SECOND = dt.timedelta(seconds=1)


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with the schema: an SQLite file, then PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    database = Database(request.getfixturevalue("postgres_url"))
    upgrade(database)
    yield database
    database.close()


class Process:
    """A process with an inbox, whose answers take until it is told that they are over."""

    def __init__(self, database: Database, owner: str, now: dt.datetime) -> None:
        self.answering: list[Body] = []
        self.clock = Clock()
        self.clock.move_to(now)
        self.inbox = Inbox(database, self.clock, owner, self.answering.append)

    @property
    def numbers(self) -> list[int]:
        """The updates that it has begun to answer, in order."""
        return [body["update_id"] for body in self.answering]


def said(number: int) -> Body:
    return {"update_id": number, "message": {"text": "石桥"}}


async def test_what_one_process_leaves_behind_another_answers_once(shared: Database) -> None:
    first, second = Process(shared, "first", NOW), Process(shared, "second", NOW)
    await first.inbox.receive([said(1), said(2), said(3)])
    await first.inbox.settle(2)

    await second.inbox.take_up(is_alone=False)
    meanwhile = list(second.numbers)
    second.clock.move_to(NOW + LEASE + SECOND)  # the first one says nothing more
    await second.inbox.take_up(is_alone=False)
    await second.inbox.take_up(is_alone=False)

    assert first.numbers == [1, 2, 3]
    assert meanwhile == []
    assert second.numbers == [1, 3]
    assert second.answering[0] == said(1)


async def test_as_many_answers_as_are_on_record_are_left_out_by_who_begins_anew(shared: Database) -> None:
    first, second = Process(shared, "first", NOW), Process(shared, "second", NOW)
    await first.inbox.receive([said(1), said(2)])
    for _ in range(2):
        shared.run_write(lambda session: note_answer(session, 1))
    own = first.inbox.was_given(1)

    await second.inbox.take_up(is_alone=True)

    assert own is False
    assert [second.inbox.was_given(1) for _ in range(3)] == [True, True, False]
    assert [second.inbox.was_given(number) for number in (2, 3, None)] == [False] * 3


async def test_what_telegram_sends_again_while_it_is_taken_up_is_begun_once(shared: Database) -> None:
    first, second = Process(shared, "first", NOW), Process(shared, "second", NOW)
    await first.inbox.receive([said(1)])
    shared.run_write(lambda session: note_answer(session, 1))

    async def be_busy() -> None:
        await asyncio.sleep(0)  # what was asked of the database is done before anybody hears of it
        asyncio.get_running_loop().call_soon(time.sleep, 0.3)

    await asyncio.gather(second.inbox.take_up(is_alone=True), second.inbox.receive([said(1)]), be_busy())

    assert second.numbers == [1]
    assert second.inbox.was_given(1)


async def test_a_process_that_lives_keeps_its_updates_however_long_they_take(database: Database) -> None:
    first, second = Process(database, "first", NOW), Process(database, "second", NOW)
    await first.inbox.receive([said(1)])

    for step in range(1, 5):
        for process in (first, second):
            process.clock.move_to(NOW + step * LEASE / 2)
            await process.inbox._look()

    assert second.numbers == []


async def test_who_is_alone_takes_up_all_at_once(database: Database) -> None:
    first, second = Process(database, "first", NOW), Process(database, "second", NOW)
    await first.inbox.receive([said(1)])

    await second.inbox.take_up(is_alone=True)

    assert second.numbers == [1]


async def test_a_process_that_stops_leaves_the_rest_to_the_next_one(database: Database) -> None:
    first, second = Process(database, "first", NOW), Process(database, "second", NOW)
    await first.inbox.receive([said(1)])
    await first.inbox.give_up()

    await second.inbox.take_up(is_alone=False)

    assert second.numbers == [1]


async def test_the_same_number_is_taken_once_while_it_waits_and_once_it_is_answered(
    shared: Database,
) -> None:
    process = Process(shared, "first", NOW)
    await process.inbox.receive([said(1)])
    await process.inbox.receive([said(1), said(2)])
    await process.inbox.settle(1)
    await process.inbox.receive([said(1)])

    assert process.numbers == [1, 2]


async def test_what_is_stored_where_nobody_hears_of_it_is_answered_when_it_comes_again(
    shared: Database,
) -> None:
    """A process may stop to poll, or its connection break, in the middle of a commit."""
    process, other = Process(shared, "first", NOW), Process(shared, "second", NOW)
    receiving = asyncio.create_task(process.inbox.receive([said(1)]))
    await asyncio.sleep(0)
    receiving.cancel()
    await asyncio.wait({receiving})

    for each in (process, other, process):
        await each.inbox.receive([said(1), said(1)])

    assert receiving.cancelled()
    assert (process.numbers, other.numbers) == ([1], [])


async def test_what_was_left_is_answered_also_where_it_cannot_be_written_that_some_of_it_is(
    database: Database,
) -> None:
    first, second = Process(database, "first", NOW), Process(database, "second", NOW)
    numbers = range(1, LEFT_AT_A_TIME + 3)
    await first.inbox.receive([said(number) for number in numbers])
    await second.inbox.take_up(is_alone=True)
    database.run_write(lambda session: session.execute(text("PRAGMA busy_timeout = 1")))

    with Database(database.url).writer.begin():  # nobody else may write
        for number in numbers[:LEFT_AT_A_TIME]:
            with pytest.raises(OperationalError):
                await second.inbox.settle(number)
    await second.inbox.receive([said(100)])
    await second.inbox.settle(100)

    assert set(second.numbers) == {*numbers, 100}


async def test_nothing_is_kept_of_what_was_said_once_it_is_answered(database: Database) -> None:
    process = Process(database, "first", NOW)
    await process.inbox.receive([said(1)])
    await process.inbox.settle(1)

    [row] = database.run_read(lambda session: session.scalars(select(ReceivedUpdate)).all())
    assert (row.body, row.lease_until) == (None, None)


async def test_an_update_that_ends_every_process_is_given_up(database: Database) -> None:
    database.run_write(lambda session: store_update(session, said(1), "0", NOW))
    early = [Process(database, str(number), NOW + PATIENCE - SECOND) for number in range(1, MOST_TRIES + 2)]
    late = [Process(database, f"late {number}", NOW + PATIENCE + SECOND) for number in range(2)]
    for process in (*early, *late):
        await process.inbox.take_up(is_alone=True)

    assert [process.numbers for process in early] == [[1]] * len(early)
    assert [process.numbers for process in late] == [[], []]


async def test_numbers_are_forgotten_after_two_days_but_not_what_still_waits(database: Database) -> None:
    process = Process(database, "first", NOW)
    await process.inbox.receive([said(1), said(2)])
    await process.inbox.settle(1)

    early = database.run_write(lambda session: forget_numbers(session, NOW + KEPT - SECOND))
    late = database.run_write(lambda session: forget_numbers(session, NOW + KEPT + SECOND))

    assert (early, late) == (0, 1)
    assert database.run_read(lambda session: session.scalars(select(ReceivedUpdate.update_id)).all()) == [2]


async def test_an_update_that_nobody_can_read_does_not_come_again(database: Database) -> None:
    def fail(body: Body) -> None:
        raise ValueError("no such kind")

    inbox = Inbox(database, Clock(), "first", fail)
    await inbox.receive([said(1)])
    second = Process(database, "second", NOW)
    await second.inbox.take_up(is_alone=True)

    assert second.numbers == []


def test_only_one_process_holds_a_lock(shared: Database) -> None:
    other = Database(shared.url)
    try:
        with shared.try_lock("running") as first, other.try_lock("running") as second:
            assert (first, second) == (True, False)
        with other.try_lock("running") as again:
            assert again
    finally:
        other.close()


async def test_what_comes_together_is_acknowledged_only_where_it_is_stored(database: Database) -> None:
    process = Process(database, "first", NOW)
    bad: Body = {"update_id": 3, "message": {"text": {"no", "json"}}}

    results = await asyncio.gather(
        *(process.inbox.receive([body]) for body in (said(1), said(2), bad)), return_exceptions=True
    )
    await process.inbox.receive([said(2)])  # it comes again, as what was not acknowledged does

    assert [isinstance(result, NotStored) for result in results] == [False, True, True]
    assert process.numbers == [1, 2]
