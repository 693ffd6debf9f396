"""The index on SQLite: a contentless FTS5 table of the terms, separated by blanks.

Contentless tables below SQLite 3.43 forget an entry only when told its old values ('delete' command), and
have no snippet(); neither is missed. FTS5 counts a term by reading all its places (30 million a second), so
counts of frequent terms are kept beside it; the count of passages stands under the empty term.

Rows are numbered backwards, from `LAST` on: FTS5 reads places in the order of rows, and the newest passages
are wanted first. To read backwards takes it twice as long.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, Select, bindparam, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from content.search.entries import FREQUENT, Entry, may_be_frequent
from content.search.expressions import All, Either, Except, Expression, Phrase
from content.search.statements import Found, fetch

MERGED_PAGES = 500
"""Pages of 4 kB that are merged at a time: some 10 ms of work."""
LAST = 2**28 - 1
"""The row of passage 0, and the largest that FTS5 writes in four bytes; one below 0 would take nine."""
_GIVEN = "(SELECT value FROM json_each(:terms))"
"""The terms, however many there are."""


class SqliteIndex:
    """See `IndexEngine` for what the methods do."""

    layout = 7
    joined_ids = "group_concat(id)"

    def __init__(self, suffix: str = "") -> None:
        self._index, self._vocabulary = f"search_index{suffix}", f"search_vocabulary{suffix}"
        self._frequency = f"search_frequency{suffix}"
        self.tables: tuple[str, ...] = (
            self._index,
            f"{self._index}_docsize",
            self._vocabulary,
            self._frequency,
        )

    @property
    def entries(self) -> Select[Any]:
        """The passages, by FTS5's own table of lengths."""
        return select(LAST - column("id", Integer)).select_from(table(f"{self._index}_docsize"))

    def create(self, session: Session) -> None:
        """Make empty tables. The tokenizer `ascii` splits at ASCII marks only: our terms hold none."""
        self._drop(session)
        for statement in (
            f"CREATE VIRTUAL TABLE {self._index} USING fts5(terms, content='', tokenize='ascii')",
            f"CREATE VIRTUAL TABLE {self._vocabulary} USING fts5vocab('{self._index}', 'row')",
            f"CREATE TABLE {self._frequency} (term TEXT PRIMARY KEY, passages INTEGER NOT NULL)"
            " WITHOUT ROWID",
            f"INSERT INTO {self._frequency} VALUES ('', 0)",
        ):
            session.execute(text(statement))

    def _drop(self, session: Session) -> None:
        try:
            with session.begin_nested():
                session.execute(text(f"DROP TABLE IF EXISTS {self._vocabulary}"))
                session.execute(text(f"DROP TABLE IF EXISTS {self._index}"))
        except DBAPIError:
            self._tear_out(session)
        session.execute(text(f"DROP TABLE IF EXISTS {self._frequency}"))

    def _tear_out(self, session: Session) -> None:
        """Remove tables so damaged that FTS5 refuses to open them, even to drop them."""
        session.execute(text("PRAGMA writable_schema = ON"))
        torn = text("DELETE FROM sqlite_master WHERE name IN (:index, :vocabulary)")
        session.execute(torn, {"index": self._index, "vocabulary": self._vocabulary})
        session.execute(text("PRAGMA writable_schema = RESET"))
        for part in ("data", "idx", "content", "docsize", "config"):
            session.execute(text(f"DROP TABLE IF EXISTS {self._index}_{part}"))

    def claim(self, session: Session) -> None:
        """Do nothing: SQLite has one writer at a time."""

    def replace(self, session: Session, other: SqliteIndex) -> None:
        """Rename the tables; what reads FTS5's terms is made anew, since it is bound to a name."""
        other._drop(session)
        for statement in (
            f"DROP TABLE {self._vocabulary}",
            f"ALTER TABLE {self._index} RENAME TO {other._index}",
            f"ALTER TABLE {self._frequency} RENAME TO {other._frequency}",
            f"CREATE VIRTUAL TABLE {other._vocabulary} USING fts5vocab('{other._index}', 'row')",
        ):
            session.execute(text(statement))

    def tidy(self, session: Session) -> bool:
        """Merge some of the pieces into which FTS5 has written the terms, until there is one."""
        merge = text(f"INSERT INTO {self._index} ({self._index}, rank) VALUES ('merge', :pages)")
        before = _changes(session)
        session.execute(merge, {"pages": -MERGED_PAGES})
        return _changes(session) - before > 1

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have an entry, by FTS5's own table of lengths."""
        query = text(f"SELECT {LAST} - id FROM {self._index}_docsize WHERE id IN :rows")
        rows = [LAST - passage for passage in passage_ids]
        return set(session.scalars(query.bindparams(bindparam("rows", rows, expanding=True))))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries, in the order of rows: FTS5 writes a piece of its own whenever it goes back."""
        insert = text(f"INSERT INTO {self._index} (rowid, terms) VALUES (:row, :terms)")
        if entries:
            session.execute(insert, _rows(entries))

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Tell FTS5 the old values to forget."""
        delete = text(
            f"INSERT INTO {self._index} ({self._index}, rowid, terms) VALUES ('delete', :row, :terms)"
        )
        if entries:
            session.execute(delete, _rows(entries))

    def count(self, session: Session, counts: Counter[str], sign: int) -> None:
        """Count the terms that are known as frequent, and keep those that have become so."""
        known = set(session.scalars(text(f"SELECT term FROM {self._frequency}")))
        update = text(f"UPDATE {self._frequency} SET passages = passages + :more WHERE term = :term")
        changes = [{"term": term, "more": sign * counts[term]} for term in known if term in counts]
        session.execute(update, changes)
        if sign > 0:
            self._keep(session, counts, known)

    def _keep(self, session: Session, counts: Counter[str], known: Collection[str]) -> None:
        size = self._kept(session, [""])[""]
        may_be = list(may_be_frequent(counts, size) - {*known})
        query = text(f"SELECT term, doc FROM {self._vocabulary} WHERE term IN :terms AND doc >= :least")
        found = query.bindparams(bindparam("terms", may_be, expanding=True), bindparam("least", FREQUENT))
        rows = [{"term": row.term, "passages": row.doc} for row in session.execute(found)]
        if rows:
            session.execute(text(f"INSERT INTO {self._frequency} VALUES (:term, :passages)"), rows)

    def recount(self, session: Session) -> None:
        """Count as FTS5 does, which takes a second for each 30 million places."""
        for statement in (
            f"DELETE FROM {self._frequency}",
            f"INSERT INTO {self._frequency} SELECT '', count(*) FROM {self._index}_docsize",
            f"INSERT INTO {self._frequency} SELECT term, doc FROM {self._vocabulary} WHERE doc >= {FREQUENT}",
        ):
            session.execute(text(statement))

    def hasten(self, session: Session) -> None:
        """Do nothing: SQLite has one way to carry out a statement."""

    def found(self, sought: Expression, name: str) -> Found:
        """Return the statement."""
        sql = f"SELECT {LAST} - rowid AS id FROM {self._index} WHERE {self._index} MATCH :{name}"
        return Found(sql, {name: self._write(sought)})

    def newest(self, sought: Expression, name: str, most: int) -> Found:
        """Return the statement."""
        found = self.found(sought, name)
        return found._replace(sql=f"{found.sql} ORDER BY rowid LIMIT {most}")

    def _write(self, expression: Expression) -> str:
        """Return an FTS5 query; terms hold no quotation marks."""
        match expression:
            case Phrase(terms, is_prefix):
                return f'"{" ".join(terms)}"{" *" if is_prefix else ""}'
            case All(parts):
                return f"({' AND '.join(map(self._write, parts))})"
            case Either(parts):
                return f"({' OR '.join(map(self._write, parts))})"
            case Except(wanted, unwanted):
                return f"({self._write(wanted)} NOT {self._write(unwanted)})"

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return the counts that are kept, and FTS5's own of the others."""
        counts = self._kept(session, terms)
        others = [term for term in terms if term not in counts]
        if not others:
            return counts
        query = f"SELECT term, doc FROM {self._vocabulary} WHERE term IN {_GIVEN}"
        return counts | dict(fetch(session, query, {"terms": json.dumps(others)}))

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return those whose count is kept."""
        query = (
            f"SELECT term, passages FROM {self._frequency} WHERE term >= :first AND term < :last"
            f" ORDER BY passages DESC, term LIMIT {most}"
        )
        rows = fetch(session, query, {"first": beginning, "last": beginning + "\U0010ffff"})
        return [(term, passages) for term, passages in rows]

    def words_with(self, session: Session, parts: Sequence[str], most: int) -> list[str]:
        """Return FTS5's own terms; it goes through all that begin with a letter."""
        having = " OR ".join(f"instr(term, :part{at})" for at in range(len(parts)))
        query = (
            f"SELECT term FROM {self._vocabulary} WHERE term >= 'a' AND term < '{{' AND ({having})"
            f" LIMIT {most}"
        )
        values = {f"part{at}": part for at, part in enumerate(parts)}
        return [term for (term,) in fetch(session, query, values)]

    def is_sound(self, session: Session) -> bool:
        """Ask FTS5, which takes an index that has lost all its terms for a sound one; and count again."""
        try:
            session.execute(text(f"INSERT INTO {self._index} ({self._index}) VALUES ('integrity-check')"))
            has_terms = session.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {self._vocabulary})"))
            miscounted = session.scalar(
                text(
                    f"SELECT EXISTS (SELECT 1 FROM {self._frequency} LEFT JOIN {self._vocabulary}"
                    " USING (term) WHERE term <> '' AND passages IS NOT ifnull(doc, 0))"
                )
            )
            size = session.scalar(text(f"SELECT count(*) FROM {self._index}_docsize"))
        except DBAPIError:
            return False
        is_counted = not miscounted and size == self._kept(session, [""]).get("")
        return is_counted and bool(has_terms or not size)

    def _kept(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        query = f"SELECT term, passages FROM {self._frequency} WHERE term IN {_GIVEN}"
        return dict(fetch(session, query, {"terms": json.dumps(list(terms))}))


def _changes(session: Session) -> int:
    """Return how many rows this connection has changed so far, of the tables behind FTS5's too."""
    return session.scalar(text("SELECT total_changes()")) or 0


def _rows(entries: Sequence[Entry]) -> list[dict[str, object]]:
    rows = [{"row": LAST - entry.passage_id, "terms": " ".join(entry.terms)} for entry in entries]
    return sorted(rows, key=itemgetter("row"))
