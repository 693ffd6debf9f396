"""Telegram's limits on sending, as far as they are known: they are off unless asked for."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque

from bot.demo.errors import too_many_requests

OVERALL = (30, 1.0)
"""Messages, seconds: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""
BROADCAST = (1000, 1.0)
"""With allow_paid_broadcast, for 0.1 Stars each above the others: core.telegram.org/bots/api#sendmessage."""
ONE_CHAT = (20, 10.0)
"""One a second in the long run, with “short bursts”: bots that write twice a second by themselves have been
refused after some seconds (github.com/letta-ai/lettabot/pull/433)."""
ONE_GROUP = (20, 60.0)


class Limits:
    """Counts what was sent in the last minute."""

    def __init__(self) -> None:
        self.paid = 0
        """Messages that would have cost 0.1 Stars."""
        self._sent: dict[object, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int, *, may_cost: bool = False) -> None:
        """Count one more message to the chat. Raises ApiError 429, uncounted, where that is too many.

        `may_cost`: it is part of a paid broadcast, where it is one too many to be free of charge.
        """
        moment = time.monotonic()
        costs = may_cost and self._wait("all", OVERALL, moment) > 0
        overall = ("paid", BROADCAST) if costs else ("all", OVERALL)
        rules: list[tuple[object, tuple[int, float]]] = [overall, (chat_id, ONE_CHAT)]
        if chat_id < 0:
            rules.append((("group", chat_id), ONE_GROUP))
        wait = max(self._wait(key, rule, moment) for key, rule in rules)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for key, _ in rules:
            self._sent[key].append(moment)
        self.paid += costs

    def _wait(self, key: object, rule: tuple[int, float], moment: float) -> float:
        count, seconds = rule
        sent = self._sent[key]
        while sent and sent[0] <= moment - seconds:
            sent.popleft()
        return sent[0] + seconds - moment if len(sent) >= count else 0.0
