"""Keywords: terms that a reader would choose, as the text writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.keywords import FEWEST, MOST, Keyword, extract_keywords, find_candidates
from content.tokens import tokenize
from content.words import load_words

TEA = (
    "高山茶园今年开始推广生态种植。生态种植不用农药，靠鸟和益虫防治虫害。茶农说，生态种植的茶叶香气更足，"
    "高山茶园的收入也多了两成。镇上的合作社负责收购茶叶，再由合作社统一炒制。"
)
ENGLISH = (
    "Tidal energy is predictable. Tidal energy needs strong currents, and the turbines of a tidal "
    "energy farm must resist salt water. Engineers test the turbines in the harbour first."
)
CLASSICAL = "山行六七里，渐闻水声潺潺，有亭翼然临于泉上者，是为听泉亭。作亭者谁？山中之僧也。听泉亭下多竹。"


def keywords_of(text: str, start: int = 0, stop: int | None = None) -> tuple[Keyword, ...]:
    return extract_keywords(find_candidates(text, tokenize(text)), start, stop)


def terms_of(text: str, start: int = 0, stop: int | None = None) -> list[str]:
    return [keyword.term for keyword in keywords_of(text, start, stop)]


def test_words_that_recur_together_are_one_keyword() -> None:
    terms = terms_of(TEA)

    assert {"生态种植", "高山茶园", "合作社"} <= set(terms)
    assert not {"生态", "种植", "茶园"} & set(terms)


def test_keywords_carry_no_function_words_numbers_or_single_characters() -> None:
    terms = terms_of("二〇二〇年3月5日的会议，第一是水库，第二也是水库，12个人和他们的12条船，船在水库。")

    assert "水库" in terms
    assert all(len(term) > 1 for term in terms)
    assert not any(any(char.isdigit() for char in term) for term in terms)
    assert not set(terms) & load_words("function")


def test_keywords_are_written_as_in_the_text() -> None:
    assert "生態種植" in terms_of("生態種植很好，生態種植不用農藥。")
    assert "ＩＰｖ６" in terms_of("部署ＩＰｖ６，再测试ＩＰｖ６。")


def test_english_is_given_keywords_too() -> None:
    terms = terms_of(ENGLISH)

    assert {"tidal energy", "turbines"} <= {term.lower() for term in terms}
    assert not {"the", "and", "must", "is"} & set(terms)


def test_classical_chinese_is_given_sensible_keywords() -> None:
    assert any("听泉" in term for term in terms_of(CLASSICAL))


def test_a_passage_gets_its_own_keywords() -> None:
    text = TEA + "\n" + "港口新建了两座灯塔。灯塔由渔民看守，渔民轮流点灯。"
    half = len(TEA) + 1

    assert "生态种植" in terms_of(text, 0, half)
    assert {"灯塔", "渔民"} <= set(terms_of(text, half))
    assert not set(terms_of(text, 0, half)) & set(terms_of(text, half))


def test_what_the_whole_article_repeats_weighs_less_than_what_this_passage_is_about() -> None:
    abouts = ("水库", "堤坝", "河闸")
    parts = [f"渔船要修，渔船要漆。{about}要修，{about}要漆。" + "大家都来听。" * 60 for about in abouts]

    weights = {keyword.term: keyword.weight for keyword in keywords_of("\n".join(parts), 0, len(parts[0]))}

    assert weights["水库"] > weights["渔船"]


def test_the_heaviest_comes_first_and_weighs_one() -> None:
    weights = [keyword.weight for keyword in keywords_of(TEA)]

    assert weights[0] == 1
    assert weights == sorted(weights, reverse=True)
    assert FEWEST <= len(weights) <= MOST


def test_no_keyword_is_part_of_another() -> None:
    terms = terms_of(TEA)

    assert not [(one, other) for one in terms for other in terms if one != other and one in other]


def test_keywords_do_not_share_words_that_stand_in_both() -> None:
    terms = terms_of("高山茶园合作社好，高山茶园合作社大。高山茶园美，茶园合作社忙。")

    assert sum("茶园" in term for term in terms) == 1


def test_a_statistic_of_the_corpus_can_take_the_dictionarys_place() -> None:
    text = "水库和堤坝。"
    common = find_candidates(text, tokenize(text), lambda word: 0.1 if word == "水库" else 1e-7)

    assert extract_keywords(common)[0].term == "堤坝"


@pytest.mark.parametrize("text", ["", "\n", "……", "12 34", "的了吗", "山"])
def test_a_text_without_content_words_has_no_keywords(text: str) -> None:
    assert keywords_of(text) == ()


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_any_span_of_any_text_gives_keywords_from_within(text: str, one: int, other: int) -> None:
    start, stop = sorted((min(one, len(text)), min(other, len(text))))

    for keyword in keywords_of(text, start, stop):
        assert keyword.term in " ".join(text[start:stop].split())
        assert 0 < keyword.weight <= 1


@pytest.mark.parametrize("word", ["三十天", "一本", "十页", "第三条", "数颗"])
def test_a_numeral_with_its_measure_word_is_no_keyword(word: str) -> None:
    text = f"村里的水库用了{word}，水库的堤坝用了{word}，水库边的{word}树也活了。" * 2

    assert word not in [keyword.term for keyword in extract_keywords(find_candidates(text, tokenize(text)))]
