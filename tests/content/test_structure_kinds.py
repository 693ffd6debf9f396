"""Texts of many kinds, each beside what a reader finds in it: > before a heading, # before a title."""

from __future__ import annotations

import datetime as dt

import pytest

from content.reading import read_document
from content.structure import ArticleDraft, parse_articles

BODY = (
    "河口镇把三个旧仓库改成了公共书房，钥匙由附近的居民轮流保管，夜里十点才锁门。"
    "来看书的人比预想的多一倍，连外村的孩子也骑车赶来。"
)
MARK = "BODY"
"""Stands for the paragraph above, in texts and in what is expected of them."""


def parse(text: str) -> list[ArticleDraft]:
    return parse_articles(read_document("a.txt", text.replace(MARK, BODY).encode()), "文件名")


def outline(articles: list[ArticleDraft]) -> list[str]:
    lines = []
    for article in articles:
        lines.append("# " + article.title)
        lines += ["> " * p.is_heading + p.text.replace(BODY, MARK) for p in article.paragraphs]
    return lines


KINDS = {
    "a speech with unnumbered sub-titles in the middle is one article": """
　　　　　　　　在读书节开幕式上的讲话
　　　　　　　　　（2021年4月5日）
　　　　　　　　　　　林一舟

各位乡亲：

　　BODY

　　　　　　　　　把书留下来

　　BODY
　　BODY

　　　　　　　　　把人请进来

　　BODY
=====
# 在读书节开幕式上的讲话
各位乡亲：
BODY
> 把书留下来
BODY
BODY
> 把人请进来
BODY
""",
    "a speech with numbered headings is one article": """
在读书节开幕式上的讲话

BODY

一、把书留下来

BODY

（一）先登记

BODY

二、把人请进来

BODY
=====
# 在读书节开幕式上的讲话
BODY
> 一、把书留下来
BODY
> （一）先登记
BODY
> 二、把人请进来
BODY
""",
    "a statute has chapters and sections as headings and its articles as paragraphs": """
河口镇公共书房管理办法
（2021年4月5日河口镇村民会议通过）

第一章　总　则
第一条　为了管好书房，制定本办法。
第二章　借　阅
第一节　办证
第二条　住在河口镇的人，都可以办证。
=====
# 河口镇公共书房管理办法
（2021年4月5日河口镇村民会议通过）
> 第一章　总　则
第一条　为了管好书房，制定本办法。
> 第二章　借　阅
> 第一节　办证
第二条　住在河口镇的人，都可以办证。
""",
    "questions and answers stay paragraphs, and a sub-title with a dash is of the title": """
公共书房里的一天
——访老馆长

记者：书房由谁来管？

老馆长：BODY

记者：花了多少钱？

老馆长：BODY
=====
# 公共书房里的一天——访老馆长
记者：书房由谁来管？
老馆长：BODY
记者：花了多少钱？
老馆长：BODY
""",
    "a poem keeps its lines, with or without marks at their ends": """
渡口

林一舟

灯一盏一盏亮起来，
像有人把名字写在水上，
又擦去，
再写一遍，直到天明。

船还没有来。
我等。
=====
# 渡口
灯一盏一盏亮起来，
像有人把名字写在水上，
又擦去，
再写一遍，直到天明。
船还没有来。
我等。
""",
    "a classic keeps what is said in its paragraph": """
渡口问答

客曰：“渡何在？”翁曰：“在水之南。”客曰：“水深几何？”
翁笑曰：“每渡必湿其衣。”
=====
# 渡口问答
客曰：“渡何在？”翁曰：“在水之南。”客曰：“水深几何？”
翁笑曰：“每渡必湿其衣。”
""",
    "English prose is joined between its empty lines; a line in title case is a heading": """
THE READING ROOM

By Ann Hale

The library opened at nine, and by ten every
chair was taken by readers who had walked in
from the hills.

What the Neighbours Said

Some came for the newspapers; others, one may
suspect, came for the stove, and nobody wished
to leave.
=====
# THE READING ROOM
The library opened at nine, and by ten every chair was taken by readers who had walked in from the hills.
> What the Neighbours Said
Some came for the newspapers; others, one may suspect, came for the stove, and nobody wished to leave.
""",
    "a title may hold a date": """
2月3日河口镇召开书房工作会议

2月3日，BODY

（文化站）

2月9日河口镇公布借书账目

2月9日，BODY
=====
# 2月3日河口镇召开书房工作会议
2月3日，BODY
# 2月9日河口镇公布借书账目
2月9日，BODY
""",
    "notes stay with the article that they are of and head nothing": """
公共书房开门迎客

BODY[1]

BODY

[1] 林一舟：《河口旧事》，河口书社，1990年版

（文化站）

雨水管网完工

3月4日，BODY①

① 见《四乡晚报》

BODY
=====
# 公共书房开门迎客
BODY[1]
BODY
[1] 林一舟：《河口旧事》，河口书社，1990年版
# 雨水管网完工
3月4日，BODY①
① 见《四乡晚报》
BODY
""",
    "the rows of a table are lines of the text": """
公共书房账目

BODY

项目    数量    金额
书架    12      3600元

3月4日，BODY
=====
# 公共书房账目
BODY
项目    数量    金额
书架    12      3600元
3月4日，BODY
""",
    "titles that look like those that are known are titles": """
　　　　　　　公共书房开门迎客
　　BODY
（文化站）
　　　　　　　雨水管网完工
　　BODY
（市政科）
　　　　　　　谢谢那位司机
　　BODY
　　　　　　　两座旧桥重新通车
　　BODY
=====
# 公共书房开门迎客
BODY
# 雨水管网完工
BODY
# 谢谢那位司机
BODY
# 两座旧桥重新通车
BODY
""",
}
"""Texts, and below the rule what a reader finds in them."""


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_text_is_read_as_a_reader_does(name: str) -> None:
    text, expected = KINDS[name].split("=====\n")
    assert outline(parse(text)) == expected.splitlines()


@pytest.mark.parametrize(
    "lines",
    [
        "来源：四乡晚报\n日期：2026-02-03",
        "来源：四乡晚报\n时间：2026-02-03 08:30",
        "来源：四乡晚报\n发布时间：2026年2月3日",
        "2026年2月3日 来源：四乡晚报",
        "来源：四乡晚报 2026-02-03 08:30",
        "时间：2026-02-03  来源：四乡晚报",
    ],
)
def test_a_date_that_stands_with_the_source_is_the_articles(lines: str) -> None:
    [article] = parse(f"公共书房开门迎客\n{lines}\n\nBODY\n\nBODY\n")
    assert (article.date, article.source) == (dt.date(2026, 2, 3), "四乡晚报")
    assert article.text == f"{BODY}\n{BODY}"


def test_the_time_in_the_head_of_minutes_stays_in_the_text() -> None:
    [article] = parse("书房例会纪要\n\n时间：2021年3月1日\n地点：文化站\n\nBODY\n")
    assert article.text == f"时间：2021年3月1日\n地点：文化站\n{BODY}"


def test_a_letters_signature_with_place_and_day_becomes_fields() -> None:
    [article] = parse(
        "写给读书会的一封信\n\n各位书友：\n\nBODY\n\n此致\n敬礼\n\n林一舟\n2021年4月5日于河口\n"
    )
    assert (article.source, article.date) == ("林一舟", dt.date(2021, 4, 5))
    assert [p.text for p in article.paragraphs][-2:] == ["此致", "敬礼"]


def test_stock_endings_are_kept_apart_from_the_text() -> None:
    [article] = parse("公共书房开门迎客\n\nBODY\n\nBODY\n\n（完）\n\n更多内容请关注“四乡晚报”公众号\n")
    assert article.closing == "（完）\n更多内容请关注“四乡晚报”公众号"
    assert article.text == f"{BODY}\n{BODY}"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("公共书房开门迎客\n\nBODY\n\nBODY\n", []),
        ("BODY\n\nBODY\n", ["no_title"]),
        ("公共书房开门迎客\n\n书房开门。\n", ["short_article"]),
        ("公共书房开门迎客\n\nBODY\n\n　　雨水管网改造完工\n\nBODY\n", ["title_in_body"]),
        ("公共书房开门迎客\n\n" + MARK * 25 + "\n", ["long_paragraph"]),
        ("公共书房开门迎客\n\n" + BODY[:45] + "\n" + BODY[45:] + "\n", ["torn_paragraph"]),
        ("公共书房开门迎客\n\n3月4日，BODY\n\nBODY筹备从2021年1月5日开始。\n", ["guessed_year"]),
    ],
)
def test_what_is_in_doubt_is_said_and_lowers_the_confidence(text: str, kinds: list[str]) -> None:
    [article] = parse(text)
    assert [doubt.kind for doubt in article.doubts] == kinds
    assert (article.confidence < 1) == bool(kinds)
    assert 0 < article.confidence <= 1


def test_an_article_without_a_date_among_dated_ones_is_in_doubt() -> None:
    dated = "".join(f"第{n}次开门\n\n（2021年4月{n}日）\n\nBODY\n\n（文化站）\n\n" for n in (1, 2))
    *_, last = parse(dated + "谢谢那位司机\n\nBODY\n")
    assert [(doubt.kind, doubt.line, doubt.text) for doubt in last.doubts] == [
        ("no_date", 17, "谢谢那位司机")
    ]


def test_a_title_that_little_speaks_for_is_in_doubt() -> None:
    _, second = parse("公共书房开门迎客\n\nBODY\n\n谢谢司机\n\n3月4日，BODY\n")
    assert [doubt.kind for doubt in second.doubts] == ["weak_title"]
