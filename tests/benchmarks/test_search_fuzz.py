"""Fifty thousand queries of every syntax there is: none may fail, and none may take long.

Run with: pytest -m benchmark tests/benchmarks/test_search_fuzz.py -s
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy.orm import Session

from content.errors import EmptyQuery
from content.search import describe, parse_query, search
from tests.benchmarks.peers import rizhi
from tests.benchmarks.quality import read_passages

pytestmark = pytest.mark.benchmark

QUERIES = int(os.environ.get("RIZHI_FUZZ", "50000"))
SECONDS = 5.0
"""Far more than any query takes here, also where others use the machine."""
SYNTAX = [
    *'"*^()-+:~&|!<>{}[]\\\0\n%_;?$#@,.，。“”「」『』＂－：',
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR(a b, 2)",
        "body:",
        "{titles}:",
        "<->",
        "<2>",
        ":*",
        "':A'",
        "| !",
        "rank MATCH",
    ),
    *("' OR 1=1 --", "; DROP TABLE passage", "/*", "UNION SELECT", "<b>", "&lt;", "</a href=''>", "<script>"),
    *("(a+)+$", "[^a-z]*", "\\d{1,99999}", "(?<=x)", ".*.*.*", "%s", "%(a)s", "{0.__class__}", "\\u0000"),
    *(
        "\ud800",
        "\udfff",
        "\u202e",
        "\u200d",
        "\ufeff",
        "e\u0301\u0327",
        "\u0338" * 9,
        "👨‍👩‍👧‍👦",
        "🇨🇳",
        "1️⃣",
        "𠀀",
        "𰻞",
    ),
    *(
        "in:",
        'in:"',
        "section：",
        "since:2020-99",
        "until:2020-02-30",
        "since:0000",
        "-in:x",
        "-",
        "--",
        "- -",
    ),
]


def make_queries(texts: list[str]) -> Iterator[str]:
    """Yield syntax among pieces of the texts, and now and then a hundred thousand characters of it."""
    random = Random(7)
    for number in range(QUERIES):
        parts = [random.choice(SYNTAX) for _ in range(random.randint(0, 6))]
        for _ in range(random.randint(0, 3)):
            text = random.choice(texts)
            at = random.randrange(len(text))
            parts.append(text[at : at + random.randint(1, 12)])
        random.shuffle(parts)
        query = random.choice(("", " ")).join(parts)
        yield (query + "x") * (100_000 // (len(query) + 1)) if number % 500 == 0 else query


def test_no_query_fails_and_none_takes_long(session: Session) -> None:
    passages = read_passages()
    texts = [line["text"] for line in passages]
    rizhi(session, texts, [line["title"] for line in passages])
    slowest, empty = 0.0, 0
    for typed in make_queries(texts):
        began = time.perf_counter()
        try:
            query = parse_query(typed)
        except EmptyQuery:
            empty += 1
        else:
            describe(query)
            search(session, query, limit=10)
        taken = time.perf_counter() - began
        slowest = max(slowest, taken)
        assert taken < SECONDS, typed[:200]

    print(f"\n{QUERIES:,} queries, {empty:,} with nothing to look for, slowest {slowest * 1000:.0f} ms")  # noqa: T201  # the figures are what this is run for
