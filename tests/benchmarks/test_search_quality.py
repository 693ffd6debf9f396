"""How good search and keywords are, on public test data beside the repository; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_search_quality.py -s
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from content.candidates import find_candidates
from content.keywords import extract_keywords
from content.tokens import tokenize
from tests.benchmarks.peers import (
    Material,
    NotInstalled,
    Search,
    bm25s,
    fts5,
    fts5_grams,
    fts5_trigrams,
    fts5_words,
    like,
    rizhi,
    tantivy,
    ts_rank,
    whoosh,
)
from tests.benchmarks.quality import MORE, Measured, make_kinds, measure, read_lines, read_passages

pytestmark = pytest.mark.benchmark

QUERIES = 600
"""Queries of each kind: enough for a standard error of half a point."""


FEWER = 150
"""Queries of each kind that peers are asked among many passages: the slowest would take minutes with all."""


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # the table is what this is run for


def peers(material: Material, connect: Callable[[], Connection]) -> dict[str, Callable[[], Search]]:
    """Return what sets up each peer, by name."""
    return {
        "LIKE": lambda: like(material),
        "FTS5 unicode61": lambda: fts5(material),
        "FTS5 trigrams": lambda: fts5_trigrams(material),
        "FTS5 jieba": lambda: fts5_words(material),
        "Whoosh jieba": lambda: whoosh(material),
        "bm25s jieba": lambda: bm25s(material),
        "tantivy jieba": lambda: tantivy(material),
        "ts_rank jieba": lambda: ts_rank(material, connect()),
        "FTS5 jieba, folded": lambda: fts5_words(material, folded=True),
        "FTS5 pairs, folded": lambda: fts5_grams(material),
    }


def set_up(peers: Mapping[str, Callable[[], Search]]) -> Iterator[tuple[str, Search]]:
    """Yield each peer's search; say which peers are not there."""
    for name, make in peers.items():
        try:
            yield name, make()
        except (NotInstalled, pytest.skip.Exception) as reason:
            show(f"{name} is left out: {reason}")


@pytest.mark.parametrize("more", [0, MORE])
def test_the_passage_that_was_meant_comes_first(
    session: Session, more: int, request: pytest.FixtureRequest
) -> None:
    passages = read_passages(more)
    material = Material([line["text"] for line in passages], [line["title"] for line in passages])
    kinds = make_kinds(passages, QUERIES)
    show(f"\nMRR@10, {len(passages):,} passages (queries without an answer)")
    own = rizhi(session, material.texts, material.titles)
    measured = {kind.name: measure(own, kind.queries) for kind in kinds}
    searches = dict(set_up(peers(material, lambda: request.getfixturevalue("postgres_connection"))))
    show(" " * 20 + "".join(f"{kind.name[:16]:>17}" for kind in kinds))
    some = FEWER if more else QUERIES
    for name, find in {**searches, "Rizhi": own}.items():
        show_row(name, [measure(find, kind.queries[:some]) for kind in kinds])
    show_row(f"Rizhi, {QUERIES} of each", [measured[kind.name] for kind in kinds])
    least = {kind.name: kind.least_among_more if more else kind.least for kind in kinds}
    show(f"{'goal':20}" + "".join(f"{each:11.3f}      " for each in least.values()))

    assert {name: each for name, each in measured.items() if each.mrr < least[name] or each.empty} == {}


def show_row(name: str, measured: Sequence[Measured]) -> None:
    show(f"{name:20}" + "".join(f"{each.mrr:11.3f}{f'({each.empty})':>6}" for each in measured))


def test_keywords_are_those_that_authors_chose() -> None:
    lines = read_lines("keywords-dev.jsonl")

    def plain(term: str) -> str:
        return "".join(unicodedata.normalize("NFKC", term).lower().split())

    score = 0.0
    for line in lines:
        text, gold = line["text"], {plain(term) for term in line["keywords"]}
        chosen = {plain(term) for term, _ in extract_keywords(find_candidates(text, tokenize(text)))[:5]}
        score += 2 * len(chosen & gold) / (len(chosen) + len(gold))
    show(f"\nkeywords: F1@5 {score / len(lines):.3f} (jieba's TF-IDF: 0.133)")

    assert score / len(lines) >= 0.19
