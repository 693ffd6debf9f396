"""The report for admins, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.render.report import duration, render_report
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import Report, Traffic, Trouble
from tests.bot.render.made import EN, HOSTILE, ZH, assert_sendable

BUSY = Traffic(
    {"sent": 118, "failed": 1, "pending": 2, "claimed": 1, "sending": 3, "skipped": 4}, 3, 1.23, 5400
)
AT = dt.datetime(2026, 3, 2, 23, 31, tzinfo=dt.UTC)
STATES = ("failed", "unknown", "skipped", "expired", "pending", "claimed", "sending")
REPORT = Report(
    version="1.2.3",
    zone="Asia/Shanghai",
    day=BUSY,
    week=Traffic({}),
    active=84,
    paused=6,
    blocked=2,
    documents=1,
    passages=3456,
    troubles=tuple(Trouble(AT, state, HOSTILE * 3) for state in STATES),
)


def test_the_report_in_english() -> None:
    text = assert_sendable(render_report(REPORT, EN))

    assert text.startswith(
        "📊 Report · 1.2.3\n\n"
        "Last 24 hours\n"
        "✅ Sent 118\n· of these 3 late, after a stop\n"
        "· refused 1\n· not sent 4\n· under way 6\n"
        "After the due time: half within 1.2 s, slowest 1.5 h\n\n"
        "Last 7 days\n"
        "Nothing was due\n\n"
        "👥 Reading 84 · paused 6 · blocked the bot 2\n"
        "📚 1 document · 3456 passages\n\n"
        "What these mean\n"
        "refused: Telegram would not take this message"
    )
    assert "\n\nLatest troubles\n03-03 07:31 refused: <b>" in text
    assert text.count(" under way: ") == 3


def test_only_words_that_are_used_are_explained() -> None:
    quiet = replace(REPORT, day=Traffic({}), week=Traffic({"sent": 9}), troubles=())
    uncertain = replace(quiet, week=Traffic({"sent": 9, "unknown": 1}))

    assert "这些词的意思" not in render_report(quiet, ZH).text
    assert render_report(uncertain, ZH).text.endswith("偶尔一两条不用管；多了，查网络或代理。")
    assert render_report(uncertain, ZH).text.count("不确定") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_word(language: Language) -> None:
    assert assert_sendable(render_report(REPORT, Texts(language))).count("03-03 07:31") == len(STATES)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0 s"),
        (9.96, "10.0 s"),
        (35.4, "35 s"),
        (60, "1.0 min"),
        (3599, "60 min"),
        (3600, "1.0 h"),
        (86400, "24 h"),
    ],
)
def test_a_span_of_time_is_said_in_its_largest_unit(seconds: float, said: str) -> None:
    assert duration(seconds, EN) == said
