"""What PostgreSQL keeps of a passage: no second copy of its text, unless it folds in an uncommon way."""

from __future__ import annotations

import pytest

from content.search.entries import make_entry
from content.search.expressions import Phrase
from content.search.packing import Packed, pack, seek


def packed(text: str) -> Packed:
    return pack(make_entry(1, ["§c1"], "", text))


@pytest.mark.parametrize(
    "text", ["船在河上。", "２０２０年，ABC“河”…", "龍船與舊橋", "著名的桥", "Café 与 Łódź", ""]
)
def test_a_text_that_folds_by_single_characters_is_not_kept_again(text: str) -> None:
    assert packed(text).body is None


def test_what_is_exchanged_is_kept_but_for_capitals_and_marks() -> None:
    assert packed("ABC：龍船，乾隆") == Packed(" §c1 ", "乾龍", "干龙", None)


def test_blanks_within_chinese_are_left_out() -> None:
    assert packed("河 上　船") == Packed(" §c1 ", " \u3000", "", None)


@pytest.mark.parametrize(
    ("text", "runs"), [("第Ⅱ卷，上", "第ii卷 上"), ("河 上, a b", "河上 a b"), ("a" * 65, "a" * 64)]
)
def test_another_text_is_kept_as_its_runs(text: str, runs: str) -> None:
    assert packed(text) == Packed(" §c1 ", "", "", runs)


def test_a_phrase_of_nothing_but_chinese_is_looked_for_as_it_stands() -> None:
    assert seek(Phrase(("河上", "上船"))).run == "河上船"
    assert not seek(Phrase(("河上", "上", "上船"))).run
