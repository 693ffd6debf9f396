"""Work in a child process, so that the chat answers at once meanwhile and a document can do no harm to it."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")

SPAWN = multiprocessing.get_context("spawn")
"""A fork would take over threads' locks."""


class ChildFailed(Exception):
    """The child died, or was ended because it took too long."""


async def run_in_child(seconds: float, work: Callable[..., T], *arguments: object) -> T:
    """Return what `work` returns in a new process. Raises ChildFailed where it raises, dies, or takes longer.

    The arguments are to be small (they are written before the child reads them). The child is gone at the
    end, also where this is cancelled.
    """
    receiving, sending = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=_answer, args=(sending, work, arguments), daemon=True)
    process.start()
    sending.close()
    try:
        result: T = await asyncio.to_thread(_receive, receiving, seconds)
    finally:
        process.kill()
        process.join()
        process.close()
    return result


def _answer(sending: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping is left to the parent
    sending.send(work(*arguments))


def _receive(receiving: Connection, seconds: float) -> Any:
    """Return what the child sent; its end closes the pipe, and so ends the wait."""
    with receiving:
        if not receiving.poll(seconds):
            raise ChildFailed(f"not done within {seconds:.0f} s")
        try:
            return receiving.recv()
        except EOFError:
            raise ChildFailed("ended without an answer") from None
