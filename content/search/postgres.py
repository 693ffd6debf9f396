"""The index on PostgreSQL: a `tsvector` of the terms with their positions under GIN, and their counts.

GIN knows no positions: a phrase is checked in the vectors of the passages that have all its terms. No
weights are used, for the same reason; what is a title's is told by its terms. The count of passages stands
under the empty term.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, column, select, table, text
from sqlalchemy.orm import Session

from content.search.entries import FREQUENT, Entry
from content.search.expressions import All, Either, Except, Expression, Phrase

LAST_POSITION = 16_383
"""PostgreSQL's highest position in a tsvector; a passage has under 2,000 terms."""


class PostgresIndex:
    """See `IndexEngine` for what the methods do."""

    def __init__(self, suffix: str = "") -> None:
        self._index, self._frequency = f"search_index{suffix}", f"search_frequency{suffix}"
        self.tables: tuple[str, ...] = (self._index, self._frequency)
        self.entries: Select[Any] = select(column("passage_id")).select_from(table(self._index))

    def create(self, session: Session) -> None:
        """Make empty tables. Vectors stand apart from their rows, so that rows without them are read fast."""
        for statement in (
            f"DROP TABLE IF EXISTS {self._index}",
            f"DROP TABLE IF EXISTS {self._frequency}",
            f"CREATE TABLE {self._index} (passage_id BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)"
            " WITH (toast_tuple_target = 128)",
            f"CREATE INDEX ix_{self._index}_terms ON {self._index} USING gin (terms)",
            f'CREATE TABLE {self._frequency} (term TEXT COLLATE "C" PRIMARY KEY, passages INTEGER NOT NULL)',
            f"INSERT INTO {self._frequency} VALUES ('', 0)",
        ):
            session.execute(text(statement))

    def claim(self, session: Session) -> None:
        """Wait for whoever changes the index: what others have not committed would not be seen."""
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('search_index'))"))

    def replace(self, session: Session, other: PostgresIndex) -> None:
        """Rename the tables."""
        for statement in (
            f"DROP TABLE IF EXISTS {other._index}",
            f"DROP TABLE IF EXISTS {other._frequency}",
            f"ALTER TABLE {self._index} RENAME TO {other._index}",
            f"ALTER INDEX ix_{self._index}_terms RENAME TO ix_{other._index}_terms",
            f"ALTER TABLE {self._frequency} RENAME TO {other._frequency}",
        ):
            session.execute(text(statement))

    def tidy(self, session: Session) -> bool:
        """Sort in what GIN has put aside, and let PostgreSQL estimate how often terms are found."""
        session.execute(text(f"SELECT gin_clean_pending_list('ix_{self._index}_terms')"))
        session.execute(text(f"ANALYZE {self._index}"))
        return False

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have a row."""
        query = text(f"SELECT passage_id FROM {self._index} WHERE passage_id = ANY(:ids)")
        return set(session.scalars(query, {"ids": list(passage_ids)}))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries."""
        insert = text(f"INSERT INTO {self._index} VALUES (:id, CAST(:terms AS tsvector))")
        if entries:
            session.execute(
                insert, [{"id": entry.passage_id, "terms": _tsvector(entry)} for entry in entries]
            )

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Delete the rows."""
        delete = text(f"DELETE FROM {self._index} WHERE passage_id = ANY(:ids)")
        if entries:
            session.execute(delete, {"ids": [entry.passage_id for entry in entries]})

    def count(self, session: Session, counts: Counter[str], sign: int) -> None:
        """Add to the terms' counts; in the terms' order, so that no two imports lock each other."""
        terms = sorted(counts)
        upsert = text(
            f"INSERT INTO {self._frequency} AS kept"
            " SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:counts AS integer[]))"
            " ON CONFLICT (term) DO UPDATE SET passages = kept.passages + excluded.passages"
        )
        session.execute(upsert, {"terms": terms, "counts": [sign * counts[term] for term in terms]})

    def recount(self, session: Session) -> None:
        """Count as PostgreSQL does, which reads all vectors."""
        for statement in (
            f"DELETE FROM {self._frequency}",
            f"INSERT INTO {self._frequency} SELECT '', count(*) FROM {self._index}",
            f"INSERT INTO {self._frequency}"
            f" SELECT word, ndoc FROM ts_stat('SELECT terms FROM {self._index}')",
        ):
            session.execute(text(statement))

    def found(self, parameter: str) -> str:
        """Return the statement."""
        return f"SELECT passage_id AS id FROM {self._index} WHERE terms @@ CAST(:{parameter} AS tsquery)"

    def newest(self, parameter: str, most: int) -> str:
        """Return the statement, which keeps PostgreSQL from reading every vector, the newest first."""
        return (
            f"SELECT id FROM (WITH found AS MATERIALIZED ({self.found(parameter)})"
            f" SELECT id FROM found ORDER BY id DESC LIMIT {most}) AS newest"
        )

    def write(self, expression: Expression) -> str:
        """Return a tsquery; terms hold no quotation marks."""
        match expression:
            case Phrase(terms, is_prefix):
                lexemes = [f"'{term}'" for term in terms]
                return f"({' <-> '.join(lexemes)}{':*' if is_prefix else ''})"
            case All(parts):
                return f"({' & '.join(map(self.write, parts))})"
            case Either(parts):
                return f"({' | '.join(map(self.write, parts))})"
            case Except(wanted, unwanted):
                return f"({self.write(wanted)} & !{self.write(unwanted)})"

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return the counts kept beside the index."""
        query = text(
            f"SELECT term, passages FROM {self._frequency} WHERE term = ANY(:terms) AND passages > 0"
        )
        return {row.term: row.passages for row in session.execute(query, {"terms": list(terms)})}

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return those of `FREQUENT` passages or more; they are kept in the order of code points."""
        query = text(
            f"SELECT term, passages FROM {self._frequency} WHERE term >= :first AND term < :last"
            f" AND passages >= {FREQUENT} ORDER BY passages DESC, term LIMIT :most"
        )
        rows = session.execute(query, {"first": beginning, "last": beginning + "\U0010ffff", "most": most})
        return [(row.term, row.passages) for row in rows]

    def words(self, session: Session, beginning: str, least: int, most: int) -> list[str]:
        """Return the terms that are counted."""
        query = text(
            f"SELECT term FROM {self._frequency} WHERE term >= :first AND term < :last AND passages > 0"
            " AND length(term) BETWEEN :least AND :most"
        )
        ends = {"first": beginning, "last": beginning + "\U0010ffff"}
        return list(session.scalars(query, {**ends, "least": least, "most": most}))

    def is_sound(self, session: Session) -> bool:
        """Count all terms again, and compare."""
        query = text(
            f"SELECT NOT EXISTS (SELECT 1 FROM ts_stat('SELECT terms FROM {self._index}') AS counted"
            f" FULL JOIN (SELECT * FROM {self._frequency} WHERE passages <> 0 AND term <> '') AS kept"
            " ON term = word WHERE passages IS DISTINCT FROM ndoc)"
            f" AND (SELECT count(*) FROM {self._index})"
            f" = (SELECT passages FROM {self._frequency} WHERE term = '')"
        )
        return bool(session.scalar(query))


def _tsvector(entry: Entry) -> str:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for position, term in enumerate(entry.terms, 1):
        places[term].append(f"{min(position, LAST_POSITION)}")
    return " ".join(f"'{term}':{','.join(at)}" for term, at in places.items())
