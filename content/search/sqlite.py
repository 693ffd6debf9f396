"""The index on SQLite: a contentless FTS5 table of the terms, separated by blanks.

Contentless tables below SQLite 3.43 forget an entry only when told its old values ('delete' command), and
have no snippet(); neither is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from content.search.grams import Pattern

if TYPE_CHECKING:
    from content.search.index import Entry

TITLE_WEIGHT = 3.0
"""How much more a term counts in a title, where FTS5 ranks."""


class SqliteIndex:
    """See `IndexEngine` for what the methods do."""

    tables: tuple[str, ...] = ("search_index", "search_index_docsize", "search_vocabulary")
    entries: Select[Any] = select(column("id")).select_from(table("search_index_docsize"))

    def create(self, session: Session) -> None:
        """Make empty tables. The tokenizer `ascii` splits at ASCII marks only: our terms hold none."""
        try:
            with session.begin_nested():
                session.execute(text("DROP TABLE IF EXISTS search_vocabulary"))
                session.execute(text("DROP TABLE IF EXISTS search_index"))
        except DBAPIError:
            _tear_out(session)
        session.execute(
            text("CREATE VIRTUAL TABLE search_index USING fts5(body, titles, content='', tokenize='ascii')")
        )
        session.execute(text("CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab('search_index', 'row')"))

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have an entry, by FTS5's own table of lengths."""
        query = text("SELECT id FROM search_index_docsize WHERE id IN :ids")
        return set(session.scalars(query.bindparams(bindparam("ids", list(passage_ids), expanding=True))))

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store the entries."""
        insert = text("INSERT INTO search_index (rowid, body, titles) VALUES (:id, :body, :titles)")
        if entries:
            session.execute(insert, [_row(entry) for entry in entries])

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Tell FTS5 the old values to forget."""
        delete = text(
            "INSERT INTO search_index (search_index, rowid, body, titles)"
            " VALUES ('delete', :id, :body, :titles)"
        )
        if entries:
            session.execute(delete, [_row(entry) for entry in entries])

    def find(
        self, session: Session, pattern: Pattern, *, in_titles: bool, limit: int | None = None
    ) -> set[int]:
        """Return the passages that match in the one column."""
        match = f"{'titles' if in_titles else 'body'} : {_match(pattern)}"
        query = text("SELECT rowid FROM search_index WHERE search_index MATCH :match LIMIT :limit")
        return set(session.scalars(query, {"match": match, "limit": -1 if limit is None else limit}))

    def rank(self, session: Session, patterns: Sequence[Pattern]) -> Iterator[int]:
        """Yield by FTS5's BM25."""
        query = text(
            "SELECT rowid FROM search_index WHERE search_index MATCH :match"
            " ORDER BY bm25(search_index, 1.0, :title_weight), rowid"
        )
        match = " OR ".join(map(_match, patterns))
        yield from session.scalars(query, {"match": match, "title_weight": TITLE_WEIGHT})

    def frequencies(self, session: Session, terms: Sequence[str]) -> dict[str, int]:
        """Return FTS5's own counts."""
        query = text("SELECT term, doc FROM search_vocabulary WHERE term IN :terms")
        rows = session.execute(query.bindparams(bindparam("terms", list(terms), expanding=True)))
        return {row.term: row.doc for row in rows}

    def size(self, session: Session) -> int:
        """Count FTS5's table of lengths."""
        return int(session.scalar(text("SELECT count(*) FROM search_index_docsize")) or 0)

    def is_sound(self, session: Session) -> bool:
        """Ask FTS5, which takes an index that has lost all its terms for a sound one."""
        try:
            session.execute(text("INSERT INTO search_index (search_index) VALUES ('integrity-check')"))
            has_terms = session.scalar(text("SELECT EXISTS (SELECT 1 FROM search_vocabulary)"))
        except DBAPIError:
            return False
        return bool(has_terms) or not self.size(session)


def _tear_out(session: Session) -> None:
    """Remove tables so damaged that FTS5 refuses to open them, even to drop them."""
    session.execute(text("PRAGMA writable_schema = ON"))
    session.execute(text("DELETE FROM sqlite_master WHERE name IN ('search_index', 'search_vocabulary')"))
    session.execute(text("PRAGMA writable_schema = RESET"))
    for part in ("data", "idx", "content", "docsize", "config"):
        session.execute(text(f"DROP TABLE IF EXISTS search_index_{part}"))


def _row(entry: Entry) -> dict[str, object]:
    return {"id": entry.passage_id, "body": " ".join(entry.body), "titles": " ".join(entry.titles)}


def _match(pattern: Pattern) -> str:
    """Return the pattern as an FTS5 string; terms hold no quotation marks, being letters and numbers."""
    return f'"{" ".join(pattern.terms)}"{" *" if pattern.is_prefix else ""}'
