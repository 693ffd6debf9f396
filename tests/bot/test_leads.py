"""What is said about a passage: what is new in it, and words that lead on."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.leads import choose_headline, choose_points, find_lead
from content.models import Article, Passage
from tests.factories import SENTENCES, make_document


def make_passage(headline: str | None, heading: str | None = None, *keywords: str) -> Passage:
    """Return a passage that is in no database."""
    return Passage(headline=headline, heading=heading, keywords=[[word, 1.0] for word in keywords])


FIRST = make_passage("水闸何时开", "一、水闸", "水闸", "水位", "闸门")
NEW = {
    "its own headline": (make_passage("渡口的新船", "一、水闸", "渡口"), "渡口的新船"),
    "a heading that begins here": (make_passage("水闸何时开", "二、渡口", "渡口"), "二、渡口"),
    "keywords the last one lacked": (make_passage(None, "一、水闸", "水位", "渡口", "新船"), "渡口 · 新船"),
    "the heaviest, where none is new": (make_passage(None, "一、水闸", "闸门", "水位"), "闸门"),
    "as many as a line holds": (
        make_passage(None, None, "甲" * 10, "乙" * 9, "丙" * 9),
        f"{'甲' * 10} · {'乙' * 9}",
    ),
    "nothing, where there is nothing": (make_passage(None), None),
    "no part of the title": (make_passage("河上 一年", "一、水闸", "渡口"), "渡口"),
}


@pytest.mark.parametrize(("passage", "said"), NEW.values(), ids=NEW)
def test_a_later_passage_opens_with_what_is_new(passage: Passage, said: str | None) -> None:
    assert choose_headline(passage, FIRST, "河上一年的日子") == said


def test_the_first_passage_leaves_it_to_the_title_unless_it_has_a_headline() -> None:
    assert choose_headline(make_passage(None, "一、水闸", "水闸"), None, "河上") is None
    assert choose_headline(make_passage("河上", "一、水闸", "水闸"), None, "河上") is None
    assert choose_headline(FIRST, None, "河上") == "水闸何时开"
    assert choose_headline(FIRST, None, "水闸（农具）") is None
    assert choose_headline(make_passage("《水闸》，一出戏"), None, "《水闸》") is None


def test_no_two_neighbours_of_an_article_open_alike(session: Session) -> None:
    article = make_document(session).articles[0]
    session.execute(update(Passage).values(headline="总是这一句"))
    spans = session.execute(select(Passage.start, Passage.stop).where(Passage.length == "standard"))
    said = [find_lead(session, article, "standard", *span).headline for span in spans]

    assert said[0] == "总是这一句"
    assert said[0] not in said[1:]


def test_a_short_passage_has_few_keywords_and_a_long_one_all(session: Session) -> None:
    article = make_document(session).articles[0]

    def keywords(units: int) -> int:
        session.execute(update(Passage).values(units=units, keywords=[["河", 1.0]] * 8))
        session.expire_all()
        return len(find_lead(session, article, "standard", 0, 20).keywords)

    assert [keywords(units) for units in (20, 60, 120, 450)] == [1, 2, 3, 8]


def set_keywords(session: Session, *words: str) -> None:
    session.execute(update(Passage).values(units=450, keywords=[[word, 1.0] for word in words]))
    session.expire_all()


def test_only_words_that_other_passages_have_are_searchable(session: Session) -> None:
    article = make_document(session).articles[0]
    set_keywords(session, "集市", "雾", "鲸鱼", "……")  # here alone; in two passages; nowhere; no word

    start = article.text.index(SENTENCES[2])
    stop = start + len(SENTENCES[2])
    assert find_lead(session, article, "standard", start, stop).searchable == ("雾",)

    make_document(session)
    assert find_lead(session, article, "standard", start, stop).searchable == ("集市", "雾")

    set_keywords(session, "雾", "集市", "豆腐", "桥洞")
    assert find_lead(session, article, "standard", start, stop).searchable == ("雾", "集市", "豆腐")


def test_what_a_long_passage_has_twice_in_the_index_is_not_elsewhere(session: Session) -> None:
    article = make_document(session).articles[0]
    set_keywords(session, "雾")

    assert find_lead(session, article, "long", 0, len(article.text)).searchable == ()
    assert find_lead(session, article, "long", 0, 5).searchable == ("雾",)


def test_a_passage_comes_though_the_index_is_gone(session: Session) -> None:
    article: Article = make_document(session).articles[0]
    session.execute(text("DROP TABLE search_index"))

    lead = find_lead(session, article, "standard", 0, 20)

    assert (lead.keywords, lead.searchable) == (("河",), ())
    assert session.scalar(select(Article.title)) == "第1篇"


POINTS = ("修好水库的堤坝", "挖通灌溉的渠道", "种下防风的树林")


@pytest.mark.parametrize(
    ("points", "passages", "said", "shown"),
    [
        (POINTS, 3, "今年有三件事。", POINTS),
        (POINTS, 3, "一是修好水库的堤坝。", POINTS),
        (POINTS, 3, "一是修好水库的堤坝，二是挖通灌溉的渠道。", ()),
        (POINTS, 2, "今年有三件事。", ()),
        (POINTS[:2], 9, "今年有两件事。", ()),
    ],
)
def test_points_are_shown_of_a_long_article_that_does_not_say_them_at_once(
    points: tuple[str, ...], passages: int, said: str, shown: tuple[str, ...]
) -> None:
    assert choose_points(points, passages, said) == shown


def test_only_the_first_passage_has_the_points(session: Session) -> None:
    article = make_document(session).articles[0]
    spans = session.execute(select(Passage.start, Passage.stop).where(Passage.length == "standard")).all()
    article.points = list(POINTS)
    shown = [find_lead(session, article, "standard", *span).points for span in sorted(spans)]
    article.points = None

    assert shown == [POINTS, (), ()]
    assert find_lead(session, article, "standard", *sorted(spans)[0]).points == ()
