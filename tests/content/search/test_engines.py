"""Both engines find and count the same: whatever the text, the phrase, and what is joined or excluded."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from content.search.entries import REPEATED, TITLE, Entry, in_collection, in_document
from content.search.expressions import All, Either, Except, Expression, Phrase
from content.search.grams import make_pattern, split_junctions, split_terms
from content.search.index import IndexEngine
from content.search.packing import lengthen, shorten
from content.search.postgres import PostgresIndex
from content.search.sqlite import SqliteIndex

CHARS = "山山水水田年年12ab、。 𠀀é"
"""Few, so that pairs stand apart as well as together."""

Engines = list[tuple[Session, IndexEngine]]


@pytest.fixture
def entries() -> list[Entry]:
    """A hundred short passages under short titles."""
    random = Random(7)
    return [make_entry(number, made(random, 4), made(random, 14)) for number in range(1, 101)]


@pytest.fixture
def engines(session: Session, postgres_url: str, entries: list[Entry]) -> Iterator[Engines]:
    """An index of them on each engine."""
    engine = create_engine(postgres_url)
    with Session(engine) as other:
        both: Engines = [(session, SqliteIndex("_next")), (other, PostgresIndex("_next"))]
        for at, index in both:
            index.create(at)
            index.add(at, entries)
            index.tidy(at)
        yield both
    engine.dispose()


def made(random: Random, most: int) -> str:
    return "".join(random.choice(CHARS) for _ in range(random.randint(1, most)))


def make_entry(number: int, title: str, body: str) -> Entry:
    terms = split_terms(body)
    titles = [TITLE + term for term in split_terms(title)]
    repeated = [REPEATED + term for term in {*terms} if len(term) > 1 and terms.count(term) > 1]
    facts = [*in_collection(1).terms, *in_document(number % 3).terms]
    return Entry(number, [*facts, *titles, *repeated, *split_junctions(body), *terms])


def make_expression(random: Random, depth: int) -> Expression:
    if not depth:
        return make_phrase(random)
    parts = tuple(make_expression(random, depth - 1) for _ in range(2))
    joined: list[Expression] = [All(parts), Either(parts), Except(*parts)]
    return random.choice(joined)


def make_phrase(random: Random) -> Expression:
    pattern = make_pattern(made(random, 4))
    if pattern is None or random.random() < 0.1:
        return in_document(random.randrange(3))
    return pattern.expression(random.choice(["", "", TITLE]))


def find(session: Session, engine: IndexEngine, sought: Expression) -> set[int]:
    found = engine.found(sought, "sought")
    return set(session.scalars(text(found.sql), found.values))


def test_both_engines_find_the_same(engines: Engines) -> None:
    random = Random(11)
    expressions = [make_expression(random, at % 4) for at in range(300)]
    by_sqlite, by_postgres = [
        [find(session, engine, sought) for sought in expressions] for session, engine in engines
    ]

    assert by_postgres == by_sqlite
    assert sum(map(bool, by_sqlite)) > 100


def test_both_engines_find_the_same_to_be_the_newest(engines: Engines) -> None:
    random = Random(13)
    for session, engine in engines:  # behind the others in the table, and not in the order of ids
        engine.add(session, [make_entry(900, "山", "山水"), make_entry(800, "山", "水田，山")])
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
        engine.add(session, [Entry(900, split_terms("江河湖海")), Entry(901, split_terms("江河。河湖"))])
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


def test_packed_terms_are_unpacked_as_they_were(engines: Engines, entries: list[Entry]) -> None:
    session, _ = engines[1]
    unpacked = session.execute(
        text("SELECT passage_id, tsvector_to_array(search_terms_next(passage_id)) FROM search_index_next")
    )

    assert {number: set(map(lengthen, terms)) for number, terms in unpacked} == {
        entry.passage_id: set(entry.terms) for entry in entries
    }


@given(st.text())
def test_the_short_alphabet_has_a_way_back(written: str) -> None:
    assert lengthen(shorten(written)) == written


def test_common_characters_are_short_in_it() -> None:
    assert len(shorten("我们的国家有很多人").encode()) < 18
