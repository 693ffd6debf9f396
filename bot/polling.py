"""Receiving: Telegram's updates into the inbox, by polling, or sent to the webhook that is set here.

python-telegram-bot's own loop ends for good, and in silence, when anything between here and Telegram answers
401 or 404; this one goes on, and ends only where the Bot API itself refuses the token.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.inbox import Inbox, NotStored

log = logging.getLogger(__name__)

POLL_SECONDS = 30
"""How long Telegram holds a poll open while there is nothing new."""
FIRST_WAIT, LAST_WAIT = 1.0, 30.0
"""Seconds between attempts while Telegram cannot be reached; doubled from the first to the last."""
GOODBYE_SECONDS = 1.0
"""How long the last acknowledgement may take."""


class TokenRefused(Exception):
    """Telegram refuses the bot's token; ask @BotFather for it again (/token) and set TELEGRAM_BOT_TOKEN."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class WebhookRefused(Exception):
    """Telegram refuses the webhook; see WEBHOOK_URL."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Telegram refuses the webhook: {reason}; see WEBHOOK_URL")


class Poller:
    """Fetches updates and puts them into the inbox before it tells Telegram that they came."""

    def __init__(self, bot: Bot, inbox: Inbox, on_success: Callable[[], None]) -> None:
        self._bot = bot
        self._inbox = inbox
        self._on_success = on_success
        """Told after each answer of Telegram's: what was held back for a refused token may go on."""
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch until cancelled, a webhook being removed; TokenRefused where the Bot API says so."""
        await insist(self._bot.delete_webhook, "the webhook cannot be removed")
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
            except NotStored as error:
                log.warning("%s", error)
                await asyncio.sleep(wait)
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
        if updates:
            await self._inbox.receive([update.to_dict() for update in updates])
            self._offset = updates[-1].update_id + 1


async def insist(call: Callable[[], Coroutine[Any, Any, object]], trouble: str) -> None:
    """Make the call until Telegram answers it. Raises TokenRefused; BadRequest: the call is wrong."""
    wait = FIRST_WAIT
    while True:
        try:
            await call()
            return
        except TelegramError as error:
            if is_refusal(error):
                raise TokenRefused from None
            if isinstance(error, BadRequest) and error.__cause__ is None:
                raise
            log.warning("%s: %s", trouble, explain(error))
            await asyncio.sleep(pause_after(error, wait))
            wait = min(wait * 2, LAST_WAIT)


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have Telegram send updates to `url`, the secret with each. Raises TokenRefused, WebhookRefused."""
    call = partial(bot.set_webhook, url, secret_token=secret, allowed_updates=Update.ALL_TYPES)
    try:
        await insist(call, "the webhook cannot be set")
    except BadRequest as error:
        raise WebhookRefused(error.message) from None


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
