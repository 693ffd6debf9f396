"""What a hostile file may take: it ends the child that reads it, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

import bot.limits
from bot.child import Child, ChildFailed
from bot.limits import bounded, prepare_in
from content.errors import CostlyDocument, DamagedDocument, EmptyDocument
from content.reading import RawDocument

NOTES = "# 春天\n\n三月里先清淤泥，再补渠岸，十一户人家轮流出工。\n".encode()


@pytest.fixture
def child() -> Iterator[Child]:
    with closing(Child()) as child:
        yield child


def eat_memory() -> str:
    """Return what happened when a reader wanted two gigabytes."""
    try:
        with bounded():
            bytearray(2_000_000_000)
    except MemoryError:
        return "refused"
    return "given"


def loop_for_ever() -> None:
    bot.limits.CPU_SECONDS = 1
    with bounded():
        while True:
            pass


def sleep_for_ever() -> None:
    bot.limits.WALL_SECONDS = 1
    with bounded():
        time.sleep(3_600)


def read_hostile(name: str, body: bytes) -> RawDocument:
    """Stand for a reader that a hostile file keeps busy, or brings down."""
    if name.startswith("loop"):
        time.sleep(3_600)
    os.abort()


def become_hostile() -> None:
    bot.limits.read_document = read_hostile  # type: ignore[attr-defined]
    bot.limits.WALL_SECONDS = 1


def test_one_child_reads_many_documents(child: Child) -> None:
    first = prepare_in(child, "a.md", NOTES)
    second = prepare_in(child, "b.md", NOTES)

    assert [first.articles[0].draft.title, second.articles[0].draft.title] == ["春天", "春天"]


def test_what_is_wrong_with_a_document_is_told_as_it_is_without_a_child(child: Child) -> None:
    with pytest.raises(EmptyDocument):
        prepare_in(child, "empty.txt", b" ")


def test_more_memory_than_allowed_is_refused(child: Child) -> None:
    assert child.call(60, eat_memory) == "refused"
    assert child.call(60, len, "读") == 1


@pytest.mark.parametrize("name", ["loop.txt", "crash.txt"])
def test_after_a_hostile_file_the_next_one_is_read(child: Child, name: str) -> None:
    child.call(60, become_hostile)
    expected = CostlyDocument if name.startswith("loop") else DamagedDocument
    with pytest.raises(expected):
        prepare_in(child, name, NOTES)

    assert prepare_in(child, "a.md", NOTES).articles[0].draft.title == "春天"


@pytest.mark.parametrize("work", [loop_for_ever, sleep_for_ever])
def test_a_reader_that_takes_too_long_is_ended(child: Child, work: object) -> None:
    assert callable(work)
    with pytest.raises(ChildFailed) as failed:
        child.call(60, work)
    assert failed.value.took_too_much
