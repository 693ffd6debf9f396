"""The index of passages: what is in it and when it is built; how it is stored is the engines' business.

Only passages of the standard cut are indexed, under their text and under their titles (article, section,
heading). Terms are a pure function of these, so an entry can be taken out again as long as they stand:
call `unindex_passages` before passages are deleted or changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, partial
from importlib.metadata import version
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Select, except_, func, inspect, select, text
from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Passage
from content.search.entries import Entry, read_entries
from content.search.expressions import Expression
from content.search.postgres import PostgresIndex
from content.search.sqlite import SqliteIndex
from content.search.terms import add_terms, create_terms, split_titles
from content.tokens import FOLD_VERSION, fold

LAYOUT_VERSION = 3
"""Goes up when what is stored changes."""
BATCH = 200
"""Passages indexed at a time: about 60,000 terms."""


class IndexEngine(Protocol):
    """What an engine does. Statements are SQL text with one column, `id`, of passages."""

    tables: tuple[str, ...]
    """The names of all tables."""
    entries: Select[Any]
    """The passages that have an entry."""

    def create(self, session: Session) -> None:
        """Make empty tables, in place of old ones."""

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have an entry."""

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store entries of passages that have none."""

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Take out entries, given as they were stored."""

    def write(self, expression: Expression) -> str:
        """Return the expression in the engine's syntax: the value of a statement's parameter."""

    def found(self, parameter: str) -> str:
        """Return the statement that finds what the expression in that parameter asks for, in any order."""

    def newest(self, parameter: str, most: int) -> str:
        """Return the statement that finds of the same the passages with the highest ids, at most so many."""

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return in how many passages each term occurs, and under "" how many there are; terms that occur
        nowhere are left out.
        """

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return frequent terms with this beginning and their passages, the most frequent first."""

    def is_sound(self, session: Session) -> bool:
        """Return whether the tables agree with one another; the transaction may be of no further use."""


def engine_of(session: Session) -> IndexEngine:
    """Return the engine for the session's database."""
    return SqliteIndex() if session.get_bind().dialect.name == "sqlite" else PostgresIndex()


@cache
def index_version() -> str:
    """Return what the index depends on: its layout, the folding, and OpenCC. Words are not cut for it."""
    return f"{LAYOUT_VERSION}.{FOLD_VERSION}/{version('opencc')}"


def ensure_index(session: Session) -> bool:
    """Create the index where there is none, build it anew where its version differs; return whether it did.

    Building takes about a second for 1,000 passages, in the caller's transaction.
    """
    if _version(session) == index_version():
        return False
    index_passages(session, _begin(session))
    _finish(session)
    return True


def rebuild_index(transact: Callable[[Callable[[Session], Any]], Any]) -> Iterator[tuple[int, int]]:
    """Build the index anew in short transactions; yield after each how many passages are done, of how many.

    `transact` runs work in a transaction of its own, and commits it. Until the last of them the index has no
    version: what is cut short is seen by `find_fault`, and made good by `ensure_index` or the next rebuild.
    Searches find meanwhile what is in it already; passages that come or go look after their own entries.
    """
    passage_ids = transact(_begin)
    done = 0
    for ids in _batches(passage_ids):
        transact(partial(index_passages, passage_ids=ids))
        done += len(ids)
        yield done, len(passage_ids)
    transact(_finish)


def find_fault(session: Session) -> str | None:
    """Return what is wrong with the index, in words that continue “the search index …”; None if nothing is.

    Needs a transaction that can write, of which no further use should be made.
    """
    engine, inspector = engine_of(session), inspect(session.connection())
    if not {"search_version", "search_term", *engine.tables} <= {*inspector.get_table_names()}:
        return "is not there, or not all of it"
    built = session.scalar(text("SELECT version FROM search_version"))
    if built is None:
        return "was not built to its end"
    if built != index_version():
        return f"is of version {built}, not {index_version()}"
    missing = _count(session, _standard(), engine.entries)
    stray = _count(session, engine.entries, _standard())
    if missing or stray:
        return f"lacks {missing} passages, and has {stray} that are not there"
    return None if engine.is_sound(session) else "is damaged"


def _count(session: Session, these: Select[Any], but_not: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(except_(these, but_not).subquery())) or 0


def _standard() -> Select[Any]:
    return select(Passage.id).where(Passage.length == STANDARD)


def _version(session: Session) -> str | None:
    """Return the version of the index; None where none was built to its end."""
    session.execute(text("CREATE TABLE IF NOT EXISTS search_version (version VARCHAR(20) NOT NULL)"))
    built: str | None = session.scalar(text("SELECT version FROM search_version"))
    return built


def _begin(session: Session) -> Sequence[int]:
    """Leave an empty index without a version, and return the passages that it should have."""
    if _version(session) is not None:
        session.execute(text("DELETE FROM search_version"))
    engine_of(session).create(session)
    create_terms(session)
    return session.scalars(_standard().order_by(Passage.id)).all()


def _finish(session: Session) -> None:
    session.execute(text("DELETE FROM search_version"))
    session.execute(text("INSERT INTO search_version VALUES (:version)"), {"version": index_version()})


def index_passages(session: Session, passage_ids: Sequence[int]) -> None:
    """Index the passages of the standard cut among these; those that have an entry already keep it."""
    engine = engine_of(session)
    for ids in _batches(passage_ids):
        known = engine.indexed(session, ids)
        new = [passage for passage in ids if passage not in known]
        engine.add(session, read_entries(session, new))
        add_terms(session, _terms(session, new))


def unindex_passages(session: Session, passage_ids: Sequence[int]) -> None:
    """Take the passages out of the index; to be called while their rows still stand as they were indexed."""
    engine = engine_of(session)
    for ids in _batches(passage_ids):
        engine.remove(session, read_entries(session, sorted(engine.indexed(session, ids))))


def _batches(passage_ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(dict.fromkeys(passage_ids))
    while batch := list(islice(rest, BATCH)):
        yield batch


def _terms(session: Session, passage_ids: Sequence[int]) -> Iterator[str]:
    """Yield the keywords and short titles of the passages, folded."""
    rows = session.execute(
        select(Passage.keywords, Article.title)
        .join(Article)
        .where(Passage.id.in_(passage_ids), Passage.length == STANDARD)
    )
    for keywords, title in rows:
        yield from (fold(term).text for term, _ in keywords)
        yield from split_titles(fold(title).text)
