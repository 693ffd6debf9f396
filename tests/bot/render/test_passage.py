"""A passage opened in its context."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.render.actions import Action
from bot.render.passage import render_passage
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import Part
from tests.bot.render.made import (
    EN,
    HOSTILE,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_passage,
    read,
)

BOT = "rizhi_bot"


def test_an_opened_hit_shows_its_matches_and_leads_on_and_back() -> None:
    message = render_passage(
        make_passage(
            highlights=((2, 4),),
            previous=Action("hit", (9, 30, 1)),
            following=Action("hit", (9, 32, 1)),
            back=Action("results", (9, 1)),
        ),
        BOT,
        ZH,
    )

    assert message.text == (
        "<b>《晨读笔记》</b> · 第 2/12 段\n一、缘起\n\n早起<b>读一</b>页书。\n\n天天如此。\n\n📌 2020-02-23"
    )
    assert labels(message) == [["‹ 上一段", "下一段 ›", "↩ 返回结果"], ["📋 出处", "🔗 链接"]]
    assert actions(message) == [["1:hit:9:30:1", "1:hit:9:32:1", "1:results:9:1"], [None, None]]
    assert message.buttons[1][0].copy == "《晨读笔记》，2020-02-23，第 3 自然段"
    assert message.buttons[1][1].copy == "https://t.me/rizhi_bot?start=p_1_0_24"


def test_a_heading_stands_over_its_passage_and_all_of_an_article_is_called_so() -> None:
    message = render_passage(make_passage(part=Part(1, 1), date=None, before="从前。"), BOT, ZH)

    assert (
        read(message.text)[0] == "《晨读笔记》 · 全文\n\n从前。\n\n一、缘起\n\n早起读一页书。\n\n天天如此。"
    )


def test_the_context_of_a_digest_folds_what_is_around_it() -> None:
    message = render_passage(
        make_passage(heading=None, date=None, before="从前。\n后来。", after="今后。"), BOT, EN
    )

    assert message.text == (
        "<b>“晨读笔记”</b> · part 2 of 12\n\n"
        "<blockquote expandable>从前。\n\n后来。</blockquote>\n\n"
        "早起读一页书。\n\n天天如此。\n\n"
        "<blockquote expandable>今后。</blockquote>"
    )
    assert labels(message) == [["📋 Cite", "🔗 Link"]]


def test_neighbours_are_cut_where_they_are_farthest() -> None:
    message = render_passage(make_passage(before="甲句。" * 400, after="乙句。" * 400), BOT, ZH)
    text = assert_sendable(message)

    assert text.count("甲句。") == text.count("乙句。") == 300
    assert "…" not in text


def test_a_passage_that_cannot_fit_ends_after_a_sentence_and_says_so() -> None:
    text = assert_sendable(
        render_passage(
            make_passage(text="一句话。\n" * 2000, before="甲句。" * 400, after="乙句。" * 400), BOT, ZH
        )
    )

    assert "一句话。\n太长了，这里只放得下前面一部分。\n\n乙句。" in text


def test_the_blank_lines_between_paragraphs_count_as_well() -> None:
    assert_sendable(render_passage(make_passage(text="句。\n" * 1040), BOT, ZH))


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(0, 900))
def test_any_passage_can_be_sent_and_loses_nothing(language: Language, line: str, repeat: int) -> None:
    view = make_passage(
        title=line,
        heading=line,
        source=line,
        text=f"{line}\n" + line * repeat,
        highlights=tuple((at, at + 1) for at in range(0, 400, 2)),
        before=line * repeat or None,
        after=line * repeat or None,
    )

    text = assert_sendable(render_passage(view, BOT, Texts(language)))

    assert repeat > 20 or f"{line}\n\n{line * repeat}".strip() in text


def test_hostile_values_come_out_as_they_went_in() -> None:
    text, _ = read(render_passage(make_passage(title=HOSTILE, text=HOSTILE, before=HOSTILE), BOT, ZH).text)

    assert text.count(HOSTILE) == 3
