"""The rate budget: within Telegram's limits in every window, and quick for those who wait."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.budget import CHAT_AHEAD, GROUP_MINUTE, Budget
from tests.bot.delivery.conftest import FakeTime

PER_SECOND, AHEAD = 25, 5


def make_budget() -> tuple[Budget, FakeTime]:
    time = FakeTime()
    return Budget(PER_SECOND, time.clock, time.sleep), time


def most_in(seconds: float, moments: list[float]) -> int:
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


async def test_pushes_to_many_chats_keep_the_pace() -> None:
    budget, time = make_budget()
    moments = []
    for chat in range(100):
        assert await budget.acquire(chat + 1) == 0
        moments.append(time.now)
    assert most_in(1, moments) <= PER_SECOND + 1
    assert moments[-1] - moments[0] < 100 / PER_SECOND + 0.1


@given(kinds=st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=1, max_size=120))
def test_no_second_sees_more_than_telegram_allows(kinds: list[tuple[bool, int]]) -> None:
    budget, time = make_budget()

    async def send() -> list[float]:
        moments = []
        for chat, (interactive, pause) in enumerate(kinds):
            time.now += pause / 100
            await budget.acquire(chat + 1, interactive=interactive)
            moments.append(time.now)
        return moments

    assert most_in(1, asyncio.run(send())) <= PER_SECOND + AHEAD + 1


async def test_an_answer_goes_before_the_pushes() -> None:
    budget, _ = make_budget()
    await budget.acquire(1)
    assert budget.reserve(2) > 0
    assert [budget.reserve(3 + n, interactive=True) for n in range(AHEAD)] == [0.0] * AHEAD
    assert budget.reserve(99, interactive=True) > 0
    assert budget.reserve(2) > AHEAD / PER_SECOND


async def test_one_chat_gets_one_message_a_second() -> None:
    budget, time = make_budget()
    start = time.now
    for _ in range(3):
        await budget.acquire(1)
    assert round(time.now - start, 3) == 2.0


async def test_a_group_gets_twenty_a_minute_and_the_next_goes_back() -> None:
    budget, time = make_budget()
    start = time.now
    for _ in range(GROUP_MINUTE):
        assert await budget.acquire(-5) == 0
    wait = await budget.acquire(-5)
    assert round(time.now + wait - start) == 60
    time.now += wait
    assert await budget.acquire(-5) == 0


async def test_a_private_chat_has_no_limit_a_minute() -> None:
    budget, _ = make_budget()
    assert [await budget.acquire(5) for _ in range(GROUP_MINUTE + 1)] == [0.0] * (GROUP_MINUTE + 1)


async def test_a_chat_that_is_told_to_wait_holds_up_no_other() -> None:
    budget, time = make_budget()
    await budget.park(1, 300)
    assert await budget.acquire(1) == 300
    assert await budget.acquire(2) == 0
    assert not budget.is_paused
    time.now += 301
    assert await budget.acquire(1) == 0


async def test_two_chats_told_to_wait_within_ten_seconds_pause_the_bot() -> None:
    budget, time = make_budget()
    await budget.park(1, 30)
    time.now += 9
    await budget.park(2, 30)
    assert budget.is_paused
    assert await budget.acquire(3, interactive=True) == 30
    time.now += 31
    assert not budget.is_paused


async def test_one_chat_told_twice_or_two_told_far_apart_do_not_pause_the_bot() -> None:
    budget, time = make_budget()
    await budget.park(1, 30)
    await budget.park(1, 30)
    time.now += 11
    await budget.park(2, 30)
    assert not budget.is_paused


async def test_an_answer_waits_some_seconds_for_its_permit() -> None:
    budget, time = make_budget()
    await budget.park(1, 4)
    start = time.now
    assert await budget.acquire(1, interactive=True) == 0
    assert time.now - start == 4


async def test_chats_that_were_quiet_are_forgotten() -> None:
    budget, time = make_budget()
    for chat in range(10_001):
        await budget.acquire(chat + 1)
    time.now += 61
    await budget.acquire(1)
    assert len(budget._sent) < 2_000  # a minute at full pace


async def test_answers_to_one_chat_may_come_in_a_short_burst_and_then_keep_the_pace() -> None:
    budget, time = make_budget()
    start, moments = time.now, []
    for _ in range(CHAT_AHEAD * 2):
        await budget.acquire(5, interactive=True)
        moments.append(time.now - start)
        time.now += 0.1
    assert moments[CHAT_AHEAD - 1] < 0.5
    assert most_in(CHAT_AHEAD, moments) == CHAT_AHEAD
