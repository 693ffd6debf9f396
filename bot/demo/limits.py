"""Telegram's limits on sending, as far as they are known: they are off unless asked for."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from bot.demo.errors import too_many_requests

OVERALL = (30, 1.0)
"""Messages, seconds: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""
ONE_CHAT = (5, 5.0)
"""One a second in the long run, in short bursts."""
ONE_GROUP = (20, 60.0)


class Limits:
    """Counts what was sent in the last minute."""

    def __init__(self) -> None:
        self._sent: dict[object, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int) -> None:
        """Count one more message to the chat. Raises ApiError 429, uncounted, where that is too many."""
        moment = time.monotonic()
        rules: list[tuple[object, tuple[int, float]]] = [("all", OVERALL), (chat_id, ONE_CHAT)]
        if chat_id < 0:
            rules.append((("group", chat_id), ONE_GROUP))
        wait = max(self._wait(key, rule, moment) for key, rule in rules)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for key, _ in rules:
            self._sent[key].append(moment)

    def _wait(self, key: object, rule: tuple[int, float], moment: float) -> float:
        count, seconds = rule
        sent = self._sent[key]
        while sent and sent[0] <= moment - seconds:
            sent.popleft()
        return sent[0] + seconds - moment if len(sent) >= count else 0.0
