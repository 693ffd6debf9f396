"""A process that sends as fast as the budget lets it, between two moments of the machine's monotonic clock.

`python -m tests.benchmarks.budget_process DATABASE RATE BEGIN END KIND URL FIRST`: KIND is push (eight at
a time) or answer (one every 0.3 s). Prints when each message asked for its permit, and got it, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count

import httpx

from bot.clock import Clock
from bot.database import Database
from bot.delivery.budget import Budget
from bot.delivery.sending import IN_FLIGHT
from bot.delivery.shared_pace import SharedPace

ANSWER_SECONDS = 0.3


class Sender:
    """Sends to one chat after the other."""

    def __init__(self, budget: Budget, client: httpx.AsyncClient, url: str, first: int, until: float) -> None:
        self.permits: list[tuple[float, float]] = []
        self._budget = budget
        self._client = client
        self._url = url
        self._chats = count(first)
        self._until = until

    async def push(self) -> None:
        """Send one push after the other."""
        while time.monotonic() < self._until:
            await self._send(interactive=False)

    async def answer(self) -> None:
        """Send an answer now and then."""
        while time.monotonic() < self._until:
            await self._send(interactive=True)
            await asyncio.sleep(ANSWER_SECONDS)

    async def _send(self, *, interactive: bool) -> None:
        chat_id, began = next(self._chats), time.monotonic()
        assert await self._budget.acquire(chat_id, interactive=interactive) == 0
        self.permits.append((began, time.monotonic()))
        await self._client.post(self._url, json={"chat_id": chat_id, "text": "x"})


async def main(
    database_url: str, rate: int, begin: float, end: float, kind: str, url: str, first: int
) -> None:
    """Send until the end."""
    database, clock = Database(database_url), Clock()
    budget = Budget(SharedPace(rate, 0, database, clock.seconds), clock.seconds)
    async with httpx.AsyncClient(trust_env=False) as client:
        sender = Sender(budget, client, url, first, end)
        await asyncio.sleep(begin - time.monotonic())
        works = [sender.answer()] if kind == "answer" else [sender.push() for _ in range(IN_FLIGHT)]
        await asyncio.gather(*works)
    database.close()
    sys.stdout.write(json.dumps(sender.permits))


if __name__ == "__main__":
    address, pace, begin, end, kind, url, first = sys.argv[1:]
    asyncio.run(main(address, int(pace), float(begin), float(end), kind, url, int(first)))
