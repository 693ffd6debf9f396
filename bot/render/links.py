"""Links that open the bot with something to do: made here, and read again here.

What a link leads to may be gone, or not be for this reader: that the edge looks up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

NUMBER = "(0|[1-9][0-9]{0,14})"
"""15 digits, as in callback data: three of them stay within Telegram's 64 of A–Z, a–z, 0–9, _ and -."""
PLAN = re.compile(f"s_{NUMBER}")
PLACE = re.compile(f"p_{NUMBER}_{NUMBER}_{NUMBER}")


@dataclass(frozen=True)
class PlanLink:
    """Subscribes to a plan."""

    plan_id: int


@dataclass(frozen=True)
class PlaceLink:
    """Opens the passage that holds a place."""

    document_id: int
    article: int
    """Its ordinal in the document, from 0."""
    start: int
    """A character of the article's text, in code points."""


Link: TypeAlias = PlanLink | PlaceLink


def link_url(link: Link, username: str) -> str:
    """Return the address that opens the bot of that name with the link's payload."""
    return f"https://t.me/{username}?start={payload_of(link)}"


def payload_of(link: Link) -> str:
    """Return what Telegram hands to the bot after /start."""
    if isinstance(link, PlanLink):
        return f"s_{link.plan_id}"
    return f"p_{link.document_id}_{link.article}_{link.start}"


def read_payload(payload: str) -> Link | None:
    """Return what a payload means; None where an older or a foreign hand made it."""
    if match := PLAN.fullmatch(payload):
        return PlanLink(int(match[1]))
    if match := PLACE.fullmatch(payload):
        return PlaceLink(int(match[1]), int(match[2]), int(match[3]))
    return None


def share_url(url: str, text: str) -> str:
    """Return the address that lets the reader choose a chat to send `url` and `text` to."""
    return f"https://t.me/share/url?{urlencode({'url': url, 'text': text})}"
