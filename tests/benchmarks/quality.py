"""The query sets on the public passages, what each must reach, and how it is measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.benchmarks.peers import Search
from tests.benchmarks.query_sets import Asked, Maker, recombine, to_traditional
from tests.conftest import SHARED

MORE = 20_000
"""Passages among which the others are looked for once more."""


@dataclass(frozen=True)
class Kind:
    """Queries of one kind, and the least MRR@10 that we hold: alone, and among `MORE` passages."""

    name: str
    queries: Sequence[Asked]
    least: float
    least_among_more: float


@dataclass(frozen=True)
class Measured:
    """How well one search did on one kind."""

    mrr: float
    """Mean of 1 ÷ the place of the first right passage among the first ten, 0 where there is none."""
    empty: int
    """Queries without any answer."""


def read_lines(name: str) -> list[dict[str, Any]]:
    """Return the records of a file of public test data; skips where it is not there."""
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there; set RIZHI_SHARED to the folder that holds data/")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_passages(more: int = 0) -> list[dict[str, Any]]:
    """Return the public passages, and behind them `more` without a title, made of others' sentences."""
    passages = read_lines("retrieval-passages.jsonl")
    others = [str(line["text"]) for line in read_lines("keywords-dev.jsonl")]
    recombined = recombine(others, more) if more else ()
    return [*passages, *({"title": "", "text": text} for text in recombined)]


def make_kinds(passages: Sequence[dict[str, Any]], most: int) -> list[Kind]:
    """Return the query sets, at most `most` queries each; gold are places in `passages`."""
    maker = Maker(passages, most)
    among = range(len(maker.places))
    questions = maker.questions(read_lines("retrieval-queries.jsonl"))
    names, quotes = maker.names(among), maker.quotes(among)
    other_script = [Asked(to_traditional()(asked.text), asked.gold) for asked in questions]
    return [
        Kind("questions", questions, 0.985, 0.96),
        Kind("questions, other script", other_script, 0.98, 0.96),
        Kind("name", names, 0.998, 0.998),
        Kind("2-3 words", maker.word_groups(read_lines("retrieval-queries.jsonl")), 0.80, 0.75),
        Kind("quote", quotes, 0.998, 0.998),
        Kind("typing error", maker.misspelt(quotes), 0.97, 0.95),
        Kind("forms", maker.forms(names, among), 0.99, 0.99),
    ]


def measure(find: Search, queries: Sequence[Asked]) -> Measured:
    """Return how well the search answers the queries."""
    answers = [find(asked.text) for asked in queries]
    ranks = [_reciprocal(answer, asked) for answer, asked in zip(answers, queries, strict=True)]
    return Measured(sum(ranks) / len(ranks), sum(not answer for answer in answers))


def _reciprocal(answer: Sequence[int], asked: Asked) -> float:
    return next((1 / rank for rank, place in enumerate(answer, 1) if place in asked.gold), 0.0)
