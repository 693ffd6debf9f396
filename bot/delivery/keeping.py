"""Keeping: what is known of a request gets on record, also where the database is away just then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES, AGAIN_SECONDS = 60, 2.0
"""How often it is tried to write what became of a message while the database is away, and how long is waited
between: in all as long as it takes until others would look for the message."""


async def keep(writing: Awaitable[T], again: Callable[[], Awaitable[T]], what: str) -> T:
    """Return what `writing` comes to, begun `again` for as long as the database is away; then DBAPIError.

    `what` names it in the log.
    """
    for _ in range(TRIES):
        try:
            return await writing
        except DBAPIError as error:
            log.warning("%s is not on record yet: %s", what, type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
            writing = again()
    return await writing
