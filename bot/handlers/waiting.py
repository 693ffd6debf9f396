"""Waiting for something to be typed: what ends it."""

from __future__ import annotations

from bot.conversation import expected, settle
from bot.handlers.context import Asker, Context


async def awaited(context: Context, asker: Asker) -> tuple[str, tuple[int, ...]] | None:
    """Return the kind, and what this person is asked about; None where nothing is waited for."""
    now = context.services.clock.now()
    return await context.services.database.read(
        lambda session: expected(session, asker.chat_id, asker.user_id, now)
    )


async def stop_waiting(context: Context, asker: Asker) -> None:
    """Forget what was asked, if anything was: a command or a button begins something else."""
    if await awaited(context, asker) is not None:
        await context.services.database.write(lambda session: settle(session, asker.chat_id, asker.user_id))
