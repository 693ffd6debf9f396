"""What a curator is told about a document: dates as he types them, what changes, the worst doubts."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import delete, select

from bot import curation
from bot.curation import Held, apply, difference, find_changes, hold, prepare_anew, typed_date, worst
from bot.database import Database
from bot.imports import Importer
from bot.models import Plan
from content.corrections import redate_article, retitle_article
from content.prepare import PreparedDocument, prepare_document
from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph
from content.versions import Moves
from tests.conftest import NOW

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


def prepared_again(database: Database) -> tuple[Held, PreparedDocument]:
    body = "# 修渠\n\n三月里先清淤泥，再补渠岸。\n".encode()
    document_id = Importer(database, "渠务", None, NOW).import_body("notes.md", body).document_id
    assert document_id is not None
    held = database.run_read(lambda session: hold(session, document_id))
    assert held is not None
    return held, prepare_anew(database, held, (), prepare_document)


def test_a_change_and_the_collections_plan_come_in_one_transaction(database: Database) -> None:
    held, prepared = prepared_again(database)
    database.run_write(lambda session: session.execute(delete(Plan)))
    plans: list[int | None] = []

    apply(database, held, prepared, (), NOW, lambda session: plans.append(session.scalar(select(Plan.id))))

    assert len(plans) == 1
    assert plans[0] is not None


def test_where_the_text_went_is_found_before_other_imports_have_to_wait(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, prepared = prepared_again(database)
    steps: list[str] = []
    lock = database.lock

    def compare(*texts: list[str]) -> Moves:
        steps.append("compare")
        return Moves(*texts)

    def take_turns(name: str) -> AbstractContextManager[None]:
        steps.append("lock")
        return lock(name)

    monkeypatch.setattr(curation, "Moves", compare)
    monkeypatch.setattr(database, "lock", take_turns)
    apply(database, held, prepared, (), NOW)

    assert steps == ["compare", "lock"]


def test_a_correction_is_kept_with_all_that_it_is_found_by(database: Database) -> None:
    held, prepared = prepared_again(database)
    made = (retitle_article(held.drafts, 0, "清淤"), redate_article(held.drafts, 0, None))

    apply(database, held, prepared, made, NOW)

    again = database.run_read(lambda session: hold(session, held.id))
    assert again is not None
    assert again.corrections == made
