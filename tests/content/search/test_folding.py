"""Search compares texts in a form of its own, and words are still words in it."""

from __future__ import annotations

from content.search import parse_query
from content.search.folding import fold, fold_each


def test_characters_that_mean_the_same_in_some_texts_are_one_and_stay_in_their_place() -> None:
    folded = fold("沿著二○○八年")

    assert folded.text == "沿着二零零八年"
    assert folded.span(1, 2) == (1, 2)
    assert fold_each(["著", "二○一年"]) == ["着", "二零一年"]


def test_words_are_cut_as_they_are_written_and_then_compared() -> None:
    assert parse_query("这部名著的译者").words == ("这部", "名着", "译者")
