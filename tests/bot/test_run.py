"""What a command is made of stays until it is told to stop, and its collector leaves it alone."""

from __future__ import annotations

import asyncio
import gc

import pytest

from bot.commands import run
from bot.commands.run import until_told


async def test_the_collector_leaves_alone_what_a_command_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOADED_SECONDS", 0.0)
    try:
        await until_told(asyncio.sleep(0.05))
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
