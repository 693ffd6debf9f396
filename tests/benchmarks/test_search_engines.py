"""Whether SQLite and PostgreSQL answer alike: the same passages, all kinds of queries; counts what differs.

Run with: pytest -m benchmark tests/benchmarks/test_search_engines.py -s
RIZHI_QUERIES says how many of each kind are asked (100).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from sqlalchemy.orm import Session

from bot.database import Database
from bot.schema import upgrade
from content.search import Hits, Order, parse_query, rebuild_index, search
from tests.benchmarks.building import prepare_index
from tests.benchmarks.corpus import copy_rows, prepare_corpus
from tests.benchmarks.timed_queries import Timed, make_timed

pytestmark = pytest.mark.benchmark

PASSAGES = 20_000
"""So many that frequent words are in more passages than are looked up."""
DIFFERING = 0.01
"""Share of queries for which the first ten may differ."""
ORDERS: tuple[Order, ...] = ("relevance", "date")


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # the figures are what this is run for


@pytest.fixture
def sessions(postgres_url: str) -> Iterator[Sequence[Session]]:
    """A session on each engine, with the same passages and an index of them."""
    path, _ = prepare_index(PASSAGES)
    with closing(Database(f"sqlite:///{path}")) as one, closing(Database(postgres_url)) as other:
        upgrade(other)
        other.run_write(lambda session: copy_rows(prepare_corpus(PASSAGES), session))
        for _ in rebuild_index(other.run_write):
            pass
        with Session(one.reader) as by_sqlite, Session(other.reader) as by_postgres:
            yield by_sqlite, by_postgres


def ask(session: Session, kind: Timed, typed: str, order: Order) -> Hits:
    return search(session, parse_query(typed), limit=10, visibilities=kind.visibilities, order=order)


def first_ten(hits: Hits) -> list[int]:
    return [hit.passage_id for hit in hits.hits]


def test_both_engines_give_the_same_first_ten(sessions: Sequence[Session]) -> None:
    asked = [(kind, typed, order) for kind in make_timed() for typed in kind.queries for order in ORDERS]
    answers = [[ask(session, *each) for session in sessions] for each in asked]
    others = [each for each, (one, other) in zip(asked, answers, strict=True) if one != other]
    differing = [
        typed
        for (_, typed, _), (one, other) in zip(asked, answers, strict=True)
        if first_ten(one) != first_ten(other)
    ]
    show(f"\n{len(asked):,} searches among {PASSAGES:,} passages, half of them by date:")
    show(f"  another first ten: {len(differing)}; anything else another: {len(others)}")
    for typed in differing[:20]:
        show(f"    {typed}")

    assert len(differing) <= len(asked) * DIFFERING
