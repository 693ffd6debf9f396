"""Help, questions and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.markup import utf16_length
from bot.render.message import MAX_TOAST, render_notice, toast
from bot.render.notices import (
    foreign_toast,
    render_bad_time,
    render_bad_zone,
    render_choice,
    render_help,
    render_private_only,
)
from bot.render.texts import LANGUAGES, Language, Texts
from tests.bot.render.made import (
    EN,
    SUBSCRIPTION,
    ZH,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_subscription,
)


def test_help_lists_the_commands_it_is_given_and_the_ways_to_search() -> None:
    text = render_help(["today", "help"], ZH).text

    assert "\n\n/today 今天的一段\n/help 使用帮助\n\n搜索的写法：\n" in text
    assert "/stop" not in text


def test_help_in_a_group_does_not_promise_what_only_a_private_chat_has() -> None:
    assert render_help(["search"], ZH, in_group=True).text.startswith("我是<b>日知</b>：在这里可以搜资料库")
    assert "in private" in render_help(["search"], EN, in_group=True).text


def test_with_two_subscriptions_a_command_asks_which() -> None:
    message = render_choice("pause", [SUBSCRIPTION, make_subscription(subscription_id=8, plan="名" * 30)], ZH)

    assert message.text == "哪一个计划？"
    assert labels(message) == [["晨读笔记 · 12/64"], ["名" * 17 + "… · 12/64"]]
    assert actions(message) == [["1:pause:7"], ["1:pause:8"]]


def test_what_was_not_understood_is_said_back_with_an_example() -> None:
    assert render_bad_time("25:99", ZH).text == ("没看懂“25:99”。请发 7:30、21:00 或 晚上9点 这样的时间。")


def test_an_unknown_zone_leads_to_the_choice_of_one() -> None:
    message = render_bad_zone("火星", 7, ZH)

    assert message.text.startswith("没有“火星”这个时区。")
    assert actions(message) == [["1:zones:7"]]


def test_what_belongs_into_the_private_chat_has_a_way_there() -> None:
    (button,) = render_private_only("https://t.me/rizhi_bot", ZH).buttons[0]

    assert (button.label, button.url) == ("💬 打开私聊", "https://t.me/rizhi_bot")


def test_a_notice_is_its_text_with_values_escaped() -> None:
    assert render_notice(EN, "error.internal", number="<1>").text == (
        "Something went wrong (no. <code>&lt;1&gt;</code>). Your place is safe; please try again in a while."
    )


def test_somebody_elses_button_names_its_owner() -> None:
    assert foreign_toast("小\u202e王", ZH) == "这是 小王 的操作。发 /search 开始你自己的。"


@given(st.sampled_from(LANGUAGES), st.text())
def test_a_toast_is_short_whoever_it_names(language: Language, name: str) -> None:
    texts = Texts(language)

    assert utf16_length(foreign_toast(name, texts)) <= MAX_TOAST
    assert utf16_length(toast(texts, "toast.foreign", name=name * 50)) <= MAX_TOAST


@pytest.mark.parametrize("texts", [ZH, EN])
@given(typed=hostile_texts.filter(lambda text: len(text) < 20))
def test_whatever_was_typed_is_said_back_unharmed(texts: Texts, typed: str) -> None:
    assert f"“{typed}”" in assert_sendable(render_bad_time(typed, texts))
    assert f"“{typed}”" in assert_sendable(render_bad_zone(typed, 7, texts))
