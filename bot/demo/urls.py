"""Telegram's view of web addresses: what a link or a button may point to, and how it is stored."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"(?is)(?:(tg|ton|tonsite):(?://)?|([^:]*)://)?([^/?#]*)(.*)")
"""Telegram's own scheme, another scheme, host with user and port, the rest."""


class UrlError(ValueError):
    """The address cannot be used; the message is Telegram's reason."""


def checked_url(address: str) -> str:
    """Return `address` as Telegram stores it: with a scheme, a lower-case host, and a path.

    Raises UrlError with the reason: “Wrong HTTP URL”, “Unsupported URL protocol” or “URL host is empty”.
    """
    match = ADDRESS.fullmatch(address)
    assert match, "the pattern takes any text"
    inner, scheme, host, path = match.groups()
    scheme = (inner or scheme or "http").lower()
    if not host:
        raise UrlError("URL host is empty")
    if inner:
        return f"{scheme}://{host.lower()}{path}"
    if scheme not in ("http", "https"):
        raise UrlError("Unsupported URL protocol")
    if not _is_public(host):
        raise UrlError("Wrong HTTP URL")
    return f"{scheme}://{host.lower()}{'' if path.startswith('/') else '/'}{path}"


def _is_public(host: str) -> bool:
    """Telegram wants a dot in the name: no localhost, no bare word."""
    name = host.rpartition("@")[2].partition(":")[0]
    return "." in name.strip(".") and not re.search(r"[\x00-\x20]", name)
