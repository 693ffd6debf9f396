"""Logging: one line an event on standard error, and no token in any of them."""

from __future__ import annotations

import logging
import re
import sys

TOKENS = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
PASSWORDS = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+(?=@)")
QUIET = ("httpx", "httpcore", "apscheduler", "alembic", "jieba", "asyncio", "markdown_it")
"""Libraries whose INFO lines say nothing to an operator, or hold addresses with the token in them."""


def redact(text: str) -> str:
    """Return the text with tokens of bots and passwords in addresses blotted out."""
    return PASSWORDS.sub(r"\1:***", TOKENS.sub("<token>", text))


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and blots out what is secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return redact(super().format(record))


def set_up_logging(level: str) -> None:
    """Send all logs at `level` and above to standard error, secrets blotted out, noisy libraries hushed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(True)
