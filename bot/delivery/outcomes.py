"""What became of a request, judged by what provably happened: sent, refused, or in doubt.

The one place that knows how python-telegram-bot 22 shows Telegram's errors. It raises the same TimedOut for a
connection that was never made and for an answer that never came; only `__cause__` tells them apart.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TypeAlias

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

os.environ.setdefault("PTB_TIMEDELTA", "true")
"""Without it the library warns of a change to come at every 429."""


@dataclass(frozen=True)
class Sent:
    """The message is in the chat."""

    message_id: int


@dataclass(frozen=True)
class Retry:
    """Provably not sent; it may be tried again, in `after` seconds where Telegram says so (429)."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Blocked:
    """Refused, and will be until someone lets the bot write there again."""

    reason: str


@dataclass(frozen=True)
class Moved:
    """Refused: the group is a supergroup now."""

    new_chat_id: int


@dataclass(frozen=True)
class Failed:
    """Refused because of the message itself; the same again would fail again."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Perhaps sent: it must not be sent again blindly."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """The token is refused: nothing can be sent at all, and no reader is to blame."""


Outcome: TypeAlias = Sent | Retry | Blocked | Moved | Failed | Unknown | Refused

NEVER_SENT = (
    httpx.PoolTimeout,
    httpx.ConnectTimeout,
    httpx.ConnectError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""Causes that arise before the first byte of the request is written."""

GONE = (
    "chat not found",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "not enough rights",
    "have no rights to send",
    "need administrator rights",
    "chat_restricted",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "user_is_blocked",
    "peer_id_invalid",
)
"""Parts of 400's descriptions that say the bot may not write there; lower case."""

UNREADABLE = "can't parse entities"
"""Part of 400's description where Telegram cannot read our markup."""


def classify(error: Exception) -> Outcome:
    """Return what became of the request that raised `error`. What is not known for certain is in doubt."""
    match error:
        case RetryAfter():
            return Retry("too many requests", retry_seconds(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case InvalidToken() | Forbidden() | BadRequest() if error.__cause__ is not None:
            return Retry("refused on the way to Telegram")  # a proxy's own page: no answer of Telegram's
        case InvalidToken():
            return Refused()
        case Forbidden():
            return Blocked(error.message)
        case BadRequest():
            return _classify_bad_request(error.message)
        case NetworkError() if error.__cause__ is None or isinstance(error.__cause__, NEVER_SENT):
            return Retry(error.message)
        case _:
            return Unknown(type(error.__cause__ or error).__name__)


def is_unreadable(outcome: Outcome) -> bool:
    """Return whether Telegram refused the message for its markup."""
    return isinstance(outcome, Failed) and UNREADABLE in outcome.reason.lower()


def retry_seconds(error: RetryAfter) -> float:
    """Return how long Telegram wants us to wait, in seconds; the library gives it in two types."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


def _classify_bad_request(description: str) -> Outcome:
    said = description.lower()
    return Blocked(description) if any(part in said for part in GONE) else Failed(description)
