"""Documents that are imported by their address: a web page, or a file on the web."""

from __future__ import annotations

from dataclasses import dataclass

from bot.fetching import Fetcher
from bot.fetching_errors import WrongKind
from bot.web_names import FEED_SUFFIX, name_page, show_url, site_of
from content.reading import SUFFIXES
from content.reading.stated_fields import state_fields

FEED = "a feed: rizhi feed add polls it"


@dataclass(frozen=True)
class Linked:
    """What is at an address."""

    url: str
    fetcher: Fetcher

    @property
    def name(self) -> str:
        """What it is called until it is known what it is."""
        return show_url(self.url)

    def load(self) -> tuple[str, bytes]:
        """Return its name, made of the address, and its bytes; a page states its site as its source.

        Raises FetchError, UndecodableDocument.
        """
        page = self.fetcher.fetch(self.url)
        if page.suffix not in SUFFIXES:
            raise WrongKind(kind=FEED if page.suffix == FEED_SUFFIX else "it is no document")
        name = name_page(self.url, page.suffix)
        if page.suffix != ".html":
            return name, page.body
        return name, state_fields(page.body, {"site": site_of(page.url)})
