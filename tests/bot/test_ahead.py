"""The next piece of work is done while the last one is used."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from bot.ahead import one_ahead


def test_results_come_in_order() -> None:
    assert list(one_ahead(lambda number: number * number, range(50))) == [n * n for n in range(50)]
    assert list(one_ahead(str, [])) == []


def test_the_next_is_begun_before_the_last_is_used_and_no_more() -> None:
    begun = [threading.Event() for _ in range(3)]

    def work(number: int) -> int:
        begun[number].set()
        return number

    with closing(one_ahead(work, range(3))) as results:
        assert next(results) == 0
        assert begun[1].wait(10)
        assert not begun[2].is_set()


def test_an_error_comes_out_in_its_turn() -> None:
    results = one_ahead(lambda number: 1 // number, [1, 0, 1])

    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_who_stops_does_not_wait_for_what_is_under_way() -> None:
    never, started = threading.Event(), threading.Event()

    def work(number: int) -> int:
        if number:
            started.set()
            never.wait(60)
        return number

    results = one_ahead(work, range(5))
    assert next(results) == 0
    assert started.wait(10)
    results.close()

    assert not never.is_set()
    never.set()
