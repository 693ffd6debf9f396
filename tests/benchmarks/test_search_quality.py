"""How good search and keywords are, on public test data beside the repository; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_search_quality.py -s
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from sqlalchemy.orm import Session

from content.candidates import find_candidates
from content.keywords import extract_keywords
from content.models import Article, Collection, Document, Passage
from content.search import ensure_index, index_passages, parse_query, search
from content.tokens import tokenize
from tests.conftest import NOW, SHARED

pytestmark = pytest.mark.benchmark

QUESTIONS = 600
"""Queries of each kind: enough for a standard error of half a point, and done within a minute."""


@dataclass(frozen=True)
class Kind:
    """Queries of one kind, each with the passage that was meant; `least` is the MRR@10 we hold."""

    name: str
    queries: list[tuple[str, str]]
    least: float


def read_lines(name: str) -> list[dict[str, Any]]:
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set RIZHI_SHARED to the folder that holds data/")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def show(line: str) -> None:
    print(line)  # noqa: T201  # the table is what this is run for


@cache
def to_traditional() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def widen(text: str) -> str:
    """Return the text with ASCII characters in their full-width forms."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def quotes(passages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield eight Chinese characters in a row from the second half of each passage, where it has any."""
    for passage in passages:
        text = passage["text"]
        if found := re.compile(r"[\u4e00-\u9fff]{8}").search(text, len(text) // 2):
            yield found[0], passage["id"]


def misspelt(queries: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the quotes with their fourth character replaced."""
    for query, gold in queries:
        yield query[:3] + "呗" + query[4:], gold


def word_pairs(passages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the two heaviest keywords of each passage."""
    for passage in passages:
        text = passage["text"]
        terms = [keyword.term for keyword in extract_keywords(find_candidates(text, tokenize(text)))]
        if len(terms) > 1:
            yield f"{terms[0]} {terms[1]}", passage["id"]


@pytest.fixture
def kinds() -> list[Kind]:
    passages = read_lines("retrieval-passages.jsonl")[:QUESTIONS]
    asked = read_lines("retrieval-queries.jsonl")[:QUESTIONS]
    questions = [(line["q"], line["gold"][0]) for line in asked]
    titles = [(passage["title"], passage["id"]) for passage in passages if passage["title"]]
    quoted = list(quotes(passages))
    return [
        Kind("questions", questions, 0.98),
        Kind("questions, traditional", [(to_traditional()(each), gold) for each, gold in questions], 0.98),
        Kind("titles", titles, 0.97),
        Kind("titles, full width", [(widen(title.upper()), gold) for title, gold in titles], 0.97),
        Kind("two keywords", list(word_pairs(passages)), 0.90),
        Kind("quotes of 8", quoted, 0.98),
        Kind("quotes of 8, exact", [(f'"{query}"', gold) for query, gold in quoted], 0.97),
        Kind("quotes of 8, misspelt", list(misspelt(quoted)), 0.95),
    ]


def load(session: Session) -> dict[str, int]:
    """Index the public passages; return their ids by the names the queries use."""
    lines = read_lines("retrieval-passages.jsonl")
    collection = Collection(name="encyclopedia", created_at=NOW)
    document = Document(
        collection=collection, name="passages", sha256="0", encoding="utf-8", visible=True, added_at=NOW
    )
    session.add(document)
    session.flush()
    rows = {line["id"]: _passage(document.id, line["text"]) for line in lines}
    document.articles = [
        Article(
            ordinal=ordinal,
            title=line["title"],
            text=line["text"],
            first_line=1,
            last_line=1,
            passages=[rows[line["id"]]],
        )
        for ordinal, line in enumerate(lines)
    ]
    session.flush()
    index_passages(session, [row.id for row in rows.values()])
    return {name: row.id for name, row in rows.items()}


def _passage(document_id: int, text: str) -> Passage:
    return Passage(
        document_id=document_id,
        length="standard",
        start=0,
        stop=len(text),
        text=text,
        keywords=[],
        units=len(text),
        first_line=1,
        last_line=1,
    )


def test_the_passage_that_was_meant_comes_first(session: Session, kinds: list[Kind]) -> None:
    ensure_index(session)
    ids = load(session)
    failed = []
    show(f"\n{'kind':24}{'MRR@10':>8}{'R@10':>8}{'empty':>7}{'relaxed':>9}{'found':>8}")
    for kind in kinds:
        ranks, empty, relaxed, total = [], 0, 0, 0
        for query, gold in kind.queries:
            hits = search(session, parse_query(query), limit=10)
            order = [hit.passage_id for hit in hits.hits]
            ranks.append(1 / (order.index(ids[gold]) + 1) if ids[gold] in order else 0.0)
            empty, relaxed, total = empty + (not order), relaxed + hits.relaxed, total + hits.total
        count = len(kind.queries)
        mrr, recall = sum(ranks) / count, sum(rank > 0 for rank in ranks) / count
        show(f"{kind.name:24}{mrr:8.3f}{recall:8.3f}{empty:7}{relaxed / count:9.2f}{total / count:8.1f}")
        failed += [f"{kind.name}: {mrr:.3f} < {kind.least}"] if mrr < kind.least else []
        failed += [f"{kind.name}: {empty} without an answer"] if empty else []

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
