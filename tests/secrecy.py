"""What the tests log, at DEBUG and as an operator would see it, is looked through for secrets.

A test during which one shows fails. What commands print, in this process or another, is looked through too.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from urllib.parse import quote

from bot.demo.server import TOKEN
from bot.logs import TEXT, JsonFormatter, RedactingFormatter, keep_secret

FAKE_TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"
"""Has the form of a token, and opens nothing."""
FORMATTERS = (RedactingFormatter(TEXT), JsonFormatter())


class Watch(logging.Handler):
    """Formats each record in both of the program's ways, and keeps the lines in which a secret shows."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._secrets: set[str] = set()
        self._forms: set[str] = set()
        self._found: list[str] = []

    def know(self, secrets: Collection[str]) -> None:
        """Look for these from now on, also as addresses write them; the program knows them from its settings.

        Of a token the part that opens something is looked for alone, too.
        """
        self._secrets |= {*secrets}
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        self._forms |= parts | {quote(part, safe="") for part in parts}

    def look_through(self, text: str) -> None:
        """Keep the text where a secret shows."""
        if self._shows_in(text):
            self._found.append(text)

    def emit(self, record: logging.LogRecord) -> None:
        """Look through what an operator would see, where there is anything to be blotted out."""
        if record.exc_info is None and not self._shows_in(f"{vars(record)} {record.getMessage()}"):
            return
        keep_secret(self._secrets)  # commands that ran in this process had settings of their own
        for formatter in FORMATTERS:
            self.look_through(formatter.format(record))

    def _shows_in(self, text: str) -> bool:
        return any(form in text for form in self._forms)

    def take(self) -> list[str]:
        """Return what was found since this was asked last."""
        found, self._found = self._found, []
        return found


WATCH = Watch()


def begin() -> None:
    """Look through all that is logged from now on."""
    WATCH.know([TOKEN, FAKE_TOKEN])
    logging.getLogger().addHandler(WATCH)
    logging.getLogger().setLevel(logging.DEBUG)
