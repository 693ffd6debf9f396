"""Both engines find and count the same: whatever the text, the phrase, and what is joined or excluded."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from content.search.entries import TITLE, Entry, in_collection, in_document, make_entry
from content.search.expressions import All, Either, Except, Expression, Phrase
from content.search.folding import fold
from content.search.grams import make_gram, make_pattern, split_junctions
from content.search.index import IndexEngine
from content.search.postgres import PostgresIndex
from content.search.sqlite import SqliteIndex

CHARS = "山山水水田年年12ab、。 𠀀"
"""Few, so that pairs stand apart as well as together."""
FOLDED_CHARS = "AＢ１，『・_\u200b馬龍著○éøⅡ㎞"
"""What other texts have beside them: what is exchanged for one character, and what folds otherwise."""

Engines = list[tuple[Session, IndexEngine]]


@pytest.fixture
def entries() -> list[Entry]:
    """A hundred short passages under short titles, and as many of more kinds of characters."""
    random = Random(7)
    plain = [make(number, made(random, 4), made(random, 14)) for number in range(1, 101)]
    chars = CHARS + FOLDED_CHARS
    return plain + [make(number, made(random, 4), made(random, 20, chars)) for number in range(101, 201)]


@pytest.fixture
def engines(session: Session, postgres_url: str, entries: list[Entry]) -> Iterator[Engines]:
    """An index of them on each engine."""
    engine = create_engine(postgres_url)
    with Session(engine) as other:
        both: Engines = [(session, SqliteIndex("_next")), (other, PostgresIndex("_next"))]
        for at, index in both:
            if index.layout == PostgresIndex.layout:
                at.execute(text("CREATE TABLE passage (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"))
            index.create(at)
            add(at, index, entries)
            index.tidy(at)
        yield both
    engine.dispose()


def add(session: Session, index: IndexEngine, entries: list[Entry]) -> None:
    """Add the entries; PostgreSQL makes their terms from the passages' own texts."""
    if isinstance(index, PostgresIndex):
        rows = [{"id": entry.passage_id, "text": entry.text} for entry in entries]
        session.execute(text("INSERT INTO passage VALUES (:id, :text)"), rows)
    index.add(session, entries)


def made(random: Random, most: int, chars: str = CHARS) -> str:
    return "".join(random.choice(chars) for _ in range(random.randint(1, most)))


def make(number: int, title: str, body: str) -> Entry:
    return make_entry(
        number, [*in_collection(1).terms, *in_document(number % 3).terms], fold(title).text, body
    )


def make_expression(random: Random, depth: int) -> Expression:
    if not depth:
        return make_phrase(random)
    parts = tuple(make_expression(random, depth - 1) for _ in range(2))
    joined: list[Expression] = [All(parts), Either(parts), Except(*parts)]
    return random.choice(joined)


def make_phrase(random: Random) -> Expression:
    if random.random() < 0.1:
        return in_document(random.randrange(3))
    sought = fold(made(random, 4, random.choice([CHARS, CHARS + FOLDED_CHARS]))).text
    grams = map(make_gram, split_junctions(sought) if random.random() < 0.2 else ())
    pattern = next(grams, None) or make_pattern(sought)
    return pattern.expression(random.choice(["", "", TITLE])) if pattern else in_collection(1)


def find(session: Session, engine: IndexEngine, sought: Expression) -> set[int]:
    found = engine.found(sought, "sought")
    return set(session.scalars(text(found.sql), found.values))


def test_both_engines_find_the_same(engines: Engines) -> None:
    random = Random(11)
    expressions = [make_expression(random, at % 4) for at in range(600)]
    by_sqlite, by_postgres = [
        [find(session, engine, sought) for sought in expressions] for session, engine in engines
    ]

    assert by_postgres == by_sqlite
    assert sum(map(bool, by_sqlite)) > 200


def test_both_engines_find_the_same_to_be_the_newest(engines: Engines) -> None:
    random = Random(13)
    for session, engine in engines:  # behind the others in the table, and not in the order of ids
        add(session, engine, [make(900, "山", "山水"), make(800, "山", "水田，山")])
    for at in range(60):
        sought = make_expression(random, at % 4)
        newest = [engine.newest(sought, "sought", 7) for _, engine in engines]
        by_sqlite, by_postgres = [
            list(session.scalars(text(found.sql), found.values))
            for (session, _), found in zip(engines, newest, strict=True)
        ]
        assert by_postgres == by_sqlite


def test_both_engines_count_the_same(engines: Engines, entries: list[Entry]) -> None:
    terms = {term for entry in entries for term in entry.terms} | {"海"}
    by_sqlite, by_postgres = [engine.frequencies(session, terms) for session, engine in engines]

    assert by_postgres == by_sqlite


def test_excluding_a_phrase_leaves_what_has_only_its_terms(engines: Engines) -> None:
    for session, engine in engines:
        add(session, engine, [make(900, "无题", "江河湖海"), make(901, "无题", "江河。河湖")])
        river = Phrase(("江河",))

        assert find(session, engine, Except(river, Phrase(("江河", "河湖")))) == {901}
        assert find(session, engine, Except(river, Phrase(("江河", "河", "河湖")))) == {900}


def test_one_of_very_many_documents_is_found_or_excluded(engines: Engines) -> None:
    documents = Either(tuple(map(in_document, range(2, 200))))
    mountain = Phrase(("山",), is_prefix=True)

    for sought in (documents, All((documents, mountain)), Except(mountain, documents)):
        by_sqlite, by_postgres = [find(session, engine, sought) for session, engine in engines]
        assert by_postgres == by_sqlite
        assert by_sqlite


def test_postgresql_makes_the_terms_that_sqlite_is_given(engines: Engines, entries: list[Entry]) -> None:
    session, _ = engines[1]
    unpacked = session.execute(
        text("SELECT passage_id, tsvector_to_array(search_terms_next(passage_id)) FROM search_index_next")
    )

    assert {number: set(terms) for number, terms in unpacked} == {
        entry.passage_id: set(entry.terms) for entry in entries
    }
