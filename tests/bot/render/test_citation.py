"""The citation says where a passage stands, and can be copied whatever its title is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.citation import citation, copy_button, origin, titled
from bot.render.markup import utf16_length
from bot.render.message import MAX_COPY
from bot.render.texts import LANGUAGES, Language, Texts
from tests.bot.render.made import EN, ZH, hostile_texts, make_digest, make_passage


def test_a_citation_names_what_is_known() -> None:
    known = "《在读书会成立大会上的讲话》，读书，2020-02-23，读书会简报，第 7 自然段"

    assert citation(make_digest(), ZH) == known
    assert citation(make_passage(date=None), ZH) == "《晨读笔记》，第 3 自然段"


def test_a_statute_is_cited_by_its_articles() -> None:
    law = make_digest(title="公园管理办法", clause="第五条至第七条", section=None)

    assert citation(law, ZH) == "《公园管理办法》第五条至第七条，2020-02-23，读书会简报"
    assert citation(law, EN) == "“公园管理办法”, 第五条至第七条, 2020-02-23, 读书会简报"
    assert origin(law) == "第五条至第七条 · 2020-02-23 · 读书会简报"
    assert copy_button(make_passage(clause="第三条"), ZH).copy == "《晨读笔记》第三条，2020-02-23"


def test_an_endless_title_leaves_room_for_the_rest() -> None:
    copied = citation(make_digest(title="题" * 999), ZH)

    assert copied.startswith("《题题")
    assert copied.endswith("题…》，读书，2020-02-23，读书会简报，第 7 自然段")


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(1, 99), st.integers(1, 10**6))
def test_a_citation_can_always_be_copied(language: Language, line: str, repeat: int, number: int) -> None:
    cited = make_digest(title=line * repeat, section=line * repeat, source=line, paragraph_number=number)

    copied = copy_button(cited, Texts(language)).copy

    assert copied is not None
    assert 0 < utf16_length(copied) <= MAX_COPY
    assert str(number) in copied


@given(st.sampled_from(LANGUAGES), hostile_texts, st.integers(1, 99))
def test_an_endless_statute_can_be_cited_as_well(language: Language, line: str, repeat: int) -> None:
    clause = "第一千二百五十九条之十至第一千二百六十条之十二"
    cited = make_passage(title=line * repeat, section=line * repeat, source=line, clause=clause)

    copied = copy_button(cited, Texts(language)).copy

    assert copied is not None
    assert utf16_length(copied) <= MAX_COPY
    assert clause in copied


def test_where_a_text_comes_from_has_no_empty_separator() -> None:
    assert origin(make_digest()) == "2020-02-23 · 读书会简报"
    assert origin(make_digest(source=None)) == "2020-02-23"
    assert origin(make_digest(date=None, source=None)) == ""


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("晨读笔记", "《晨读笔记》"),
        ("关于《晨读笔记》的说明", "《关于〈晨读笔记〉的说明》"),
        ("《晨读笔记》", "《晨读笔记》"),
        ("《晨读》与《夜读》", "《〈晨读〉与〈夜读〉》"),
    ],
)
def test_a_title_within_a_title_has_single_marks(title: str, marked: str) -> None:
    assert titled(title, ZH) == marked
    assert titled(title, EN) == f"“{title}”"
