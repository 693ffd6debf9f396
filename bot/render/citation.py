"""Where a text comes from: the citation that can be copied, and the line under a passage."""

from __future__ import annotations

from bot.render.markup import shorten, utf16_length
from bot.render.message import MAX_COPY, Button
from bot.render.texts import Texts
from bot.render.values import Citable

NESTED = str.maketrans("《》", "〈〉")
"""Marks of a title within a title (GB/T 15834)."""
MAX_PART_UNITS = 32
"""Width of a section or a source; two of them leave half of `MAX_COPY` to the title."""


def citation(cited: Citable, texts: Texts) -> str:
    """Return 《title》, section, date, source and paragraph as plain text within `MAX_COPY`.

    A statute is cited by its articles instead: 《title》第五条, and so on.
    """
    paragraph = "" if cited.clause else texts("citation.paragraph", n=cited.paragraph_number)
    others = [_part(cited.section), _date(cited), _part(cited.source), paragraph]
    separator = texts("citation.separator")
    frame = separator.join([_cited(cited, "", texts), *filter(None, others)])
    title = shorten(cited.title, (MAX_COPY - utf16_length(frame)) / 2)
    return separator.join([_cited(cited, title, texts), *filter(None, others)])


def _cited(cited: Citable, title: str, texts: Texts) -> str:
    marked = titled(title, texts)
    return texts("citation.clause", title=marked, clause=cited.clause) if cited.clause else marked


def titled(title: str, texts: Texts) -> str:
    """Return the title in its marks: 《…》 within it become 〈…〉; one that has them already gets no more."""
    if not texts("title", title="").startswith("《"):
        return texts("title", title=title)
    is_marked = title.startswith("《") and title.find("》") == len(title) - 1
    return title if is_marked else texts("title", title=title.translate(NESTED))


def copy_button(cited: Citable, texts: Texts) -> Button:
    """Return the button that copies the citation."""
    return Button(texts("button.cite"), copy=citation(cited, texts))


def origin(cited: Citable) -> str:
    """Return clause, date and source with dots between, as far as they are known; else an empty text."""
    return " · ".join(filter(None, [cited.clause, _date(cited), _part(cited.source)]))


def _part(part: str | None) -> str:
    return shorten(part or "", MAX_PART_UNITS)


def _date(cited: Citable) -> str:
    return cited.date.isoformat() if cited.date else ""
