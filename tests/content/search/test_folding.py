"""Search compares texts in a form of its own, and words are still words in it."""

from __future__ import annotations

import pytest

from content.search import parse_query
from content.search.folding import fold, fold_each


def test_characters_that_mean_the_same_in_some_texts_are_one_and_stay_in_their_place() -> None:
    folded = fold("沿著二○○八年")

    assert folded.text == "沿着二零零八年"
    assert folded.span(1, 2) == (1, 2)
    assert fold_each(["著", "二○一年"]) == ["着", "二零一年"]


def test_words_are_cut_as_they_are_written_and_then_compared() -> None:
    assert parse_query("这部名著的译者").words == ("这部", "名着", "译者")


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("瞭解與瞭望", "了解与了望"),
        ("憑藉經驗", "凭借经验"),
        ("反覆答覆", "反复答复"),
        ("彷彿受過薰陶", "仿佛受过熏陶"),
        ("想像中的圖像", "想象中的图像"),
        ("年度計畫", "年度计划"),
        ("設計畫面", "设计画面"),
        ("衞生與敍述", "卫生与叙述"),
        ("屋簷下的枱燈", "屋檐下的台灯"),
    ],
)
def test_words_that_opencc_knows_as_wholes_only_are_the_same_in_both_scripts(
    traditional: str, simplified: str
) -> None:
    assert fold(traditional).text == fold(simplified).text == simplified
