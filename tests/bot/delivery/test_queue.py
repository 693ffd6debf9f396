"""On PostgreSQL: batches go from who claims them to a worker, and what a worker leaves behind to another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.orm import Session
from telegram import Bot

from bot.database import Database
from bot.delivery.batches import BATCH, WAITING, take_batch
from bot.delivery.queue import QueueEngine, Worker, count_batches, count_workers
from bot.demo.faults import slow
from bot.demo.server import BotApiServer
from bot.schedule.claim import LEASE
from bot.working import stop_work
from tests.bot.delivery.conftest import DUE, Desk, make_desk
from tests.factories import READERS, make_document, make_plan, make_subscription, make_target

MakeDesk = Callable[[str], Desk]
SOMEBODY = text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")


@pytest_asyncio.fixture
async def desks(api: BotApiServer, bot: Bot, postgres_with_schema: str) -> AsyncIterator[MakeDesk]:
    """Makes the desks of several processes on one database that has a document; it is `DUE`."""
    made: list[Desk] = []

    def make(owner: str) -> Desk:
        made.append(make_desk(api, bot, Database(postgres_with_schema), owner))
        return made[-1]

    first = make("first")
    first.database.run_write(lambda session: make_document(session, articles=2))
    yield make
    for desk in made:
        await desk.pusher.stop()
        desk.database.close()


def engine(desk: Desk) -> QueueEngine:
    return QueueEngine(desk.database, desk.clock, desk.pusher)


@asynccontextmanager
async def at_work(desk: Desk) -> AsyncIterator[Worker]:
    """Yield a worker at that desk, which is alive."""
    worker = Worker(desk.database, desk.clock, desk.pusher)
    task = asyncio.create_task(worker.run())
    try:
        await until(desk, lambda session: count_workers(session) > 0)
        yield worker
    finally:
        await stop_work(desk.pusher, task)


async def until(desk: Desk, is_so: Callable[[Session], bool]) -> None:
    async with asyncio.timeout(10):
        while not desk.database.run_read(is_so):  # noqa: ASYNC110  the database rings no bell
            await asyncio.sleep(0.02)


def subscribe(desk: Desk, count: int = 1) -> list[int]:
    """Let so many people subscribe, and return their chats."""
    people = [desk.api.user(f"R{number}") for number in range(count)]

    def work(session: Session) -> None:
        plan = make_plan(session)
        for person in people:
            person.person.started = True
            make_subscription(session, plan, make_target(session, person.id))

    desk.database.run_write(work)
    return sorted(person.id for person in people)


def jobs(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())


def sends(desk: Desk) -> list[int]:
    return sorted(call.chat_id or 0 for call in desk.api.calls("sendMessage"))


async def test_where_no_worker_is_alive_who_ticks_sends(desks: MakeDesk) -> None:
    desk = desks("web")
    subscribe(desk)

    await engine(desk).tick()
    await desk.pusher.wait()

    assert desk.states() == ["sent"]


async def test_what_waits_when_the_last_worker_is_gone_is_sent_by_who_ticks(
    desks: MakeDesk,
) -> None:
    desk = desks("web")
    subscribe(desk, 2)
    desk.database.run_write(lambda session: engine(desk)._queue(session, DUE, READERS))

    await engine(desk).tick()
    await desk.pusher.wait()

    assert desk.states() == ["sent"] * 2
    assert desk.database.run_read(jobs) == 0


async def test_with_a_worker_alive_it_sends_and_the_others_do_not(desks: MakeDesk) -> None:
    web, desk = desks("web"), desks("worker")
    chats = subscribe(web, 3)

    async with at_work(desk):
        await engine(web).tick()
        await until(web, lambda session: web.states() == ["sent"] * 3)
        await until(web, lambda session: jobs(session) == 0)

    assert sends(web) == chats
    assert {row.owner for row in web.rows()} == {"worker"}
    assert web.database.run_read(count_workers) == 0  # and who stops says so


async def test_a_batch_is_claimed_and_queued_in_one_transaction(desks: MakeDesk) -> None:
    desk = desks("web")
    subscribe(desk)

    with Session(desk.database.writer) as session:
        assert engine(desk)._queue(session, DUE, READERS) == 1
        assert count_batches(session) == 1
        session.rollback()

    assert (desk.states(), desk.database.run_read(count_batches)) == ([], 0)


async def test_no_more_is_queued_than_the_workers_will_soon_want(desks: MakeDesk) -> None:
    desk = desks("web")
    subscribe(desk, BATCH + 10)
    desk.database.run_write(lambda session: session.execute(SOMEBODY))

    await engine(desk).tick()
    await engine(desk).tick()

    assert desk.states() == ["claimed"] * BATCH
    assert desk.database.run_read(count_batches) == 1


async def test_a_job_that_is_run_twice_sends_once(desks: MakeDesk) -> None:
    desk, other = desks("one"), desks("other")
    chats = subscribe(desk)
    desk.database.run_write(lambda session: engine(desk)._queue(session, DUE, READERS))
    [row] = desk.rows()
    assert row.owner

    for each in (desk, other):
        await Worker(each.database, each.clock, each.pusher)._deliver(row.owner, [row.id])
        await each.pusher.wait()

    assert (sends(desk), desk.states()) == (chats, ["sent"])


async def test_a_batch_is_handed_over_once(desks: MakeDesk) -> None:
    desk = desks("web")
    subscribe(desk, 3)
    desk.database.run_write(lambda session: engine(desk)._queue(session, DUE, READERS))
    rows = desk.rows()
    batch, ids = rows[0].owner or "", [row.id for row in rows]

    def take(owner: str) -> list[int]:
        return desk.database.run_write(lambda session: take_batch(session, batch, ids, owner, DUE))

    taken = [take(owner) for owner in ("one", "other")]

    assert taken == [ids, []]
    assert {(row.owner, row.lease_until) for row in desk.rows()} == {("one", DUE + LEASE)}
    assert rows[0].lease_until == DUE + WAITING


async def test_the_job_of_a_worker_that_died_is_done_by_another(
    desks: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.queue.LOOK_SECONDS", 0.1)
    desk = desks("worker")
    chats = subscribe(desk)
    desk.database.run_write(lambda session: engine(desk)._queue(session, DUE, READERS))
    dead = text(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 minute') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )
    desk.database.run_write(lambda session: session.execute(dead))

    async with at_work(desk) as worker:
        assert desk.states() == ["claimed"]
        await worker.sweep()
        await until(desk, lambda session: desk.states() == ["sent"])

    assert sends(desk) == chats


async def test_who_stops_gives_back_what_is_not_begun(desks: MakeDesk) -> None:
    desk = desks("worker")
    subscribe(desk, 30)
    for _ in range(30):
        desk.api.faults.add("sendMessage", slow(0.5))

    async with at_work(desk):
        await engine(desk).tick()
        await desk.until_sending(1)

    assert set(desk.states()) == {"sent", "pending"}
    assert desk.states().count("sent") == len(sends(desk))
    assert not desk.database.run_read(
        lambda session: session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    )


async def test_a_batch_that_comes_to_who_stops_is_anybodys(desks: MakeDesk) -> None:
    desk = desks("worker")
    subscribe(desk)
    desk.database.run_write(lambda session: engine(desk)._queue(session, DUE, READERS))
    [row] = desk.rows()
    assert row.owner
    await desk.pusher.stop()

    await Worker(desk.database, desk.clock, desk.pusher)._deliver(row.owner, [row.id])

    assert desk.states() == ["pending"]
