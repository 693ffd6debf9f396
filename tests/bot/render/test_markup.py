"""Escaping, lengths and cuts: nothing is lost, nothing breaks, nothing exceeds a limit."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.markup import (
    Html,
    bold,
    clean_name,
    cut_after,
    cut_before,
    escape,
    folded,
    highlighted,
    is_wider,
    join,
    moment,
    shorten,
    units_wide,
    utf16_length,
    visible_length,
)
from tests.bot.render.made import HOSTILE, hostile_texts, read

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple), max_size=5).map(
    sorted
)


@given(texts)
def test_any_text_survives_the_markup(text: str) -> None:
    assert read(escape(text))[0] == text
    assert read(bold(text))[0] == read(folded(text))[0] == text


@given(texts)
def test_length_is_counted_as_telegram_counts_it(text: str) -> None:
    beyond = sum(character > "\uffff" for character in text)
    assert utf16_length(text) == len(text) + beyond == visible_length(bold(text))


@given(texts, st.integers(0, 10))
def test_wider_is_what_takes_more_room(text: str, units: int) -> None:
    assert is_wider(text, units) == (units_wide(text) > units)


def test_html_is_escaped_once() -> None:
    assert escape(escape("<&>")) == "&lt;&amp;&gt;"
    assert join(" · ", [bold("a"), "", None, "<"]) == "<b>a</b> · &lt;"


@given(texts, spans)
def test_highlights_change_no_character(text: str, marked: list[tuple[int, int]]) -> None:
    assert read(highlighted(text, marked, 3))[0] == text


@given(hostile_texts, spans)
def test_highlights_are_where_the_spans_are(text: str, marked: list[tuple[int, int]]) -> None:
    out, entities = read(highlighted(text, marked, 99))
    encoded = out.encode("utf-16-le")
    bolds = [encoded[2 * entity.offset : 2 * entity.stop].decode("utf-16-le") for entity in entities]
    wanted = {place for start, stop in marked for place in range(start, min(stop, len(text)))}

    assert "".join(bolds) == "".join(text[place] for place in sorted(wanted))


def test_only_so_many_highlights_are_shown() -> None:
    assert highlighted("abcdef", [(0, 1), (2, 3), (4, 5)], 2) == "<b>a</b>b<b>c</b>def"


@pytest.mark.parametrize(
    ("text", "units", "short"),
    [
        ("晨读", 2, "晨读"),
        ("晨读笔记", 3, "晨读…"),
        ("晨读，笔记", 4, "晨读…"),
        ("readings", 3, "read…"),
        ("daily reading", 6, "daily…"),
        ("一 页\n 书", 9, "一 页 书"),
        ("晨读 reading", 5, "晨读…"),
        ("𠮷𠮷𠮷", 2, "𠮷…"),
        ("读书会召开大会 谈晨读 谈夜读", 13, "读书会召开大会 谈晨读…"),
        ("读书会开会 谈“晨读”与夜读", 9, "读书会开会…"),
        ("读书会谈“晨读”", 6, "读书会谈…"),
    ],
)
def test_a_label_is_cut_between_words_with_an_ellipsis(text: str, units: int, short: str) -> None:
    assert shorten(text, units) == short


@given(texts, st.integers(2, 40))
def test_a_shortened_text_is_as_wide_as_allowed_and_one_line(text: str, units: int) -> None:
    short = shorten(text, units)

    assert units_wide(short) <= units
    assert utf16_length(short) <= 2 * units
    assert "\n" not in short
    assert short.removesuffix("…") in " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("一句。两句。三句。", 9, "一句。两句。三句。"),
        ("一句。两句。三句。", 8, "一句。两句。"),
        ("他说：“走吧。”然后走了。", 10, "他说：“走吧。”"),
        ("第一行\n第二行很长很长", 7, "第一行"),
        ("One. Two three.", 8, "One."),
        ("Version 3.11 is out", 12, "Version 3.1…"),
        ("没有句号的一长串字", 5, "没有句号…"),
        ("一。很长很长很长的一句", 8, "一。很长很长很…"),
        ("𠮷𠮷𠮷", 3, "…"),
        ("字", 0, ""),
    ],
)
def test_a_text_ends_after_a_sentence_where_it_can(text: str, limit: int, kept: str) -> None:
    assert cut_after(text, limit) == kept


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("一句。两句。三句。", 8, "两句。三句。"),
        ("一句。两句。三句。", 6, "两句。三句。"),
        ("第一行很长很长\n第二行", 6, "第二行"),
        ("没有句号的一长串字", 5, "…一长串字"),
    ],
)
def test_what_comes_before_begins_with_a_sentence_where_it_can(text: str, limit: int, kept: str) -> None:
    assert cut_before(text, limit) == kept


@given(hostile_texts, st.integers(0, 60))
def test_cuts_stay_within_the_limit_and_add_only_an_ellipsis(text: str, limit: int) -> None:
    beginning, end = cut_after(text, limit), cut_before(text, limit)

    assert utf16_length(beginning) <= limit
    assert utf16_length(end) <= limit
    assert text.startswith((beginning, beginning[:-1]))
    assert text.endswith((end, end[1:]))


def test_a_name_stands_on_one_line_and_turns_nothing_around() -> None:
    assert clean_name("小\u202e王\u200b\n<b>") == "小王<b>"
    assert clean_name("名" * 99) == "名" * 15 + "…"
    assert HOSTILE not in clean_name(HOSTILE)


def test_a_moment_is_a_date_for_new_clients_and_words_for_old_ones() -> None:
    at = dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC)

    text, (entity,) = read(moment(at, "Tue <07:30>"))

    assert text == "Tue <07:30>"
    assert (entity.type, entity.unix_time) == ("date_time", int(at.timestamp()))
    assert isinstance(moment(at, ""), Html)
