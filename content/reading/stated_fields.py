"""States fields in a web page, in the form in which `page_fields` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from content.reading.html import decode_page

NAMES = {"title": "articletitle", "date": "pubdate", "source": "source", "site": "sitename"}
"""The name of the `meta` element that states a field; `site` is the source where the page names no other."""


def state_fields(
    page: bytes, *, known: Mapping[str, str] | None = None, otherwise: Mapping[str, str] | None = None
) -> bytes:
    """Return the page, in UTF-8, with fields that are `known`, and others for where it states none.

    Raises UndecodableDocument.
    """
    text, _ = decode_page(page)
    return "".join((_metas(known or {}), text, _metas(otherwise or {}))).encode("utf-8", "replace")


def _metas(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<meta name="{NAMES[field]}" content="{escape(value)}">\n'
        for field, value in fields.items()
        if value
    )
