"""How good search and keywords are, on public test data beside the repository; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_search_quality.py -s
"""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy.orm import Session

from content.candidates import find_candidates
from content.keywords import extract_keywords
from content.tokens import tokenize
from tests.benchmarks.peers import fts5, like, rizhi
from tests.benchmarks.quality import MORE, make_kinds, measure, read_lines, read_passages

pytestmark = pytest.mark.benchmark

QUERIES = 600
"""Queries of each kind: enough for a standard error of half a point."""


def show(line: str) -> None:
    print(line)  # noqa: T201  # the table is what this is run for


@pytest.mark.parametrize("more", [0, MORE])
def test_the_passage_that_was_meant_comes_first(session: Session, more: int) -> None:
    passages = read_passages(more)
    texts, titles = [line["text"] for line in passages], [line["title"] for line in passages]
    searches = {
        "LIKE": like(texts),
        "FTS5 unicode61": fts5("unicode61", texts),
        "FTS5 trigram, OR": fts5("trigram", texts),
        "Rizhi": rizhi(session, texts, titles),
    }
    show(f"\nMRR@10 and queries without an answer, {len(texts):,} passages")
    show(f"{'':26}{'queries':>8}" + "".join(f"{name:>22}" for name in searches))
    failed = []
    for kind in make_kinds(passages, QUERIES):
        measured = {name: measure(find, kind.queries) for name, find in searches.items()}
        figures = "".join(f"{each.mrr:16.3f}{each.empty:6}" for each in measured.values())
        show(f"{kind.name:26}{len(kind.queries):8}{figures}")
        least = kind.least_among_more if more else kind.least
        if measured["Rizhi"].mrr < least or measured["Rizhi"].empty:
            failed.append(f"{kind.name}: {measured['Rizhi']}, and it should be {least}")

    assert not failed


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
