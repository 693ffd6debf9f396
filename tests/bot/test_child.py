"""Work in a child process: its answer comes back, and its death harms nobody."""

from __future__ import annotations

import os
import time

import pytest

from bot.child import ChildFailed, run_in_child


def pid_and(word: str) -> tuple[int, str]:
    return os.getpid(), word


def fail() -> None:
    raise ValueError


async def test_the_answer_is_that_of_another_process() -> None:
    pid, word = await run_in_child(60, pid_and, "字")

    assert word == "字"
    assert pid != os.getpid()


@pytest.mark.parametrize("work", [fail, os.abort])
async def test_a_child_that_dies_is_an_error(work: object) -> None:
    assert callable(work)
    with pytest.raises(ChildFailed, match="without an answer"):
        await run_in_child(60, work)


async def test_a_child_that_hangs_is_ended() -> None:
    with pytest.raises(ChildFailed, match="not done within 1 s"):
        await run_in_child(1, time.sleep, 3600)
