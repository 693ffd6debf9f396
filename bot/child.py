"""Work in a child process, so that the chat answers at once meanwhile and a document can do no harm to it."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

SPAWN = multiprocessing.get_context("spawn")
"""A fork would take over threads' locks."""

TOO_LONG = tuple(getattr(signal, name) for name in ("SIGXCPU", "SIGALRM", "SIGKILL") if hasattr(signal, name))
"""What ends a process that passed a limit: of `bot.limits`, or of the system's memory."""


class ChildFailed(Exception):
    """The child died, or was ended because it took too long."""

    def __init__(self, reason: str, *, took_too_much: bool) -> None:
        self.took_too_much = took_too_much
        super().__init__(reason)


class Child:
    """A process that does one piece of work after the other; begun when needed, and anew when it has died."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._channel: Connection | None = None
        self._turn, self._ending = Lock(), Lock()

    def begin(self) -> None:
        """Start the process, without waiting for it."""
        self._channel, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, seconds: float, work: Callable[..., T], *arguments: object) -> T:
        """Return what `work` returns in the child. ChildFailed where it raises, dies, or takes longer."""
        with self._turn:
            if self._channel is None:
                self.begin()
            try:
                answer: T = self._ask(seconds, work, arguments)
            except BaseException:
                self.close()
                raise
        return answer

    def kill(self) -> None:
        """End the process; a `call` in another thread fails."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process and give back what it took; a `call` in another thread fails."""
        with self._ending:
            if self._process is not None and self._channel is not None:
                self._process.kill()
                self._process.join()
                self._process.close()
                self._channel.close()
            self._process = self._channel = None

    def _ask(self, seconds: float, work: Callable[..., T], arguments: tuple[object, ...]) -> Any:
        assert self._channel is not None
        assert self._process is not None
        try:
            self._channel.send((work, arguments))
            if not self._channel.poll(seconds):
                raise ChildFailed(f"not done within {seconds:.0f} s", took_too_much=True)
            return self._channel.recv()
        except (EOFError, ConnectionError):
            raise ChildFailed("ended without an answer", took_too_much=self._ended_by() in TOO_LONG) from None

    def _ended_by(self) -> int:
        """Return the number of the signal that ended the process; 0 where it was none, or was `close`."""
        with self._ending:
            if self._process is None:
                return 0
            self._process.join()
            return -(self._process.exitcode or 0)


async def run_in_child(seconds: float, work: Callable[..., T], *arguments: object) -> T:
    """Return what `work` returns in a new process. Raises ChildFailed where it raises, dies, or takes longer.

    The child is gone at the end, also where this is cancelled.
    """
    child = Child()
    child.begin()

    def call() -> T:
        try:
            return child.call(seconds, work, *arguments)
        finally:
            child.close()

    try:
        return await asyncio.to_thread(call)
    except asyncio.CancelledError:
        child.kill()
        raise


def _serve(channel: Connection) -> None:
    """Do the work that comes, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping is left to the parent
    while True:
        try:
            work, arguments = channel.recv()
        except EOFError:
            return
        channel.send(work(*arguments))
