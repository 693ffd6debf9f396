"""Fifty thousand queries of every syntax there is: none may fail, and none may take long.

Run with: pytest -m benchmark tests/benchmarks/test_search_fuzz.py -s
"""

from __future__ import annotations

import os
import time
from collections import Counter
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
SECONDS = 2.0
"""CPU seconds, far more than any query takes: by the clock it also depends on who else uses the machine."""
SHOWN = 5
"""So many of the slowest are shown."""
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


def answer(session: Session, typed: str) -> str:
    """Search as a person does, and return what came of it: answered, empty, or an exception's name."""
    try:
        query = parse_query(typed)
        describe(query)
        search(session, query, limit=10)
    except EmptyQuery:
        return "empty"
    except Exception as error:
        return type(error).__name__
    return "answered"


def test_no_query_fails_and_none_takes_long(session: Session) -> None:
    passages = read_passages()
    texts = [line["text"] for line in passages]
    rizhi(session, texts, [line["title"] for line in passages])
    answer(session, "先把词典装好")
    outcomes: Counter[str] = Counter()
    taken: list[tuple[float, str]] = []
    for typed in make_queries(texts):
        began = time.thread_time()
        outcome = answer(session, typed)
        outcomes[outcome] += 1
        taken.append((time.thread_time() - began, f"{outcome}: {typed[:60]!r}"))
    taken.sort()
    show(f"\n{QUERIES:,} queries: {dict(outcomes)}")
    show(f"CPU ms: p50 {taken[QUERIES // 2][0] * 1000:.1f}, p95 {taken[QUERIES * 95 // 100][0] * 1000:.1f}")
    for seconds, what in taken[-SHOWN:]:
        show(f"{seconds * 1000:8.1f} {what}")

    assert outcomes.keys() <= {"answered", "empty"}
    assert taken[-1][0] < SECONDS


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # the figures are what this is run for
