"""Which passages a search may find: those that may be read, in the places and times asked for."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, column, or_, select, text
from sqlalchemy.orm import Session

from content.models import NAMES_A_SECTION, STANDARD, Article, Collection, Document, Passage, readable
from content.search.entries import TITLE, UNDATED, in_collection, in_document, in_month, in_section, on_day
from content.search.expressions import NOTHING, Except, Expression, either, every
from content.search.grams import make_pattern
from content.search.index import engine_of
from content.search.places import Places, find_places, is_in
from content.search.query import Query
from content.search.statements import as_date, fetch, listed

_ALL_SECTIONS = f"""
WITH RECURSIVE named (section) AS (
    SELECT min(section) FROM article WHERE {NAMES_A_SECTION}
    UNION ALL
    SELECT (SELECT min(section) FROM article WHERE {NAMES_A_SECTION} AND article.section > named.section)
    FROM named WHERE named.section IS NOT NULL
)
SELECT section FROM named
"""
"""All sections' names: from each to the next by the index, without a look at every article."""
_LATEST_FIRST = (Article.date.desc().nulls_last(), Passage.document_id, Article.ordinal, Passage.start)


@dataclass(frozen=True)
class Scope:
    """What may be found, as an expression; a part is None where it restricts nothing."""

    places: Expression | None
    """Documents and collections: seldom many passages, so engines had better look there first."""
    within: Expression | None
    """Sections, times, and what may be read."""
    hidden: Expression | None

    def limit(self, sought: Expression | None) -> Expression:
        """Return what finds of what is sought (None: of everything) only what may be found.

        Raises ValueError for everything everywhere.
        """
        wanted = every([self.places, sought, self.within])
        return wanted if self.hidden is None else Except(wanted, self.hidden)


EVERYWHERE = Scope(None, None, None)


def find_scope(session: Session, query: Query, visibilities: Sequence[str]) -> Scope:
    """Return where the query may find something."""
    collections = fetch(session, "SELECT id, visibility FROM collection")
    open_ids = [number for number, visibility in collections if visibility in visibilities]
    closed_ids = [number for number, visibility in collections if visibility not in visibilities]
    is_mostly_open = not closed_ids or _have_most(session, open_ids, closed_ids)
    parts = [
        None if is_mostly_open else either(map(in_collection, open_ids)),
        either(map(in_section, _sections(session, query.sections))) if query.sections else None,
        _dated(session, query),
    ]
    unfinished = [number for (number,) in fetch(session, "SELECT id FROM document WHERE NOT visible")]
    closed = map(in_collection, closed_ids if is_mostly_open else ())  # to leave out few is far faster
    hidden = [*closed, *map(in_document, unfinished), *_excluded(session, query)]
    return Scope(
        places=_placed(session, query),
        within=every(parts) if any(parts) else None,
        hidden=either(hidden) if hidden else None,
    )


def _have_most(session: Session, ones: Sequence[int], others: Sequence[int]) -> bool:
    """Return whether the ones of the collections have as many passages as the others."""
    terms = {number: in_collection(number).terms[0] for number in (*ones, *others)}
    counts = engine_of(session).frequencies(session, terms.values())
    return sum(counts.get(terms[one], 0) for one in ones) >= sum(counts.get(terms[one], 0) for one in others)


def _excluded(session: Session, query: Query) -> Iterator[Expression]:
    for unwanted in query.excluded:
        if pattern := make_pattern(unwanted, is_exact=True):
            yield from (pattern.expression(), pattern.expression(TITLE))
    if query.excluded_places:
        yield from _within(find_places(session, query.excluded_places))
    if query.excluded_sections:
        yield from map(in_section, _sections(session, query.excluded_sections))


def _within(places: Places) -> Iterator[Expression]:
    yield from map(in_collection, places.collections)
    yield from map(in_document, places.documents)


def _placed(session: Session, query: Query) -> Expression | None:
    chosen = either(map(in_document, query.documents)) if query.documents else None
    if not query.places:
        return chosen
    return every([chosen, either(_within(find_places(session, query.places)))])


def _dated(session: Session, query: Query) -> Expression | None:
    if query.is_undated:
        return NOTHING if query.since or query.until else UNDATED
    if not (query.since or query.until):
        return None
    since, until = query.since or dt.date.min, query.until or dt.date.max
    within = f"date BETWEEN '{since}' AND '{until}'"
    days = fetch(session, f"SELECT DISTINCT date FROM article WHERE {within} ORDER BY date")
    return either(_periods([day for (stored,) in days if (day := as_date(stored))], query))


def _periods(days: Sequence[dt.date], query: Query) -> Iterator[Expression]:
    """Yield the months of the days, and the single days of months that are not wholly asked for."""
    for (year, month), some in groupby(days, key=lambda day: (day.year, day.month)):
        first = dt.date(year, month, 1)
        last = dt.date(year, month, monthrange(year, month)[1])
        if (query.since or first) <= first and last <= (query.until or last):
            yield in_month(first)
        else:
            yield from map(on_day, some)


def list_by_date(
    session: Session, query: Query, visibilities: Sequence[str], limit: int | None, offset: int
) -> list[int]:
    """Return passages that a query without words is narrowed to: those of the latest articles first and of
    undated ones last.
    """
    found = _readable_passages(session, query, visibilities).order_by(*_LATEST_FIRST)
    return list(session.scalars(found.limit(limit).offset(offset)))


def sort_by_date(session: Session, passage_ids: Iterable[int]) -> list[int]:
    """Return the passages in the same order."""
    found = (
        "SELECT passage.id FROM passage JOIN article ON article.id = passage.article_id"
        f" WHERE passage.id IN {listed(passage_ids)}"
        " ORDER BY date DESC NULLS LAST, passage.document_id, ordinal, start"
    )
    return [passage for (passage,) in fetch(session, found)]


def _readable_passages(session: Session, query: Query, visibilities: Sequence[str]) -> Select[Any]:
    found = (
        select(Passage.id)
        .join(Article, Article.id == Passage.article_id)
        .join(Document, Document.id == Passage.document_id)
        .join(Collection, Collection.id == Document.collection_id)
        .where(Passage.length == STANDARD, readable(visibilities), *_between(query))
    )
    if query.documents:
        found = found.where(Document.id.in_(query.documents))
    if query.places:
        found = found.where(_named(session, query.places))
    if query.sections:
        found = found.where(Article.section.in_(inline("sections", _sections(session, query.sections))))
    if unwanted := [*_excluded(session, query)]:
        found = found.where(Passage.id.not_in(_having(session, either(unwanted))))
    return found.where(Article.date.is_(None)) if query.is_undated else found


def _having(session: Session, unwanted: Expression) -> Select[Any]:
    having = engine_of(session).found(unwanted, "unwanted")
    found = text(having.sql).bindparams(**having.values)
    return select(found.columns(column("id")).subquery().c.id)


def _named(session: Session, places: Sequence[str]) -> ColumnElement[bool]:
    found = find_places(session, places)
    return or_(
        Document.id.in_(inline("documents", found.documents)),
        Collection.id.in_(inline("collections", found.collections)),
    )


def inline(name: str, values: Iterable[object]) -> Any:
    """Return `values` to be written into the statement: there may be more than a statement has parameters."""
    return bindparam(name, list(values), expanding=True, literal_execute=True)


def _sections(session: Session, parts: Sequence[str]) -> list[str]:
    sections = fetch(session, _ALL_SECTIONS)
    return [section for (section,) in sections if section and is_in(parts, section)]


def _between(query: Query) -> list[ColumnElement[bool]]:
    since = [Article.date >= query.since] if query.since else []
    until = [Article.date <= query.until] if query.until else []
    return [*since, *until]
