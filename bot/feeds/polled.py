"""What a poll brought, and how it is said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.imports import Outcome
from bot.web_names import show_url


@dataclass(frozen=True)
class Polled:
    """What a poll brought."""

    error: str | None = None
    """Why the feed itself could not be read."""
    outcomes: tuple[Outcome, ...] = ()
    """Of the entries that were new, failures included."""


def describe_poll(url: str, polled: Polled) -> str:
    """Return in one line what a poll of the feed at that address brought."""
    if polled.error:
        return f"{show_url(url)}: {polled.error}"
    counts = Counter(outcome.status for outcome in polled.outcomes)
    said = ", ".join(f"{number} {status}" for status, number in counts.items())
    return f"{show_url(url)}: {said or 'nothing new'}"
