"""Keywords: terms that a reader would choose, as the text writes them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.candidates import count_terms, find_candidates, weigh_against
from content.keywords import FEWEST, MOST, Keyword, are_alike, extract_keywords
from content.tokens import fold, tokenize
from content.words import load_words
from tests.conftest import SHARED

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


def test_a_term_with_a_link_that_recurs_is_whole() -> None:
    text = "今年冬天，河流封冻的航道要提前通告。封冻的航道由村里看守，封冻的航道不许行船。"

    assert "封冻的航道" in terms_of(text + "村里的人都去看。" * 3)


def test_a_collections_dictionary_keeps_its_terms_whole() -> None:
    text = "山上的人都说三叠纪灰云岩好。他们拿它来铺路、砌墙，也拿它来做磨盘，年年如此。"
    dictionary = frozenset({"三叠纪灰云岩"})

    found = find_candidates(text, tokenize(text, dictionary), dictionary=dictionary)

    assert extract_keywords(found)[0].term == "三叠纪灰云岩"


def test_a_collections_stop_words_are_never_keywords() -> None:
    found = find_candidates(TEA, tokenize(TEA), stop_words=frozenset({"生态", "合作社"}))
    terms = [keyword.term for keyword in extract_keywords(found)]

    assert not {"生态种植", "合作社"} & set(terms)
    assert "高山茶园" in terms


def test_what_every_article_of_the_corpus_has_weighs_less() -> None:
    text = "水库和堤坝。水库要修，堤坝要修。水库要大。"
    found = find_candidates(text, tokenize(text))
    corpus = count_terms([find_candidates(each, tokenize(each)) for each in ["水库有水。"] * 20])

    assert corpus.having["水库"] == 20
    assert extract_keywords(found)[0].term == "水库"
    assert extract_keywords(weigh_against(found, corpus))[0].term == "堤坝"


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("世界卫生组织", "世卫组织", True),
        ("convolutional neural network", "CNN", True),
        ("turbines", "Turbine", True),
        ("水库", "堤坝", False),
        ("水库", "水库大坝", False),
        ("CNN", "中国", False),
    ],
)
def test_a_short_form_stands_for_the_same_term(one: str, other: str, are_one: bool) -> None:
    assert are_alike(one, other) is are_alike(other, one) is are_one


def test_the_same_term_in_two_scripts_and_widths_is_one() -> None:
    terms = terms_of("圖書館開了。图书馆很大。ＷＩＦＩ好用，图书馆有wifi，WiFi快。圖書館的WIFI不要钱。")

    assert len([term for term in terms if term in ("圖書館", "图书馆")]) == 1
    assert len([term for term in terms if "fi" in fold(term).text]) == 1


def test_a_short_text_has_few_keywords_and_no_made_up_words() -> None:
    assert len(terms_of("村里的水库今年要加固，堤坝也要加高。")) <= 2
    assert terms_of("他把绳子编起来了，又讲到讲山。") == ["绳子"]


def test_names_weigh_more_than_other_words() -> None:
    assert terms_of("船过鄱阳湖，风向正好，船工收起绳索，大家在船头吃饭说话。")[0] == "鄱阳湖"


@pytest.mark.parametrize("word", ["三分之二", "上面", "每季度", "不听话", "锈了"])
def test_numerals_places_and_phrases_are_no_keywords(word: str) -> None:
    text = f"村里有水库。{word}，渔民有小船。{word}，两岸有芦苇。{word}。"

    assert not [term for term in terms_of(text) if word in term]


def test_a_character_that_recurs_in_classical_chinese_is_a_keyword() -> None:
    text = "舟者，所以济人也。无舟则不可济，有舟而无楫，亦不可济。是故治舟必先治楫，治楫必先择木，而舟乃行。"

    assert "舟" in terms_of(text)


def test_more_of_what_authors_chose_is_found_than_by_term_frequencies() -> None:
    """A floor on public abstracts; the whole table, with the halves and the baselines, is a benchmark."""
    path = SHARED / "data" / "keywords-dev.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there; set RIZHI_SHARED to the folder that holds data/")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    score = 0.0
    for line in lines:
        gold = {fold(term).text.replace(" ", "") for term in line["keywords"]}
        chosen = {fold(term).text.replace(" ", "") for term in terms_of(line["text"])[:5]}
        score += 2 * len(chosen & gold) / (len(chosen) + len(gold))

    assert score / len(lines) >= 0.205
