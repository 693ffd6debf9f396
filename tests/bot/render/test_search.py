"""Pages of hits, and what is said when there are none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.results import Narrowing
from bot.render.search import render_hits, render_no_hits
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import Part
from content.search import Description, Place, Snippet
from tests.bot.render.made import (
    EN,
    HOSTILE,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_asked,
    make_hit,
    make_results,
    read,
)


def test_a_page_of_hits_has_numbers_to_open_them_and_a_pager() -> None:
    full = make_hit(section="读书", source="简报")
    bare = make_hit("书要慢读。", "读书会", passage_id=32, date=None, place=Place(2, 0, 0, 5))
    parts = {31: Part(3, 12), 32: Part(1, 1)}

    message = render_hits(make_results(page=1, total=12, documents=3, hits=(full, bare), parts=parts), ZH)

    assert message.text == (
        "🔍 <b>晨读</b> · 12 段，3 份文档\n\n"
        "<b>《晨读笔记》</b>\n<i>读书 · 2020-02-23 · 简报</i>\n"
        "<b>6</b> <i>第 3/12 段</i> 早起<b>读一</b>页书。\n\n"
        "<b>《读书会》</b>\n<b>7</b> 书要<b>慢读</b>。"
    )
    assert labels(message) == [
        ["6", "7"],
        ["‹", "2 / 3", "›"],
        ["📄 按文档", "📅 按年份"],
        ["🕘 新的在前", "⭐ 保存"],
    ]
    assert actions(message) == [
        ["1:hit:9:31:1", "1:hit:9:32:1"],
        ["1:results:9:0", "1:page:2:3", "1:results:9:2"],
        ["1:by_document:9:0", "1:by_year:9:0"],
        ["1:in_order:9:1", "1:save:9:1"],
    ]


def test_hits_of_one_article_stand_together_and_are_numbered_as_they_stand() -> None:
    first, last = make_hit("一。"), make_hit("三。", passage_id=33)
    other = make_hit("二。", "读书会", passage_id=32, place=Place(1, 1, 0, 2))
    parts = {31: Part(3, 12), 32: Part(1, 4), 33: Part(9, 12)}

    message = render_hits(make_results(total=3, hits=(first, other, last), parts=parts), EN)

    assert read(message.text)[0].partition("\n\n")[2] == (
        "“晨读笔记”\n2020-02-23\n1 part 3 of 12 一。\n2 part 9 of 12 三。\n\n"
        "“读书会”\n2020-02-23\n3 part 1 of 4 二。"
    )
    assert actions(message)[0] == ["1:hit:9:31:0", "1:hit:9:33:0", "1:hit:9:32:0"]


@pytest.mark.parametrize(("texts", "said"), [(ZH, "《早读》、《晚读》"), (EN, "“早读”, “晚读”")])
def test_where_no_place_is_called_so_it_is_said_what_there_is_and_not_that_the_words_are_not_found(
    texts: Texts, said: str
) -> None:
    nowhere = make_results(total=0, hits=(), offered=("早读", "晚读"), asked=make_asked("鲸", places=("船",)))

    shown = read(render_no_hits(nowhere, 2, texts).text)[0]
    assert said in shown
    assert "鲸" not in shown


@pytest.mark.parametrize(
    ("texts", "said"), [(ZH, "（见标题） 书要慢读。"), (EN, "(in the title) 书要慢读。")]
)
def test_of_a_hit_whose_title_alone_has_the_words_it_is_said(texts: Texts, said: str) -> None:
    message = render_hits(make_results(hits=(make_hit("书要慢读。", is_by_title=True),)), texts)

    assert said in read(message.text)[0]


def test_a_hit_in_a_statute_names_its_article_in_place_of_a_part() -> None:
    message = render_hits(
        make_results(hits=(make_hit("五条。", clause="第五条"),), parts={31: Part(3, 12)}), ZH
    )

    assert read(message.text)[0].endswith("《晨读笔记》\n2020-02-23\n1 第五条 五条。")


def test_english_counts_one_and_many() -> None:
    one = render_hits(make_results(), EN).text
    many = render_hits(make_results(total=2, documents=2), EN).text

    assert one.startswith("🔍 <b>晨读</b> · 1 passage in 1 document\n")
    assert many.startswith("🔍 <b>晨读</b> · 2 passages in 2 documents\n")


def test_more_than_was_counted_is_said() -> None:
    capped = render_hits(make_results(total=10_000, documents=1, is_capped=True), ZH)

    assert capped.text.startswith("🔍 <b>晨读</b> · 超过 10000 段，超过 1 份文档\n")
    assert "📄 按文档" in labels(capped)[2]


@pytest.mark.parametrize(
    ("page", "total", "pager"),
    [(0, 5, []), (0, 6, ["1 / 2", "›"]), (1, 6, ["‹", "2 / 2"]), (1, 11, ["‹", "2 / 3", "›"])],
)
def test_the_pager_leads_only_where_there_is_a_page(page: int, total: int, pager: list[str]) -> None:
    rows = labels(render_hits(make_results(page=page, total=total), ZH))

    assert [row for row in rows if {"‹", "›"} & set(row)] == ([pager] if pager else [])


def test_a_page_says_when_only_function_words_were_asked_for() -> None:
    assert "加一个实词" in render_hits(make_results(is_common=True), ZH).text


def test_a_page_says_when_the_query_was_relaxed_or_shortened() -> None:
    message = render_hits(make_results(relaxed=True, used_chars=256), ZH)

    assert message.text.startswith(
        "🔍 <b>晨读</b> · 1 段，1 份文档\n"
        "<i>没有一段同时含这些词，下面是含其中一些的。</i>\n"
        "<i>搜索词太长，只用了前 256 个字。</i>\n\n"
    )


def test_a_hit_shows_at_most_eight_matches() -> None:
    snippet = Snippet("一二" * 9, tuple((at, at + 1) for at in range(0, 18, 2)))

    assert render_hits(make_results(hits=(make_hit(snippet=snippet),)), ZH).text.endswith(
        "<b>一</b>二" * 8 + "一二"
    )


def test_what_is_nearest_is_said_where_nothing_matches_in_full() -> None:
    text = render_hits(make_results(relaxed=True, nearest="早起读"), ZH).text

    assert "没有完全相符的；最接近的有“早起读”。" in text
    assert "没有一段" not in text


def test_one_of_several_words_is_not_said_to_be_nearest() -> None:
    view = make_results(asked=make_asked("晨读", "笔记"), relaxed=True, nearest="笔记")

    assert "<i>没有一段同时含这些词，下面是含其中一些的。</i>" in render_hits(view, ZH).text


def test_a_page_that_is_gone_is_said_to_be_so() -> None:
    assert "<i>这一页现在没有了，这是最后一页。</i>" in render_hits(make_results(is_beyond=True), ZH).text


ASKED_BACK = {
    "words alone need no explanation": (make_asked("晨读", "笔记"), Narrowing(), "晨读 笔记", ""),
    "phrases": (make_asked("晨读", phrases=("一页书",)), Narrowing(), "晨读 “一页书”", ""),
    "exclusions": (make_asked("晨读", excluded=("考试", "题")), Narrowing(), "晨读", "不含：考试、题"),
    "places": (
        make_asked("晨读", places=("笔记",), sections=("总则",), since=dt.date(2020, 2, 1)),
        Narrowing(),
        "晨读",
        "仅在：笔记、栏目“总则”、2020-02-01 起",
    ),
    "days without words": (
        make_asked(since=dt.date(2020, 2, 1), until=dt.date(2020, 3, 1)),
        Narrowing(),
        "全部段落",
        "仅在：2020-02-01 至 2020-03-01",
    ),
    "the last day": (make_asked("书", until=dt.date(2020, 3, 1)), Narrowing(), "书", "仅在：2020-03-01 止"),
    "what was chosen": (make_asked("书"), Narrowing("甲.txt", 2020), "书", "仅在：甲.txt、2020 年"),
    "what is gone or undated": (make_asked("书"), Narrowing("", 0), "书", "仅在：已移除的文档、没有日期"),
}


@pytest.mark.parametrize(("asked", "narrowing", "head", "line"), ASKED_BACK.values(), ids=ASKED_BACK)
def test_a_query_is_shown_back_as_it_was_understood(
    asked: Description, narrowing: Narrowing, head: str, line: str
) -> None:
    lines = read(render_hits(make_results(asked=asked, narrowing=narrowing), ZH).text)[0].split("\n")

    assert lines[0] == f"🔍 {head} · 1 段，1 份文档"
    assert lines[1] == line


def test_what_may_have_been_meant_is_said_and_offered_but_not_what_was_found() -> None:
    view = make_results(relaxed=True, corrected="水位", suggestions=("水位", "水尺"), total=2)
    message = render_hits(view, ZH)

    assert "没有找到原样的词，下面是“水位”的结果。" in message.text
    assert "是不是要找：水尺" in message.text
    assert ["🔎 水尺"] in labels(message)
    assert ["1:suggestion:9:1"] in actions(message)


def test_a_search_is_narrowed_only_where_that_makes_a_difference() -> None:
    def offered(**changes: object) -> list[list[str]]:
        return labels(render_hits(make_results(**changes), ZH))[1:]

    assert offered() == [["⭐ 保存"]]
    assert offered(total=2) == [["📅 按年份"], ["🕘 新的在前", "⭐ 保存"]]
    assert offered(total=2, documents=2, relaxed=True) == [["⭐ 保存"]]
    days = make_asked("晨读", since=dt.date(2020, 2, 1), until=dt.date(2020, 3, 1))
    assert offered(total=2, asked=days) == [["🕘 新的在前", "⭐ 保存"]]
    both = (make_hit(), make_hit(passage_id=32))
    parts = {31: Part(1, 1), 32: Part(1, 1)}
    assert offered(total=2, hits=both, parts=parts) == [["🕘 新的在前", "⭐ 保存"]]
    assert offered(total=2, asked=make_asked(places=("甲",))) == [["📅 按年份"], ["⭐ 保存"]]
    assert offered(total=2, order="date", is_saved=True) == [["📅 按年份"], ["🎯 相关的在前", "★ 已保存"]]
    assert offered(narrowing=Narrowing("甲.txt", 2020)) == [["✖ 甲.txt", "✖ 2020 年"], ["⭐ 保存"]]


def test_hits_by_date_say_so() -> None:
    assert render_hits(make_results(order="date"), ZH).text.startswith(
        "🔍 <b>晨读</b> · 1 段，1 份文档 · 新的在前\n"
    )


def test_nothing_found_says_what_to_try_and_how_much_there_is() -> None:
    nothing = make_results(asked=make_asked("<x>"), hits=(), total=0)
    text = render_no_hits(nothing, 5, ZH).text

    assert text == "没有找到 <b>&lt;x&gt;</b>。\n我这里共有 5 份文档：换一个近义词，或者少写几个字试试。"
    assert "I have 1 document: " in render_no_hits(nothing, 1, EN).text
    long = make_results(asked=make_asked("x" * 99), hits=(), used_chars=256)
    assert render_no_hits(long, 1, ZH).text.endswith("\n<i>搜索词太长，只用了前 256 个字。</i>")
    assert render_no_hits(nothing, 0, ZH).text == "资料库还是空的，没有可以搜的。等管理员导入文档后再来试试。"


def test_nothing_found_offers_what_may_have_been_meant_and_takes_back_what_was_chosen() -> None:
    view = make_results(hits=(), total=0, suggestions=("水尺",), narrowing=Narrowing("", 2020))
    message = render_no_hits(view, 5, ZH)

    assert "是不是要找：水尺" in message.text
    assert labels(message) == [["🔎 水尺"], ["✖ 已移除的文档", "✖ 2020 年"]]
    assert actions(message)[1] == ["1:any_document:9", "1:any_year:9"]


@pytest.mark.parametrize(
    "conditions",
    [
        {"phrases": ("读书会",)},
        {"excluded": ("考试",)},
        {"places": ("论语",)},
        {"since": dt.date(2020, 1, 1)},
    ],
)
def test_who_narrowed_a_search_is_told_to_widen_it(conditions: dict[str, Any]) -> None:
    view = make_results(asked=make_asked("学习", **conditions), hits=(), total=0)

    assert "去掉引号、减号，或 in:" in render_no_hits(view, 5, ZH).text
    assert "去掉" not in render_no_hits(make_results(hits=()), 5, ZH).text


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(1, 400))
def test_any_page_can_be_sent(language: Language, line: str, repeat: int) -> None:
    hits = tuple(make_hit(line * repeat, line * repeat, passage_id=10**14 + n) for n in range(5))
    view = make_results(
        asked=make_asked(line, excluded=(line,), places=(line,) * 32),
        hits=hits,
        total=10**6,
        page=10**5,
        relaxed=True,
        nearest=line,
        suggestions=(line,) * 3,
        narrowing=Narrowing(line, 2020),
        used_chars=256,
    )

    text = assert_sendable(render_hits(view, Texts(language)))

    assert line in text


def test_hostile_values_come_out_as_they_went_in() -> None:
    message = render_hits(
        make_results(asked=make_asked(HOSTILE[:20]), hits=(make_hit(HOSTILE, HOSTILE),)), ZH
    )

    text = assert_sendable(message)

    assert f"🔍 {HOSTILE[:20].strip()} ·" in text
    assert text.count(HOSTILE) == 2
