"""The index as a whole: its faults are named, and building it anew mends them, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from sqlalchemy import delete, event, func, select, text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.schema import upgrade
from content.models import Passage
from content.search import (
    ensure_index,
    find_fault,
    index_passages,
    parse_query,
    rebuild_index,
    search,
    unindex_passages,
)
from tests.factories import make_document

WORD = "豆腐"
"""In one of the factories' sentences."""


@pytest.fixture(params=["sqlite", "postgres"])
def library(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database on either engine with a document of six indexed passages."""
    if request.param == "sqlite":
        database: Database = request.getfixturevalue("database")
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        upgrade(database)
    database.run_write(add_document)
    yield database
    database.close()


def add_document(session: Session) -> None:
    passages = select(Passage.id).where(Passage.document_id == make_document(session, articles=2).id)
    index_passages(session, session.scalars(passages).all())


def remove_first_document(session: Session) -> None:
    passages = select(Passage.id).where(
        Passage.document_id == select(func.min(Passage.document_id)).scalar_subquery()
    )
    ids = session.scalars(passages).all()
    unindex_passages(session, ids)
    session.execute(delete(Passage).where(Passage.id.in_(ids)))


def found(database: Database) -> int:
    return database.run_read(lambda session: search(session, parse_query(WORD)).total)


def fault(database: Database) -> str | None:
    return database.run_write(find_fault)


def run(database: Database, *statements: str) -> None:
    def execute(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    database.run_write(execute)
    database.writer.dispose()  # FTS5 remembers what it read when the connection opened the table


def rebuild(database: Database) -> list[tuple[int, int]]:
    return list(rebuild_index(database.run_write))


def test_a_whole_index_has_no_fault_before_and_after_it_is_built_anew(library: Database) -> None:
    assert fault(library) is None
    assert found(library) == 2

    assert rebuild(library) == [(6, 6)]

    assert fault(library) is None
    assert found(library) == 2


def test_an_index_of_nothing_has_no_fault(database: Database) -> None:
    assert fault(database) is None
    assert rebuild(database) == []
    assert fault(database) is None


ON_BOTH = [
    ("UPDATE search_version SET version = 'old'", "is of version old"),
    ("DELETE FROM search_version", "was not built to its end"),
    ("DROP TABLE search_version", "is not there"),
    ("DELETE FROM passage WHERE id = (SELECT min(id) FROM passage WHERE length = 'standard')", "has 1 that"),
]
ON_SQLITE = [
    ("DELETE FROM search_index_docsize WHERE id IN (SELECT id FROM search_index_docsize LIMIT 2)", "lacks 2"),
    ("DROP TABLE search_index", "is not there"),
    ("DROP TABLE search_vocabulary", "is not there"),
    ("DROP TABLE search_index_docsize", "is not there"),
    ("DELETE FROM search_index_data WHERE id > 100", "is damaged"),
    ("UPDATE search_index_data SET block = zeroblob(20) WHERE id = 10", "is damaged"),
    ("DELETE FROM search_index_data", "is damaged"),
    ("DROP TABLE search_index_data", "is damaged"),
    ("DELETE FROM search_index_config", "is damaged"),
]
ON_POSTGRES = [
    ("DELETE FROM search_index WHERE passage_id IN (SELECT passage_id FROM search_index LIMIT 2)", "lacks 2"),
    ("DROP TABLE search_index", "is not there"),
    ("DROP TABLE search_frequency", "is not there"),
    ("UPDATE search_frequency SET passages = passages + 1 WHERE term = ''", "is damaged"),
    ("INSERT INTO search_frequency VALUES ('豆腐', 1)", "is damaged"),
    ("UPDATE search_packed SET about = ''", "is damaged"),
    ("TRUNCATE search_packed", "is damaged"),
    ("DROP INDEX ix_search_index_terms", "is damaged"),
]


def check_mended(database: Database, breakage: str, expected: str) -> None:
    run(database, breakage)
    assert expected in (fault(database) or "")

    rebuild(database)

    assert fault(database) is None
    assert found(database) == 2


@pytest.mark.parametrize(("breakage", "expected"), ON_BOTH)
def test_what_is_broken_is_named_and_mended(library: Database, breakage: str, expected: str) -> None:
    check_mended(library, breakage, expected)


@pytest.mark.parametrize("library", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("breakage", "expected"), ON_SQLITE)
def test_what_is_broken_on_sqlite_is_named_and_mended(
    library: Database, breakage: str, expected: str
) -> None:
    check_mended(library, breakage, expected)


def test_a_rebuild_that_is_cut_short_is_named_and_mended_by_the_next(
    library: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.search.index.BATCH", 2)
    assert next(rebuild_index(library.run_write)) == (2, 6)

    assert fault(library) == "is being built anew, or that was cut short"
    assert found(library) == 2

    assert rebuild(library) == [(2, 6), (4, 6), (6, 6)]
    assert fault(library) is None
    assert found(library) == 2


def test_what_comes_and_goes_during_a_rebuild_is_found_at_once_and_afterwards_or_gone(
    library: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.search.index.BATCH", 2)
    rebuilding = rebuild_index(library.run_write)
    next(rebuilding)

    library.run_write(add_document)
    assert found(library) == 4
    library.run_write(remove_first_document)
    assert found(library) == 2
    list(rebuilding)

    assert fault(library) is None
    assert found(library) == 2


def test_what_another_version_of_the_program_adds_during_a_rebuild_is_in_it(
    library: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.search.index.BATCH", 2)
    rebuilding = rebuild_index(library.run_write)
    next(rebuilding)

    with monkeypatch.context() as other:
        other.setattr("content.search.index.index_version", lambda _: "another")
        library.run_write(add_document)
    list(rebuilding)

    assert fault(library) is None
    assert found(library) == 4


@pytest.mark.parametrize("library", ["postgres"], indirect=True)
@pytest.mark.parametrize("change", [add_document, remove_first_document])
def test_a_rebuild_sees_what_another_transaction_is_about_to_change(
    library: Database, change: Callable[[Session], None]
) -> None:
    library.run_write(add_document)
    rebuilding = ThreadPoolExecutor(1)

    def begin_and_rebuild_meanwhile(session: Session) -> Future[list[tuple[int, int]]]:
        change(session)
        rebuilt = rebuilding.submit(rebuild, library)
        wait([rebuilt], timeout=0.3)
        return rebuilt

    assert library.run_write(begin_and_rebuild_meanwhile).result(timeout=20)

    assert fault(library) is None


def test_a_start_leaves_a_rebuild_alone(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.search.index.BATCH", 2)
    rebuilding = rebuild_index(library.run_write)
    next(rebuilding)

    assert library.run_write(ensure_index) is False

    list(rebuilding)
    assert fault(library) is None
    assert found(library) == 2


@pytest.mark.parametrize("library", ["postgres"], indirect=True)
def test_postgresql_makes_its_index_again_by_itself_as_after_a_dump(library: Database) -> None:
    run(library, "SET LOCAL search_path = ''", "REINDEX TABLE public.search_index")

    assert fault(library) is None
    assert found(library) == 2


@pytest.mark.parametrize("library", ["postgres"], indirect=True)
@pytest.mark.parametrize(("breakage", "expected"), ON_POSTGRES)
def test_what_is_broken_on_postgresql_is_named_and_mended(
    library: Database, breakage: str, expected: str
) -> None:
    check_mended(library, breakage, expected)


@pytest.mark.parametrize("library", ["postgres"], indirect=True)
def test_terms_are_counted_once_there_is_an_index_to_count_by(library: Database) -> None:
    asked: list[str] = []
    event.listen(library.writer, "before_cursor_execute", lambda *about: asked.append(about[2]))

    library.run_write(lambda session: session.execute(text("DELETE FROM search_version")))
    assert library.run_write(ensure_index) is True

    made = next(at for at, sql in enumerate(asked) if "USING gin" in sql)
    assert made < asked.index("DELETE FROM search_frequency_next")  # with which counting begins
