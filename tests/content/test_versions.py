"""Where a text's characters stand after an edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import versions
from content.versions import Moves, Spot, Stretch

FIRST = "春天修渠，夏天看水。\n每段渠都有人守着，谁看见漏水谁就先堵上。"
SECOND = "秋后算账，冬天开会。\n账目贴在祠堂的墙上，贴满一个月才揭下来。"

texts = st.lists(st.text("渠水账 \n。abc", max_size=40), max_size=4)


def words(texts: list[str], article: int, start: int, stop: int) -> str:
    return "".join(texts[article][start:stop].split())


def moved_words(old: list[str], new: list[str], words_to_find: str) -> str | None:
    article = next(n for n, text in enumerate(old) if words_to_find in text)
    start = old[article].index(words_to_find)
    found = Moves(old, new).span(article, start, start + len(words_to_find))
    return found and new[found.article][found.start : found.stop]


def test_nothing_moves_where_nothing_changed() -> None:
    moves = Moves([FIRST, SECOND], [FIRST, SECOND])

    assert moves.span(1, 0, len(SECOND)) == (1, 0, len(SECOND))
    assert moves.end(0, 9) == Spot(0, 9)
    assert moves.kept == 1


@pytest.mark.parametrize(
    "new",
    [
        ["前言先说两句。", FIRST, SECOND],
        [f"{FIRST}\n{SECOND}"],
        [SECOND, FIRST],
        [FIRST.replace("春天修渠", "开春以后全村修渠"), SECOND.replace("。", "！")],
        [FIRST.replace("，", "，\n"), SECOND],
        [f"  {FIRST}", SECOND.replace("\n", "\n\n")],
    ],
    ids=["article added before", "merged", "moved", "edited", "cut into lines", "white space"],
)
def test_text_that_is_still_there_is_found(new: list[str]) -> None:
    for sentence in ("谁看见漏水谁就先堵上", "贴满一个月才揭下来"):
        found = moved_words([FIRST, SECOND], new, sentence)
        assert "".join((found or "").split()) == sentence


def test_text_that_was_edited_is_found_by_what_is_left_of_it() -> None:
    assert moved_words(
        [FIRST], [FIRST.replace("，谁看见", "，不论谁看见")], "每段渠都有人守着，谁看见漏水谁就先堵上。"
    ) == ("每段渠都有人守着，不论谁看见漏水谁就先堵上。")


def test_a_span_over_two_articles_now_goes_where_most_of_it_is() -> None:
    head, tail = FIRST.split("\n")

    assert Moves([FIRST], [head, tail]).span(0, 0, len(FIRST)) == (1, 0, len(tail))


def test_text_put_inside_a_passage_that_was_read_is_not_taken_for_read() -> None:
    head, tail = FIRST.split("\n")
    inside = "\n".join(f"新添的第{n}段，写的是第{n}个水闸的修法和花费。" for n in range(20))

    found = Moves([FIRST], [f"{head}\n{inside}\n{tail}"]).span(0, 0, len(FIRST))

    assert found == Stretch(0, len(head) + len(inside) + 2, len(FIRST) + len(inside) + 1)


def test_a_few_words_put_inside_a_passage_belong_to_it() -> None:
    new = FIRST.replace("\n", "\n秋天清一次淤泥。\n")

    assert Moves([FIRST], [new]).span(0, 0, len(FIRST)) == Stretch(0, 0, len(new))


def test_a_passage_of_which_less_than_half_is_left_is_gone() -> None:
    assert Moves([FIRST], [FIRST.split("\n")[0]]).span(0, 0, len(FIRST)) is None


def test_text_that_is_gone_is_nowhere() -> None:
    moves = Moves([FIRST, SECOND], [FIRST])

    assert moves.span(1, 0, len(SECOND)) is None
    assert moves.kept == pytest.approx(0.5, abs=0.1)


def test_who_had_read_up_to_text_that_is_gone_goes_on_after_what_is_left_before_it() -> None:
    assert Moves([FIRST, SECOND], [FIRST, "全新的一篇。"]).end(1, 8) == Spot(0, len(FIRST))
    assert Moves([FIRST], ["全新的一篇。"]).end(0, 5) is None


def test_a_longer_text_of_another_kind_is_not_taken_for_the_same() -> None:
    other = "".join(chr(0x4E00 + 7 * n % 5_000) for n in range(4_000))

    assert Moves([FIRST], [other]).kept == 0


@given(texts, texts)
def test_a_place_is_always_within_the_new_text(old: list[str], new: list[str]) -> None:
    moves = Moves(old, new)
    assert 0 <= moves.kept <= 1
    for article, text in enumerate(old):
        for at in range(len(text)):
            found = moves.span(article, at, len(text))
            assert found is None or 0 <= found.start < found.stop <= len(new[found.article])
            end = moves.end(article, at + 1)
            assert end is None or 0 < end.offset <= len(new[end.article])


@given(texts)
def test_a_text_stands_where_it_stood(old: list[str]) -> None:
    moves = Moves(old, old)
    for article, text in enumerate(old):
        found = moves.span(article, 0, len(text))
        assert (found is None) == (not text.strip())
        assert found is None or words(old, *found) == words(old, article, 0, len(text))


def test_a_title_that_became_a_heading_belongs_to_the_text_below_it() -> None:
    old = ["甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"]
    new = ["甲乙丙丁戊己庚辛\n题目\n子丑寅卯辰巳午未"]
    moves, without = Moves(old, new, ["首篇", "题目"]), Moves(old, new)

    assert moves.span(1, 0, 8) == Stretch(0, 9, 20)
    assert moves.span(1, 4, 8) == Stretch(0, 16, 20)
    assert moves.span(0, 0, 8) == Stretch(0, 0, 8)
    assert without.span(1, 0, 8) == Stretch(0, 12, 20)


def test_many_changed_paragraphs_between_equal_ones_are_matched_in_their_order() -> None:
    old = "\n".join(f"第{n}段讲的是第{n}座水闸的修法。\n（掌声）" for n in range(300))
    new = old.replace("的修法", "怎样修")

    moves = Moves([old], [new])

    assert moves.kept > 0.7
    for n in (0, 150, 299):
        start = old.index(f"第{n}段")
        found = moves.span(0, start, old.index("的修法", start))
        assert found is not None
        assert new[found.start : found.stop] == f"第{n}段讲的是第{n}座水闸"


def test_changed_paragraphs_between_equal_ones_are_not_each_compared_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    blocks = versions._blocks

    def count(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        compared.append(len(old) * len(new))
        return blocks(old, new)

    monkeypatch.setattr(versions, "_blocks", count)
    old = "\n".join(f"第{n}段。\n（掌声）" for n in range(2_000))

    Moves([old], [old.replace("段。", "节！")])

    assert sum(compared) < 200_000


def test_a_place_among_empty_articles_is_found() -> None:
    moves = Moves(["", FIRST, ""], ["", "", FIRST, "", SECOND])

    assert moves.span(1, 0, len(FIRST)) == Stretch(2, 0, len(FIRST))
    assert moves.end(2, 0) == Spot(2, len(FIRST))
