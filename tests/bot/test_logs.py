"""No token and no password reaches a log."""

from __future__ import annotations

import logging

from hypothesis import given
from hypothesis import strategies as st

from bot.logs import RedactingFormatter, redact

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
