"""The rate budget: within Telegram's limits in every window, and quick for those who wait.

What is expected of one process is expected of all that share a database, by a clock of the test's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.database import Database
from bot.delivery.budget import Budget, Flood, Sleep
from bot.delivery.pace import CHAT_BURST, FASTEST, GROUP_BURST, GROUP_SECONDS, LocalPace, Pace
from bot.delivery.shared_pace import SharedPace
from bot.operations import ChatBudget, RateBudget
from content.models import Base
from tests.bot.delivery.conftest import FakeTime
from tests.postgres import empty_database

RATE = 25
GROUP = -5
A_DAY = 86_400.0


FAKE_CLOCK = """
CREATE SCHEMA fake;
CREATE TABLE fake.present (seconds float8);
INSERT INTO fake.present VALUES (0);
CREATE FUNCTION fake.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS 'SELECT to_timestamp(seconds) FROM fake.present';
DO $$ BEGIN
    EXECUTE 'ALTER DATABASE ' || current_database() || ' SET search_path = fake, pg_catalog, public';
END $$;
"""
"""Lets what asks the database for its clock find the test's instead: it is looked for in `fake` first."""


class DatabaseTime(FakeTime):
    """Time that passes in a database as well."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self.pass_by(0)

    def pass_by(self, seconds: float) -> None:
        super().pass_by(seconds)
        run(self._database, f"UPDATE fake.present SET seconds = {self.now!r}")


def run(database: Database, commands: str) -> None:
    """Carry out SQL commands."""
    database.run_write(lambda session: session.execute(text(commands)))


@dataclass
class World:
    """Processes that send, and the time that passes for all of them."""

    time: FakeTime
    database: Database | None

    def budget(self, rate: int = RATE, stars: int = 0) -> Budget:
        """Return the budget of one more process: with a database it shares with the others."""
        return Budget(self.pace(rate, stars), self.time.clock, self.time.sleep)

    def pace(self, rate: int = RATE, stars: int = 0) -> Pace:
        """Return the pace of one more process."""
        if self.database is None:
            return LocalPace(rate, self.time.clock)
        return SharedPace(rate, stars, self.database, self.time.clock)


@pytest.fixture(scope="module")
def postgres(postgres_server: str) -> Iterator[Database]:
    """A PostgreSQL database with the tables of the budget, and a clock that can be set."""
    with empty_database(postgres_server) as url:
        database = Database(url)
        tables = [Base.metadata.tables[each.__tablename__] for each in (RateBudget, ChatBudget)]
        Base.metadata.create_all(database.writer, tables)
        run(database, FAKE_CLOCK)
        database.writer.dispose()  # who connects from now on finds that clock
        yield database
        database.close()


@pytest.fixture
def shared(postgres: Database) -> World:
    """Processes on one database, which have sent nothing yet."""
    run(postgres, "TRUNCATE rate_budget, chat_budget")
    return World(DatabaseTime(postgres), postgres)


@pytest.fixture(params=["local", "shared"])
def world(request: pytest.FixtureRequest) -> World:
    """One process by itself, then processes on one database."""
    return World(FakeTime(), None) if request.param == "local" else request.getfixturevalue("shared")


def most_in(seconds: float, moments: list[float]) -> int:
    """Return the greatest number of moments in any span of so many seconds."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


async def send(world: World, budget: Budget, chats: list[int], *, interactive: bool = False) -> list[float]:
    """Send to the chats, one after the other, and return when."""
    moments = []
    for chat in chats:
        assert await budget.acquire(chat, interactive=interactive) == 0
        moments.append(world.time.now)
    return moments


async def book_all(pace: Pace) -> None:
    """Book all slots that pushes may have at a time."""
    for first in range(1, 40, pace.block):
        await pace.take(range(first, first + pace.block), interactive=False)


async def test_pushes_to_many_chats_keep_the_pace(world: World) -> None:
    moments = await send(world, world.budget(), list(range(1, 61)))

    assert most_in(1, moments) <= RATE + 1
    assert moments[-1] - moments[0] < 60 / RATE + 0.1


async def test_pushes_of_several_processes_keep_one_pace(shared: World) -> None:
    budgets = [shared.budget(rate=30) for _ in range(3)]

    moments = []
    for chat in range(1, 94):
        await budgets[chat % 3].acquire(chat)
        moments.append(shared.time.now)

    assert most_in(1, moments) <= 31
    assert round(moments[-1] - moments[0], 1) == 3.1


WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def processes(shared: World) -> Iterator[list[Pace]]:
    """The paces of four processes with connections of their own."""
    assert shared.database is not None
    databases = [Database(shared.database.url) for _ in range(4)]
    yield [SharedPace(30, 0, database, shared.time.clock) for database in databases]
    for database in databases:
        database.close()


async def test_no_slot_is_given_to_two_of_many_who_ask_at_once(shared: World, processes: list[Pace]) -> None:
    async def ask(number: int, pace: Pace) -> list[float]:
        chats = range(1_000 * number, 1_000 * number + 40)
        taken = [await pace.take([chat + 1], interactive=True) for chat in chats]
        return [permit.at - shared.time.now for each in taken for permit in each.permits.values()]

    moments = await asyncio.gather(*(ask(number, pace) for number, pace in enumerate(processes)))

    slots = sorted(round(moment * FASTEST, 2) for each in moments for moment in each)
    assert slots == [float(number) for number in range(160)]


async def test_a_chat_is_given_to_one_of_many_who_ask_at_once(shared: World, processes: list[Pace]) -> None:
    assert shared.database is not None
    with shared.database.writer.begin() as connection:
        connection.execute(text("SELECT FROM rate_budget FOR UPDATE"))
        asking = [asyncio.create_task(pace.take([1], interactive=False)) for pace in processes]
        while connection.execute(WAITING).scalar_one() < len(processes):  # noqa: ASYNC110  no bell is rung
            await asyncio.sleep(0.01)
    taken = await asyncio.gather(*asking)

    assert sum(each.permits[1].is_granted for each in taken) == 1


sent = st.tuples(st.booleans(), st.integers(0, 30), st.integers(0, 15))


@given(script=st.lists(sent, min_size=1, max_size=120))
@pytest.mark.parametrize("rate", [25, 28, 30])
def test_no_second_sees_more_than_telegram_allows(script: list[tuple[bool, int, int]], rate: int) -> None:
    world = World(FakeTime(), None)
    pace = world.pace(rate)

    async def send_all() -> list[float]:
        moments = []
        for chat, (interactive, pause, late) in enumerate(script):
            world.time.pass_by(pause / 100)
            budget = Budget(pace, world.time.clock, late_sleep(world, late / 100))
            moments += await send(world, budget, [chat + 1], interactive=interactive)
        return moments

    assert most_in(1, asyncio.run(send_all())) <= 31


def late_sleep(world: World, late: float) -> Sleep:
    """Return a way to sleep of a busy machine: the first time too long by so many seconds."""
    lateness = [0.0, late]

    def sleep(seconds: float) -> Awaitable[None]:
        return world.time.sleep(seconds + (lateness.pop() if len(lateness) > 1 else 0))

    return sleep


asked = st.tuples(st.sampled_from([1, 2, -3]), st.booleans(), st.integers(0, 40), st.integers(0, 12))


@given(script=st.lists(asked, min_size=1, max_size=25))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_says_what_one_process_would_say(
    shared: World, script: list[tuple[int, bool, int, int]]
) -> None:
    shared.time.pass_by(A_DAY)  # whatever was before, is long ago
    local = World(shared.time, None)

    async def say(pace: Pace) -> list[object]:
        said: list[object] = []
        for chat, interactive, tenths, told in script:
            shared.time.pass_by(tenths / 10)
            taken = await pace.take([chat], interactive=interactive)
            said += [taken.permits[chat].is_granted, round(taken.permits[chat].at - shared.time.now, 3)]
            if told > 9:
                until = (await pace.told_to_wait(chat, told)).paused_until
                said.append(round(max(until - shared.time.now, 0), 3))
        return said

    began = shared.time.now
    by_itself = asyncio.run(say(local.pace()))
    shared.time.pass_by(began - shared.time.now)
    assert asyncio.run(say(shared.pace())) == by_itself


async def test_an_answer_waits_for_none_of_its_own_process_pushes_and_for_two_of_others(world: World) -> None:
    pace = world.pace()
    await book_all(pace)

    answers = [await pace.take([50 + n], interactive=True) for n in range(3)]
    waits = [taken.permits[50 + n].at - world.time.now for n, taken in enumerate(answers)]
    behind = 0 if world.database is None else 2
    assert waits[0] < (behind + 0.1) / RATE
    assert waits[2] < (behind + 2.1) / RATE
    pushed = await pace.take([90], interactive=False)
    assert not pushed.permits[90].is_granted  # pushes make room for them


async def test_at_thirty_a_second_an_answer_waits_for_what_is_booked_and_no_more(world: World) -> None:
    pace = world.pace(rate=30)
    await book_all(pace)

    taken = await pace.take([50], interactive=True)
    assert taken.permits[50].is_granted
    fewest, most = (1, 2) if world.database is None else (4, 7)
    assert fewest - 0.1 < (taken.permits[50].at - world.time.now) * 30 < most + 0.1


async def test_one_chat_gets_one_message_a_second_whoever_sends_it(world: World) -> None:
    first = world.budget()
    second = world.budget() if world.database else first
    began = world.time.now

    moments = [(await send(world, budget, [1]))[0] for budget in (first, second, first)]

    assert [round(moment - began, 2) for moment in moments] == [0, 1, 2]


async def test_a_group_gets_at_most_twenty_in_a_minute_and_never_waits_for_long(world: World) -> None:
    budgets = [world.budget() for _ in range(2 if world.database else 1)]

    moments = []
    for n in range(3 * GROUP_BURST):
        moments += await send(world, budgets[n % len(budgets)], [GROUP], interactive=True)

    assert most_in(60, moments) <= 20
    assert moments[GROUP_BURST - 1] - moments[0] < 1
    assert max(after - before for before, after in pairwise(moments)) <= GROUP_SECONDS + 0.01


async def test_a_reader_turns_twelve_pages_at_three_a_second_without_waiting(world: World) -> None:
    budget, waits = world.budget(), []
    for _ in range(12):
        before = world.time.now
        await send(world, budget, [1], interactive=True)
        waits.append(world.time.now - before)
        world.time.pass_by(1 / 3)

    assert max(waits) < 0.1


async def test_who_goes_on_hurrying_gets_an_answer_a_second(world: World) -> None:
    moments = await send(world, world.budget(), [1] * (CHAT_BURST + 10), interactive=True)

    assert moments[CHAT_BURST - 1] - moments[0] < 0.5
    assert most_in(10, moments) <= CHAT_BURST + 10
    assert round(moments[-1] - moments[-2], 2) == 1


async def test_pushes_wait_until_a_chat_that_was_answered_often_has_its_distance_again(world: World) -> None:
    budget = world.budget()
    await send(world, budget, [1] * 4, interactive=True)

    assert 3 < await budget.acquire(1) <= 4


async def test_a_chat_that_is_told_to_wait_holds_up_no_other(world: World) -> None:
    budget, other = world.budget(), world.budget()
    other = other if world.database else budget
    await budget.told_to_wait(GROUP, 43_837)

    assert round(await other.acquire(GROUP)) == 43_837
    assert round(await other.acquire(GROUP, interactive=True)) == 43_837
    assert await other.acquire(2) == 0
    assert not other.is_paused
    world.time.pass_by(43_838)
    assert await other.acquire(GROUP) == 0


async def test_a_parked_chat_stays_parked_when_all_processes_start_anew(shared: World) -> None:
    await shared.budget().told_to_wait(GROUP, 43_837)
    shared.time.pass_by(3_600)

    assert round(await shared.budget().acquire(GROUP)) == 43_837 - 3_600


async def test_two_chats_told_to_wait_within_ten_seconds_pause_all(world: World) -> None:
    budget = world.budget()
    await budget.told_to_wait(GROUP, 43_837)
    world.time.pass_by(9)
    await budget.told_to_wait(-6, 30)

    assert budget.is_paused
    other = world.budget() if world.database else budget
    assert round(await other.acquire(3, interactive=True)) == 30
    assert other.is_paused
    world.time.pass_by(31)
    assert await other.acquire(3) == 0
    assert not other.is_paused
    assert await other.acquire(GROUP) > 43_000  # each waits for as long as it was told


async def test_one_group_told_twice_or_two_told_far_apart_pause_nobody(world: World) -> None:
    budget = world.budget()
    await budget.told_to_wait(GROUP, 30)
    await budget.told_to_wait(GROUP, 30)
    world.time.pass_by(11)
    await budget.told_to_wait(-6, 30)

    assert not budget.is_paused
    assert await budget.acquire(1) == 0


async def test_a_reader_who_kept_the_pace_cannot_be_meant_alone(world: World) -> None:
    budget = world.budget()
    await send(world, budget, [1])
    await budget.told_to_wait(1, 30)

    assert budget.is_paused
    assert round(await budget.acquire(2)) == 30


async def test_a_readers_word_is_taken_for_all_for_a_minute_at_most(world: World) -> None:
    budget = world.budget()
    await budget.told_to_wait(1, 43_837)

    assert round(await budget.acquire(2)) == 60
    world.time.pass_by(61)
    assert await budget.acquire(2) == 0


async def test_a_reader_who_was_answered_in_a_burst_is_meant_alone(world: World) -> None:
    budget = world.budget()
    await send(world, budget, [1] * 5, interactive=True)
    await budget.told_to_wait(1, 30)

    assert not budget.is_paused
    assert await budget.acquire(2) == 0


async def test_an_answer_waits_some_seconds_for_its_permit(world: World) -> None:
    budget = world.budget()
    await budget.told_to_wait(GROUP, 4)
    began = world.time.now

    await send(world, budget, [GROUP], interactive=True)
    assert round(world.time.now - began, 2) == 4


async def test_the_admins_are_told_once_of_a_wait_over_a_minute(world: World) -> None:
    budget, other = world.budget(), world.budget()
    other = other if world.database else budget
    await budget.told_to_wait(GROUP, 60)
    assert budget.floods == []

    await budget.told_to_wait(GROUP, 3_600)
    await other.told_to_wait(GROUP, 3_590)
    floods = {id(each): each.floods for each in (budget, other)}
    assert [flood for told in floods.values() for flood in told] == [Flood(GROUP, 3_600, is_for_all=False)]


async def test_a_permit_that_is_used_too_late_is_asked_for_anew(world: World) -> None:
    naps = [0.0, 5.0]
    asleep = Budget(world.pace(), world.time.clock, lambda seconds: world.time.sleep(seconds + naps.pop()))

    assert await asleep.acquire(GROUP) == 0
    assert naps == []


async def test_chats_that_hold_up_nothing_are_forgotten(shared: World) -> None:
    budget = shared.budget()
    await send(shared, budget, list(range(1, 20)))
    await budget.told_to_wait(GROUP, 3_600)
    shared.time.pass_by(120)
    await send(shared, budget, [1])

    assert shared.database is not None
    chats = shared.database.run_read(lambda session: set(session.scalars(select(ChatBudget.chat_id))))
    assert chats == {GROUP, 1}


def test_one_process_forgets_them_as_well() -> None:
    time = FakeTime()
    pace = LocalPace(RATE, time.clock)
    asyncio.run(pace.take(list(range(1, 20)), interactive=True))
    time.pass_by(120)
    asyncio.run(pace.take([1], interactive=True))

    assert list(pace._chats) == [1]


async def send_eights(world: World, pace: Pace, rounds: int) -> int:
    """Let eight pushes ask at a time, for twenty seconds, and return how many of them may go."""
    number = 0
    for n in range(rounds):
        chats = range(8 * n + 1, 8 * n + 9)
        permits = (await pace.take(chats, interactive=False)).permits
        assert set(permits) == set(chats)
        number += sum(permit.is_granted for permit in permits.values())
        world.time.pass_by(20 / rounds)
    return number


def paid(world: World) -> int:
    """Return how many paid messages are on record for the day."""
    assert world.database is not None
    return world.database.run_read(lambda session: session.get_one(RateBudget, "paid").used)


async def test_a_paid_broadcast_goes_beyond_the_pace_until_the_days_ceiling(shared: World) -> None:
    pace = shared.pace(stars=20)
    number = await send_eights(shared, pace, 150)

    assert 193 <= paid(shared) <= 200  # 0.1 Stars each
    assert number - paid(shared) <= 20 * RATE + 5
    assert not pace.is_paid


async def test_the_days_ceiling_holds_through_a_restart_and_until_the_next_day(shared: World) -> None:
    await send_eights(shared, shared.pace(stars=20), 150)
    anew = shared.pace(stars=20)
    await send_eights(shared, anew, 50)

    assert paid(shared) <= 200
    shared.time.pass_by(A_DAY)
    assert anew.is_paid
    await send_eights(shared, anew, 4)
    assert 0 < paid(shared) < 32


async def test_nothing_is_paid_unless_asked_for(shared: World) -> None:
    budget = shared.budget()
    await send(shared, budget, list(range(1, 40)))

    assert not budget.is_paid
    assert paid(shared) == 0
