"""Logging: one line an event on standard error, as text or as JSON, and no secret in any of them."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType

TOKENS = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
PASSWORDS = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+(?=@)")
QUIET = ("httpx", "httpcore", "apscheduler", "alembic", "jieba", "asyncio", "markdown_it", "procrastinate")
"""Libraries whose INFO lines say nothing to an operator, or hold addresses with the token in them."""
SHORTEST_SECRET = 6
"""Characters: a shorter one would be blotted out in the middle of words, and is none."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest was given with the event."""
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_known: set[str] = set()


def keep_secret(secrets: Iterable[str]) -> None:
    """Blot these out from now on."""
    _known.update(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)


def redact(text: str) -> str:
    """Return the text with tokens, passwords in addresses, and the settings' secrets blotted out."""
    text = PASSWORDS.sub(r"\1:***", TOKENS.sub("<token>", text))
    for secret in _known:
        text = text.replace(secret, "***")
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and blots out what is secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object a line, what is secret blotted out of each of its texts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: ts, level, logger, message, what else was given, and the traceback if any."""
        given = {key: value for key, value in vars(record).items() if key not in STANDARD}
        shown = {
            "ts": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value if isinstance(value, int | float) else str(value) for key, value in given.items()},
        }
        if record.exc_info:
            shown["traceback"] = self.formatException(record.exc_info)
        texts = {key: redact(value) if isinstance(value, str) else value for key, value in shown.items()}
        return json.dumps(texts, ensure_ascii=False)


def set_up_logging(level: str, form: str = "text", secrets: Iterable[str] = ()) -> None:
    """Send all logs at `level` and above to standard error, secrets blotted out, noisy libraries hushed.

    `form` is text or json. What ends a thread, or cannot be raised, is logged in the same way.
    """
    _known.clear()
    keep_secret(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else RedactingFormatter(TEXT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda ended: _log_uncaught(ended.exc_type, ended.exc_value, ended.exc_traceback)
    sys.unraisablehook = lambda seen: _log_uncaught(seen.exc_type, seen.exc_value, seen.exc_traceback)


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error or kind(), trace))
