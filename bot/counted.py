"""Requests to the Bot API, counted by method and status, with what they took."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

from telegram.request import HTTPXRequest

from bot.metrics import Metrics

TOO_MANY = 429
NO_ANSWER = "none"
"""Stands for a status where there was no answer."""
WAITS = "getUpdates"
"""Takes as long as there is nothing new."""


class CountedRequest(HTTPXRequest):
    """The library's request class, which tells `metrics` of each request."""

    def __init__(self, metrics: Metrics, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._metrics = metrics

    async def do_request(self, url: str, method: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
        """Make the request and return status and body, as the library wants it."""
        began, code = time.perf_counter(), NO_ANSWER
        name = url.rsplit("/", 1)[-1]
        try:
            status, body = await super().do_request(url, method, *rest, **more)
            code = str(status)
        finally:
            self._metrics.requests.add(name, code)
            if name != WAITS:
                self._metrics.request_seconds.observe(time.perf_counter() - began)
        if status == TOO_MANY:
            self._metrics.flood_wait.add(by=_retry_after(body))
        return status, body


def _retry_after(body: bytes) -> float:
    with suppress(ValueError, LookupError, TypeError):
        return float(json.loads(body)["parameters"]["retry_after"])
    return 0.0
