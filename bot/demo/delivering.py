"""Delivering updates to the bot's webhook: several at a time, and each again until the bot says yes."""

from __future__ import annotations

import asyncio

import httpx

from bot.demo.model import Json
from bot.demo.state import State
from bot.demo.woken import woken

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_WAIT, LAST_WAIT = 0.1, 1.0
"""Seconds between tries of one update, doubled from the first to the last; Telegram's own are longer."""
TIMEOUT_SECONDS = 10.0


class Delivering:
    """Posts what waits to the webhook that is set, for as long as one is."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_SECONDS) as client:
            try:
                await self._deliver_all(client)
            finally:
                tasks = list(self._under_way.values())
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver_all(self, client: httpx.AsyncClient) -> None:
        with woken(self._state) as wake:
            while True:
                wake.clear()
                for update in self._next():
                    task = asyncio.create_task(self._deliver(client, update))
                    self._under_way[update["update_id"]] = task
                await wake.wait()

    def _next(self) -> list[Json]:
        """Return what may be sent now: no more at a time than the bot wants."""
        with self._state.lock:
            updates = self._state.updates
            if not updates.webhook:
                return []
            room = updates.webhook["max_connections"] - len(self._under_way)
            new = [update for update in updates.waiting if update["update_id"] not in self._under_way]
            return new[: max(room, 0)]

    async def _deliver(self, client: httpx.AsyncClient, update: Json) -> None:
        wait = FIRST_WAIT
        while webhook := self._webhook_for(update):
            error = await _post(client, webhook["url"], self._state.updates.secret, update)
            if error is None:
                self._forget(update)
                break
            self._note(error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LAST_WAIT)
        self._end(update)

    def _webhook_for(self, update: Json) -> Json | None:
        """Return where the update is to go; None where it waits no more, or for getUpdates."""
        with self._state.lock:
            return self._state.updates.webhook if update in self._state.updates.waiting else None

    def _note(self, error: str) -> None:
        with self._state.lock:
            at = int(self._state.now().timestamp())
            if self._state.updates.webhook:
                self._state.updates.webhook |= {"last_error_date": at, "last_error_message": error}

    def _forget(self, update: Json) -> None:
        with self._state.lock:
            self._state.updates.forget(update)

    def _end(self, update: Json) -> None:
        with self._state.lock:
            del self._under_way[update["update_id"]]
            self._state.changed()


async def _post(client: httpx.AsyncClient, url: str, secret: str, update: Json) -> str | None:
    """Return what went wrong; None where the bot has taken the update."""
    try:
        answer = await client.post(url, json=update, headers={SECRET_HEADER: secret} if secret else {})
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}"
    wrong = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
    return None if answer.is_success else wrong
