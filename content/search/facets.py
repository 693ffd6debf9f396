"""Facets: of the passages that answer a query, how many are in each document and of each year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Integer, Row, cast, extract, func, select
from sqlalchemy.orm import Session

from content.models import Article, Document, Passage
from content.search.finding import find_passages
from content.search.query import Query
from content.search.scope import inline

MOST_COUNTED = 10_000
"""Of more passages the newest are counted: each costs about 10 µs on SQLite."""


class DocumentCount(NamedTuple):
    """How many passages of a document answer."""

    document_id: int
    name: str
    passages: int


class YearCount(NamedTuple):
    """How many passages of a year's articles answer; None is the year of those without a date."""

    year: int | None
    passages: int


@dataclass(frozen=True)
class Facets:
    """What a search can be narrowed to, by `content.search.query.narrow`."""

    documents: tuple[DocumentCount, ...]
    """Those with the most passages first."""
    years: tuple[YearCount, ...]
    """The latest first, undated articles last."""
    is_capped: bool = False
    """Whether there may be more of each than is said, and further ones with few passages."""


def count_facets(session: Session, query: Query, visibilities: Sequence[str]) -> Facets:
    """Return the documents and the years of the passages that answer the query in full, with their counts."""
    found = find_passages(session, query, visibilities, MOST_COUNTED)
    documents: Counter[tuple[int, str]] = Counter()
    years: Counter[int | None] = Counter()
    for document_id, name, year, passages in _counts(session, found):
        documents[document_id, name] += passages
        years[year] += passages
    named = [DocumentCount(*document, passages) for document, passages in documents.items()]
    dated = [YearCount(year, passages) for year, passages in years.items()]
    return Facets(
        tuple(sorted(named, key=lambda each: (-each.passages, each.name, each.document_id))),
        tuple(sorted(dated, key=lambda each: -(each.year or 0))),
        is_capped=len(found) >= MOST_COUNTED,
    )


def _counts(session: Session, passage_ids: Collection[int]) -> Iterable[Row[int, str, int | None, int]]:
    """Return (document id, its name, year, passages) for each that there is."""
    year = cast(extract("year", Article.date), Integer)  # PostgreSQL counts years in decimals
    query = (
        select(Document.id, Document.name, year, func.count())
        .select_from(Passage)
        .join(Article, Article.id == Passage.article_id)
        .join(Document, Document.id == Passage.document_id)
        .where(Passage.id.in_(inline("passages", passage_ids)))
        .group_by(Document.id, Document.name, year)
    )
    return session.execute(query)
