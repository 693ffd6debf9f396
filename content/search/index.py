"""The index of passages: what is in it and when it is built; how it is stored is the engines' business.

Only passages of the standard cut are indexed, under their text and under their titles (article, section,
heading). Terms are a pure function of these, so an entry can be taken out again as long as they stand:
call `unindex_passages` before passages are deleted or changed.

While the index is built anew, the old one keeps serving: what comes and goes is written into both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Select, except_, func, inspect, select, text
from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Document, Passage
from content.search.entries import Entry, read_entries
from content.search.expressions import Expression
from content.search.postgres import PostgresIndex
from content.search.sqlite import SqliteIndex
from content.search.statements import Found
from content.search.terms import add_terms, create_terms, replace_terms, split_titles
from content.tokens import FOLD_VERSION, fold

NEXT = "_next"
"""Ends the names of the tables of an index that is being built."""
BATCH = 200
"""Passages indexed at a time: about 60,000 terms."""
MOST_COUNTED = 200_000
"""Terms whose counts are held before they are stored: each change leaves PostgreSQL an old row to vacuum."""


class IndexEngine(Protocol):
    """What an engine does."""

    layout: int
    """Goes up when what is stored changes."""
    joined_ids: str
    """SQL that makes one text of the ids of many rows, with commas between them."""
    tables: tuple[str, ...]
    """The names of all tables."""

    @property
    def entries(self) -> Select[Any]:
        """The passages that have an entry."""

    def create(self, session: Session) -> None:
        """Make empty tables, in place of old ones."""

    def claim(self, session: Session) -> None:
        """Let no other transaction change the index, or one that is built, before this one ends."""

    def replace(self, session: Session, other: Any) -> None:
        """Put the tables in the place of the other's, which are dropped."""

    def tidy(self, session: Session) -> bool:
        """Do some work that makes a large index smaller and faster; return whether there is more to do."""

    def indexed(self, session: Session, passage_ids: Sequence[int]) -> set[int]:
        """Return those that have an entry."""

    def add(self, session: Session, entries: Sequence[Entry]) -> None:
        """Store entries of passages that have none."""

    def remove(self, session: Session, entries: Sequence[Entry]) -> None:
        """Take out entries, given as they were stored."""

    def count(self, session: Session, counts: Counter[str], sign: int) -> None:
        """Add (1) or take away (-1) the terms' counts of passages that came or went; "" counts passages."""

    def recount(self, session: Session) -> None:
        """Count all terms, and the passages, anew."""

    def hasten(self, session: Session) -> None:
        """Let what is asked in this transaction be planned for short statements."""

    def found(self, sought: Expression, name: str) -> Found:
        """Return the statement that finds what is sought, in any order; `name` begins its parameters."""

    def newest(self, sought: Expression, name: str, most: int) -> Found:
        """Return the statement that finds of the same the passages with the highest ids, at most so many."""

    def frequencies(self, session: Session, terms: Collection[str]) -> dict[str, int]:
        """Return in how many passages each term occurs, if in any; under "" how many passages there are."""

    def begun(self, session: Session, beginning: str, most: int) -> list[tuple[str, int]]:
        """Return frequent terms with this beginning and their passages, the most frequent first."""

    def words_with(self, session: Session, parts: Sequence[str], most: int) -> list[str]:
        """Return the first `most` words of Latin script that have one of the parts, in alphabetical order."""

    def is_sound(self, session: Session) -> bool:
        """Return whether the tables agree with one another; the transaction may be of no further use."""


def engine_of(session: Session) -> IndexEngine:
    """Return the index that serves, by the session's database."""
    return _engine_of(session, "")


def _engine_of(session: Session, suffix: str) -> IndexEngine:
    name = session.get_bind().dialect.name
    return SqliteIndex(suffix) if name == "sqlite" else PostgresIndex(suffix)


def index_version(engine: IndexEngine) -> str:
    """Return what the index depends on: its layout, the folding, and OpenCC. Words are not cut for it."""
    return f"{engine.layout}.{FOLD_VERSION}/{version('opencc')}"


def ensure_index(session: Session) -> bool:
    """Create the index where there is none, build it anew where its version differs; return whether it did.

    Building takes about a second for 1,000 passages, in the caller's transaction.
    """
    if _version(session) == index_version(engine_of(session)):
        return False
    for _ in rebuild_index(lambda work: work(session)):
        pass
    return True


def rebuild_index(transact: Callable[[Callable[[Session], Any]], Any]) -> Iterator[tuple[int, int]]:
    """Build the index anew in short transactions; yield after each how many passages are done, of how many.

    `transact` runs work in a transaction of its own, and commits it. Searches are answered from the old
    index until the last of them puts the new one in its place. What is cut short is seen by `find_fault`,
    and made good by the next rebuild.
    """
    passage_ids = transact(_begin)
    filed: set[str] = set()
    done = 0
    for ids in _batches(passage_ids):
        transact(partial(_index, passage_ids=ids, suffix=NEXT, filed=filed))
        done += len(ids)
        yield done, len(passage_ids)
    while transact(lambda session: _engine_of(session, NEXT).tidy(session)):
        pass
    transact(_finish)


def find_fault(session: Session) -> str | None:
    """Return what is wrong with the index, in words that continue “the search index …”; None if nothing is.

    Needs a transaction that can write, of which no further use should be made.
    """
    engine, inspector = engine_of(session), inspect(session.connection())
    if not {"search_version", "search_building", "search_term", *engine.tables} <= {
        *inspector.get_table_names()
    }:
        return "is not there, or not all of it"
    built = session.scalar(text("SELECT version FROM search_version"))
    if built != (today := index_version(engine)):
        return f"is of version {built}, not {today}" if built else "was not built to its end"
    missing = _count(session, _standard().join(Document).where(Document.visible), engine.entries)
    stray = _count(session, engine.entries, _standard())
    if missing or stray:
        return f"lacks {missing} passages, and has {stray} that are not there"
    if not engine.is_sound(session):
        return "is damaged"
    is_building = session.scalar(text("SELECT EXISTS (SELECT 1 FROM search_building)"))
    return "is being built anew, or that was cut short" if is_building else None


def _count(session: Session, these: Select[Any], but_not: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(except_(these, but_not).subquery())) or 0


def _standard() -> Select[Any]:
    return select(Passage.id).where(Passage.length == STANDARD)


def _version(session: Session) -> str | None:
    """Return the version of the index; None where none was built to its end."""
    for name in ("search_version", "search_building"):
        session.execute(text(f"CREATE TABLE IF NOT EXISTS {name} (version VARCHAR(20) NOT NULL)"))
    built: str | None = session.scalar(text("SELECT version FROM search_version"))
    return built


def _begin(session: Session) -> Sequence[int]:
    """Leave an empty index beside the one that serves, and return the passages that it should have."""
    engine_of(session).claim(session)
    _version(session)
    new = _engine_of(session, NEXT)
    _set(session, "search_building", index_version(new))
    new.create(session)
    create_terms(session, NEXT)
    return session.scalars(_standard()).all()


def _finish(session: Session) -> None:
    """Put the new index in the place of the old one, with what a program of another version has added."""
    engine_of(session).claim(session)
    new = _engine_of(session, NEXT)
    missing = except_(_standard(), new.entries).subquery()
    for ids in _batches(session.scalars(select(missing.c[0])).all()):
        _index(session, ids, NEXT)
    new.recount(session)
    new.replace(session, engine_of(session))
    replace_terms(session, NEXT)
    _set(session, "search_building", None)
    _set(session, "search_version", index_version(new))


def _set(session: Session, name: str, version: str | None) -> None:
    session.execute(text(f"DELETE FROM {name}"))
    if version:
        session.execute(text(f"INSERT INTO {name} VALUES (:version)"), {"version": version})


def index_passages(session: Session, passage_ids: Sequence[int]) -> None:
    """Index the passages of the standard cut among these; those that have an entry already keep it."""
    counts: Counter[str] = Counter()
    is_building = _is_building(session)
    for ids in _batches(passage_ids):
        _add(counts, _index(session, ids, ""))
        if is_building:
            _index(session, ids, NEXT)
        if len(counts) > MOST_COUNTED:
            engine_of(session).count(session, counts, 1)
            counts.clear()
    if counts:
        engine_of(session).count(session, counts, 1)


def unindex_passages(session: Session, passage_ids: Sequence[int]) -> None:
    """Take the passages out of the index; to be called while their rows still stand as they were indexed."""
    counts: Counter[str] = Counter()
    is_building = _is_building(session)
    for ids in _batches(passage_ids):
        _add(counts, _unindex(session, ids, ""))
        if is_building:
            _unindex(session, ids, NEXT)
    if counts:
        engine_of(session).count(session, counts, -1)


def _is_building(session: Session) -> bool:
    """Return whether an index is being built beside the one that serves, by this version of the program."""
    engine = engine_of(session)
    engine.claim(session)
    building: str | None = session.scalar(text("SELECT version FROM search_building"))
    return building == index_version(engine)


def _add(counts: Counter[str], entries: Sequence[Entry]) -> None:
    for entry in entries:
        counts.update({*entry.terms, ""})


def _index(
    session: Session, passage_ids: Sequence[int], suffix: str, filed: set[str] | None = None
) -> list[Entry]:
    """Store entries of those that have none, without counting them; return the entries.

    What is in `filed` is known to be among the terms already; what is put there is added to it.
    """
    engine = _engine_of(session, suffix)
    engine.claim(session)
    known = engine.indexed(session, passage_ids)
    new = [passage for passage in passage_ids if passage not in known]
    entries = read_entries(session, new)
    engine.add(session, entries)
    terms = {*_terms(session, new)} - (filed or set())
    add_terms(session, terms, suffix)
    if filed is not None:
        filed |= terms
    return entries


def _unindex(session: Session, passage_ids: Sequence[int], suffix: str) -> list[Entry]:
    engine = _engine_of(session, suffix)
    entries = read_entries(session, sorted(engine.indexed(session, passage_ids)))
    engine.remove(session, entries)
    return entries


def _batches(passage_ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(sorted({*passage_ids}, reverse=True))
    while batch := list(islice(rest, BATCH)):
        yield batch


def _terms(session: Session, passage_ids: Sequence[int]) -> Iterator[str]:
    """Yield the keywords and short titles of the passages, folded."""
    rows = session.execute(
        select(Passage.keywords, Article.title)
        .join(Article)
        .where(Passage.id.in_(passage_ids), Passage.length == STANDARD)
    ).all()
    yield from (fold(term).text for term in {term for row in rows for term, _ in row.keywords})
    for title in {row.title for row in rows}:
        yield from split_titles(fold(title).text)
