"""Summaries are whole sentences that stand alone; headlines are the first words that name the subject."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.candidates import find_candidates
from content.keywords import Keyword, extract_keywords
from content.passages import reading_units, split_sentences
from content.summary import HEADLINE_CHARS, SUMMARY_UNITS, choose_sentences, make_headline, summarize
from content.tokens import tokenize

WATER = (Keyword("水库", 1.0), Keyword("灌溉", 0.6))
FILLER = "村里的人清早下地，晌午歇息，傍晚再回到田头看一看。天气好的日子里，孩子们也跟着去。" * 4


def keywords_of(text: str) -> tuple[Keyword, ...]:
    return extract_keywords(find_candidates(text, tokenize(text)))


def test_the_sentence_with_the_keywords_is_the_summary() -> None:
    key = "全县的水库今年都要加固，以保证春天的灌溉。"

    assert summarize(FILLER + key + FILLER, WATER, "题目") == key


def test_a_short_passage_needs_no_summary() -> None:
    assert summarize("全县的水库今年都要加固，以保证春天的灌溉。", WATER, "题目") is None


def test_where_nothing_stands_out_there_is_no_summary() -> None:
    assert summarize(FILLER, WATER, "题目") is None
    assert summarize(FILLER, (), "题目") is None


@pytest.mark.parametrize(
    "lead",
    [
        "这",
        "是",
        "亦",
        "同年，",
        "随后，",
        "同时，",
        "此外，",
        "他说，",
        "因此",
        "其中，",
        "二是",
        "第三，",
        "但是，",
    ],
)
def test_a_sentence_that_leans_on_another_is_no_summary(lead: str) -> None:
    leaning = f"{lead}全县的水库今年都要加固，以保证春天的灌溉。"

    assert summarize(FILLER + leaning + FILLER, WATER, "题目") is None


def test_a_sentence_in_brackets_is_no_summary() -> None:
    aside = "（全县的水库今年都要加固，以保证春天的灌溉。）"

    assert summarize(FILLER + aside + FILLER, WATER, "题目") is None


def test_of_two_sentences_the_one_that_says_it_in_fewer_words_is_chosen() -> None:
    brief = "全县的水库今年都要加固，以保证灌溉。"
    long = "全县的水库，" + "除了前几年已经修过的和打算明年再修的那些以外，" + "今年都要加固，以保证灌溉。"

    assert choose_sentences(FILLER + long + brief + FILLER, WATER, most=1) == (brief,)


def test_sentences_whose_full_stop_is_a_dot_are_told_apart() -> None:
    text = "全县的水库都要加固,费用共1.5亿元.灌溉渠也要修.各村都要出人."

    assert [text[start:stop] for start, stop in split_sentences(text)] == [
        "全县的水库都要加固,费用共1.5亿元.",
        "灌溉渠也要修.",
        "各村都要出人.",
    ]


def test_a_sentence_that_only_repeats_the_title_is_no_summary() -> None:
    title = "全县的水库今年都要加固以保证灌溉"

    assert summarize(f"{title}。{FILLER}", WATER, title) is None


def test_a_sentence_too_long_to_read_at_a_glance_is_no_summary() -> None:
    assert summarize(f"{FILLER}水库和{'长堤、' * 60}灌溉。{FILLER}", WATER, "题目") is None


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("一是及时修好水库。各村都出了人。", "及时修好水库"),
        ("第二，把灌溉的渠道挖通。", "把灌溉的渠道挖通"),
        ("二、关于水库的管理\n各村轮流看守。", "关于水库的管理"),
        ("（三）水库与灌溉要同时安排。", "水库与灌溉要同时安排"),
        ("4. 修水库要先勘察地形。", "修水库要先勘察地形"),
        ("③水库清淤不能等。", "水库清淤不能等"),
        ("五是抓好水库的日常养护，各村每月检查一次，发现裂缝马上上报。", "抓好水库的日常养护"),
        ("会议强调，要尽快修好水库，把上游和下游的灌溉都安排妥当，不误农时。", "尽快修好水库"),
        ("春天先要修好水库。然后才轮到别的。", "春天先要修好水库"),
        ("大家都来听我说一说。然后散会。", None),
        ("这座水库是去年修的。", None),
        ("第一，今年上半年雨水，比往年多了两成，水库要防汛，各村要备好沙袋。", None),
        ("一是修“水库，”和“长渠”，" + "长" * 30, None),
        ("全县的水库今年都要加固，以保证春天的灌溉，也为了夏天防洪。", None),
        ("", None),
    ],
)
def test_a_headline_is_the_first_words_that_name_the_subject(text: str, headline: str | None) -> None:
    assert make_headline(text, WATER, "题目") == headline


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("各位管水库的乡亲：\n水库今年要修。", "水库今年要修"),
        ("灌溉的事这样安排：\n\n二、水库的水轮流放\n各村派人。", "水库的水轮流放"),
        ("一、修水库的几件事：\n水库今年要修。", "修水库的几件事"),
        ("修水库的乡亲们：", None),
    ],
)
def test_a_line_that_addresses_or_announces_is_no_headline(text: str, headline: str | None) -> None:
    assert make_headline(text, WATER, "题目") == headline


def test_a_headline_does_not_repeat_the_title() -> None:
    assert make_headline("一、水库的管理办法\n各村轮流。", WATER, "水库的管理办法") is None


@given(st.text(alphabet="水库灌溉修好，。；：“”（）一二、\n会议强调要的", max_size=400))
def test_summaries_are_whole_sentences_and_headlines_are_short(text: str) -> None:
    keywords = keywords_of(text)
    summary, headline = summarize(text, keywords, ""), make_headline(text, keywords, "")

    sentences = {text[start:stop].strip() for start, stop in split_sentences(text)}
    if summary is not None:
        assert reading_units(summary) <= SUMMARY_UNITS
        assert summary in sentences or any(summary.startswith(one) for one in sentences)
    if headline is not None:
        assert headline in text
        assert len(headline) <= HEADLINE_CHARS


def test_two_english_sentences_keep_the_space_between_them() -> None:
    lead = "Méchain measured the latitude of the reservoir and of the village twice that winter. "
    filler = (
        "Nothing else was done that day, and the notebook says only that it rained upon the hills again. " * 8
    )
    text = (
        lead
        + "The latitude of the reservoir and of the village came out a little different each time. "
        + filler
    )
    words = (Keyword("latitude", 1.0), Keyword("reservoir", 0.9), Keyword("village", 0.8))

    summary = summarize(text, words, "A title")

    assert summary is not None
    assert ".T" not in summary
