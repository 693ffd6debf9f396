"""Sentences end where a reader breathes; passages cover the text, keep to their length, cut nowhere else."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.passages import BOUNDS, PassageDraft, reading_units, split_passages, split_sentences
from content.structure import Paragraph

SENTENCE = "河口镇把三个旧仓库改成了公共书房，钥匙由附近的居民轮流保管，夜里十点才锁门。"
LONGEST = 2_000
"""No passage may be longer, in units or in characters it must fit a message of 4,096."""


def sentences(text: str) -> list[str]:
    return [text[start:stop] for start, stop in split_sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["水退了。", "桥还在。"],
        ["真的吗？！", "是的……", "我不信。"],
        ["“沧海不言，自有深流。”", "这句话写在书房门口。"],
        ["他问：“你去吗？”", "我答：“去。”"],
        ["“第一，收书；第二，上架。”管理员说。"],
        ["“不多不少。”于是散了。"],
        ["要学《借书守则》（见附页。第一章）并签字。", "完。"],
        ["“水大。桥窄。”的说法由来已久。", "人人都信。"],
        ["他说：“水退了。桥还在。”，然后走了。"],
        ["借出率46.5%，比去年高3.2个百分点。", "5月再看。"],
        ["一是收好“旧书”；二是管好“新书”。"],
        ["Dr. Hale paid $3.50 for it.", "“Was it dear?”", "No."],
        ["See e.g. the U.S. edition.", "It sold 1.5 million!", "Why?"],
        ["没有句号的一段", "下一段"],
        ["“引号没有合上。", "还是要断句。"],
        ["看 example.com 上的说明。", "好。"],
    ],
)
def test_sentences_end_at_final_marks_outside_quotes_brackets_and_numbers(parts: list[str]) -> None:
    gap = "\n" if parts[0] == "没有句号的一段" else " " if parts[0].isascii() else ""
    text = gap.join(parts)
    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("公共书房", 4),
        ("书房，开门。", 6),
        ("a reading room", 6),
        ("2021年", 3),
        ("公共。\u3000书房。", 6),
        ("It's 3.5 km", 6),
        ("It’s “dear”", 6),
        ("", 0),
        ("x" * 40, 10),
        ("= " * 40, 20),
        ("ру́сский", 2),
    ],
)
def test_reading_units_count_chinese_characters_once_and_words_twice(text: str, units: int) -> None:
    assert reading_units(text) == units


def paragraphs_of(*texts: str, headings: tuple[int, ...] = ()) -> list[Paragraph]:
    return [Paragraph(text, 10 * n, 10 * n + 3, n in headings) for n, text in enumerate(texts)]


def whole(paragraphs: list[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs)


def test_a_short_article_is_one_passage() -> None:
    assert split_passages(SENTENCE, "standard") == [PassageDraft(0, len(SENTENCE), None, len(SENTENCE), 1, 1)]


@pytest.mark.parametrize("length", BOUNDS)
def test_passages_end_with_paragraphs_where_these_have_a_fitting_length(length: str) -> None:
    target = {"short": 9, "standard": 12, "long": 16}[length]
    paragraphs = paragraphs_of(*[SENTENCE * target] * 6)
    passages = split_passages(paragraphs, length)
    assert [whole(paragraphs)[p.start : p.stop] for p in passages] == [
        paragraph.text for paragraph in paragraphs
    ]


def test_passages_know_their_sub_heading_and_their_lines() -> None:
    paragraphs = paragraphs_of(SENTENCE * 12, "一、钥匙", SENTENCE * 12, SENTENCE * 12, headings=(1,))
    passages = split_passages(paragraphs, "standard")
    assert [p.heading for p in passages] == [None, "一、钥匙", "一、钥匙"]
    assert [(p.first_line, p.last_line) for p in passages] == [(0, 3), (10, 23), (30, 33)]


def test_a_sub_heading_is_never_the_end_of_a_passage() -> None:
    for count in range(1, 30):
        paragraphs = paragraphs_of(SENTENCE * count, "一、钥匙", SENTENCE * 30, headings=(1,))
        text = whole(paragraphs)
        for length in BOUNDS:
            assert not any(text[: p.stop].endswith("一、钥匙") for p in split_passages(paragraphs, length))


def test_the_clauses_of_a_statute_stay_whole_where_they_fit() -> None:
    clauses = [
        f"第{number}条　借书的人应当遵守下列规定：\n（一）{SENTENCE}\n（二）{SENTENCE}\n（三）{SENTENCE * 2}"
        for number in "一二三四五六七八九"
    ]
    text = "\n".join(clauses)
    passages = split_passages(text, "standard")
    assert len(passages) > 1
    assert all(text[passage.start :].startswith("第") for passage in passages)


def test_passages_of_a_statute_name_the_articles_that_they_hold() -> None:
    clauses = [f"第{number}条　{SENTENCE * 6}" for number in "一二三四"]
    first, second = split_passages(paragraphs_of("第一章　总则", *clauses, headings=(0,)), "standard")
    assert (first.clause, second.clause) == ("第一条至第二条", "第三条至第四条")
    assert split_passages(paragraphs_of(clauses[0]), "standard")[0].clause == "第一条"
    assert split_passages(SENTENCE, "standard")[0].clause is None


@pytest.mark.parametrize("length", BOUNDS)
def test_a_question_stays_with_its_answer_where_they_fit(length: str) -> None:
    answer = f"答：{SENTENCE * 3}"
    text = "\n".join(f"问：第{n}件事怎么办？\n{answer}\n{SENTENCE * (n % 4 + 1)}" for n in range(8))
    passages = split_passages(text, length)
    assert len(passages) > 2
    assert all(text[passage.start :].startswith("问：") for passage in passages)


def test_the_items_of_a_list_stay_together_where_they_fit() -> None:
    items = [f"{number}是{SENTENCE}" for number in "一二三四"]
    paragraphs = paragraphs_of(SENTENCE * 9, "要做四件事：", *items, SENTENCE * 9)
    text = whole(paragraphs)
    texts = [text[passage.start : passage.stop] for passage in split_passages(paragraphs, "standard")]
    assert sum("一是" in each for each in texts) == 1
    assert any(all(item in each for item in items) for each in texts)


@pytest.mark.parametrize(
    "text",
    [
        "书" * 5000,
        "书，" * 3000,
        "一本；" * 2000,
        "word " * 4000,
        "x" * 9000,
        "e\u0301" * 4000,
        "👩🏽\u200d🌾" * 900,
        "=" * 9000,
    ],
    ids=["han", "commas", "semicolons", "words", "letters", "accents", "emoji", "symbols"],
)
@pytest.mark.parametrize("length", BOUNDS)
def test_a_sentence_without_an_end_is_cut_sensibly(text: str, length: str) -> None:
    passages = split_passages(text, length)
    pieces = [text[passage.start : passage.stop] for passage in passages]
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(reading_units(piece) <= BOUNDS[length][1] and len(piece) < 4000 for piece in pieces)
    assert not any(unicodedata.combining(piece[0]) or piece[0] in "\u200d🏽🌾" for piece in pieces)
    for mark in "，；":
        assert mark not in text or all(piece.endswith(mark) for piece in pieces)


def test_a_hard_cut_goes_through_no_word_or_number() -> None:
    text = "书" * 541 + "1,234,567.89" + "房" * 600
    for passage in split_passages(text, "short"):
        assert (
            "1,234,567.89" in text[passage.start : passage.stop]
            or "1" not in text[passage.start : passage.stop]
        )


TEXT = st.lists(
    st.sampled_from(
        [
            SENTENCE, "嗯。", "“水退了。桥还在！”", "他说：“来。”", "（见附页。）", "共3.5万册；",
            "一、钥匙", "第三条　开门。", "Yes, 3.5 km.",
            "\n", "\n", "\n\n", " ", "……", "”", "“", "书" * 700, "没有句号，", "\u3000",
        ]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.one_of(TEXT, st.text(max_size=200)))
def test_sentences_cover_every_visible_character_once_and_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < stop for start, stop in spans)
    assert all(stop <= start for (_, stop), (start, _) in pairwise(spans))
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


@settings(deadline=None)
@given(TEXT, st.sampled_from(sorted(BOUNDS)))
def test_passages_cover_the_text_and_keep_to_their_bounds(text: str, length: str) -> None:
    least, most = BOUNDS[length]
    passages = split_passages(text, length)
    assert "".join("".join(text[p.start : p.stop] for p in passages).split()) == "".join(text.split())
    assert all(before.stop <= after.start for before, after in pairwise(passages))
    assert all(0 < p.units == reading_units(text[p.start : p.stop]) <= most for p in passages)
    for before, after in pairwise(passages):
        if min(before.units, after.units) < least - 1:
            assert reading_units(text[before.start : after.stop]) > most - 30


@settings(deadline=None)
@given(TEXT)
def test_cuts_of_all_lengths_fall_on_ends_of_sentences(text: str) -> None:
    ends = {stop for _, stop in split_sentences(text)}
    long_ones = [(a, b) for a, b in split_sentences(text) if reading_units(text[a:b]) > 500]
    for length in BOUNDS:
        for passage in split_passages(text, length):
            assert passage.stop in ends or any(a < passage.stop < b for a, b in long_ones)
