"""How requests leave this machine: straight, through TELEGRAM_PROXY, or as the environment says."""

from __future__ import annotations

from typing import Any

from bot.settings import Settings, is_loopback


def client_arguments(settings: Settings) -> dict[str, Any]:
    """Return the arguments for an httpx client that talks to the Bot API.

    With HTTP_PROXY in the environment httpx would send even loopback through the proxy: there, and where
    TELEGRAM_PROXY is set, the environment is not looked at.
    """
    if is_loopback(settings.telegram_api_url):
        return {"trust_env": False}
    if settings.telegram_proxy is not None:
        return {"trust_env": False, "proxy": settings.telegram_proxy.get_secret_value()}
    return {"trust_env": True}
