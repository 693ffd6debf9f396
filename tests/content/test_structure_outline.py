"""Documents whose format marks headings: which of them open articles, by what stands under them."""

from __future__ import annotations

import pytest

from content.reading.blocks import Block, RawDocument
from content.structure import parse_articles

BODY = (
    "河口镇把三个旧仓库改成了公共书房，钥匙由附近的居民轮流保管，夜里十点才锁门。"
    "来看书的人比预想的多一倍，连外村的孩子也骑车赶来。"
)
LONG = [BODY] * 6


def outline(*texts: str | list[str], wrapped: bool = False) -> list[str]:
    """Return section / title of the articles of a document; # and ## mark the levels of its headings."""
    lines = [line for text in texts for line in ([text] if isinstance(text, str) else text)]
    blocks = tuple(
        Block(line.lstrip("# "), number, number, len(line) - len(line.lstrip("#")))
        for number, line in enumerate(lines, start=1)
    )
    articles = parse_articles(RawDocument(blocks, "utf-8", wrapped), "文件名")
    return [f"{article.section or ''}/{article.title}" for article in articles]


def test_the_lowest_headings_with_enough_text_are_articles_and_those_above_sections() -> None:
    assert outline(
        "# 河口月刊", "## 要闻", "### 书房", LONG, "### 渡口", LONG, "## 来信", "### 司机", LONG
    ) == [
        "要闻/书房",
        "要闻/渡口",
        "来信/司机",
    ]


def test_short_articles_are_known_by_what_says_when_and_by_whom_they_are() -> None:
    signed = [BODY, "（文化站）"]
    assert outline("# 河口月刊", "## 书房", signed, "## 渡口", signed) == ["河口月刊/书房", "河口月刊/渡口"]
    assert outline("# 河口月刊", "## 书房", BODY, "## 渡口", BODY) == ["/河口月刊"]


@pytest.mark.parametrize("points", [("一、", "二、"), ("1. ", "2. "), ("（一）", "（二）")])
def test_the_numbered_points_of_a_long_speech_are_not_articles(points: tuple[str, str]) -> None:
    first, second = points
    assert outline("# 讲话", f"## {first}书房", LONG, f"## {second}渡口", LONG) == ["/讲话"]


def test_the_chapters_of_a_statute_are_not_articles() -> None:
    clauses = [f"第{number}条　{BODY * 3}" for number in "一二三"]
    assert outline("# 书房管理办法", "## 第一章　总则", clauses, "## 第二章　借阅", clauses) == [
        "/书房管理办法"
    ]


def test_long_chapters_of_a_book_are_articles() -> None:
    assert outline("# 河口旧事", "## 第一章 渡口", LONG, "## 第二章 书房", LONG) == [
        "河口旧事/第一章 渡口",
        "河口旧事/第二章 书房",
    ]


def test_a_heading_on_two_lines_of_a_page_is_one_and_is_not_joined_to_the_text() -> None:
    page = [BODY[start : start + 20] for start in range(0, len(BODY), 20)]
    assert outline("# 公共书房", "# 开门迎客", page, "# 雨水管网完工", page, wrapped=True) == [
        "/公共书房开门迎客",
        "/雨水管网完工",
    ]
