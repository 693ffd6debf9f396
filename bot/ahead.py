"""Doing the next piece of work while the last one is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def one_ahead(work: Callable[[T], R], items: Iterable[T]) -> Generator[R, None, None]:
    """Yield `work(item)` for each item, in order; the next one is done in a thread while one is used.

    What it raises comes out in its turn. Where the caller stops, what is under way is not waited for.
    """
    thread = ThreadPoolExecutor(1, "ahead")
    begun: deque[Future[R]] = deque()
    try:
        for item in items:
            begun.append(thread.submit(work, item))
            if len(begun) > 1:
                yield begun.popleft().result()
        for last in begun:
            yield last.result()
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
