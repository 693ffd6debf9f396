"""Nothing a person can type makes search fail."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from content.errors import EmptyQuery
from content.search import describe, parse_query, search
from tests.content.search.conftest import AddPassages

PASSAGES = [
    "湖里有鱼，鱼很多。",
    "山上有树；树下有人。",
    "Python 编程与 C++、O'Reilly 的书。",
    "𠀀字、é、㎡、한국어、2月23日。",
]
PIECES = [
    *"湖鱼树的 \"“”「」'()*:^-－+~{}[]\\\0\n%_;&|<>!?。，",
    *(
        "since:2020",
        "until:",
        "section:",
        "-in:",
        "fgfc",
        "shu",
        "<b>&amp;",
        "(a|b)*+?",
        "\\d{9}",
        "' OR 1=1",
    ),
    *("\u202e", "e\u0301\u0302", "👨‍👩‍👧", "\udc00\ud800", "海" * 300, ":*&!|<->", "$$", "%%s%(a)s", "{0}"),
    *("in:", "in：", "AND", "OR", "NOT", "NEAR(", "body:", "titles :", "C++", "O'Reilly", "--", "/*"),
    *(
        "湖里有鱼",
        "树下",
        "Pyth",
        "𠀀",
        "\ud83d",
        "é",
        "㎡",
        "한국",
        "2月",
        "😀",
        "\u200b",
        "ＮＯＴ",
        "’;DROP TABLE",
    ),
]
queries = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@pytest.fixture
def filled(corpus: Session, add_passages: AddPassages) -> Session:
    add_passages(*PASSAGES, title="杂记")
    return corpus


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=queries)
def test_whatever_is_typed_is_answered(filled: Session, typed: str) -> None:
    try:
        query = parse_query(typed)
    except EmptyQuery:
        return
    hits = search(filled, query, limit=10)

    assert len(hits.hits) == hits.total <= len(PASSAGES)
    describe(query)
    assert hits.relaxed is False or hits.total
    for hit in hits.hits:
        assert all(0 <= start < stop <= len(hit.snippet.text) for start, stop in hit.snippet.highlights)
