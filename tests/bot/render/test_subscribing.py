"""Coming in takes two taps at most, and says what one gets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.subscribing import (
    render_already_subscribed,
    render_no_plan,
    render_plans,
    render_subscribed,
    render_undone,
    render_welcome,
    render_welcome_back,
)
from bot.render.texts import LANGUAGES, Language, Texts
from tests.bot.render.made import (
    EN,
    OFFER,
    SUBSCRIPTION,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_subscription,
    read,
)

NEXT_ZH = '下一次：<tg-time unix="1772494200" format="wdt">3 月 3 日 周二 07:30</tg-time>'
NEXT_EN = 'Next one: <tg-time unix="1772494200" format="wdt">Tue 3 Mar 07:30</tg-time>'


def test_a_newcomer_sees_a_real_passage_and_one_button_that_subscribes() -> None:
    message = render_welcome(OFFER, "早起读一页书。\n天天如此。", 450, False, ZH)

    assert message.text == (
        "你好，我是<b>日知</b>。每天在你选的时间送来一段，几分钟读完；想查什么，发一个词给我。\n\n"
        "《晨读笔记》共 64 段，比如这一段：\n\n"
        "<blockquote>早起读一页书。\n\n天天如此。</blockquote>"
    )
    assert labels(message) == [["✅ 每天 07:30 收"]]
    assert actions(message) == [["1:subscribe:4"]]


def test_other_plans_are_one_tap_away() -> None:
    message = render_welcome(OFFER, "早起读一页书。", 450, True, EN)

    assert labels(message) == [["✅ Every day at 07:30"], ["📚 Other plans"]]
    assert actions(message)[1] == ["1:plans:0"]


def test_the_welcome_shows_only_a_look_at_a_long_passage() -> None:
    text = assert_sendable(render_welcome(OFFER, "十个字的一句话在这里。" * 99, 450, False, ZH))

    assert text.endswith("比如这一段：\n\n" + "十个字的一句话在这里。" * 20)


def test_each_plan_is_a_button_that_subscribes() -> None:
    offers = [OFFER, replace(OFFER, plan_id=5, name="名" * 40, passages=1)]

    message = render_plans(offers, 0, 450, ZH)

    assert message.text == "选一个计划，点一下就订好：每天 07:30 送来一段，时间随时能改。"
    assert labels(message) == [["晨读笔记 · 64 段"], ["名" * 17 + "… · 1 段"]]
    assert actions(message) == [["1:subscribe:4"], ["1:subscribe:5"]]


@pytest.mark.parametrize(
    ("page", "plans", "pager"),
    [
        (0, 8, ["1:plans:1"]),
        (1, 8, ["1:plans:0", "1:plans:2"]),
        (2, 1, ["1:plans:1"]),
        (99, 1, ["1:plans:1"]),
    ],
)
def test_many_plans_come_in_pages(page: int, plans: int, pager: list[str]) -> None:
    rows = actions(render_plans([OFFER] * 17, page, 450, ZH))

    assert rows == [["1:subscribe:4"]] * plans + [pager]


@pytest.mark.parametrize("intro", ["plans.welcome", "plans.choose", "plans.not_subscribed"])
@pytest.mark.parametrize("texts", [ZH, EN])
def test_the_plans_can_be_introduced_in_three_ways(intro: str, texts: Texts) -> None:
    assert " 07:30" in assert_sendable(render_plans([OFFER], 0, 450, texts, intro))


def test_without_plans_or_documents_there_is_something_to_say() -> None:
    assert render_no_plan(True, ZH).text == "还没有可以订阅的计划。先发一个词给我，搜搜资料库吧。"
    assert render_no_plan(False, EN).text.startswith("The library is still empty.")


def test_the_confirmation_shows_the_next_time_and_can_be_taken_back() -> None:
    message = render_subscribed(SUBSCRIPTION, ZH)

    assert message.text == (f"✅ 订好了：《晨读笔记》共 64 段，每天 07:30 送一段（时区：北京）。\n{NEXT_ZH}")
    assert labels(message) == [["📖 今天的一段"], ["🕘 改时间", "🌏 时间不对？"], ["↩ 撤销"]]
    assert actions(message) == [["1:today:7"], ["1:times:7", "1:zones:7"], ["1:undo:7"]]
    assert render_undone("晨读笔记", ZH).text == "已撤销，《晨读笔记》不会送来。"


def test_who_is_subscribed_already_is_told_where_he_is() -> None:
    message = render_already_subscribed(SUBSCRIPTION, EN)

    assert message.text == (
        "You already have “晨读笔记”: every day at 07:30 (time zone: Beijing). You are at 12/64.\n" + NEXT_EN
    )
    assert labels(message) == [["📖 Today's passage", "⚙️ Settings"], ["📚 Other plans"]]


def test_a_returning_reader_goes_on_where_he_was() -> None:
    assert render_welcome_back(SUBSCRIPTION, ZH).text == (
        f"欢迎回来！《晨读笔记》停在 12/64，从这里接着读：每天 07:30（时区：北京）。\n{NEXT_ZH}"
    )


def test_without_a_next_time_none_is_named() -> None:
    assert render_welcome_back(make_subscription(next_due_at=None), ZH).text.endswith("（时区：北京）。")


@given(st.sampled_from(LANGUAGES), hostile_texts)
def test_any_name_and_passage_can_be_shown(language: Language, line: str) -> None:
    texts, offer, view = Texts(language), replace(OFFER, name=line), make_subscription(plan=line)

    assert line in assert_sendable(render_welcome(offer, line, 450, True, texts))
    assert line in read(render_subscribed(view, texts).text)[0]
    assert line in read(render_undone(line, texts).text)[0]
    assert_sendable(render_plans([offer], 0, 450, texts))
