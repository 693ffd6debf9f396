"""An entry of a feed to a document: what the feed holds of it, or the page that it leads to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from bot.fetching import Fetched, Fetcher
from bot.limits import within_limits
from bot.web_names import name_page, site_of
from content.errors import DocumentError
from content.reading import SUFFIXES, read_document
from content.reading.feed import Entry
from content.reading.stated_fields import state_fields

PAGE = ".html"


@dataclass(frozen=True)
class EntryDocument:
    """A document to be imported, and the fields that it states where it is a web page."""

    name: str
    body: bytes
    fields: Mapping[str, str]


def own_document(entry: Entry, feed_url: str, feed_title: str) -> EntryDocument:
    """Return what the feed holds of the entry as a web page that states title, date and source."""
    source = feed_title or site_of(feed_url)
    date = entry.date.isoformat() if entry.date else ""
    title = entry.title or f"{source} {date}".strip()
    fields = {"title": title, "date": date, "source": source}
    page = f"<h1>{escape(title)}</h1>{entry.html}".encode("utf-8", "replace")
    name = name_page(entry.link or f"{feed_url}/{entry.key[:8]}", PAGE)
    return EntryDocument(name, state_fields(page, fields), fields)


def has_text(entry: Entry) -> bool:
    """Return whether the feed holds anything to read of the entry."""
    return _ask(lambda: bool(entry.text))


def is_whole(entry: Entry) -> bool:
    """Return whether the feed seems to hold the whole text of the entry."""
    return _ask(lambda: entry.is_whole)


def _ask(question: Callable[[], bool]) -> bool:
    """Return the answer, found within the limits; False where the entry cannot be read."""
    try:
        return within_limits(question)
    except DocumentError:
        return False


def full_document(entry: Entry, own: EntryDocument, fetcher: Fetcher) -> EntryDocument:
    """Return the document with the whole text: from where the entry leads, unless the feed holds as much.

    Raises FetchError.
    """
    if not entry.link or is_whole(entry):
        return own
    time.sleep(fetcher.pause_seconds)
    page = fetcher.fetch(entry.link)
    if page.suffix != PAGE and page.suffix in SUFFIXES:
        return replace(own, name=name_page(entry.link, page.suffix), body=page.body)
    stated = _stated(page, own)
    return replace(own, body=stated) if _count_chars(stated) > _count_chars(own.body) else own


def _stated(page: Fetched, own: EntryDocument) -> bytes:
    try:
        return state_fields(page.body, own.fields)
    except DocumentError:
        return b""


def _count_chars(page: bytes) -> int:
    """Return how much text can be read in the page; 0 where it cannot be read."""
    try:
        raw = within_limits(read_document, f"page{PAGE}", page)
    except DocumentError:
        return 0
    return sum(len(block.text) for block in raw.blocks)
