"""That no secret shows in what the tests log would be told: the watch sees what is shown to it."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

import pytest

import bot.logs
from tests.secrecy import FAKE_TOKEN, Watch

log = logging.getLogger("tests.secrecy")


def fail_with(text: str) -> None:
    """Log a failure, with its traceback, that names this."""
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("failed")


def test_a_token_that_the_program_did_not_blot_out_is_found_in_messages_and_tracebacks(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.logs, "TOKENS", re.compile(r"(?!)"))
    monkeypatch.setattr("tests.secrecy.keep_secret", lambda secrets: None)
    monkeypatch.setattr(bot.logs, "_known", set())

    log.debug("asking /bot%s/getMe", FAKE_TOKEN)
    log.debug("asking /bot%s/getMe", quote(FAKE_TOKEN))
    log.debug("half of it is enough: %s", FAKE_TOKEN.partition(":")[2])
    fail_with(FAKE_TOKEN)

    assert len(watch.take()) == 8  # as text and as JSON


def test_what_the_program_blots_out_is_not_found(watch: Watch) -> None:
    watch.know(["sesame-open-thou", FAKE_TOKEN])

    log.debug("asking /bot%s/getMe with %s", FAKE_TOKEN, {"secret": "sesame-open-thou"})
    fail_with(FAKE_TOKEN)

    assert watch.take() == []


def test_what_commands_print_is_looked_through(watch: Watch) -> None:
    watch.look_through(f"https://api.example.org/bot{FAKE_TOKEN}/getMe")

    assert len(watch.take()) == 1
