"""The digest reads well on a phone, line by line, and fits whatever the text is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.digest import render_digest
from bot.render.texts import LANGUAGES, Language, Texts
from tests.bot.render.made import (
    EN,
    HOSTILE,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_digest,
    read,
)

LATE = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)


def test_a_digest_is_one_message_whose_first_line_says_what_it_is_about() -> None:
    message = render_digest(make_digest(), ZH)

    assert message.text == (
        "<b>晨读从一页开始</b>｜12/64\n"
        "《在读书会成立大会上的讲话》 二、关于晨读\n"
        "\n"
        "早起读一页书，胜过晚睡刷十页屏。\n"
        "\n"
        "一页不多，天天如此就是一本。\n"
        "\n"
        "💡 每天一页，积少成多。\n"
        "🔑 晨读 · 读书会 · 积少成多\n"
        "📌 2020-02-23 · 读书会简报 · 约 1 分钟"
    )
    assert labels(message) == [
        ["🔍 晨读", "🔍 读书会", "🔍 积少成多"],
        ["✅ 读完了", "⏭ 再读一段", "📖 上下文", "📋 出处"],
    ]
    assert actions(message) == [
        ["1:word:81:0", "1:word:81:1", "1:word:81:2"],
        ["1:read:81", "1:next:81", "1:context:81", None],
    ]
    cited = "《在读书会成立大会上的讲话》，读书，2020-02-23，读书会简报，第 7 自然段"
    assert message.buttons[1][3].copy == cited


def test_a_digest_speaks_english_around_a_text_of_any_language() -> None:
    message = render_digest(make_digest(units=800), EN)

    assert "“在读书会成立大会上的讲话” 二、关于晨读\n" in message.text
    assert message.text.endswith("📌 2020-02-23 · 读书会简报 · about 2 minutes")
    assert labels(message)[1] == ["✅ Done", "⏭ Next", "📖 Context", "📋 Cite"]
    assert message.buttons[1][3].copy == (
        "“在读书会成立大会上的讲话”, 读书, 2020-02-23, 读书会简报, paragraph 7"
    )


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = make_digest(
        headline=None, section=None, heading=None, summary=None, keywords=(), date=None, source=None
    )

    message = render_digest(bare, ZH)

    assert message.text == (
        "<b>在读书会成立大会上的讲话</b>｜12/64\n"
        "\n"
        "早起读一页书，胜过晚睡刷十页屏。\n"
        "\n"
        "一页不多，天天如此就是一本。\n"
        "\n"
        "📌 约 1 分钟"
    )
    assert len(message.buttons) == 1
    assert message.buttons[0][3].copy == "《在读书会成立大会上的讲话》，第 7 自然段"


def test_the_second_line_says_only_what_the_first_does_not() -> None:
    def second(**changes: object) -> str:
        return render_digest(make_digest(**changes), ZH).text.split("\n")[1]

    assert second(headline=None) == "二、关于晨读"
    assert second(headline=None, title="长" * 40) == f"《{'长' * 40}》 二、关于晨读"
    assert second(headline="关于晨读") == "《在读书会成立大会上的讲话》"
    assert second(headline="晨读", heading="为什么要谈晨读") == "《在读书会成立大会上的讲话》 为什么要谈晨读"
    assert second(headline="二、关于晨读") == "《在读书会成立大会上的讲话》"
    assert second(paragraphs=("二、关于晨读", "早起。")) == "《在读书会成立大会上的讲话》"


def test_a_long_title_is_shortened_where_it_leads() -> None:
    first = render_digest(make_digest(headline=None, title="长" * 40), ZH).text.split("\n")[0]

    assert first == f"<b>{'长' * 27}…</b>｜12/64"


@pytest.mark.parametrize(("chars", "folds"), [(900, False), (901, True)])
def test_a_passage_over_900_characters_is_folded(chars: int, folds: bool) -> None:
    message = render_digest(make_digest(paragraphs=("字" * chars,)), ZH)

    assert (f"<blockquote expandable>{'字' * chars}</blockquote>" in message.text) is folds
    assert ("<blockquote" in message.text) is folds


def test_a_passage_that_cannot_fit_ends_after_a_sentence_and_says_so() -> None:
    sentence = "这是一个不长不短的句子。"
    message = render_digest(make_digest(paragraphs=(sentence * 500,)), ZH)
    body = message.text.split("\n\n")[1]

    assert assert_sendable(message)
    assert body.endswith("。</blockquote>\n<i>这段太长，后面放不下了；点“📖 上下文”看前后文。</i>")
    assert message.text.endswith("📌 2020-02-23 · 读书会简报 · 约 1 分钟")


def test_a_digest_that_comes_late_says_so_in_its_last_line() -> None:
    message = render_digest(make_digest(late_since=LATE), ZH)

    assert message.text.endswith(
        "约 1 分钟\n<i>⏰ 补发：本应 3 月 2 日 周一 07:30 送达，因服务中断推迟。</i>"
    )


def test_only_words_that_lead_on_have_buttons_and_keep_their_number() -> None:
    message = render_digest(make_digest(searchable=("积少成多",)), ZH)

    assert "🔑 晨读 · 读书会 · 积少成多" in message.text
    assert labels(message)[0] == ["🔍 积少成多"]
    assert actions(message)[0] == ["1:word:81:2"]
    assert labels(render_digest(make_digest(searchable=()), ZH))[0][0] == "✅ 读完了"


def test_a_passage_that_is_all_of_its_article_offers_no_context() -> None:
    assert labels(render_digest(make_digest(is_whole=True), ZH))[1] == ["✅ 读完了", "⏭ 再读一段", "📋 出处"]


def test_a_digest_that_was_read_shows_it() -> None:
    assert labels(render_digest(make_digest(is_read=True), ZH))[1][0] == "✅ 已读"


def test_only_three_keywords_have_buttons_and_long_ones_are_shortened() -> None:
    words = ("一" * 30, "international reading", "三", "四")

    assert labels(render_digest(make_digest(keywords=words, searchable=words), ZH))[0] == [
        f"🔍 {'一' * 9}…",
        "🔍 international…",
        "🔍 三",
    ]


@pytest.mark.parametrize(("units", "minutes"), [(1, 1), (350, 1), (524, 1), (526, 2), (700, 2), (1100, 3)])
def test_reading_time_counts_350_units_a_minute(units: int, minutes: int) -> None:
    assert f" · 约 {minutes} 分钟" in render_digest(make_digest(units=units), ZH).text


def test_a_summary_that_opens_the_passage_is_not_said_twice() -> None:
    message = render_digest(
        make_digest(paragraphs=("早起读一页。再睡。", "醒来。"), summary="早起读一页。"), ZH
    )

    assert "💡" not in message.text


def test_of_a_summary_only_what_does_not_open_the_passage_is_said() -> None:
    message = render_digest(
        make_digest(paragraphs=("早起读一页。再睡。", "醒来。"), summary="早起读一页。醒来。"), ZH
    )

    assert "💡 醒来。\n" in message.text


def test_a_long_title_leads_with_the_part_that_says_what_it_is_about() -> None:
    title = "河湾镇召开年度读书工作总结暨来年计划会议 讨论来年怎样读书"
    first = render_digest(make_digest(headline=None, title=title), ZH).text.split("\n")[0]

    assert first == "<b>讨论来年怎样读书</b>｜12/64"


def test_the_points_of_an_article_stand_above_its_first_passage() -> None:
    message = render_digest(make_digest(points=("修好水库的堤坝", "挖通灌溉的渠道", "种下树林")), ZH)

    assert message.text.split("\n\n")[1] == "🧭 要点\n1. 修好水库的堤坝\n2. 挖通灌溉的渠道\n3. 种下树林"


def test_many_points_are_folded_and_six_of_them_shown() -> None:
    message = render_digest(make_digest(points=tuple("甲乙丙丁戊己庚辛")), ZH)
    five = render_digest(make_digest(points=tuple("甲乙丙丁戊")), ZH)
    wide = render_digest(make_digest(points=("长" * 40,) * 3), EN)

    assert "🧭 要点\n<blockquote expandable>1. 甲\n" in message.text
    assert "6. 己\n……共 8 点</blockquote>" in message.text
    assert "5. 戊</blockquote>" in five.text
    assert "🧭 Points\n<blockquote expandable>1. 长" in wide.text


def test_hostile_values_come_out_as_they_went_in() -> None:
    hostile = make_digest(
        headline=HOSTILE[:20],
        title=HOSTILE,
        heading=HOSTILE[::-1],
        paragraphs=("一", HOSTILE),
        summary=HOSTILE,
        keywords=(HOSTILE,),
        source=HOSTILE,
    )

    text = assert_sendable(render_digest(hostile, ZH))

    assert f"《{HOSTILE}》 {HOSTILE[::-1]}\n\n一\n\n{HOSTILE}\n\n💡 {HOSTILE}\n" in text


@given(st.sampled_from(LANGUAGES), hostile_texts, st.lists(hostile_texts, max_size=4), st.integers(0, 5000))
def test_any_digest_can_be_sent_and_loses_nothing(
    language: Language, line: str, lines: list[str], repeat: int
) -> None:
    digest = make_digest(
        headline=line,
        title=line * 20,
        heading=line,
        section=line * 9,
        source=line * 9,
        summary=line * 30,
        paragraphs=(line, *lines, line * repeat),
        keywords=(line, *lines),
        late_since=LATE,
    )

    text = assert_sendable(render_digest(digest, Texts(language)))

    assert repeat > 9 or "\n\n".join([line, *lines]) in text


def test_the_entities_are_the_headline_and_the_notes() -> None:
    _, entities = read(render_digest(make_digest(late_since=LATE), ZH).text)

    assert [entity.type for entity in entities] == ["bold", "italic"]


def test_an_english_passage_of_the_usual_length_is_not_folded() -> None:
    message = render_digest(make_digest(paragraphs=("The river rose by an inch that night. " * 36,)), EN)

    assert "<blockquote" not in message.text
