"""The index on SQLite: a contentless FTS5 table of the terms, separated by blanks.

Contentless tables below SQLite 3.43 forget an entry only when told its old values ('delete' command), and
have no snippet(); neither is missed. FTS5 counts a term by reading all its places (30 million a second), so
counts of frequent terms are kept beside it; the count of passages stands under the empty term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from content.search.entries import Entry
from content.search.expressions import All, Either, Except, Expression, Phrase

FREQUENT = 1_000
"""Passages that have a term, from which on its count is kept."""
LEAST_IN_BATCH = 3
"""Passages of a batch that have a term, from which on it may be a frequent one."""


class SqliteIndex:
    """See `IndexEngine` for what the methods do."""

    tables: tuple[str, ...] = (
        "search_index",
        "search_index_docsize",
        "search_vocabulary",
        "search_frequency",
    )
    entries: Select[Any] = select(column("id")).select_from(table("search_index_docsize"))

    def create(self, session: Session) -> None:
        """Make empty tables. The tokenizer `ascii` splits at ASCII marks only: our terms hold none."""
        try:
            with session.begin_nested():
                session.execute(text("DROP TABLE IF EXISTS search_vocabulary"))
                session.execute(text("DROP TABLE IF EXISTS search_index"))
        except DBAPIError:
            _tear_out(session)
        for statement in (
            "DROP TABLE IF EXISTS search_frequency",
            "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', tokenize='ascii')",
            "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_index', 'row')",
            "CREATE TABLE search_frequency (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID",
            "INSERT INTO search_frequency VALUES ('', 0)",
        ):
            session.execute(text(statement))

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have an entry, by FTS5's own table of lengths."""
        query = text("SELECT id FROM search_index_docsize WHERE id IN :ids")
        return set(session.scalars(query.bindparams(bindparam("ids", list(passage_ids), expanding=True))))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries, and count their terms."""
        insert = text("INSERT INTO search_index (rowid, terms) VALUES (:id, :terms)")
        if entries:
            session.execute(insert, [_row(entry) for entry in entries])
            _keep_counts(session, entries)

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Tell FTS5 the old values to forget, and count their terms off."""
        delete = text("INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', :id, :terms)")
        if entries:
            session.execute(delete, [_row(entry) for entry in entries])
            _add_counts(session, _known(session), _counts(entries), -1)

    def found(self, parameter: str) -> str:
        """Return the statement."""
        return f"SELECT rowid AS id FROM search_index WHERE search_index MATCH :{parameter}"

    def newest(self, parameter: str, most: int) -> str:
        """Return the statement: FTS5 can read backwards."""
        return f"SELECT id FROM ({self.found(parameter)} ORDER BY rowid DESC LIMIT {most})"

    def write(self, expression: Expression) -> str:
        """Return an FTS5 query; terms hold no quotation marks."""
        match expression:
            case Phrase(terms, is_prefix):
                return f'"{" ".join(terms)}"{" *" if is_prefix else ""}'
            case All(parts):
                return f"({' AND '.join(map(self.write, parts))})"
            case Either(parts):
                return f"({' OR '.join(map(self.write, parts))})"
            case Except(wanted, unwanted):
                return f"({self.write(wanted)} NOT {self.write(unwanted)})"

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return the counts that are kept, and FTS5's own of the others."""
        counts = _kept(session, terms)
        query = text("SELECT term, doc FROM search_vocabulary WHERE term IN :terms")
        others = [term for term in terms if term not in counts]
        rows = session.execute(query.bindparams(bindparam("terms", others, expanding=True)))
        return counts | {row.term: row.doc for row in rows}

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return those whose count is kept."""
        query = text(
            "SELECT term, passages FROM search_frequency WHERE term >= :first AND term < :last"
            " ORDER BY passages DESC, term LIMIT :most"
        )
        rows = session.execute(query, {"first": beginning, "last": beginning + "\U0010ffff", "most": most})
        return [(row.term, row.passages) for row in rows]

    def is_sound(self, session: Session) -> bool:
        """Ask FTS5, which takes an index that has lost all its terms for a sound one; and count again."""
        try:
            session.execute(text("INSERT INTO search_index (search_index) VALUES ('integrity-check')"))
            has_terms = session.scalar(text("SELECT EXISTS (SELECT 1 FROM search_vocabulary)"))
            miscounted = session.scalar(
                text(
                    "SELECT EXISTS (SELECT 1 FROM search_frequency LEFT JOIN search_vocabulary USING (term)"
                    " WHERE term <> '' AND passages IS NOT ifnull(doc, 0))"
                )
            )
            size = session.scalar(text("SELECT count(*) FROM search_index_docsize"))
        except DBAPIError:
            return False
        return not miscounted and size == _kept(session, [""]).get("") and bool(has_terms or not size)


def _tear_out(session: Session) -> None:
    """Remove tables so damaged that FTS5 refuses to open them, even to drop them."""
    session.execute(text("PRAGMA writable_schema = ON"))
    session.execute(text("DELETE FROM sqlite_master WHERE name IN ('search_index', 'search_vocabulary')"))
    session.execute(text("PRAGMA writable_schema = RESET"))
    for part in ("data", "idx", "content", "docsize", "config"):
        session.execute(text(f"DROP TABLE IF EXISTS search_index_{part}"))


def _row(entry: Entry) -> dict[str, object]:
    return {"id": entry.passage_id, "terms": " ".join(entry.terms)}


def _counts(entries: Sequence[Entry]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update({*entry.terms})
    counts[""] = len(entries)
    return counts


def _known(session: Session) -> set[str]:
    return set(session.scalars(text("SELECT term FROM search_frequency")))


def _kept(session: Session, terms: Collection[str]) -> dict[str, int]:
    query = text("SELECT term, passages FROM search_frequency WHERE term IN :terms")
    rows = session.execute(query.bindparams(bindparam("terms", list(terms), expanding=True)))
    return {row.term: row.passages for row in rows}


def _keep_counts(session: Session, entries: Sequence[Entry]) -> None:
    """Count the entries' terms that are known as frequent, and keep those that have become so."""
    counts, known = _counts(entries), _known(session)
    _add_counts(session, known, counts, 1)
    size = _kept(session, [""])[""]
    may_be = [
        term
        for term, count in counts.items()
        if count >= LEAST_IN_BATCH and count * size >= FREQUENT * len(entries) and term not in known
    ]
    rows = session.execute(
        text("SELECT term, doc FROM search_vocabulary WHERE term IN :terms AND doc >= :least").bindparams(
            bindparam("terms", may_be, expanding=True), bindparam("least", FREQUENT)
        )
    ).all()
    if rows:
        insert = text("INSERT INTO search_frequency VALUES (:term, :passages)")
        session.execute(insert, [{"term": row.term, "passages": row.doc} for row in rows])


def _add_counts(session: Session, known: Collection[str], counts: Counter[str], sign: int) -> None:
    update = text("UPDATE search_frequency SET passages = passages + :more WHERE term = :term")
    changes = [{"term": term, "more": sign * count} for term, count in counts.items() if term in known]
    session.execute(update, changes)
