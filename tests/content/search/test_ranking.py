"""Ranking: a pure function; better evidence gives a better score."""

from __future__ import annotations

import datetime as dt

import pytest

from content.search.evidence import Evidence, Sought, examine, longest_part
from content.search.grams import make_pattern
from content.search.ranking import Scored, arrange, favour_words, weigh
from content.tokens import tokenize


def sought(*words: str, piece: str = "") -> Sought:
    patterns = [pattern for word in words if (pattern := make_pattern(word))]
    grams = [word[at : at + 2] for word in words for at in range(len(word) - 1)]
    return Sought(patterns, grams, [piece or "".join(words)], dict.fromkeys([*words, *grams], 1.0))


def score(body: str, titles: str, wanted: Sought) -> float:
    return weigh(examine(body, titles, wanted))


def test_a_passage_with_nothing_scores_nothing() -> None:
    assert examine("今天下雨", "日记", sought("水库", "灌溉")) == Evidence(0, 0, 0, 0, 0, 0, 0, 0)


def test_the_evidence_is_what_stands_there() -> None:
    evidence = examine("水库用于灌溉", "水库", sought("水库", "灌溉"))

    assert (evidence.words, evidence.grams, evidence.title) == (1, 1, 0.5)
    assert (evidence.piece, evidence.together) == (0.5, 1)


def test_words_stand_together_in_one_sentence() -> None:
    wanted = sought("水库", "灌溉")

    assert examine("修了水库。用于灌溉。", "", wanted).together == 0.5
    assert examine("修了水库，用于灌溉。", "", wanted).together == 1


def test_words_count_the_more_the_nearer_they_stand_in_the_order_in_which_they_were_typed() -> None:
    wanted = sought("水库", "灌溉")
    bodies = ["灌溉靠水库", "修了水库，又修了渠，用于灌溉", "水库用于灌溉", "修水库，又修水库灌溉"]

    orders = [examine(body, "", wanted).order for body in bodies]

    assert orders == sorted(set(orders))
    assert (orders[0], orders[-1]) == (0, 1)


@pytest.mark.parametrize(
    "typed", ["海上灯塔亮一夜", "海上灯塔亮一了夜", "海上灯塔亮了一整", "海上灯搭亮了一夜"]
)
def test_a_quotation_with_a_slip_is_nearer_to_what_was_quoted_than_to_what_has_parts_of_it(
    typed: str,
) -> None:
    wanted = sought(piece=typed)
    quoted = examine("从前海上灯塔亮了一夜，又一夜。", "", wanted)
    parts = examine("海上灯塔旧了。亮了，一家人。整夜、一夜搭灯。", "", wanted)

    assert 1 > quoted.near > 0.5 > parts.near


@pytest.mark.parametrize(
    ("typed", "quoted", "other"),
    [
        ("二十八里渡口", "二十里八渡口", "八十二里渡口"),  # swapped
        ("二十八里渡口", "二十八九里渡口", "二十九里八渡口"),  # left out
        ("二十八里里渡口", "二十八里渡口", "二十里八渡口"),  # doubled
        ("二十八里渡口", "二十六里渡口", "二十六七里渡口"),  # replaced
    ],
)
def test_what_one_slip_makes_of_a_quotation_is_nearer_to_it_than_the_same_characters_in_another_order(
    typed: str, quoted: str, other: str
) -> None:
    one, more = (examine(f"走了{body}才停。", "", sought(piece=typed)).near for body in (quoted, other))

    assert one > more


def test_words_of_other_scripts_are_found_whole_and_chinese_across_blanks() -> None:
    wanted = sought("gpu", "灯塔")

    assert examine("egpus 灯 塔", "", wanted).words == 0.5
    evidence = examine("the gpu of 灯 塔", "灯 塔", wanted)
    assert (evidence.words, evidence.title) == (1, 0.5)


@pytest.mark.parametrize(
    ("piece", "body", "part"),
    [
        ("水库灌溉", "灌溉水库", "水库"),
        ("水库灌溉", "水，库灌", "库灌"),
        ("水库", "山", ""),
        ("水库", "水库", "水库"),
    ],
)
def test_the_longest_part_is_the_first_of_equally_long_ones(piece: str, body: str, part: str) -> None:
    assert longest_part(piece, body) == part


def test_every_kind_of_evidence_counts() -> None:
    wanted = sought("水库", "灌溉")
    rising = [
        "今天下雨",
        "修了水库。",
        "修了水库，又修了渠，用于灌溉。",
        "水库灌溉，修了一条渠。",
        "水库灌溉，又水库灌溉。",
    ]

    scores = [score(body, "", wanted) for body in rising]

    assert scores == sorted(set(scores))
    assert score("水库灌溉。", "水库", wanted) > score("水库灌溉。", "", wanted)


def test_a_rare_word_counts_for_more_than_a_frequent_one() -> None:
    wanted = Sought(sought("水库", "灌溉").patterns, [], [], {"水库": 5.0, "灌溉": 1.0})

    assert score("水库", "", wanted) > score("灌溉", "", wanted)


def test_a_score_never_exceeds_one() -> None:
    assert score("水库灌溉" * 50, "水库灌溉", sought("水库", "灌溉")) <= 1


def scored(*rows: tuple[float, int, dt.date | None]) -> dict[int, Scored]:
    return {
        passage: Scored(points, 1.0, article, date, "", is_worth_showing=True)
        for passage, (points, article, date) in enumerate(rows)
    }


def test_of_equals_the_latest_comes_first_and_the_undated_last() -> None:
    old, new = dt.date(1999, 1, 1), dt.date(2020, 1, 1)

    assert arrange(scored((0.5, 1, None), (0.5, 2, old), (0.5, 3, new), (0.6, 4, old))) == [3, 2, 1, 0]


def test_one_article_does_not_fill_the_page_where_others_match() -> None:
    flood = [(1 - place / 10, 1, None) for place in range(6)]

    assert arrange(scored(*flood, (0.1, 2, None), (0.05, 3, None), (0.01, 4, None))) == [
        0,
        1,
        2,
        6,
        7,
        3,
        4,
        5,
        8,
    ]
    assert arrange(scored(*flood)) == [0, 1, 2, 3, 4, 5]


def test_a_word_by_itself_is_worth_more_than_one_within_another() -> None:
    tokenize("等词典装好")
    bodies = ["他考进北京大学。", "他上大学。"]
    scores = {at: Scored(0.5, 1.0, at, None, body, True) for at, body in enumerate(bodies)}

    favoured = favour_words(scores, sought("大学"))

    assert arrange(favoured) == [1, 0]
    assert all(0 <= each.points <= 1 for each in favoured.values())


def test_only_the_best_are_looked_into_for_words_by_themselves() -> None:
    scores = {at: Scored(1 - at / 20, 1.0, at, None, "北京大学", True) for at in range(12)}
    last = {12: Scored(0.1, 1.0, 12, None, "上大学", True)}

    assert arrange(favour_words(scores | last, sought("大学"))) == [*range(13)]
