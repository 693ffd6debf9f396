"""Newsletters are divided where their articles begin; it is known where this is unsure."""

from __future__ import annotations

from random import Random

from content.reading import read_document
from content.structure import ArticleDraft, parse_articles
from tests.content.newsletter import Newsletter, any_style, flat, newsletter, start_scores

NEWSLETTERS = 60


def parse(made: Newsletter) -> list[ArticleDraft]:
    return parse_articles(read_document("a.txt", made.text.encode()), "文件名")


def make(number: int, wrapped: bool = True) -> Newsletter:
    random = Random(number)
    style = any_style(random)
    return newsletter(random, style if wrapped else flat(style))


def f1(newsletters: list[Newsletter]) -> float:
    scores = [start_scores([a.first_line for a in parse(made)], made.first_lines) for made in newsletters]
    right, found, wanted = map(sum, zip(*scores, strict=True))
    return 2 * right / (found + wanted)


def test_articles_of_wrapped_newsletters_begin_at_their_titles() -> None:
    assert f1([make(number) for number in range(NEWSLETTERS)]) >= 0.98


def test_articles_begin_at_their_titles_where_paragraphs_are_not_broken() -> None:
    assert f1([make(number, wrapped=False) for number in range(NEWSLETTERS)]) >= 0.95


def test_of_the_articles_that_are_relied_on_hardly_any_is_wrong() -> None:
    relied_on = right = 0
    for made in map(make, range(NEWSLETTERS)):
        titles = dict(zip(made.first_lines, made.titles, strict=True))
        for article in parse(made):
            if article.confidence >= 0.8:
                relied_on += 1
                right += titles.get(article.first_line) == "".join(article.title.split())
    assert relied_on > 5 * NEWSLETTERS
    assert right >= 0.98 * relied_on
