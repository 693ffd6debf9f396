"""What a curator is told about a document: dates as he types them, what changes, the worst doubts."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.curation import difference, find_changes, typed_date, worst
from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph

TODAY = dt.date(2026, 3, 2)


def draft(title: str, text: str) -> ArticleDraft:
    return ArticleDraft(title, None, None, None, (Paragraph(text, 1, 1),), None, 1, 1, 1.0, ())


@pytest.mark.parametrize(
    ("typed", "near", "date"),
    [
        ("2019-05-04", None, "2019-05-04"),
        ("2027年1月1日", None, "2027-01-01"),
        ("2月3日", None, "2026-02-03"),
        ("8月3日", None, "2025-08-03"),
        ("8月3日", dt.date(2020, 2, 5), "2020-08-03"),
        ("昨天", dt.date(2020, 2, 5), "2026-03-01"),
        ("那天", None, None),
    ],
)
def test_a_day_without_a_year_is_near_the_articles_own_date_or_past(
    typed: str, near: dt.date | None, date: str | None
) -> None:
    found = typed_date(typed, TODAY, near)

    assert (found.isoformat() if found else None) == date


def test_an_article_that_keeps_its_title_or_its_text_is_changed_and_not_new() -> None:
    before = [draft("甲", "一"), draft("乙", "二"), draft("丙", "三"), draft("丁", "四")]
    after = [draft("新", "〇"), draft("甲", "一"), draft("乙", "二改"), draft("丙改", "三")]

    assert difference(find_changes(before, after)) == (1, 1, 2)
    assert difference(find_changes(before, before)) == (0, 0, 0)


def test_the_worst_doubts_come_first_and_among_equals_the_first_of_the_file() -> None:
    kinds = [("no_date", 1), ("weak_title", 8), ("page_without_text", 9), ("weak_title", 3), ("no_title", 12)]
    ranked = [(doubt.kind, doubt.line) for doubt in worst([Doubt(kind, line, "") for kind, line in kinds])]

    assert ranked == [
        ("page_without_text", 9),
        ("no_title", 12),
        ("weak_title", 3),
        ("weak_title", 8),
        ("no_date", 1),
    ]
