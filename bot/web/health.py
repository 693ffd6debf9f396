"""Health: is the process alive, and may it be sent work? Telegram is never asked."""

from __future__ import annotations

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.alive import is_alive, tick_age
from bot.handlers.context import Services
from bot.schema import HEAD, schema_version

log = logging.getLogger(__name__)

DATABASE_SECONDS = 5.0
"""How long the database may take to say its version."""


class Health:
    """Answers the host's questions about this process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def alive(self, _request: Request) -> Response:
        """Answer 200 while the ticks come; before the first one the answer itself is proof enough."""
        alive = is_alive(self._services)
        return JSONResponse({"alive": alive, "tick_age": tick_age(self._services)}, 200 if alive else 503)

    async def ready(self, _request: Request) -> Response:
        """Answer 200 where all is there that answers need, else 503 and what is missing."""
        found = {
            "database": await self._has_database(),
            "telegram": self._services.metrics.ticked_at is not None,
            "words": self._services.is_ready,
        }
        return JSONResponse(found, 200 if all(found.values()) else 503)

    async def _has_database(self) -> bool:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                return await self._services.database.read(schema_version) == HEAD
        except Exception as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            return False
