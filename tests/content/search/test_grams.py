"""Terms of the index, and the patterns that find them: both must agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.search.grams import make_pattern, split_runs, split_terms
from content.tokens import fold

chinese = st.text(alphabet="山水林田湖草沙、。 \nab1", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("folded", "terms"),
    [
        ("依法治国", ["依法", "法治", "治国", "国"]),
        ("中国。国家", ["中国", "国", "国家", "家"]),
        ("学", ["学"]),
        ("王 小明", ["王小", "小明", "明"]),
        ("山\n水", ["山", "水"]),
        ("用python3编程", ["用", "python3", "编程", "程"]),
        ("2月23日", ["2", "月", "23", "日"]),
        ("snake_case, c++", ["snake", "case", "c"]),
        ("……", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_text_is_split_into_pairs_and_words(folded: str, terms: list[str]) -> None:
    assert split_terms(folded) == terms


@pytest.mark.parametrize(
    ("folded", "sought", "is_exact", "is_found"),
    [
        ("初心，使命", "初心、使命", False, True),
        ("初心使命", "初心、使命", False, False),
        ("王 小明", "王小明", False, True),
        ("programming", "prog", False, True),
        ("programming", "prog", True, False),
        ("gopher", "go", False, False),
        ("ergo", "go", False, False),
        ("用go写", "go", False, True),
        ("2023年", "23", False, False),
    ],
)
def test_a_pattern_finds_words_and_not_parts_of_words(
    folded: str, sought: str, is_exact: bool, is_found: bool
) -> None:
    pattern = make_pattern(sought, is_exact)

    assert pattern is not None
    assert bool(pattern.spans(folded)) is is_found


@given(chinese, chinese)
def test_the_terms_and_the_expression_find_the_same(text: str, sought: str) -> None:
    """What the index says (neighbouring terms) is what the regular expression says."""
    pattern = make_pattern(" ".join(fold(sought).text.split()))  # as queries are: no line breaks in them
    if pattern is None:
        return
    terms = split_terms(fold(text).text)
    by_terms = any(has_row(terms, wanted, pattern.is_prefix) for wanted in pattern.ways)

    if pattern.spans(fold(text).text):
        assert by_terms
    elif all(len(run) > 1 for run in split_runs(pattern.text)):  # see Pattern
        assert not by_terms


def has_row(terms: list[str], wanted: tuple[str, ...], is_prefix: bool) -> bool:
    """Return whether the wanted terms stand there one after the other."""
    *whole, last = wanted
    return any(
        terms[at : at + len(whole)] == whole
        and at + len(whole) < len(terms)
        and (terms[at + len(whole)].startswith(last) if is_prefix else terms[at + len(whole)] == last)
        for at in range(len(terms))
    )
