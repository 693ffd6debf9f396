"""A search shown back to the asker as it was understood: what it looks for, what it leaves out, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.render.markup import italic, join, shorten
from bot.render.results import Narrowing, ResultsView
from bot.render.texts import Texts

if TYPE_CHECKING:
    from content.search import Description

LINE_UNITS = 60
"""Three lines of a phone: what was typed is shown back, not read out."""


def asked_for(asked: Description, texts: Texts) -> str:
    """Return the words and the phrases that are looked for; all passages where there are none."""
    phrases = [texts("search.phrase", phrase=phrase) for phrase in asked.phrases]
    return " ".join([*asked.wanted, *phrases]) or texts("search.all")


def ask_back(view: ResultsView, texts: Texts) -> str:
    """Return what is left out, where is searched, and which dates there are not; an empty text where a search
    is for words alone."""
    without, places, unknown = view.asked.excluded, _places(view, texts), view.asked.unknown_dates
    lines = [
        texts("search.without", words=_listed(without, texts)) if without else "",
        texts("search.within", places=_listed(places, texts)) if places else "",
        texts("search.unknown_dates", dates=_listed(unknown, texts)) if unknown else "",
    ]
    return join("\n", [italic(shorten(line, LINE_UNITS)) for line in lines if line])


def has_conditions(view: ResultsView) -> bool:
    """Return whether something other than words was asked for: the first thing to leave out for more."""
    asked = view.asked
    typed = asked.phrases, asked.excluded, asked.places, asked.sections, asked.since, asked.until
    return any(typed) or view.narrowing != Narrowing()


def document_name(name: str, texts: Texts) -> str:
    """Return what the document is called, or that it is gone."""
    return name or texts("search.document_gone")


def year_name(year: int, texts: Texts) -> str:
    """Return the year, or for 0 that there is no date."""
    return texts("search.year", year=year) if year else texts("search.undated")


def _places(view: ResultsView, texts: Texts) -> list[str]:
    asked, narrowing = view.asked, view.narrowing
    sections = [texts("search.section", section=section) for section in asked.sections]
    period = _period(asked.since, asked.until, texts)
    document = document_name(narrowing.document, texts) if narrowing.document is not None else ""
    year = year_name(narrowing.year, texts) if narrowing.year is not None else ""
    return [place for place in (*asked.places, *sections, period, document, year) if place]


def _period(since: dt.date | None, until: dt.date | None, texts: Texts) -> str:
    if since and until:
        return texts("search.period", since=since.isoformat(), until=until.isoformat())
    if since:
        return texts("search.since", date=since.isoformat())
    return texts("search.until", date=until.isoformat()) if until else ""


def _listed(parts: Sequence[str], texts: Texts) -> str:
    return texts("list.separator").join(parts)
