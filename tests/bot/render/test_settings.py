"""The settings say how things are, and each page marks what is chosen."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.moments import COMMON_ZONES
from bot.render.settings import (
    render_languages,
    render_lengths,
    render_settings,
    render_times,
    render_weekdays,
    render_zones,
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
from tests.conftest import NOW


def test_the_summary_lists_every_setting_with_its_button() -> None:
    message = render_settings(SUBSCRIPTION, ZH)

    assert message.text == (
        "<b>《晨读笔记》</b>\n"
        "🕘 时间：每天 07:30\n"
        "🌏 时区：北京\n"
        "📏 长度：标准 · 约 450 字\n"
        "🌐 语言：中文\n"
        "📍 进度：12/64\n"
        '下一次：<tg-time unix="1772494200" format="wdt">3 月 3 日 周二 07:30</tg-time>'
    )
    assert labels(message) == [
        ["🕘 时间", "🌏 时区"],
        ["📅 星期", "📏 长度"],
        ["🌐 语言", "⏸ 暂停"],
        ["🚪 退订"],
    ]
    assert actions(message) == [
        ["1:times:7", "1:zones:7"],
        ["1:weekdays:7", "1:lengths:7"],
        ["1:languages:7", "1:pause:7"],
        ["1:stop:7"],
    ]


def test_what_has_changed_stands_first() -> None:
    note = EN.html("changed.time", time="08:00")

    assert render_settings(SUBSCRIPTION, EN, note).text.startswith(
        "✅ Changed: it now comes at 08:00.\n\n<b>“"
    )


@pytest.mark.parametrize(
    ("changes", "last_line"),
    [
        ({"is_paused": True}, "⏸ 停着，等你恢复。"),
        ({"is_paused": True, "paused_until": dt.date(2026, 3, 9)}, "⏸ 停到 3 月 9 日 周一，那天起再送。"),
        ({"next_due_at": None}, "⏸ 现在没有安排推送。"),
    ],
)
def test_a_subscription_that_rests_says_so(changes: dict[str, object], last_line: str) -> None:
    assert render_settings(make_subscription(**changes), ZH).text.endswith("\n" + last_line)


def test_a_paused_subscription_can_be_resumed_from_the_settings() -> None:
    message = render_settings(make_subscription(is_paused=True), ZH)

    assert labels(message)[2][1] == "▶️ 现在恢复"
    assert actions(message)[2][1] == "1:resume:7"


def test_the_present_time_is_marked_among_the_choices() -> None:
    message = render_times(SUBSCRIPTION, ZH)

    assert "07:30" in message.text
    assert labels(message)[0] == ["06:30", "07:00", "✓ 07:30"]
    assert actions(message)[0] == ["1:set_time:7:390", "1:set_time:7:420", "1:set_time:7:450"]
    assert labels(message)[-1] == ["↩ 返回设置"]
    assert actions(message)[-1] == ["1:settings:7"]


def test_each_zone_shows_its_present_time() -> None:
    message = render_zones(SUBSCRIPTION, NOW, ZH)
    choices = [label for row in labels(message)[:-1] for label in row]

    assert "时区：北京，那里现在 08:00。" in message.text
    assert choices[:3] == ["✓ 北京 08:00", "香港 08:00", "台北 08:00"]
    assert choices[-1] == "洛杉矶 16:00"
    assert len(choices) == len(COMMON_ZONES) == 8
    assert actions(message)[3] == ["1:set_zone:7:6", "1:set_zone:7:7"]


def test_a_zone_without_a_button_is_named_as_it_is() -> None:
    message = render_zones(make_subscription(zone="Europe/Paris"), NOW, EN)

    assert "Your time zone is Europe/Paris, where it is 01:00 now." in message.text
    assert "✓" not in str(labels(message))


def test_a_tap_on_a_day_carries_the_whole_week() -> None:
    message = render_weekdays(make_subscription(weekdays=0b0011111), ZH)

    assert message.text == "目前：周一至周五。点一天，打开或关掉。"
    assert labels(message) == [
        ["✓ 周一", "✓ 周二", "✓ 周三", "✓ 周四"],
        ["✓ 周五", "周六", "周日"],
        ["每天", "✓ 周一至周五", "周末"],
        ["↩ 返回设置"],
    ]
    assert actions(message)[0][0] == f"1:set_weekdays:7:{0b0011110}"
    assert actions(message)[1][1] == f"1:set_weekdays:7:{0b0111111}"
    assert actions(message)[2] == [f"1:set_weekdays:7:{mask}" for mask in (0b1111111, 0b0011111, 0b1100000)]


def test_the_length_is_chosen_by_its_name() -> None:
    message = render_lengths(make_subscription(length="long"), EN)

    assert labels(message)[:3] == [
        ["Short · about 350 characters"],
        ["Standard · about 450 characters"],
        ["✓ Long · about 600 characters"],
    ]
    assert actions(message)[:3] == [["1:set_length:7:0"], ["1:set_length:7:1"], ["1:set_length:7:2"]]


def test_each_language_is_named_in_itself() -> None:
    message = render_languages(7, EN)

    assert labels(message) == [["中文", "✓ English"], ["↩ Settings"]]
    assert actions(message) == [["1:set_language:7:0", "1:set_language:7:1"], ["1:settings:7"]]
    assert len(render_languages(0, ZH).buttons) == 1


@given(
    st.sampled_from(LANGUAGES),
    hostile_texts,
    st.integers(1, 127),
    st.integers(0, 1439),
    st.sampled_from(["Asia/Shanghai", "America/Argentina/ComodRivadavia", "Etc/GMT-14"]),
)
def test_any_settings_can_be_shown(language: Language, plan: str, mask: int, minute: int, zone: str) -> None:
    texts = Texts(language)
    view = make_subscription(plan=plan, weekdays=mask, local_minute=minute, zone=zone)

    assert plan in assert_sendable(render_settings(view, texts))
    for message in (render_times(view, texts), render_zones(view, NOW, texts), render_weekdays(view, texts)):
        assert_sendable(message)
