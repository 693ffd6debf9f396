"""Pages of hits, and what is said when there are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.search import render_hits, render_no_hits, render_usage
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import Part
from content.search import Place, Snippet
from tests.bot.render.made import (
    EN,
    HOSTILE,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_hit,
    make_results,
    read,
)


def test_a_page_of_hits_has_numbers_to_open_them_and_a_pager() -> None:
    hits = (make_hit(), make_hit("书要慢读。", "读书会", passage_id=32, date=None, place=Place(2, 0, 0, 5)))
    parts = {31: Part(3, 12), 32: Part(1, 1)}

    message = render_hits(make_results(page=1, total=12, documents=3, hits=hits, parts=parts), ZH)

    assert message.text == (
        "🔍 <b>晨读</b> · 12 处 · 3 份资料\n\n"
        "《晨读笔记》 · 2020-02-23\n<b>6</b> <i>第 3/12 段</i> 早起<b>读一</b>页书。\n\n"
        "《读书会》\n<b>7</b> 书要<b>慢读</b>。"
    )
    assert labels(message) == [["6", "7"], ["‹", "2 / 3", "›"]]
    assert actions(message) == [
        ["1:hit:9:31:1", "1:hit:9:32:1"],
        ["1:results:9:0", "1:page:2:3", "1:results:9:2"],
    ]


def test_hits_of_one_article_stand_together_and_are_numbered_as_they_stand() -> None:
    first, last = make_hit("一。"), make_hit("三。", passage_id=33)
    other = make_hit("二。", "读书会", passage_id=32, place=Place(1, 1, 0, 2))
    parts = {31: Part(3, 12), 32: Part(1, 4), 33: Part(9, 12)}

    message = render_hits(make_results(total=3, hits=(first, other, last), parts=parts), EN)

    assert read(message.text)[0].partition("\n\n")[2] == (
        "“晨读笔记” · 2020-02-23\n1 part 3 of 12 一。\n2 part 9 of 12 三。\n\n"
        "“读书会” · 2020-02-23\n3 part 1 of 4 二。"
    )
    assert actions(message) == [["1:hit:9:31:0", "1:hit:9:33:0", "1:hit:9:32:0"]]


def test_a_hit_in_a_statute_names_its_article_in_place_of_a_part() -> None:
    message = render_hits(
        make_results(hits=(make_hit("五条。", clause="第五条"),), parts={31: Part(3, 12)}), ZH
    )

    assert read(message.text)[0].endswith("《晨读笔记》 · 2020-02-23\n1 第五条 五条。")


def test_english_counts_one_and_many() -> None:
    one = render_hits(make_results(), EN).text
    many = render_hits(make_results(total=2, documents=2), EN).text

    assert one.startswith("🔍 <b>晨读</b> · 1 hit · 1 document\n")
    assert many.startswith("🔍 <b>晨读</b> · 2 hits · 2 documents\n")


@pytest.mark.parametrize(
    ("page", "total", "pager"),
    [(0, 5, []), (0, 6, ["1 / 2", "›"]), (1, 6, ["‹", "2 / 2"]), (1, 11, ["‹", "2 / 3", "›"])],
)
def test_the_pager_leads_only_where_there_is_a_page(page: int, total: int, pager: list[str]) -> None:
    rows = labels(render_hits(make_results(page=page, total=total), ZH))

    assert rows[1:] == ([pager] if pager else [])


def test_a_page_says_when_only_function_words_were_asked_for() -> None:
    assert "加一个实词" in render_hits(make_results(is_common=True), ZH).text


def test_a_page_says_when_the_query_was_relaxed_or_shortened() -> None:
    message = render_hits(make_results(relaxed=True, used_chars=256), ZH)

    assert message.text.startswith(
        "🔍 <b>晨读</b> · 1 处 · 1 份资料\n"
        "<i>没有一段同时含这些词，下面是含其中一些的。</i>\n"
        "<i>搜索词太长，只用了前 256 个字。</i>\n\n"
    )


def test_a_hit_shows_at_most_three_matches() -> None:
    snippet = Snippet("一二三四五六七八九", ((0, 1), (2, 3), (4, 5), (6, 7)))

    assert render_hits(make_results(hits=(make_hit(snippet=snippet),)), ZH).text.endswith(
        "<b>一</b>二<b>三</b>四<b>五</b>六七八九"
    )


def test_nothing_found_says_what_to_try_and_how_much_there_is() -> None:
    assert render_no_hits("<x>", 5, ZH).text == (
        "没有找到 <b>&lt;x&gt;</b>。\n我这里共有 5 份资料：换一个近义词，或者少写几个字试试。"
    )
    assert "I have 1 document: " in render_no_hits("<x>", 1, EN).text
    assert render_no_hits("x" * 99, 1, ZH, used_chars=256).text.endswith(
        "\n<i>搜索词太长，只用了前 256 个字。</i>"
    )
    assert render_no_hits("x", 0, ZH).text == "资料库还是空的，没有可以搜的。等管理员导入文档后再来试试。"


@pytest.mark.parametrize("query", ['"读书会"', "“读书会”", "读书 -考试", "in:论语 学习", "学习 IN：论语"])
def test_who_narrowed_a_search_is_told_to_widen_it(query: str) -> None:
    assert "去掉引号、减号，或 in:" in render_no_hits(query, 5, ZH).text
    assert "去掉" not in render_no_hits("sign-in login: 读书", 5, ZH).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usage_shows_the_ways_to_search(language: Language) -> None:
    text, entities = read(render_usage(Texts(language)).text)
    encoded = text.encode("utf-16-le")
    examples = [encoded[2 * e.offset : 2 * e.stop].decode("utf-16-le") for e in entities if e.type == "code"]

    marks = ("", '"', " -", "in:", "section:", "since:")
    assert all(mark in example for mark, example in zip(marks, examples[1:], strict=True))


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(1, 400))
def test_any_page_can_be_sent(language: Language, line: str, repeat: int) -> None:
    hits = tuple(make_hit(line * repeat, line * repeat, passage_id=10**14 + n) for n in range(5))
    view = make_results(query=line, hits=hits, total=10**6, page=10**5, relaxed=True, used_chars=256)

    text = assert_sendable(render_hits(view, Texts(language)))

    assert line in text


def test_hostile_values_come_out_as_they_went_in() -> None:
    message = render_hits(make_results(query=HOSTILE[:20], hits=(make_hit(HOSTILE, HOSTILE),)), ZH)

    text = assert_sendable(message)

    assert f"🔍 {HOSTILE[:20].strip()} ·" in text
    assert text.count(HOSTILE) == 2
