"""The passage that was meant comes first: a floor for every kind of query, on a sample of public passages."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.benchmarks.peers import rizhi
from tests.benchmarks.quality import make_kinds, measure, read_passages

SAMPLE = 50
"""Queries of each kind; the benchmark has many more."""
SLACK = 0.03
"""A sample's mean may be so much lower: one query in fifty lost is 0.02."""


def test_every_kind_of_query_finds_what_was_meant(session: Session) -> None:
    passages = read_passages()
    find = rizhi(session, [line["text"] for line in passages], [line["title"] for line in passages])

    for kind in make_kinds(passages, SAMPLE):
        measured = measure(find, kind.queries)
        if measured.mrr < kind.least - SLACK or measured.empty:
            pytest.fail(f"{kind.name}: {measured}, and it should be {kind.least}")
