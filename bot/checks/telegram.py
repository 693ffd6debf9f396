"""Checks of the way to Telegram: the token, the proxy, the Bot API, the clock, and who may use the bot."""

from __future__ import annotations

import socket
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot.checks import Finding
from bot.clock import Clock
from bot.proxy import client_arguments
from bot.settings import TOKEN, Settings, is_loopback

CLOCK_SECONDS = 60
"""More than this a reader would notice."""
PROXY_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""The kinds of proxy that httpx speaks to, each with the port where none is named."""
CONNECT_SECONDS = 5


def check_token_form(settings: Settings) -> Finding:
    """Look at the token's form alone."""
    if TOKEN.fullmatch(settings.telegram_bot_token.get_secret_value()):
        return Finding(True, "TELEGRAM_BOT_TOKEN is set and has the form of a token.")
    return Finding(
        False,
        "TELEGRAM_BOT_TOKEN is missing or has not the form of a token.",
        "Ask @BotFather for a token (/newbot) and put it in .env: TELEGRAM_BOT_TOKEN=123456:ABC…",
    )


def check_proxy(settings: Settings) -> Finding:
    """Connect to the proxy. Only its kind, host and port are shown: there may be a password beside them."""
    if settings.telegram_proxy is None:
        return Finding(True, "TELEGRAM_PROXY is not set.")
    if is_loopback(settings.telegram_api_url):
        return Finding(True, "TELEGRAM_PROXY is not used: TELEGRAM_API_URL is on this machine.")
    try:
        kind, host, port = proxy_address(settings.telegram_proxy.get_secret_value())
    except ValueError:
        remedy = (
            "Write it as http://host:port or socks5://host:port; before the host, user:password@ may stand."
        )
        return Finding(False, "TELEGRAM_PROXY has not the form of a proxy's address.", remedy)
    shown = f"{kind}://{host}:{port}"
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:
        seen = f"The proxy {shown} does not answer ({type(error).__name__})."
        return Finding(False, seen, "Start the proxy, or correct TELEGRAM_PROXY.")
    return Finding(True, f"The proxy {shown} answers.")


def proxy_address(url: str) -> tuple[str, str, int]:
    """Return kind, host and port of the proxy; ValueError where these cannot be told."""
    parts = urlsplit(url)
    if parts.scheme not in PROXY_PORTS or not parts.hostname:
        raise ValueError
    return parts.scheme, parts.hostname, parts.port or PROXY_PORTS[parts.scheme]


def check_telegram(settings: Settings) -> Finding:
    """Ask the Bot API who the bot is."""
    token = settings.telegram_bot_token.get_secret_value()
    try:
        with httpx.Client(timeout=10, **client_arguments(settings)) as client:
            answer = client.get(f"{settings.telegram_api_url}/bot{token}/getMe").json()
    except httpx.ProxyError as error:
        seen = f"The proxy does not let us through to {settings.telegram_api_url} ({error})."
        return Finding(False, seen, "Check the user and the password in TELEGRAM_PROXY.")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Finding(
            False,
            f"The Bot API at {settings.telegram_api_url} does not answer ({type(error).__name__}).",
            "Check the network; where Telegram is out of reach, set TELEGRAM_PROXY or TELEGRAM_API_URL.",
        )
    if answer.get("ok"):
        return Finding(True, f"The Bot API knows the bot: @{answer['result'].get('username')}.")
    return Finding(
        False,
        f"The Bot API refuses the token: {answer.get('description')}.",
        "Copy the token again from @BotFather (/token).",
    )


def check_clock(settings: Settings) -> Finding:
    """Compare this machine's clock with the server's: digests go out by ours."""
    try:
        with httpx.Client(timeout=10, **client_arguments(settings)) as client:
            theirs = parsedate_to_datetime(client.get(settings.telegram_api_url).headers["Date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
        return Finding(True, "The clock could not be compared with Telegram's.")
    seconds = abs((Clock().now() - theirs).total_seconds())
    seen = f"The clock is {seconds:.0f} s off Telegram's."
    return Finding(seconds <= CLOCK_SECONDS, seen, "Set the clock and have it kept right (NTP).")


def check_access(settings: Settings) -> Finding:
    """A private instance needs someone who may use it."""
    if settings.access == "open":
        return Finding(True, "ACCESS=open: everyone may use the bot.")
    if settings.admin_ids:
        return Finding(True, "ACCESS=private: admins, and those let in by `rizhi allow ID`, may use the bot.")
    return Finding(False, "ACCESS=private, but ADMIN_IDS is empty.", "Put your Telegram id in ADMIN_IDS.")
