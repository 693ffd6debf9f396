"""Whether the process is alive: the ticks come. A supervisor that watches is told so."""

from __future__ import annotations

import asyncio

from bot.handlers.context import Services
from bot.host import Host

TICK_SECONDS = 30.0
"""A tick that has not come for so long will not come any more."""
WATCHDOG_SECONDS = 15.0
"""How often systemd is told; it waits for a minute (`deploy/rizhi.service`)."""


def tick_age(services: Services) -> float | None:
    """Return the seconds since the last tick; None before the first, which comes once Telegram knows us."""
    ticked_at = services.metrics.ticked_at
    return None if ticked_at is None else services.clock.seconds() - ticked_at


def is_alive(services: Services) -> bool:
    """Return whether the ticks come; while Telegram is out of reach at the start, none is missed."""
    age = tick_age(services)
    return age is None or age < TICK_SECONDS


async def feed_watchdog(services: Services, host: Host) -> None:
    """Tell systemd that the service has started, and for as long as the ticks come that it lives."""
    host.notify("READY=1")
    while True:
        if is_alive(services):
            host.notify("WATCHDOG=1")
        await asyncio.sleep(WATCHDOG_SECONDS)
