"""Polling: Telegram's updates into the application's queue, whatever happens on the way.

python-telegram-bot's own loop ends for good, and in silence, when anything between here and Telegram answers
401 or 404; this one goes on, and ends only where the Bot API itself refuses the token.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

log = logging.getLogger(__name__)

POLL_SECONDS = 30
"""How long Telegram holds a poll open while there is nothing new."""
FIRST_WAIT, LAST_WAIT = 1.0, 30.0
"""Seconds between attempts while Telegram cannot be reached; doubled from the first to the last."""
GOODBYE_SECONDS = 3.0
"""How long the last acknowledgement may take."""


class TokenRefused(Exception):
    """Telegram refuses the bot's token; ask @BotFather for it again (/token) and set TELEGRAM_BOT_TOKEN."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class Poller:
    """Fetches updates and puts them into a queue, each once."""

    def __init__(self, bot: Bot, queue: asyncio.Queue[object], on_success: Callable[[], None]) -> None:
        self._bot = bot
        self._queue = queue
        self._on_success = on_success
        """Told after each answer of Telegram's: what was held back for a refused token may go on."""
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch until cancelled; TokenRefused where the Bot API says so."""
        wait = FIRST_WAIT
        while True:
            try:
                await self._fetch(POLL_SECONDS)
                wait = FIRST_WAIT
                self._on_success()
            except TelegramError as error:
                if is_refusal(error):
                    raise TokenRefused from None
                log.warning("updates cannot be fetched: %s", explain(error))
                await asyncio.sleep(pause_after(error, wait))
                wait = min(wait * 2, LAST_WAIT)

    async def say_goodbye(self) -> None:
        """Tell Telegram which updates have been taken, so that the next start does not meet them again."""
        if self._offset is not None:
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self._bot.get_updates(offset=self._offset, limit=1, timeout=0)

    async def _fetch(self, seconds: int) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset, timeout=seconds, allowed_updates=Update.ALL_TYPES
        )
        for update in updates:
            await self._queue.put(update)
            self._offset = update.update_id + 1


def is_refusal(error: BaseException) -> bool:
    """Return whether the Bot API itself refused the token: the answer of a proxy has another cause."""
    return isinstance(error, InvalidToken) and (error.__cause__ is None or is_refusal(error.__cause__))


def pause_after(error: TelegramError, wait: float) -> float:
    """Return the seconds to wait after the error: as long as Telegram says where it does, else `wait`."""
    if not isinstance(error, RetryAfter):
        return wait
    after = error.retry_after
    return after if isinstance(after, int | float) else after.total_seconds()


def explain(error: TelegramError) -> str:
    """Return the error for the log."""
    if isinstance(error, Conflict):
        return "another process uses the same token; stop it, or give it a token of its own"
    return error.message
