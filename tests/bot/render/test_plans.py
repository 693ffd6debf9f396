"""A reader's plans, in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.plans import (
    progress_line,
    render_my_plan,
    render_my_plans,
    render_switched,
    render_switches,
)
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import PlanOffer, PlanProgress
from tests.bot.render.made import (
    EN,
    SUBSCRIPTION,
    actions,
    assert_sendable,
    hostile_texts,
    labels,
    make_subscription,
)

BOT = "rizhi_bot"
MINE = PlanProgress(SUBSCRIPTION, plan_id=4, finishes_on=dt.date(2026, 4, 23))


@pytest.mark.parametrize(
    ("position", "line"),
    [
        (0, "░░░░░░░░░░ 0/64 · 0%"),
        (1, "▓░░░░░░░░░ 1/64 · 1%"),
        (32, "▓▓▓▓▓░░░░░ 32/64 · 50%"),
        (63, "▓▓▓▓▓▓▓▓▓░ 63/64 · 98%"),
        (64, "▓▓▓▓▓▓▓▓▓▓ 64/64 · 100%"),
    ],
)
def test_the_bar_is_full_only_at_the_end(position: int, line: str) -> None:
    assert progress_line(make_subscription(position=position)) == line


def test_an_empty_plan_has_no_bar() -> None:
    assert progress_line(make_subscription(position=0, total=0)) == ""


def test_a_plan_in_english() -> None:
    message = render_my_plan(MINE, only=False, others=True, username=BOT, texts=EN)

    assert assert_sendable(message) == (
        "“晨读笔记”\n▓░░░░░░░░░ 12/64 · 18%\n🕘 every day at 07:30\nNext one: Tue 3 Mar 07:30\n"
        "🏁 At this pace, finished about 23 Apr 2026\n\n"
        "🔗 A link to share; opening it subscribes:\nhttps://t.me/rizhi_bot?start=s_4"
    )
    assert labels(message)[1:] == [["📚 Another plan"], ["📤 Share", "🚪 Unsubscribe"], ["↩ My plans"]]


def test_where_there_is_no_other_plan_none_is_offered() -> None:
    message = render_my_plan(MINE, only=True, others=False, username=BOT, texts=EN)

    assert [[action] for row in actions(message) for action in row] == [
        ["1:today:7"],
        ["1:settings:7"],
        [None],
        ["1:stop:7"],
    ]


def test_many_plans_to_change_to_are_turned_page_by_page() -> None:
    offers = [PlanOffer(number, f"Plan {number}", 9) for number in range(20)]
    middle = render_switches(SUBSCRIPTION, offers, 1, EN)

    assert actions(middle)[0] == ["1:switch:7:8"]
    assert actions(middle)[-2:] == [["1:switches:7:0", "1:switches:7:2"], ["1:plan:7"]]


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(0, 9999))
def test_plans_of_any_name_can_be_sent(language: Language, name: str, position: int) -> None:
    texts, view = Texts(language), make_subscription(plan=name * 5, position=position, total=9999)
    mine = PlanProgress(view, 10**15 - 1, finishes_on=dt.date(2053, 1, 1))
    offer = PlanOffer(10**15 - 1, name * 9, 3)

    assert_sendable(render_my_plan(mine, only=True, others=True, username="x" * 32, texts=texts))
    assert_sendable(render_my_plans([mine] * 20, others=True, texts=texts))
    assert_sendable(render_switches(view, [offer] * 9, 0, texts))
    assert_sendable(render_switched(view, view, 10**15 - 1, texts))
