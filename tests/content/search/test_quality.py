"""The passage that was meant comes first: a floor for every kind of query, on a sample of public passages."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from content.models import Base
from tests.benchmarks.peers import rizhi
from tests.benchmarks.quality import make_kinds, measure, read_passages

SAMPLE = 100
"""Queries of each kind; the benchmark has many more. Without the weight of any of five kinds of evidence a
floor is not held."""
ASKED_OF_BOTH = 12
"""Queries of each kind that both engines are asked."""
DIFFERING = 0.01
"""Share of queries for which the engines may differ."""


def test_every_kind_of_query_finds_what_was_meant(session: Session) -> None:
    passages = read_passages()
    find = rizhi(session, [line["text"] for line in passages], [line["title"] for line in passages])

    for kind in make_kinds(passages, SAMPLE):
        measured = measure(find, kind.queries)
        if measured.mrr < kind.least or measured.empty:
            pytest.fail(f"{kind.name}: {measured}, and it should be {kind.least}")


def test_both_engines_give_the_same_first_ten(session: Session, postgres_url: str) -> None:
    passages = read_passages()
    texts, titles = [line["text"] for line in passages], [line["title"] for line in passages]
    find = rizhi(session, texts, titles)
    queries = [asked.text for kind in make_kinds(passages, ASKED_OF_BOTH) for asked in kind.queries]
    engine = create_engine(postgres_url)
    with Session(engine) as other:
        Base.metadata.create_all(other.connection())
        find_there = rizhi(other, texts, titles)
        differing = [query for query in queries if find(query) != find_there(query)]
    engine.dispose()

    assert len(differing) <= max(1, len(queries) * DIFFERING), differing
