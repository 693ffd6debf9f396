"""The query language: what a person types, beside what is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import EmptyQuery
from content.search import Query, parse_query
from content.search.query import QUERY_CHARS


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "excluded", "places"),
    [
        ("依法治国", ("依法治国",), (), (), ()),
        ("農村電商", ("农村", "电商"), (), (), ()),
        ("Ｐｙｔｈｏｎ 编程", ("python", "编程"), (), (), ()),
        ('"深化改革" 农业', ("农业",), ("深化改革",), (), ()),
        ("“深化改革”「对外开放」『绿色发展』", (), ("深化改革", "对外开放", "绿色发展"), (), ()),
        ("法治 -经济 －旅游", ("法治",), (), ("经济", "旅游"), ()),
        ('法治 -"市场经济"', ("法治",), (), ("市场经济",), ()),
        ("in:宪法 公民", ("公民",), (), (), ("宪法",)),
        ("公民 IN：宪法", ("公民",), (), (), ("宪法",)),
        ('in:"劳动 合同" 工资', ("工资",), (), (), ("劳动 合同",)),
        ("covid-19 疫苗", ("covid-19", "疫苗"), (), (), ()),
        ("灯塔是什么时候建的？", ("灯塔", "建"), (), (), ()),
        ("的 了", ("的", "了"), (), (), ()),
        ("灯塔 灯塔", ("灯塔",), (), (), ()),
        ('"灯塔', ("灯塔",), (), (), ()),
        ("灯塔 AND (NEAR title:海*", ("灯塔", "near", "title", "海"), (), (), ()),
    ],
)
def test_a_query_is_read_as_it_is_meant(
    typed: str,
    words: tuple[str, ...],
    phrases: tuple[str, ...],
    excluded: tuple[str, ...],
    places: tuple[str, ...],
) -> None:
    query = parse_query(typed)

    assert (query.words, query.phrases, query.excluded, query.places) == (words, phrases, excluded, places)


@pytest.mark.parametrize(
    "typed", ["", "  \n", "？！", '""', "“”", "-", "-经济", "in:宪法", "😀", "\x00", "\ud83d"]
)
def test_a_query_with_nothing_to_look_for_says_so(typed: str) -> None:
    with pytest.raises(EmptyQuery):
        parse_query(typed)


def test_the_beginning_of_a_long_query_is_used_and_it_is_said() -> None:
    query = parse_query("海" * 10_000)

    assert (query.truncated, len(query.text)) == (True, QUERY_CHARS)
    assert not parse_query("海" * QUERY_CHARS).truncated


def test_of_a_question_parts_inside_function_words_are_not_looked_for() -> None:
    assert parse_query("请问为什么灯塔究竟是这样的什么").grams == ("灯塔",)


def test_of_a_quotation_every_part_is_looked_for() -> None:
    assert parse_query("灯塔是什么").grams == ("灯塔", "塔是", "是什", "什么")


@given(st.text(max_size=400))
def test_whatever_is_typed_is_a_query_or_empty(typed: str) -> None:
    try:
        query = parse_query(typed)
    except EmptyQuery:
        return
    assert isinstance(query, Query)
    assert query.words or query.phrases
    assert len(query.words) <= 32


@pytest.mark.parametrize(
    ("text", "is_common"), [("的", True), ("这是的", True), ("“的”", False), ("防", False)]
)
def test_a_query_of_nothing_but_function_words_is_known(text: str, is_common: bool) -> None:
    assert parse_query(text).is_common is is_common
