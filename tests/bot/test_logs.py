"""No token and no password reaches a log."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import RedactingFormatter, redact, set_up_logging
from bot.settings import Settings
from tests.command_line import logging_as_it_was

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"


@given(st.text(), st.text())
def test_a_token_is_blotted_out_wherever_it_stands(before: str, after: str) -> None:
    assert TOKEN not in redact(f"{before} {TOKEN} {after}")


def test_a_token_in_an_address_is_blotted_out_however_its_colon_is_written() -> None:
    escaped = TOKEN.replace(":", "%3A")
    assert redact(f"GET http://h/file/bot{escaped}/a.txt") == "GET http://h/file/bot<token>/a.txt"
    assert redact(f"GET http://h/bot{TOKEN}/getMe") == "GET http://h/bot<token>/getMe"


def test_a_password_in_an_address_is_blotted_out() -> None:
    assert redact("postgresql://rizhi:s3cret@db:5432/x") == "postgresql://rizhi:***@db:5432/x"


def test_a_traceback_is_blotted_out_too() -> None:
    try:
        raise ValueError(f"The token `{TOKEN}` was rejected")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "failed", None, (type(error), error, error.__traceback__)
        )
    assert TOKEN not in RedactingFormatter().format(record)
    assert "<token>" in RedactingFormatter().format(record)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give back the logging, and forget the secrets."""
    with logging_as_it_was():
        yield
        set_up_logging("INFO")


def test_the_secrets_of_the_settings_are_blotted_out_whatever_their_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings.model_validate(
        {
            "telegram_bot_token": TOKEN,
            "telegram_proxy": "socks5://ann:p%2Fx%40y%20z@proxy:1080",
            "database_url": "postgresql://rizhi:s3cret@db/x",
            "webhook_secret": "W" * 32,
            "metrics_token": "m3trics",
        }
    )
    set_up_logging("DEBUG", "text", settings.secrets)

    logging.getLogger("x").debug("%s | p/x@y z | s3cret | %s | m3trics", TOKEN, {"secret_token": "W" * 32})

    line = capsys.readouterr().err
    assert line.endswith("DEBUG x: <token> | *** | *** | {'secret_token': '***'} | ***\n")


def test_the_webhooks_secret_that_comes_from_the_token_is_a_secret_too() -> None:
    settings = Settings.model_validate({"telegram_bot_token": TOKEN})

    assert settings.resolved_webhook_secret in settings.secrets


def test_a_line_of_json_has_the_event_what_was_given_with_it_and_the_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging("INFO", "json")
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logging.getLogger("x").exception("投递 %s\nbroke", 7, extra={"delivery_id": 7, "to": TOKEN})

    [line] = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert TOKEN not in line
    assert (event["level"], event["logger"], event["message"]) == ("ERROR", "x", "投递 7\nbroke")
    assert (event["delivery_id"], event["to"]) == (7, "<token>")
    assert event["ts"].endswith("+00:00")
    assert "ValueError: <token>" in event["traceback"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_ends_a_thread_or_the_process_is_logged_without_secrets(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    set_up_logging("INFO", form)

    def fail() -> None:
        raise RuntimeError(TOKEN)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)

    printed = capsys.readouterr().err
    assert printed.count("uncaught") == 2
    assert "RuntimeError: <token>" in printed
    assert TOKEN not in printed
