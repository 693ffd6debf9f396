"""A long article's outline: its points in its own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.points import MOST_POINTS, POINT_CHARS, outline_points


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["一、修好水库的堤坝", "先看地形。", "二、挖通灌溉的渠道", "再看水量。"],
        ["第一，修好水库的堤坝。先看地形。", "第二，挖通灌溉的渠道，再看水量。"],
        ["今年有两件事。一是修好水库的堤坝，先看地形；二是挖通灌溉的渠道。"],
        ["（一）修好水库的堤坝。先看地形。", "（二）挖通灌溉的渠道。"],
        ["1. 修好水库的堤坝", "2. 挖通灌溉的渠道"],
        ["①修好水库的堤坝；②挖通灌溉的渠道。"],
        ["第一章 修好水库的堤坝", "先看地形。", "第二章 挖通灌溉的渠道"],
    ],
)
def test_an_outline_has_the_points_without_their_numbers(paragraphs: list[str]) -> None:
    assert outline_points(paragraphs) == ("修好水库的堤坝", "挖通灌溉的渠道")


def test_the_upper_level_is_the_outline() -> None:
    paragraphs = [
        "一、修好水库的堤坝",
        "（一）勘察上游的地形。",
        "（二）勘察下游的地形。",
        "二、挖通灌溉的渠道",
        "（一）量一量水深水浅。",
    ]

    assert outline_points(paragraphs) == ("修好水库的堤坝", "挖通灌溉的渠道")


def test_a_clause_that_says_too_little_takes_the_next_one_along() -> None:
    paragraphs = ["一是早，要赶在雨季以前动工。", "二是快，要赶在霜降以前完工。"]

    assert outline_points(paragraphs) == ("早，要赶在雨季以前动工", "快，要赶在霜降以前完工")


@pytest.mark.parametrize(
    "paragraphs",
    [
        [],
        ["水库修好了。"],
        ["一、修好水库的堤坝"],
        ["第二，修好水库的堤坝。", "第三，挖通灌溉的渠道。"],
        ["一是修好水库的堤坝；二是" + "长" * 60 + "。"],
    ],
)
def test_a_text_without_points_has_no_outline(paragraphs: list[str]) -> None:
    assert outline_points(paragraphs) == ()


def test_numbers_beyond_ten_are_read() -> None:
    numbers = [*"一二三四五六七八九十", "十一", "十二"]

    assert len(outline_points([f"{number}、修好第{number}座水库的堤坝" for number in numbers])) == MOST_POINTS


@given(st.lists(st.text(alphabet="一二十、，。；是第（）1.①\n水库", max_size=80), max_size=5))
def test_points_are_words_of_the_text_and_short(paragraphs: list[str]) -> None:
    for point in outline_points(paragraphs):
        assert point in "\n".join(paragraphs)
        assert 0 < len(point) <= POINT_CHARS
