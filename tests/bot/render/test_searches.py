"""Lists to narrow a search by, and searches to be made again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.narrowing import render_documents, render_years
from bot.render.results import KeptSearch, Narrowing, SearchesView
from bot.render.searches import render_searches, render_tidying
from bot.render.texts import LANGUAGES, Language, Texts
from content.search import DocumentCount, Facets, YearCount
from tests.bot.render.made import ZH, actions, assert_sendable, hostile_texts, labels, read

BACK = ["↩ 返回结果"]


def test_documents_are_listed_with_their_numbers_of_passages() -> None:
    facets = Facets((DocumentCount(4, "甲.txt", 12), DocumentCount(7, "乙.txt", 3)), ())
    message = render_documents(9, facets, 0, ZH)

    assert message.text == "📄 只看哪一份文档？后面是段数。"
    assert labels(message) == [["甲.txt · 12"], ["乙.txt · 3"], BACK]
    assert actions(message) == [["1:in_document:9:4"], ["1:in_document:9:7"], ["1:results:9:0"]]


def test_years_are_listed_in_rows_the_undated_too() -> None:
    facets = Facets((), tuple(YearCount(year, 5) for year in (2021, 2020, 2019, None)))
    message = render_years(9, facets, 0, ZH)

    assert labels(message) == [["2021 · 5", "2020 · 5", "2019 · 5"], ["没有日期 · 5"], BACK]
    assert actions(message)[:2] == [
        ["1:in_year:9:2021", "1:in_year:9:2020", "1:in_year:9:2019"],
        ["1:in_year:9:0"],
    ]


def test_of_very_many_it_is_said_that_there_are_more() -> None:
    message = render_years(9, Facets((), (YearCount(2021, 5),), is_capped=True), 0, ZH)

    assert labels(message)[0] == ["2021 · 5+"]
    assert "命中太多" in message.text


def test_a_long_list_has_pages_and_the_last_stands_for_all_beyond() -> None:
    facets = Facets(tuple(DocumentCount(number, f"{number}.txt", 1) for number in range(1, 18)), ())

    first, last = render_documents(9, facets, 0, ZH), render_documents(9, facets, 99, ZH)
    assert len(labels(first)) == 8 + 2
    assert actions(first)[-2] == ["1:page:1:3", "1:by_document:9:1"]
    assert labels(last) == [["17.txt · 1"], ["‹", "3 / 3"], BACK]


def test_a_search_without_words_offers_those_made_before() -> None:
    view = SearchesView(
        saved=(KeptSearch(3, "晨读", Narrowing("甲.txt", 2020)), KeptSearch(4, "笔记 -考试")),
        recent=(KeptSearch(77, "读书会"),),
    )
    message = render_searches(view, ZH)

    assert labels(message) == [
        ["⭐ 晨读 · 甲.txt · 2020 年"],
        ["⭐ 笔记 -考试"],
        ["🕘 读书会"],
        ["🗑 删掉几个…"],
    ]
    assert actions(message) == [["1:saved:3"], ["1:saved:4"], ["1:results:77:0"], ["1:tidy"]]
    assert "点一下就再搜一次" in message.text


def test_saved_searches_are_removed_one_by_one() -> None:
    message = render_tidying(SearchesView(saved=(KeptSearch(3, "晨读", Narrowing("")),)), ZH)

    assert labels(message) == [["🗑 晨读 · 已移除的文档"], ["↩ 返回"]]
    assert actions(message) == [["1:drop_saved:3"], ["1:searches"]]
    assert labels(render_tidying(SearchesView(), ZH)) == [["↩ 返回"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usage_shows_the_ways_to_search(language: Language) -> None:
    message = render_searches(SearchesView(), Texts(language))
    text, entities = read(message.text)
    encoded = text.encode("utf-16-le")
    examples = [encoded[2 * e.offset : 2 * e.stop].decode("utf-16-le") for e in entities if e.type == "code"]

    marks = ("", '"', " -", "in:", "section:", "since:")
    assert all(mark in example for mark, example in zip(marks, examples[1:], strict=True))
    assert message.buttons == ()


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(1, 20))
def test_any_list_can_be_sent(language: Language, line: str, repeat: int) -> None:
    texts = Texts(language)
    name, most = line * repeat, 10**14
    documents = tuple(DocumentCount(most + n, name, most) for n in range(60))
    kept = tuple(KeptSearch(most + n, name, Narrowing(name, 9999)) for n in range(20))

    assert_sendable(render_documents(most, Facets(documents, ()), 1, texts))
    assert_sendable(render_searches(SearchesView(kept, kept[:5]), texts))
    assert_sendable(render_tidying(SearchesView(kept), texts))
