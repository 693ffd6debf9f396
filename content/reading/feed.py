"""A feed's bytes (RSS 0.9 to 2.0, Atom) to its entries. Fetches nothing, expands no entity.

feedparser reads also what is not quite XML, as many feeds are. It is given bytes, never a name that it
would open.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from content.errors import UndecodableDocument
from content.reading.encodings import decode
from content.reading.html import decode_page
from content.reading.markup import Element, parse_html
from content.reading.plain_text import clean
from content.sentences import reading_units

XML = "application/xml"
MOST_ENTRIES = 1_000
TITLE_CHARS = 200
ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
REFERENCE_DIGITS = 8
"""No character has a longer number; Python refuses to read very long ones."""
DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)")
FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)
WHOLE_UNITS = 300
"""A shorter text in a feed is most often the beginning of a longer one: a minute's reading."""
CUT_OFF = re.compile(
    r"(?:…|\.{3}|\[[^\]]{0,12}\]|(?:阅读|查看|点击)(?:全文|更多|原文)|(?:Read|Continue)\s+(?:more|reading)\W*"
    r"|全文\s*[>»]*)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One entry of a feed."""

    key: str
    """SHA-256 of what identifies it: its id, or else its link, or else title and text."""
    title: str
    """Empty where it has none."""
    link: str | None
    date: dt.date | None
    """The day on which it was published, by the clock of whoever published it."""
    html: str

    @property
    def text(self) -> str:
        """Its text without markup, in one line."""
        return plain(self.html)

    @property
    def is_whole(self) -> bool:
        """Whether the feed seems to hold the whole text, and not its beginning or a summary."""
        text = self.text
        return reading_units(text) >= WHOLE_UNITS and CUT_OFF.search(text) is None


@dataclass(frozen=True)
class Feed:
    """A feed as it is at a moment."""

    title: str
    entries: tuple[Entry, ...]
    """As the feed orders them, most often the newest first; at most MOST_ENTRIES."""


def parse_feed(body: bytes, url: str) -> Feed | None:
    """Return the feed at that address; None where the bytes are no feed."""
    readable, kind = _in_known_encoding(body)
    parsed = feedparser.parse(
        BytesIO(REFERENCE.sub(_known_reference, readable)),
        response_headers={"content-location": url, "content-type": kind},
    )
    if not parsed.get("version"):
        return None
    entries = {entry.key: entry for row in parsed.entries[:MOST_ENTRIES] if (entry := _entry(row, url))}
    return Feed(_title(parsed.feed), tuple(entries.values()))


def find_feeds(page: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that a web page names."""
    try:
        root = parse_html(decode_page(page)[0], ".html")
    except UndecodableDocument:
        return []
    links = [] if root is None else root.iter("link")
    return [urljoin(url, link.get("href", "")) for link in links if _is_feed_link(link)]


def plain(markup: str) -> str:
    """Return the text of a piece of HTML in one line."""
    if "<" not in markup and "&" not in markup:
        return " ".join(markup.split())
    root = parse_html(f"<div>{markup}</div>", ".html")
    return "" if root is None else " ".join(" ".join(map(str, root.itertext())).split())


def _in_known_encoding(body: bytes) -> tuple[bytes, str]:
    """Return the feed, and the type that tells its encoding where the feed itself does not, or lies.

    What a server says of it is not asked: it is wrong too often.
    """
    stated = ENCODING.search(body[:200])
    try:
        text, encoding = decode(body)
    except UndecodableDocument:
        return body, XML
    if encoding != "utf-8" and stated and stated[1].lower() not in (b"utf-8", b"utf8"):
        return body, XML
    return text.encode("utf-8", "replace"), f"{XML}; charset=utf-8"


def _known_reference(found: re.Match[bytes]) -> bytes:
    """Return the reference to a character; nothing where there is none: feedparser fails there."""
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    number = int(digits, base) if len(digits) <= REFERENCE_DIGITS else sys.maxunicode + 1
    is_character = number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF
    return found[0] if is_character else b""


def _entry(row: Any, url: str) -> Entry | None:
    """Return the entry; None where there is nothing to read in it, and nothing to look up."""
    texts = [each.get("value", "") for each in row.get("content", [])] + [row.get("summary", "")]
    html = max(texts, key=len)
    link = urljoin(url, row["link"]) if row.get("link") else None
    title = _title(row)
    if not (link or html.strip()):
        return None
    known = row.get("id") or link or f"{title}\n{html}"
    key = hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()
    return Entry(key, title, link, _date(row), html)


def _title(row: Any) -> str:
    title = row.get("title", "")
    is_text = row.get("title_detail", {}).get("type") == "text/plain"
    return " ".join(clean(title if is_text else plain(title)).split())[:TITLE_CHARS]


def _date(row: Any) -> dt.date | None:
    """Return the stated day in the stated zone, or what feedparser makes of it."""
    for name in ("published", "created", "updated"):
        days = [*_stated_days(row.get(name, "")), row.get(f"{name}_parsed")]
        if day := next(filter(None, days), None):
            return day if isinstance(day, dt.date) else dt.date(*day[:3])
    return None


def _stated_days(text: str) -> Iterator[dt.date]:
    found = DAY.match(text)
    try:
        yield dt.date(*map(int, found.groups())) if found else parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return


def _is_feed_link(link: Element) -> bool:
    rel = link.get("rel", "").lower().split()
    return (
        "alternate" in rel and FEED_TYPES.match(link.get("type", "")) is not None and bool(link.get("href"))
    )
