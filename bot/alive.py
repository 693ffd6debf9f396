"""Whether the process is alive: the ticks come. A supervisor that watches is told so.

A tick that ends in an error is one, too: while the database is away a restart would help nobody, and what is
known of messages under way would be lost with the process. The age of the last good one is in the metrics.
"""

from __future__ import annotations

import asyncio

from bot.handlers.context import Services
from bot.host import Host

TICK_SECONDS = 30.0
"""A tick that has not come for so long will not come any more."""
WATCHDOG_SECONDS = 15.0
"""How often systemd is told; it waits for a minute (`deploy/rizhi.service`)."""


def tick_age(services: Services) -> float | None:
    """Return the seconds since the last good tick; None before it, which comes once Telegram knows us."""
    return _age(services, services.metrics.ticked_at)


def is_alive(services: Services) -> bool:
    """Return whether the ticks come; while Telegram is out of reach at the start, none is missed."""
    age = _age(services, services.metrics.looked_at)
    return age is None or age < TICK_SECONDS


def _age(services: Services, moment: float | None) -> float | None:
    return None if moment is None else services.clock.seconds() - moment


async def feed_watchdog(services: Services, host: Host) -> None:
    """Tell systemd that the service has started, and for as long as the ticks come that it lives."""
    host.notify("READY=1")
    while True:
        if is_alive(services):
            host.notify("WATCHDOG=1")
        await asyncio.sleep(WATCHDOG_SECONDS)
