"""How much one person may ask of the bot: a bucket that fills again. Knows neither Telegram nor a clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

BURST = 20
"""Taps and messages at once: more than anybody needs, too few to hold up others."""
PER_SECOND = 1.0
MOST_PEOPLE = 10_000
"""People remembered before those whose buckets are full are forgotten."""


class Verdict(Enum):
    """What becomes of what a person asks."""

    ANSWER = "answer"
    TELL = "tell"
    """Say that it is too much: once, until something was answered again."""
    DROP = "drop"


@dataclass
class _Bucket:
    left: float
    at: float
    is_told: bool = False

    def fill(self, now: float) -> None:
        self.left = min(self.left + max(now - self.at, 0.0) * PER_SECOND, BURST)
        self.at = now


class Buckets:
    """What each person may still ask."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}

    def ask(self, person: int, now: float) -> Verdict:
        """Return what becomes of one thing more that the person asks, at that moment in seconds."""
        bucket = self._buckets.setdefault(person, _Bucket(BURST, now))
        bucket.fill(now)
        if bucket.left < 1:
            verdict = Verdict.DROP if bucket.is_told else Verdict.TELL
            bucket.is_told = True
            return verdict
        bucket.left -= 1
        bucket.is_told = False
        self._forget(now)
        return Verdict.ANSWER

    def _forget(self, now: float) -> None:
        if len(self._buckets) <= MOST_PEOPLE:
            return
        for bucket in self._buckets.values():
            bucket.fill(now)
        self._buckets = {who: bucket for who, bucket in self._buckets.items() if bucket.left < BURST}
