"""Articles are found with title, section, date and source, and nothing of the text is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import DocumentError
from content.reading import read_document
from content.structure import ArticleDraft, parse_articles

BODY = (
    "河口镇把三个旧仓库改成了公共书房，钥匙由附近的居民轮流保管，夜里十点才锁门。"
    "来看书的人比预想的多一倍，连外村的孩子也骑车赶来。"
)


def parse(text: str, name: str = "a.txt") -> list[ArticleDraft]:
    return parse_articles(read_document(name, text.encode()), "文件名")


def one(text: str, name: str = "a.txt") -> ArticleDraft:
    [article] = parse(text, name)
    return article


def test_a_newsletter_is_divided_by_sections_titles_and_signatures() -> None:
    first, second, third = parse(
        f"【要闻】\n\n公共书房开门迎客\n\n{BODY}\n\n{BODY}\n\n（河口镇文化站）\n\n"
        f"雨水管网改造完工\n\n{BODY}\n\n（市政科）\n\n【来信】\n\n谢谢那位司机\n\n{BODY}\n"
    )
    assert [first.title, second.title, third.title] == [
        "公共书房开门迎客",
        "雨水管网改造完工",
        "谢谢那位司机",
    ]
    assert [first.section, second.section, third.section] == ["要闻", "要闻", "来信"]
    assert [first.source, second.source, third.source] == ["河口镇文化站", "市政科", None]
    assert [paragraph.text for paragraph in first.paragraphs] == [BODY, BODY]
    assert (first.first_line, first.last_line) == (3, 9)


def test_reports_are_divided_by_the_day_in_their_first_words_and_the_stock_closing_line() -> None:
    first, second = parse(
        f"镇议事会召开例会\n3月4日，镇议事会召开例会。{BODY}\n会议还研究了其他事项。\n"
        f"镇议事会召开第二次例会\n讨论书房开放时间\n3月11日，议事会再次开会。{BODY}\n5月1日，书房开门。\n"
    )
    assert second.title == "镇议事会召开第二次例会 讨论书房开放时间"
    assert first.closing == "会议还研究了其他事项。"
    assert "其他事项" not in first.text
    assert [article.date for article in (first, second)] == [None, None]
    assert second.paragraphs[-1].text == "5月1日，书房开门。"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["把书房办到家门口", "让更多孩子有地方读书"], "把书房办到家门口 让更多孩子有地方读书"),
        (["河口镇关于加强公共书房", "管理工作的若干办法"], "河口镇关于加强公共书房管理工作的若干办法"),
        (["河口镇统筹", "推进书房建设"], "河口镇统筹推进书房建设"),
        (["办好“小院", "书房”的几点体会"], "办好“小院书房”的几点体会"),
        (["一年三变，", "看河口镇的书房"], "一年三变，看河口镇的书房"),
        (["A Reading Room", "in Every Street"], "A Reading Room in Every Street"),
    ],
)
def test_a_title_of_several_lines_stands_on_one(lines: list[str], title: str) -> None:
    assert one("\n".join([*lines, "", BODY, BODY])).title == title


@pytest.mark.parametrize(
    ("head", "date", "source"),
    [
        ("（2021年4月5日）\n\n林一舟", dt.date(2021, 4, 5), "林一舟"),
        ("二〇二一年四月五日", dt.date(2021, 4, 5), None),
        ("林一舟\n2021-04-05", dt.date(2021, 4, 5), "林一舟"),
        ("来源：四乡晚报 发布时间：2021-04-05 08:30", dt.date(2021, 4, 5), "四乡晚报"),
        ("作者：林一舟", None, "林一舟"),
    ],
)
def test_lines_under_the_title_become_fields_and_leave_the_text(
    head: str, date: dt.date | None, source: str | None
) -> None:
    article = one(f"在公共书房开门仪式上的讲话\n\n{head}\n\n各位乡亲：\n\n{BODY}\n")
    assert (article.title, article.date, article.source) == ("在公共书房开门仪式上的讲话", date, source)
    assert [paragraph.text for paragraph in article.paragraphs] == ["各位乡亲：", BODY]


@pytest.mark.parametrize(
    ("tail", "date", "source"),
    [
        ("摘自:四乡晚报\n\n发布时间:2021年04月05日 22:46", dt.date(2021, 4, 5), "四乡晚报"),
        ("（来源：四乡晚报）", None, "四乡晚报"),
        ("河口镇文化站\n2021年4月5日", dt.date(2021, 4, 5), "河口镇文化站"),
    ],
)
def test_lines_under_the_text_become_fields_and_leave_it(
    tail: str, date: dt.date | None, source: str
) -> None:
    article = one(f"公共书房开门迎客\n\n{BODY}\n\n{BODY}\n\n{tail}\n")
    assert (article.date, article.source) == (date, source)
    assert [paragraph.text for paragraph in article.paragraphs] == [BODY, BODY]


@pytest.mark.parametrize(
    ("lead", "source"),
    [
        ("四乡新闻网讯（记者 林一舟）4月5日，", "四乡新闻网"),
        ("临江社河口4月5日电（记者 林一舟）", "临江社"),
        ("本报讯 4月5日，", None),
    ],
)
def test_an_agency_in_the_first_words_is_the_source_and_stays_in_the_text(
    lead: str, source: str | None
) -> None:
    article = one(f"公共书房开门迎客\n\n{lead}{BODY}\n")
    assert article.source == source
    assert article.text == lead + BODY


@pytest.mark.parametrize("lead", ["截至4月5日18时，", "自4月5日起，", "4月5日以来，"])
def test_a_day_that_bounds_a_time_is_not_the_articles_date(lead: str) -> None:
    assert one(f"公共书房开门迎客（2021年3月1日修改）\n\n{lead}{BODY}\n").date is None


def test_a_year_comes_from_the_neighbours_also_across_new_year() -> None:
    first, second, third = parse(
        f"开门第一天\n\n12月30日，书房开门。{BODY}\n\n（文化站）\n\n写给读者\n\n（2021年1月2日）\n\n{BODY}\n\n（文化站）\n\n"
        f"开门第二周\n\n1月9日，书房添了新书。{BODY}\n"
    )
    assert [first.date, second.date, third.date] == [
        dt.date(2020, 12, 30), dt.date(2021, 1, 2), dt.date(2021, 1, 9)
    ]  # fmt: skip


def test_a_year_comes_from_a_day_named_in_the_text_unless_a_later_year_is_named() -> None:
    told = f"开门第一天\n\n3月2日，书房开门。筹备从2021年1月5日开始。{BODY}\n"
    assert one(told).date == dt.date(2021, 3, 2)
    assert one(told + "到2035年，村村都有书房。\n").date is None


def test_indented_sub_titles_stay_as_the_first_paragraphs() -> None:
    article = one(f"公共书房开门迎客\n　　钥匙轮流保管\n　　夜里十点才锁门\n　　3月4日，{BODY}\n")
    assert article.title == "公共书房开门迎客"
    assert [paragraph.text for paragraph in article.paragraphs][:2] == ["钥匙轮流保管", "夜里十点才锁门"]


def test_numbered_chapters_are_sub_headings_of_one_article() -> None:
    article = one(f"河口旧事\n\n第一章 渡口\n\n{BODY}\n\n{BODY}\n\n第二章 书房\n\n{BODY}\n")
    assert [p.text for p in article.paragraphs if p.is_heading] == ["第一章 渡口", "第二章 书房"]


def test_a_table_of_contents_does_not_hide_the_first_chapter() -> None:
    article = one(
        "读书约定\n（2021年1月1日村民会议通过）\n\n目录\n第一章 总则\n第二章 书房\n\n"
        "第一章　总则\n第一条　为了读书，订立约定。\n第二章　书房\n第二条　书房天天开门。\n"
    )
    assert (article.title, article.date) == ("读书约定", dt.date(2021, 1, 1))
    assert [p.first_line for p in article.paragraphs if p.is_heading] == [8, 10]
    assert article.paragraphs[0].text == "（2021年1月1日村民会议通过）"


def test_labelled_lines_of_a_notice_are_text_and_its_office_and_day_are_fields() -> None:
    article = one(
        f"关于举办读书节的通知\n\n各村：\n\n{BODY}\n\n一、时间安排\n时间：2021年3月1日\n地点：文化站\n\n特此通知。\n\n"
        "                    河口镇文化站\n                    2021年2月20日\n"
    )
    assert (article.date, article.source) == (dt.date(2021, 2, 20), "河口镇文化站")
    assert [p.text for p in article.paragraphs][-3:] == ["时间：2021年3月1日", "地点：文化站", "特此通知。"]


def test_items_of_a_list_are_not_headings() -> None:
    article = one(f"书房守则\n\n{BODY}\n\n1、轻声\n\n2、还书\n\n3、关灯\n\n{BODY}\n")
    assert not any(paragraph.is_heading for paragraph in article.paragraphs)


def test_a_document_without_a_title_is_called_by_the_fallback() -> None:
    article = one(f"{BODY}\n\n{BODY}\n")
    assert (article.title, len(article.paragraphs)) == ("文件名", 2)


def test_a_poem_keeps_its_lines() -> None:
    lines = ["渡口的灯", "一盏一盏亮起来", "像有人", "把名字", "写在水上", "又擦去", "再写一遍", "直到天明"]
    article = one("\n".join(lines))
    assert article.text == "\n".join(lines)


def test_applause_in_brackets_does_not_end_an_article() -> None:
    article = one(f"在开门仪式上的讲话\n\n{BODY}\n\n（热烈鼓掌）\n\n{BODY}\n")
    assert len(article.paragraphs) == 3


def test_markdown_with_several_first_headings_has_as_many_articles() -> None:
    first, second = parse(f"# 书房\n\n{BODY}\n\n## 钥匙\n\n{BODY}\n\n# 渡口\n\n{BODY}\n", "a.md")
    assert [first.title, second.title] == ["书房", "渡口"]
    assert [paragraph.is_heading for paragraph in first.paragraphs] == [False, True, False]


def test_long_chapters_under_one_first_heading_are_articles_of_a_section() -> None:
    chapter = "\n\n".join([BODY] * 6)
    preface, first, second = parse(
        f"# 河口旧事\n\n{BODY}\n\n## 渡口\n\n{chapter}\n\n## 书房\n\n{chapter}\n", "a.md"
    )
    assert [preface.title, first.title, second.title] == ["河口旧事", "渡口", "书房"]
    assert [preface.section, first.section, second.section] == [None, "河口旧事", "河口旧事"]


def test_short_chapters_under_one_first_heading_are_sub_headings() -> None:
    article = one(f"# 书房守则\n\n## 借书\n\n{BODY}\n\n## 还书\n\n{BODY}\n", "a.md")
    assert article.title == "书房守则"
    assert [p.text for p in article.paragraphs if p.is_heading] == ["借书", "还书"]


def test_a_first_heading_without_text_names_the_section() -> None:
    chapter = "\n\n".join([BODY] * 6)
    found = parse(f"# 要闻\n\n## 书房\n\n{chapter}\n\n## 渡口\n\n{chapter}\n\n# 来信\n\n{BODY}\n", "a.md")
    assert [(article.section, article.title) for article in found] == [
        ("要闻", "书房"), ("要闻", "渡口"), (None, "来信")
    ]  # fmt: skip


def test_front_matter_gives_title_date_and_source() -> None:
    article = one(f"---\ntitle: 河口旧事\ndate: 2021-04-05\nauthor: 林一舟\n---\n{BODY}\n", "a.md")
    assert (article.title, article.date, article.source) == ("河口旧事", dt.date(2021, 4, 5), "林一舟")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_document_that_is_only_a_title_is_an_article_of_that_line(name: str) -> None:
    assert (
        one("公共书房开门迎客" if name == "a.txt" else "# 公共书房开门迎客", name).text == "公共书房开门迎客"
    )


PIECES = st.sampled_from(
    [
        BODY, "公共书房开门迎客", "一、钥匙", "（文化站）", "【要闻】", "（2021年4月5日）",
        "林一舟", "会议还研究了其他事项。", "3月4日，书房开门。", "来源：四乡晚报", "各位乡亲：",
        "第一条　书房天天开门。", "1", "— 3 —", "Read more.", "“好。”",
    ]
)  # fmt: skip


@given(
    st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", "\n　　", "\n\n\n"])), min_size=1, max_size=25)
)
def test_any_order_of_lines_gives_articles_with_text_in_the_order_of_the_file(
    lines: list[tuple[str, str]],
) -> None:
    try:
        articles = parse("".join(text + gap for text, gap in lines))
    except DocumentError:
        return
    spans = [(p.first_line, p.last_line) for article in articles for p in article.paragraphs]
    assert all(article.title and article.paragraphs for article in articles)
    assert spans == sorted(spans)
    assert [a.first_line for a in articles] == sorted(a.first_line for a in articles)
    assert "\n".join(text for text, _ in lines).count(BODY) == sum(
        article.text.count(BODY) for article in articles
    )
