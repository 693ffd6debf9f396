"""Resting, stopping and finishing: the place is always kept, and there is always a way back."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.digest import Finished
from bot.render.pausing import (
    date_problem,
    render_finished,
    render_kept,
    render_pause,
    render_pause_date,
    render_paused,
    render_resumed,
    render_stop,
    render_stopped,
)
from bot.render.texts import Texts
from tests.bot.render.made import (
    EN,
    HOSTILE,
    SUBSCRIPTION,
    ZH,
    actions,
    assert_sendable,
    labels,
    make_subscription,
)

NEXT_ZH = '下一次：<tg-time unix="1772494200" format="wdt">3 月 3 日 周二 07:30</tg-time>'


def test_a_pause_can_be_a_day_a_week_until_a_date_or_open() -> None:
    message = render_pause(SUBSCRIPTION, ZH)

    assert message.text == "《晨读笔记》停多久？进度 12/64 给你留着，回来接着读。"
    assert labels(message) == [["1 天", "7 天"], ["到某一天…", "先一直停着"], ["不用，照旧"]]
    assert actions(message) == [
        ["1:pause_days:7:1", "1:pause_days:7:7"],
        ["1:pause_date:7", "1:pause_open:7"],
        ["1:keep:7"],
    ]
    assert labels(render_pause(SUBSCRIPTION, EN))[0] == ["1 day", "7 days"]


def test_the_question_for_a_date_gives_one_as_an_example() -> None:
    assert "<code>2026-03-09</code>" in render_pause_date(dt.date(2026, 3, 2), ZH).text


def test_a_date_of_another_year_is_answered_with_its_year() -> None:
    today = dt.date(2026, 3, 2)
    problems = [
        date_problem("…", day, today, ZH)
        for day in (dt.date(2026, 3, 1), dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    ]

    assert [str(problem).partition("日")[0] for problem in problems] == [
        "3 月 1 ",
        "2020 年 1 月 1 ",
        "2030 年 1 月 1 ",
    ]
    assert date_problem("明天", dt.date(2026, 3, 3), today, ZH) is None


def test_a_paused_subscription_says_until_when_and_can_be_resumed() -> None:
    until = render_paused(make_subscription(paused_until=dt.date(2026, 3, 9)), ZH)

    assert until.text == "⏸ 《晨读笔记》停到 3 月 9 日 周一，那天起再送。进度 12/64 给你留着。"
    assert actions(until) == [["1:resume:7"]]
    assert render_paused(SUBSCRIPTION, EN).text == (
        "⏸ “晨读笔记” rests until you come back. Your place, 12/64, is kept."
    )


def test_resuming_and_changing_ones_mind_show_the_next_time() -> None:
    assert render_resumed(SUBSCRIPTION, ZH).text == (
        f"▶️ 《晨读笔记》继续：每天 07:30，从 12/64 接着读。\n{NEXT_ZH}"
    )
    assert render_kept(SUBSCRIPTION, ZH).text == f"好，照旧：《晨读笔记》，每天 07:30。\n{NEXT_ZH}"


def test_stopping_is_asked_once_and_can_be_undone() -> None:
    question, answer = render_stop(SUBSCRIPTION, ZH), render_stopped(SUBSCRIPTION, ZH)

    assert question.text == "不再收《晨读笔记》了？进度 12/64 会留着，想回来时发 /start。"
    assert actions(question) == [["1:stop_now:7", "1:pause:7"], ["1:keep:7"]]
    assert answer.text == "《晨读笔记》退订了，不会再送。进度 12/64 给你留着，想回来随时发 /start。"
    assert actions(answer) == [["1:resume:7"]]


def test_a_finished_plan_offers_what_may_come_next() -> None:
    message = render_finished(Finished(SUBSCRIPTION, 1), EN)

    assert message.text == "🎉 You have finished “晨读笔记”: 64 passages in 1 day. What next?"
    assert labels(message) == [["🔁 Read it again", "📚 Another plan"], ["🚪 Unsubscribe"]]
    assert actions(message) == [["1:again:7", "1:plans:0"], ["1:stop_now:7"]]


@pytest.mark.parametrize("texts", [ZH, EN])
def test_any_name_of_a_plan_can_be_shown(texts: Texts) -> None:
    view = make_subscription(plan=HOSTILE)
    for render in (render_pause, render_paused, render_resumed, render_stop, render_stopped, render_kept):
        assert HOSTILE in assert_sendable(render(view, texts))
    assert HOSTILE in assert_sendable(render_finished(Finished(view, 70), texts))
