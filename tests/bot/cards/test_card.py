"""What stands on a card: whole sentences, and nothing that the font lacks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import FONTS, is_drawable
from bot.cards.card import MAX_KEYWORDS, SENTENCE_UNITS, Card, choose_sentence, make_card
from bot.render.markup import units_wide
from tests.bot.render.made import HOSTILE, make_digest

RARE = "𠮷"
"""A character of plane 2: the font does not have it."""


def sentence(**changes: object) -> str:
    digest = make_digest(**changes)
    return choose_sentence(digest, digest.title)


def test_a_card_says_what_the_digest_is_about() -> None:
    assert make_card(make_digest(summary="每天读一页，十年就是一书架。")) == Card(
        title="在读书会成立大会上的讲话",
        sentence="每天读一页，十年就是一书架。",
        keywords=("晨读", "读书会", "积少成多"),
        origin="2020-02-23 · 读书会简报",
        plan="Notes",
        place="12/64",
        terms=("晨读", "读书会", "积少成多"),
    )


def test_a_sentence_is_never_cut_another_one_is_taken() -> None:
    long = f"{'晨读' * 50}。"

    assert (
        sentence(summary=f"{long}读书会办得好不好，看来的人多不多。") == "读书会办得好不好，看来的人多不多。"
    )
    assert sentence(summary=long) == "早起读一页书，胜过晚睡刷十页屏。"


def test_of_the_passages_sentences_the_one_with_most_keywords_is_taken() -> None:
    paragraphs = ("天气一天比一天暖和起来了。", "读书会的晨读从今天开始，积少成多。")

    assert sentence(summary=None, paragraphs=paragraphs) == paragraphs[1]


@pytest.mark.parametrize(
    "unfit",
    [
        "这是从去年秋天开始做的事情。",
        "一是早起读书，二是按时写字。",
        "太短。",
        "没有写完的一句话说到这里，",
        f"{RARE}字怎么写，谁也说不上来。",
    ],
)
def test_what_cannot_stand_alone_or_be_drawn_gives_way_to_the_heading(unfit: str) -> None:
    assert sentence(summary=unfit, paragraphs=(unfit,)) == "二、关于晨读"
    assert sentence(summary=unfit, paragraphs=(unfit,), heading=None) == "晨读从一页开始"
    assert sentence(summary=unfit, paragraphs=(unfit,), heading=None, headline=None) == ""


def test_what_the_title_says_is_not_said_again() -> None:
    assert (
        sentence(title="每天读一页，十年就是一书架", summary="每天读一页，十年就是一书架。")
        != "每天读一页，十年就是一书架。"
    )


def test_a_title_without_glyphs_gives_way_and_emoji_are_left_out() -> None:
    assert make_card(make_digest(title="🎉 读书会成立了 👩‍👩‍👧")).title == "读书会成立了"
    assert make_card(make_digest(title=RARE)).title == "晨读从一页开始"
    assert make_card(make_digest(title=RARE, headline=None)).title == "读书"
    assert make_card(make_digest(title=RARE, headline=None, section=None)).title == "Notes"


def test_keywords_that_cannot_be_drawn_or_have_no_room_are_left_out() -> None:
    words = (f"{RARE}字", "一" * 20, "二" * 9, "三", "四", "五", "六")

    assert make_card(make_digest(keywords=words[2:])).keywords == ("二" * 9, "三", "四", "五")
    assert make_card(make_digest(keywords=words)).keywords == ("一" * 20,)


@given(
    st.text(min_size=1, max_size=200),
    st.text(max_size=300),
    st.lists(st.text(min_size=1, max_size=30), max_size=6),
)
def test_whatever_the_texts_a_card_can_be_drawn(line: str, text: str, words: list[str]) -> None:
    digest = make_digest(
        title=line + HOSTILE,
        headline=line,
        heading=line,
        section=line,
        plan=line,
        source=line,
        summary=text,
        paragraphs=(text, line),
        keywords=tuple(words),
        date=dt.date(2024, 3, 2),
    )
    card = make_card(digest)

    assert all(
        is_drawable(part)
        for part in (card.title, card.sentence, card.origin, card.plan, card.place, *card.keywords)
    )
    assert units_wide(card.sentence) <= max(SENTENCE_UNITS, units_wide(line))
    assert len(card.keywords) <= MAX_KEYWORDS
    assert card.sentence in ("", line) or card.sentence in text + line


def test_the_list_of_characters_is_what_the_font_has() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    drawn = {chr(code) for code in fonts.TTFont(FONTS / "NotoSerifSC-Regular.subset.otf").getBestCmap()}
    listed = (FONTS / "characters.txt").read_text(encoding="utf-8").rstrip("\n")

    assert set(listed) <= drawn
    assert is_drawable("よむ 論讀書 naïve “café” 12/64 ①—…")
    assert sum(each.stat().st_size for each in FONTS.iterdir()) < 3_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
