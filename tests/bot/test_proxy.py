"""How requests leave: loopback always straight, Telegram through TELEGRAM_PROXY where it is set."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from bot.demo.server import BotApiServer
from bot.proxy import client_arguments
from bot.settings import Settings, is_loopback

PROXY = SecretStr("socks5://127.0.0.1:1080")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://127.8.9.1", True),
        ("http://localhost:80/x", True),
        ("http://[::1]:8081", True),
        ("https://api.telegram.org", False),
        ("http://192.168.1.4:8081", False),
        ("http://localhost.example.org", False),
    ],
)
def test_loopback_is_known_by_its_address(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_telegram_is_reached_through_its_proxy_whatever_the_environment_says() -> None:
    settings = Settings(telegram_proxy=PROXY, telegram_api_url="https://api.telegram.org")

    assert client_arguments(settings) == {"trust_env": False, "proxy": "socks5://127.0.0.1:1080"}


def test_without_a_proxy_of_its_own_the_environment_decides() -> None:
    settings = Settings(telegram_proxy=None, telegram_api_url="https://api.telegram.org")

    assert client_arguments(settings) == {"trust_env": True}


def test_loopback_goes_straight_past_every_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nobody listens

    with BotApiServer() as api:
        arguments = client_arguments(Settings(telegram_proxy=PROXY, telegram_api_url=api.url))
        with httpx.Client(**{"verify": True} | arguments) as client:
            assert client.get(f"{api.url}/bot{api.token}/getMe").json()["ok"] is True
