"""States fields in a web page, in the form in which `page_fields` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from content.reading.html import decode_page

NAMES = {"title": "articletitle", "date": "pubdate", "source": "source", "site": "sitehost"}
"""The name of the `meta` element that states a field."""


def state_fields(page: bytes, fields: Mapping[str, str]) -> bytes:
    """Return the page, in UTF-8, with title, date (2024-05-06) and source stated before all that it states.

    `site` is the source where the page states none. Raises UndecodableDocument.
    """
    text, _ = decode_page(page)
    metas = (
        f'<meta name="{NAMES[field]}" content="{escape(value)}">\n'
        for field, value in fields.items()
        if value
    )
    return "".join((*metas, text)).encode("utf-8", "replace")
