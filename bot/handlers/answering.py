"""Answering an update, and taking it for answered only then: who is killed before meets it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

AT_A_TIME = 256
"""Updates; more wait."""


class Answering(BaseUpdateProcessor):
    """Runs the handlers of several updates at a time, and calls `settle` after each."""

    def __init__(self, settle: Callable[[int], Awaitable[None]]) -> None:
        super().__init__(AT_A_TIME)
        self._settle = settle

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run the handlers; what they raise is told to the one who asked, and comes not again."""
        await coroutine
        if isinstance(update, Update):
            await self._settle(update.update_id)

    async def initialize(self) -> None:
        """Do nothing: there is nothing to prepare."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to give back."""
