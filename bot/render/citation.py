"""Where a text comes from: the citation that can be copied, and the line under a passage."""

from __future__ import annotations

from bot.render.markup import shorten, utf16_length
from bot.render.message import MAX_COPY, Button
from bot.render.texts import Texts
from bot.render.values import Citable

MAX_PART_UNITS = 32
"""Width of a section or a source; two of them leave half of `MAX_COPY` to the title."""


def citation(cited: Citable, texts: Texts) -> str:
    """Return 《title》, section, date, source and paragraph as plain text within `MAX_COPY`."""
    paragraph = texts("citation.paragraph", n=cited.paragraph_number)
    others = [_part(cited.section), _date(cited), _part(cited.source), paragraph]
    separator = texts("citation.separator")
    frame = separator.join([texts("title", title=""), *filter(None, others)])
    title = shorten(cited.title, (MAX_COPY - utf16_length(frame)) / 2)
    return separator.join([texts("title", title=title), *filter(None, others)])


def copy_button(cited: Citable, texts: Texts) -> Button:
    """Return the button that copies the citation."""
    return Button(texts("button.cite"), copy=citation(cited, texts))


def origin(cited: Citable) -> str:
    """Return date and source with a dot between, as far as they are known; else an empty text."""
    return " · ".join(filter(None, [_date(cited), _part(cited.source)]))


def _part(part: str | None) -> str:
    return shorten(part or "", MAX_PART_UNITS)


def _date(cited: Citable) -> str:
    return cited.date.isoformat() if cited.date else ""
