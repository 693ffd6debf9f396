"""Waiting in the server's event loop for a change of the state, which may come from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bot.demo.state import State


@contextmanager
def woken(state: State) -> Iterator[asyncio.Event]:
    """Yield an event that every change of the state sets."""
    loop, wake = asyncio.get_running_loop(), asyncio.Event()

    def listener() -> None:
        loop.call_soon_threadsafe(wake.set)

    with state.lock:
        state.listeners.add(listener)
    try:
        yield wake
    finally:
        with state.lock:
            state.listeners.discard(listener)


async def wait_at_most(seconds: float, event: asyncio.Event) -> None:
    """Return when the event is set, or after so many seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
