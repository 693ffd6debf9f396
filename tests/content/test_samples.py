"""The corpus that ships: every document is read as its writer meant it, and no sentence is anyone else's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from content.models import STANDARD
from content.passages import BOUNDS, reading_units
from content.prepare import PreparedArticle, PreparedDocument, PreparedPassage, prepare_document
from content.reading import SUFFIXES
from content.samples import FOLDER

Row: TypeAlias = tuple[str, str | None, str | None, str | None, int]
"""Title, section, date, source and number of passages of an article."""

READER, ENGLISH_READER, STATION = "日知随附读本", "The Rizhi reader", "青石渡水文站"
RECORD, MEMORY, ORIGINS = "青石渡水文站2023年观测报告", "怎样学才记得住", "知识是怎样传下来的"
STUDY, DISCOVERY = "Notes on Studying", "How We Came to Know"

ARTICLES: dict[str, list[Row]] = {
    "how-we-came-to-know.md": [
        ("Everything in twenty-eight volumes", DISCOVERY, None, ENGLISH_READER, 2),
        ("The measure of the Earth", DISCOVERY, None, ENGLISH_READER, 2),
        ("A clock to find one's place", DISCOVERY, None, ENGLISH_READER, 2),
        ("Two doctors and an invisible cause", DISCOVERY, None, ENGLISH_READER, 2),
    ],
    "notes-on-studying.md": [
        ("The man who memorised nonsense", STUDY, None, ENGLISH_READER, 1),
        ("Testing is a way of learning", STUDY, None, ENGLISH_READER, 1),
        ("How to read a number", STUDY, None, ENGLISH_READER, 1),
        ("A slow reader's method", STUDY, None, ENGLISH_READER, 1),
    ],
    "怎样学才记得住.md": [
        ("隔几天再看一遍", MEMORY, None, READER, 1),
        ("笔记是写给忘了的自己看的", MEMORY, None, READER, 1),
        ("怎样读一部法条", MEMORY, None, READER, 1),
        ("问一个好问题", MEMORY, None, READER, 1),
        ("日知：每天知道一点不知道的", MEMORY, None, READER, 1),
    ],
    "河湾读书简报-2024-03.txt": [
        ("河湾读书简报 2024年第3期", None, "2024-03-25", None, 1),
        ("旧粮站阅览室试开放满月", "会讯", "2024-02-20", "阅览室值守组", 1),
        ("十七册航行簿回来了", "会讯", "2024-03-11", "航行簿整理小组", 1),
        ("沈括怎样看一座山", "读书笔记", "2024-03-02", "周梅", 1),
        ("一升是多少", "读书笔记", "2024-03-16", "罗望川", 1),
        ("二十三口井的水位", "乡土", "2024-03-16", "河湾中学地理组", 1),
        ("读不懂的三句话", "问答", None, "读书会问答组", 1),
    ],
    "知识是怎样传下来的.md": [
        ("从五车书到一张纸", ORIGINS, None, READER, 1),
        ("算盘：拨得动的数", ORIGINS, None, READER, 1),
        ("把星星画在纸上", ORIGINS, None, READER, 1),
        ("毕昇的泥字", ORIGINS, None, READER, 1),
        ("让水翻过山去的大运河", ORIGINS, None, READER, 1),
        ("一本与做官无关的书", ORIGINS, None, READER, 1),
    ],
    "社区菜园管理办法.txt": [("柳荫里社区菜园管理办法", None, "2023-11-18", None, 2)],
    "青石渡村图书室开馆讲话.txt": [("在青石渡村图书室开馆时的讲话", None, "2024-04-20", "沈守拙", 3)],
    "青石渡水文站2023年报告.md": [
        ("这一年的雨", RECORD, "2024-01-15", STATION, 1),
        ("水位和流量", RECORD, "2024-01-15", STATION, 1),
        ("泥沙和水温", RECORD, "2024-01-15", STATION, 1),
        ("仪器和人", RECORD, "2024-01-15", STATION, 1),
    ],
}
NEWSLETTER = "河湾读书简报-2024-03.txt"

HAN_RUN = re.compile("[\u4e00-\u9fff]+")
SHARED_RUN_CHARS = 12
"""So many Chinese characters in a row are a sentence that was copied, not a turn of phrase."""


@cache
def prepared(name: str) -> PreparedDocument:
    return prepare_document(name, (FOLDER / name).read_bytes())


def standard_passages(article: PreparedArticle) -> list[PreparedPassage]:
    return [passage for passage in article.passages if passage.length == STANDARD]


def row(article: PreparedArticle) -> Row:
    draft = article.draft
    date = draft.date.isoformat() if draft.date else None
    return draft.title, draft.section, date, draft.source, len(standard_passages(article))


def all_passages(*names: str) -> list[PreparedPassage]:
    return [
        passage
        for name in names or ARTICLES
        for article in prepared(name).articles
        for passage in standard_passages(article)
    ]


def runs_of_han(text: str) -> set[str]:
    """Every run of SHARED_RUN_CHARS Chinese characters in the text, blanks and line ends left out."""
    return {
        run[start : start + SHARED_RUN_CHARS]
        for run in HAN_RUN.findall("".join(text.split()))
        for start in range(len(run) - SHARED_RUN_CHARS + 1)
    }


def test_the_folder_holds_these_documents_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.suffix in SUFFIXES} == set(ARTICLES)


@pytest.mark.parametrize("name", ARTICLES)
def test_every_article_has_the_title_section_date_and_source_that_its_text_gives(name: str) -> None:
    assert [row(article) for article in prepared(name).articles] == ARTICLES[name]


def test_the_newsletter_has_a_paragraph_for_every_indented_line() -> None:
    lines = (FOLDER / NEWSLETTER).read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines, start=1) if re.match("\u3000{2}(?!\u3000)", line)]
    drafts = [article.draft for article in prepared(NEWSLETTER).articles]
    assert [paragraph.first_line for draft in drafts for paragraph in draft.paragraphs] == starts


def test_no_page_number_of_the_newsletter_is_read_as_text() -> None:
    assert not any("—" in passage.text for passage in all_passages(NEWSLETTER))


def test_there_are_about_forty_passages_each_of_a_readable_length() -> None:
    assert 35 <= len(all_passages()) <= 45
    least, most = BOUNDS[STANDARD]
    assert all(least <= reading_units(passage.text) <= most for passage in all_passages())


def test_there_is_enough_to_read_in_either_language_and_the_names_tell_which() -> None:
    english = all_passages(*(name for name in ARTICLES if name.isascii()))
    chinese = all_passages(*(name for name in ARTICLES if not name.isascii()))
    assert len(english) >= 10
    assert not any(HAN_RUN.search(passage.text) for passage in english)
    assert len(chinese) >= 25
    assert all(HAN_RUN.search(passage.text) for passage in chinese)


def test_every_passage_has_at_least_five_keywords_of_its_own_words() -> None:
    for passage in all_passages():
        words = " ".join(passage.text.split())
        assert len(passage.keywords) >= 5
        assert all(keyword.term in words for keyword in passage.keywords)


def test_the_speech_is_cut_at_its_parts() -> None:
    headings = [passage.draft.heading for passage in all_passages("青石渡村图书室开馆讲话.txt")]
    assert headings == [None, "二、怎样把它用起来", "三、怎样让它十年以后还开着"]


def test_the_rules_are_cut_between_two_of_their_numbered_articles() -> None:
    _, second = all_passages("社区菜园管理办法.txt")
    assert second.text.startswith("第七条")


def test_no_sentence_is_shared_with_the_first_five_documents(seeds: list[Path]) -> None:
    theirs = set().union(*(runs_of_han(seed.read_text(encoding="utf-8")) for seed in seeds))
    ours = {name: runs_of_han((FOLDER / name).read_text(encoding="utf-8")) for name in ARTICLES}
    assert {name: runs & theirs for name, runs in ours.items() if runs & theirs} == {}
