"""The index on PostgreSQL: packed terms in a table, and GIN over a function of them; counts beside it.

GIN knows no positions: where a phrase's terms are, the packed terms are searched for it. Keeping no vectors
makes the index a quarter as large. The function is given a price at which nothing is ever planned but to ask
GIN. Counts are kept of frequent terms and of words of Latin script; that of passages stands under the empty
term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, column, select, table, text
from sqlalchemy.orm import Session

from content.search.entries import FREQUENT, Entry, may_be_frequent
from content.search.expressions import Expression
from content.search.packing import lengthen, pack
from content.search.statements import Found
from content.search.tsquery import EVERYTHING, Question, at_least, quote

UNPACK = """
CREATE OR REPLACE FUNCTION search_terms(about text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT COST 100000 AS $$
    SELECT array_to_tsvector(
        string_to_array(btrim(about, ' '), ' ')
        || ARRAY(SELECT split_part(part, ' ', 1) FROM unnest((string_to_array(body, '_'))[2:]) AS part)
        || ARRAY(
            SELECT CASE next WHEN '''' THEN this ELSE this || next END
            FROM unnest(chars, chars[2:]) AS neighbours (this, next)
            WHERE this NOT IN (' ', '''') AND next <> ' '))
    FROM (SELECT string_to_array(regexp_replace(body, '_[^ ]* ', ' ', 'g'), NULL) OFFSET 0) AS split (chars)
$$
"""
"""Makes the terms of `content.search.packing` again. Other terms need a function of another name: the index
that serves while one is built keeps to its own.
"""
_WORD = "~ '^[a-z]'"
"""Is a word of Latin script, in SQL."""


class PostgresIndex:
    """See `IndexEngine` for what the methods do."""

    def __init__(self, suffix: str = "") -> None:
        self._index, self._frequency = f"search_index{suffix}", f"search_frequency{suffix}"
        self.tables: tuple[str, ...] = (self._index, self._frequency)
        self.entries: Select[Any] = select(column("passage_id")).select_from(table(self._index))
        self._having = f"FROM {self._index} WHERE search_terms(about, body) @@"

    def create(self, session: Session) -> None:
        """Make empty tables. GIN is made when they are full: that takes a tenth of the time."""
        for statement in (
            UNPACK,
            f"DROP TABLE IF EXISTS {self._index}",
            f"DROP TABLE IF EXISTS {self._frequency}",
            f"CREATE TABLE {self._index}"
            " (passage_id BIGINT PRIMARY KEY, about TEXT NOT NULL, body TEXT NOT NULL)",
            f'CREATE TABLE {self._frequency} (term TEXT COLLATE "C" PRIMARY KEY, passages INTEGER NOT NULL)',
            f"INSERT INTO {self._frequency} VALUES ('', 0)",
        ):
            session.execute(text(statement))

    def claim(self, session: Session) -> None:
        """Wait for whoever changes the index: what others have not committed would not be seen."""
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('search_index'))"))

    def replace(self, session: Session, other: PostgresIndex) -> None:
        """Rename the tables."""
        self.tidy(session)
        for statement in (
            f"DROP TABLE IF EXISTS {other._index}",
            f"DROP TABLE IF EXISTS {other._frequency}",
            f"ALTER TABLE {self._index} RENAME TO {other._index}",
            f"ALTER INDEX ix_{self._index}_terms RENAME TO ix_{other._index}_terms",
            f"ALTER TABLE {self._frequency} RENAME TO {other._frequency}",
        ):
            session.execute(text(statement))

    def tidy(self, session: Session) -> bool:
        """Make GIN where it is not there. Nothing is put aside in it, which every search would go through;
        and no statistics of terms are gathered, which would change no plan.

        Made in one go, its pages are half full. With memory for about a third of the places at a time they
        are three quarters full, since what is there grows: so much memory as the packed terms take.
        """
        index = f"ix_{self._index}_terms"
        for statement in (
            "SELECT set_config('maintenance_work_mem', CAST(greatest(1024, least(65536,"
            f" sum(octet_length(about) + octet_length(body)) / 1024)) AS text), true) FROM {self._index}",
            f"CREATE INDEX IF NOT EXISTS {index} ON {self._index}"
            " USING gin (search_terms(about, body)) WITH (fastupdate = off)",
            f"ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS 0",
        ):
            session.execute(text(statement))
        return False

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have a row."""
        query = text(f"SELECT passage_id FROM {self._index} WHERE passage_id = ANY(:ids)")
        return set(session.scalars(query, {"ids": list(passage_ids)}))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries."""
        packed = [pack(entry.terms) for entry in entries]
        insert = text(
            f"INSERT INTO {self._index} SELECT * FROM"
            " unnest(CAST(:ids AS bigint[]), CAST(:about AS text[]), CAST(:body AS text[]))"
        )
        columns = {"about": [each.about for each in packed], "body": [each.body for each in packed]}
        session.execute(insert, {"ids": [entry.passage_id for entry in entries], **columns})

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Delete the rows."""
        delete = text(f"DELETE FROM {self._index} WHERE passage_id = ANY(:ids)")
        if entries:
            session.execute(delete, {"ids": [entry.passage_id for entry in entries]})

    def count(self, session: Session, counts: Counter[str], sign: int) -> None:
        """Count what counts are kept of; keep those of words, and of what has become frequent."""
        words = {term: sign * counts[term] for term in counts if _is_word(term)}
        self._add(session, {**words, "": sign * counts[""]})
        frequent = f"SELECT term FROM {self._frequency} WHERE term <> '' AND NOT term {_WORD}"
        known = set(session.scalars(text(frequent)))
        self._add(session, {term: sign * counts[term] for term in known if term in counts})
        if sign > 0:
            new = may_be_frequent(counts, self._kept(session, [""])[""]) - words.keys() - known
            found = self._counted(session, new)
            self._add(session, {term: count for term, count in found.items() if count >= FREQUENT})

    def _add(self, session: Session, counts: dict[str, int]) -> None:
        upsert = text(
            f"INSERT INTO {self._frequency} AS kept"
            " SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:counts AS integer[]))"
            " ON CONFLICT (term) DO UPDATE SET passages = kept.passages + excluded.passages"
        )
        session.execute(upsert, {"terms": [*counts], "counts": [*counts.values()]})

    def recount(self, session: Session) -> None:
        """Count as PostgreSQL does, which makes the terms of all passages again."""
        session.execute(text(f"DELETE FROM {self._frequency}"))
        self._add(session, self._recounted(session))

    def _recounted(self, session: Session) -> dict[str, int]:
        counted = session.execute(
            text(
                f"SELECT word, ndoc FROM ts_stat('SELECT search_terms(about, body) FROM {self._index}')"
                f" WHERE ndoc >= {FREQUENT} OR word {_WORD}"
            )
        )
        size = session.scalar(text(f"SELECT count(*) FROM {self._index}")) or 0
        return {"": size, **{lengthen(row.word): row.ndoc for row in counted}}

    def hasten(self, session: Session) -> None:
        """Forgo compiling: at that price, PostgreSQL would compile each statement for a tenth of a second."""
        session.execute(text("SET LOCAL jit = off"))

    def found(self, sought: Expression, name: str) -> Found:
        """Return the statement."""
        question = Question(name)
        check = question.check(sought)
        return Found(
            f"SELECT passage_id AS id {self._having} CAST(:{name} AS tsquery)"
            + (f" AND {check}" if check else ""),
            {name: at_least(sought), **question.values},
        )

    def newest(self, sought: Expression, name: str, most: int) -> Found:
        """Return the statement; OFFSET keeps PostgreSQL from going through all, the newest first, instead."""
        found = self.found(sought, name)
        sql = f"SELECT id FROM ({found.sql} OFFSET 0) AS newest ORDER BY id DESC LIMIT {most}"
        return found._replace(sql=sql)

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return the counts that are kept, and count the passages of other terms."""
        kept = self._kept(session, terms)
        return kept | self._counted(session, [term for term in terms if term and term not in kept])

    def _kept(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        query = text(f"SELECT term, passages FROM {self._frequency} WHERE term = ANY(:terms)")
        return {row.term: row.passages for row in session.execute(query, {"terms": list(terms)})}

    def _counted(self, session: Session, terms: Iterable[str]) -> dict[str, int]:
        asked = list(terms)
        query = text(
            f"SELECT (SELECT count(*) {self._having} CAST(quoted AS tsquery)) AS passages"
            " FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS asked (quoted, number) ORDER BY number"
        )
        found = session.scalars(query, {"terms": [quote(term) for term in asked]}) if asked else ()
        return {term: passages for term, passages in zip(asked, found, strict=False) if passages}

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return those of `FREQUENT` passages or more; they are kept in the order of code points."""
        query = text(
            f"SELECT term, passages FROM {self._frequency} WHERE term >= :first AND term < :last"
            f" AND passages >= {FREQUENT} ORDER BY passages DESC, term LIMIT :most"
        )
        rows = session.execute(query, {"first": beginning, "last": beginning + "\U0010ffff", "most": most})
        return [(row.term, row.passages) for row in rows]

    def words_with(self, session: Session, parts: Sequence[str], most: int) -> list[str]:
        """Return the terms that are counted."""
        having = " OR ".join(f"strpos(term, :part{at}) > 0" for at in range(len(parts)))
        query = text(
            f"SELECT term FROM {self._frequency} WHERE term {_WORD} AND ({having})"
            " AND passages > 0 ORDER BY term LIMIT :most"
        )
        values = {f"part{at}": part for at, part in enumerate(parts)}
        return list(session.scalars(query, {**values, "most": most}))

    def is_sound(self, session: Session) -> bool:
        """Count all terms again, and compare; and ask the index for all passages, each of a collection."""
        has_index = text("SELECT to_regclass(:name) IS NOT NULL")
        if not session.scalar(has_index, {"name": f"ix_{self._index}_terms"}):
            return False
        counted = self._recounted(session)
        rows = session.execute(text(f"SELECT term, passages FROM {self._frequency}"))
        kept = {row.term: row.passages for row in rows if row.passages}
        found = session.scalar(
            text(f"SELECT count(*) {self._having} CAST(:any AS tsquery)"), {"any": EVERYTHING}
        )
        counted |= self._counted(session, kept.keys() - counted.keys())
        words = set(filter(_is_word, counted))
        return kept.items() <= counted.items() and words <= kept.keys() and found == counted[""]


def _is_word(term: str) -> bool:
    """Return whether it is a word of Latin script, as `_WORD` says in SQL."""
    return "a" <= term[:1] <= "z"
