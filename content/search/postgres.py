"""The index on PostgreSQL: GIN over a function that makes a passage's terms, on a table of ids, and counts.

GIN takes one byte or two for the place of a row if rows are near one another, and four if they are not: so it
is on a table of nothing but ids. The function makes the terms from the passage's own text and from what is
kept beside it. GIN knows no positions: where a phrase's terms are, the text is searched for it. The function
is given a price at which nothing is ever planned but to ask GIN. Counts are kept of frequent terms and of
words of Latin script; that of passages stands under the empty term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, column, select, table, text
from sqlalchemy.orm import Session

from content.search.entries import FACT, FREQUENT, Entry, may_be_frequent
from content.search.expressions import Expression
from content.search.packing import BLANK, LOWER, MAKE_TERMS, PLAIN, READ_TERMS, Packed, pack
from content.search.statements import Found
from content.search.tsquery import EVERYTHING, Question, at_least, quote
from content.tokens import WIDE

_WORD = "~ '^[a-z]..'"
"""Is a word of Latin script, in SQL."""
MOST_MEMORY = 262_144
"""Kilobytes that building GIN takes."""
SAMPLE = 16
"""One in so many passages is looked at for what may be frequent."""


class PostgresIndex:
    """See `IndexEngine` for what the methods do."""

    layout = 8
    joined_ids = "string_agg(CAST(id AS text), ',')"

    def __init__(self, suffix: str = "") -> None:
        self._index, self._packed = f"search_index{suffix}", f"search_packed{suffix}"
        self._frequency, self._terms = f"search_frequency{suffix}", f"search_terms{suffix}"
        self._ready = f"search_ready{suffix}"
        self.tables: tuple[str, ...] = (self._index, self._packed, self._frequency)
        self._having = f"FROM {self._index} WHERE {self._terms}({self._index}.passage_id) @@"

    @property
    def entries(self) -> Select[Any]:
        """The passages that GIN is made of."""
        return select(column("passage_id")).select_from(table(self._index))

    def create(self, session: Session) -> None:
        """Make empty tables. GIN is made when they are full: that takes a tenth of the time. Until then all
        terms are stored as well, ready to be read."""
        self._drop(session)
        for statement in (
            f"CREATE TABLE {self._index} (passage_id BIGINT NOT NULL)",
            f"CREATE TABLE {self._packed} (passage_id BIGINT PRIMARY KEY, about TEXT NOT NULL,"
            " given TEXT NOT NULL, formed TEXT NOT NULL, body TEXT)",
            f"CREATE UNLOGGED TABLE {self._ready} (passage_id BIGINT PRIMARY KEY, terms TEXT NOT NULL)"
            " WITH (toast_tuple_target = 8160)",
            f"ALTER TABLE {self._ready} ALTER terms SET STORAGE EXTERNAL",  # to compress it takes longest
            READ_TERMS.format(name=self._terms, ready=self._ready),
            f'CREATE TABLE {self._frequency} (term TEXT COLLATE "C" PRIMARY KEY, passages INTEGER NOT NULL)',
            f"INSERT INTO {self._frequency} VALUES ('', 0)",
        ):
            session.execute(text(statement))

    def _drop(self, session: Session) -> None:
        for statement in (
            f"DROP TABLE IF EXISTS {self._index}",
            f"DROP FUNCTION IF EXISTS {self._terms}(bigint)",
            f"DROP TABLE IF EXISTS {self._ready}",
            f"DROP TABLE IF EXISTS {self._packed}",
            f"DROP TABLE IF EXISTS {self._frequency}",
        ):
            session.execute(text(statement))

    def claim(self, session: Session) -> None:
        """Wait for whoever changes the index: what others have not committed would not be seen."""
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('search_index'))"))

    def replace(self, session: Session, other: PostgresIndex) -> None:
        """Rename the tables, and what belongs to them."""
        self.tidy(session)
        other._drop(session)
        for statement in (
            f"ALTER TABLE {self._index} RENAME TO {other._index}",
            f"ALTER INDEX ix_{self._index}_terms RENAME TO ix_{other._index}_terms",
            f"ALTER FUNCTION {self._terms}(bigint) RENAME TO {other._terms}",
            f"ALTER TABLE {self._packed} RENAME TO {other._packed}",
            f"ALTER TABLE {self._frequency} RENAME TO {other._frequency}",
        ):
            session.execute(text(statement))

    def tidy(self, session: Session) -> bool:
        """Make GIN where it is not there. Nothing is put aside in it, which every search would go through;
        and no statistics of terms are gathered, which would change no plan.

        Pages to which terms come in their order are left half full, and fill as more places of the same terms
        come. So it is made in two or three goes, the first with as much memory as about half of the places
        need: they take twice what they take packed, and their terms some megabytes. The newest passages stand
        first, where putting what is found in order takes least.
        """
        if not self._has_gin(session):
            self._make_gin(session)
        return False

    def _has_gin(self, session: Session) -> bool:
        return _is_there(session, f"ix_{self._index}_terms")

    def _make_gin(self, session: Session) -> None:
        index = f"ix_{self._index}_terms"
        for statement in (
            f"TRUNCATE {self._index}",
            f"INSERT INTO {self._index} SELECT passage_id FROM {self._packed} ORDER BY passage_id DESC",
            f"SELECT set_config('maintenance_work_mem', CAST(least({MOST_MEMORY}, 12288 + 14 *"
            " coalesce(sum(octet_length(text)), 0) / 10240) AS text), true)"
            f" FROM passage WHERE id IN (SELECT passage_id FROM {self._index})",
            f"CREATE INDEX {index} ON {self._index}"
            f" USING gin ({self._terms}(passage_id)) WITH (fastupdate = off)",
            f"ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS 0",
            MAKE_TERMS.format(name=self._terms, packed=self._packed),
            f"DROP TABLE {self._ready}",
            f"REINDEX TABLE {self._packed}",  # the newest passages came first, and left its pages half full
        ):
            session.execute(text(statement))

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have a row."""
        query = text(f"SELECT passage_id FROM {self._packed} WHERE passage_id = ANY(:ids)")
        return set(session.scalars(query, {"ids": list(passage_ids)}))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries; what the function is to read first."""
        packed = [*map(pack, entries)]
        insert = text(
            f"INSERT INTO {self._packed} SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS text[]),"
            " CAST(:given AS text[]), CAST(:formed AS text[]), CAST(:body AS text[]))"
        )
        columns = {name: [getattr(each, name) for each in packed] for name in Packed._fields}
        ids = {"ids": [entry.passage_id for entry in entries]}
        session.execute(insert, {**ids, **columns})
        if _is_there(session, self._ready):
            insert = text(  # one text is sent in half the time of as many as there are entries
                f"INSERT INTO {self._ready} SELECT * FROM"
                " unnest(CAST(:ids AS bigint[]), string_to_array(:lines, chr(10)))"
            )
            session.execute(insert, {**ids, "lines": "\n".join(BLANK.join(entry.terms) for entry in entries)})
        session.execute(text(f"INSERT INTO {self._index} SELECT unnest(CAST(:ids AS bigint[]))"), ids)

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Delete the rows: the narrow ones by going through all, 200 in a page."""
        ready = [self._ready] if _is_there(session, self._ready) else []
        for name in (self._index, self._packed, *ready) if entries else ():
            delete = text(f"DELETE FROM {name} WHERE passage_id = ANY(:ids)")
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
        """Count as GIN does what is often found in some of the passages; and the words of all."""
        session.execute(text(f"DELETE FROM {self._frequency}"))
        self._add(session, self._recounted(session))

    def _recounted(self, session: Session) -> dict[str, int]:
        sample = (
            f"SELECT {self._terms}(passage_id) FROM {self._index} WHERE hashint8(passage_id) % {SAMPLE} = 0"
        )
        often = text(f"SELECT word FROM ts_stat('{sample}') WHERE ndoc >= {FREQUENT // SAMPLE // 2}")
        counted = self._counted(session, session.scalars(often))
        frequent = {term: count for term, count in counted.items() if count >= FREQUENT}
        size = session.scalar(text(f"SELECT count(*) FROM {self._index}")) or 0
        return {"": size, **frequent, **self._words(session)}

    def _words(self, session: Session) -> dict[str, int]:
        letters = f"CASE WHEN body IS NULL THEN '[{PLAIN}]+' ELSE '[^{WIDE}{BLANK}]+' END"
        query = text(
            f"SELECT word, count(*) AS passages FROM {self._packed} JOIN passage ON passage.id = passage_id,"
            f" LATERAL (SELECT DISTINCT found[1] AS word"
            f" FROM regexp_matches({LOWER}, {letters}, 'g') AS found) AS own"
            f" WHERE word {_WORD} GROUP BY word"
        )
        return {row.word: row.passages for row in session.execute(query)}

    def hasten(self, session: Session) -> None:
        """Forgo compiling: at that price, PostgreSQL would compile each statement for a tenth of a second."""
        session.execute(text("SET LOCAL jit = off"))

    def found(self, sought: Expression, name: str) -> Found:
        """Return the statement."""
        return self._find(sought, name, "OFFSET 0")

    def newest(self, sought: Expression, name: str, most: int) -> Found:
        """Return the statement: what the index finds is put in order, and checked until there is enough."""
        found = self._find(sought, name, "ORDER BY id DESC OFFSET 0")
        sql = f"SELECT id FROM ({found.sql}) AS newest ORDER BY id DESC LIMIT {most}"
        return found._replace(sql=sql)

    def _find(self, sought: Expression, name: str, end: str) -> Found:
        """Return the statement; what the index finds is looked up first, whatever else there is to do."""
        question = Question(name, self._having)
        check = question.check(sought)
        sql = f"SELECT passage_id AS id {self._having} CAST(:{name} AS tsquery) {end}"
        if check:
            packed = f"LEFT JOIN {self._packed} ON {self._packed}.passage_id = likely.id"
            written = "LEFT JOIN passage ON passage.id = likely.id"
            sql = f"SELECT likely.id FROM ({sql}) AS likely {packed} {written} WHERE {check}"
        return Found(sql, {name: at_least(sought), **question.values})

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
        """Count again, and compare; and ask the index for all passages, each of a collection."""
        if not self._has_gin(session):
            return False
        counted = self._recounted(session)
        rows = session.execute(text(f"SELECT term, passages FROM {self._frequency}"))
        kept = {row.term: row.passages for row in rows if row.passages}
        found = session.scalar(
            text(f"SELECT count(*) {self._having} CAST(:any AS tsquery)"), {"any": EVERYTHING}
        )
        counted |= self._counted(session, kept.keys() - counted.keys())
        words = set(filter(_is_word, counted))
        whole = f"SELECT count(*) FROM {self._packed} WHERE strpos(about, :any) > 0"
        packed = session.scalar(text(whole), {"any": f"{BLANK}{FACT}c"})
        is_counted = kept.items() <= counted.items() and words <= kept.keys()
        return is_counted and found == packed == counted[""]


def _is_there(session: Session, name: str) -> bool:
    """Return whether there is a table or index of that name."""
    return bool(session.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}))


def _is_word(term: str) -> bool:
    """Return whether it is a word of Latin script, as `_WORD` says in SQL."""
    return len(term) > 2 and "a" <= term[0] <= "z"
