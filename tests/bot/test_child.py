"""Work in a child process: its answer comes back, and its death harms nobody."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator

import pytest

from bot.child import ChildFailed, run_in_child
from tests.children import begun_by


@pytest.fixture(autouse=True)
def as_the_bot_begins_them() -> Iterator[None]:
    """Begin each child as a new interpreter, which the other tests spare themselves."""
    with begun_by(multiprocessing.get_context("spawn")):
        yield


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
