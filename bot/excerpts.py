"""Excerpts: what a digest says of its passage, whoever gets it. Read once, and remembered for some minutes.

Many read the same plan, and what there is to say of a passage takes a dozen questions to the database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.leads import Lead, find_lead
from content.models import Article
from content.passages import reading_units

MOST = 500
"""Excerpts remembered, at about 5 kB each."""
REMEMBERED = dt.timedelta(minutes=10)
"""For so long: meanwhile a word may come to be found elsewhere, which is a button more."""


@dataclass(frozen=True)
class Excerpt:
    """A passage, and what is said about it."""

    lead: Lead
    title: str
    section: str | None
    paragraphs: tuple[str, ...]
    date: dt.date | None
    source: str | None
    document: str
    paragraph_number: int
    units: int
    is_whole: bool


class Extract(NamedTuple):
    """Which part of an article, and for whom it is cut. A new version of a document has new articles; where a
    document is removed, those of another may get their numbers, but never the document's."""

    document_id: int
    article_id: int
    length: str
    start: int
    stop: int


class Excerpts:
    """Remembers excerpts, for several threads at a time."""

    def __init__(self) -> None:
        self._kept: dict[Extract, Excerpt] = {}
        self._until: dt.datetime | None = None

    def find(self, session: Session, extract: Extract, now: dt.datetime) -> Excerpt:
        """Return the excerpt, as it was at most ten minutes ago."""
        if self._until is None or now >= self._until or len(self._kept) >= MOST:
            self._kept, self._until = {}, now + REMEMBERED
        found = self._kept.get(extract)
        if found is None:
            article = session.get_one(Article, extract.article_id)
            found = self._kept[extract] = make_excerpt(session, article, *extract[2:])
        return found


def make_excerpt(session: Session, article: Article, length: str, start: int, stop: int) -> Excerpt:
    """Return what is said about that span of the article to who reads it in that cut."""
    text = article.text[start:stop]
    return Excerpt(
        lead=find_lead(session, article, length, start, stop),
        title=article.title,
        section=article.section,
        paragraphs=tuple(filter(str.strip, text.split("\n"))),
        date=article.date,
        source=article.source,
        document=article.document.name,
        paragraph_number=article.text.count("\n", 0, stop - len(text.lstrip())) + 1,
        units=reading_units(text),
        is_whole=not (article.text[:start] + article.text[stop:]).strip(),
    )
