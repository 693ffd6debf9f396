"""The engine: how what is due comes to whoever sends it. The ledger says what is due, and who has it."""

from __future__ import annotations

from typing import Protocol

from bot.clock import Clock
from bot.database import Database
from bot.delivery.push import Pusher


class Engine(Protocol):
    """Ticked once a second, in each process of a database."""

    async def tick(self) -> None:
        """Let what is due be sent, here or by a worker, and come back at once."""


def build_engine(database: Database, clock: Clock, pusher: Pusher) -> Engine:
    """Return the database's engine: on SQLite the pusher itself, on PostgreSQL the queue."""
    if database.is_sqlite:
        return pusher
    from bot.delivery.queue import QueueEngine  # procrastinate costs 0.5 s

    return QueueEngine(database, clock, pusher)
