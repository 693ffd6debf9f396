"""The index on PostgreSQL: a `tsvector` of the terms with their positions under GIN, and their frequencies.

Titles carry weight A and come first; the text carries none (D) and begins after a gap, so that no phrase
spans both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, column, select, table, text
from sqlalchemy.orm import Session

from content.search.grams import Pattern

if TYPE_CHECKING:
    from content.search.index import Entry

GAP = 2
"""Positions between the titles and the text."""
LAST_POSITION = 16_383
"""PostgreSQL's highest position in a tsvector; a passage has under 2,000 terms."""


class PostgresIndex:
    """See `IndexEngine` for what the methods do."""

    tables: tuple[str, ...] = ("search_index", "search_frequency")
    entries: Select[Any] = select(column("passage_id")).select_from(table("search_index"))

    def create(self, session: Session) -> None:
        """Make empty tables."""
        for statement in (
            "DROP TABLE IF EXISTS search_index",
            "DROP TABLE IF EXISTS search_frequency",
            "CREATE TABLE search_index (passage_id BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)",
            "CREATE INDEX ix_search_index_terms ON search_index USING gin (terms)",
            'CREATE TABLE search_frequency (term TEXT COLLATE "C" PRIMARY KEY, passages INTEGER NOT NULL)',
        ):
            session.execute(text(statement))

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have a row."""
        query = text("SELECT passage_id FROM search_index WHERE passage_id = ANY(:ids)")
        return set(session.scalars(query, {"ids": list(passage_ids)}))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries and count their terms."""
        insert = text("INSERT INTO search_index VALUES (:id, CAST(:terms AS tsvector))")
        if entries:
            session.execute(
                insert, [{"id": entry.passage_id, "terms": _tsvector(entry)} for entry in entries]
            )
            _count(session, entries, 1)

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Delete the rows and count their terms off."""
        delete = text("DELETE FROM search_index WHERE passage_id = ANY(:ids)")
        if entries:
            session.execute(delete, {"ids": [entry.passage_id for entry in entries]})
            _count(session, entries, -1)

    def find(
        self, session: Session, pattern: Pattern, *, in_titles: bool, limit: int | None = None
    ) -> set[int]:
        """Return the passages that match under the one weight."""
        query = text("SELECT passage_id FROM search_index WHERE terms @@ CAST(:query AS tsquery) LIMIT :most")
        weighed = _tsquery(pattern, "A" if in_titles else "D")
        return set(session.scalars(query, {"query": weighed, "most": limit}))

    def rank(self, session: Session, patterns: Sequence[Pattern]) -> Iterator[int]:
        """Yield by PostgreSQL's rank, which knows no rarity; 1 divides by the logarithm of the length."""
        query = text(
            "SELECT passage_id FROM search_index, CAST(:query AS tsquery) AS query WHERE terms @@ query"
            " ORDER BY ts_rank(terms, query, 1) DESC, passage_id"
        )
        yield from session.scalars(query, {"query": " | ".join(_tsquery(each, "AD") for each in patterns)})

    def frequencies(self, session: Session, terms: Sequence[str]) -> dict[str, int]:
        """Return the counts kept beside the index."""
        query = text("SELECT term, passages FROM search_frequency WHERE term = ANY(:terms) AND passages > 0")
        return {row.term: row.passages for row in session.execute(query, {"terms": list(terms)})}

    def size(self, session: Session) -> int:
        """Count the rows."""
        return int(session.scalar(text("SELECT count(*) FROM search_index")) or 0)

    def is_sound(self, session: Session) -> bool:
        """Count all terms again, and compare."""
        query = text(
            "SELECT NOT EXISTS (SELECT 1 FROM ts_stat('SELECT terms FROM search_index') AS counted"
            " FULL JOIN (SELECT * FROM search_frequency WHERE passages <> 0) AS kept ON term = word"
            " WHERE passages IS DISTINCT FROM ndoc)"
        )
        return bool(session.scalar(query))


def _count(session: Session, entries: Sequence[Entry], step: int) -> None:
    """Add `step` to the terms' counts; in the terms' order, so that two imports cannot lock each other."""
    counts = Counter(term for entry in entries for term in {*entry.body, *entry.titles})
    terms = sorted(counts)
    upsert = text(
        "INSERT INTO search_frequency"
        " SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:counts AS integer[]))"
        " ON CONFLICT (term) DO UPDATE SET passages = search_frequency.passages + excluded.passages"
    )
    session.execute(upsert, {"terms": terms, "counts": [step * counts[term] for term in terms]})


def _tsvector(entry: Entry) -> str:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for position, term in enumerate(entry.titles, 1):
        places[term].append(f"{position}A")
    for position, term in enumerate(entry.body, len(entry.titles) + GAP):
        places[term].append(f"{min(position, LAST_POSITION)}")
    return " ".join(f"'{term}':{','.join(at)}" for term, at in places.items())


def _tsquery(pattern: Pattern, weights: str) -> str:
    """Return the pattern as a tsquery; terms hold no quotation marks, being letters and numbers."""
    *others, last = pattern.terms
    lexemes = [f"'{term}':{weights}" for term in others]
    lexemes.append(f"'{last}':{weights}{'*' if pattern.is_prefix else ''}")
    return f"({' <-> '.join(lexemes)})"
