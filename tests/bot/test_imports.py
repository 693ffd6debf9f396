"""A document that comes again in a new version: its id, its readers' places and its corrections stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.imports import Importer, Outcome
from bot.models import Reading
from content.corrections import merge_article, retitle_article
from content.ingest import original_of, record_corrections
from content.models import STANDARD, Article, Document, Original, Passage
from content.prepare import draft_articles
from content.reading import read_document
from content.search import find_fault, parse_query, rebuild_index, search
from tests.conftest import NOW

NAME = "notes.md"
SPRING = "三月里先清淤泥，再补渠岸，十一户人家轮流出工，每天记工分。"
SUMMER = "六月里日夜看水，谁家的田先灌、灌多久，都写在水牌上，挂在渠首。"
NOTES = f"# 春天\n\n{SPRING}\n\n# 夏天\n\n{SUMMER}\n"
EDITED = NOTES.replace("# 春天", "# 引子\n\n今年的雨水比去年少一些，大家早早商量。\n\n# 春天")
EDITED = EDITED.replace("十一户", "十二户")


def take_in(database: Database, text: str, name: str = NAME, collection: str = "渠务") -> Outcome:
    return Importer(database, collection, None, NOW).import_body(name, text.encode())


def titles(database: Database) -> list[str]:
    query = select(Article.title).order_by(Article.document_id, Article.ordinal)
    return database.run_read(lambda session: list(session.scalars(query)))


def found(database: Database, words: str) -> list[str]:
    def texts(session: Session) -> list[str]:
        hits = search(session, parse_query(words), limit=5, offset=0, visibilities=("public",)).hits
        return [hit.article for hit in hits]

    return database.run_read(texts)


def correct_first(database: Database, document_id: int) -> None:
    """Merge the second article with the first, and give that another title."""
    drafts, _ = draft_articles(read_document(NAME, NOTES.encode()), NAME)
    made = [retitle_article(drafts, 0, "春夏记事"), merge_article(drafts, 1)]
    database.run_write(lambda session: record_corrections(session, document_id, made, NOW))


def test_a_new_version_takes_the_place_of_the_old_one(database: Database) -> None:
    first = take_in(database, NOTES)
    second = take_in(database, EDITED)

    assert (first.status, second.status) == ("imported", "updated")
    assert second.document_id == first.document_id
    assert titles(database) == ["引子", "春天", "夏天"]
    assert found(database, "十二户人家")[0] == "春天"
    assert found(database, "雨水比去年少") == ["引子"]


def test_the_new_version_is_found_in_its_document_again_and_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(database, NOTES)
    monkeypatch.setattr("content.ingest.PIECE_CHARS", 10)  # a transaction for each article
    take_in(database, EDITED)
    assert found(database, "雨水 in:渠务") == found(database, f"雨水 in:{NAME}") == ["引子"]

    take_in(database, NOTES)

    assert found(database, f"水牌 in:{NAME}") == ["夏天"]


def test_what_an_index_built_meanwhile_says_of_a_draft_is_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.ingest.PIECE_CHARS", 10)
    take_in(database, NOTES)
    write = database.run_write

    def rebuild_before(work: Callable[[Session], object]) -> object:
        assert write(find_fault) is None
        list(rebuild_index(write))
        return write(work)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(database, "run_write", rebuild_before)
        take_in(database, EDITED)

    assert found(database, f"雨水 in:{NAME}") == ["引子"]


def test_an_articles_points_are_kept_with_it(database: Database) -> None:
    take_in(database, NOTES.replace(SPRING, f"第一，先清淤泥。{SPRING}\n\n第二，再补两边的渠岸。"))
    points = database.run_read(lambda session: session.scalars(select(Article.points)).all())

    assert points == [["先清淤泥", "再补两边的渠岸"], []]


def test_nothing_of_the_old_version_is_left(database: Database) -> None:
    take_in(database, NOTES)
    second = take_in(database, EDITED)

    def left(session: Session) -> list[object]:
        documents = session.scalars(select(Document.id)).all()
        body = original_of(session, documents[0])
        old = session.scalar(select(func.count(Passage.id)).where(Passage.text.contains("十一户")))
        return [
            len(documents),
            body == EDITED.encode(),
            session.scalar(select(func.count(Original.document_id))),
            old,
        ]

    assert database.run_read(left) == [1, True, 1, 0]
    assert take_in(database, EDITED).status == "duplicate"
    assert second.sha256 == take_in(database, EDITED).sha256


def test_what_was_read_stays_read_in_the_new_version(database: Database) -> None:
    document_id = take_in(database, NOTES).document_id or 0
    reading = Reading(user_id=1, document_id=document_id, article=1, start=0, stop=len(SUMMER))
    reading.local_date, reading.read_at = dt.date(2026, 3, 2), NOW
    database.run_write(lambda session: session.add(reading))

    take_in(database, EDITED)

    def read(session: Session) -> str:
        row = session.scalars(select(Reading)).one()
        article = session.scalars(select(Article).where(Article.ordinal == row.article)).one()
        return article.text[row.start : row.stop]

    assert database.run_read(read) == SUMMER


def test_corrections_are_made_again_in_the_new_version(database: Database) -> None:
    document_id = take_in(database, NOTES).document_id or 0
    correct_first(database, document_id)

    outcome = take_in(database, EDITED)

    assert titles(database) == ["引子", "春夏记事"]
    assert outcome.note is None


def test_corrections_that_have_no_place_any_more_are_named(database: Database) -> None:
    document_id = take_in(database, NOTES).document_id or 0
    correct_first(database, document_id)

    outcome = take_in(database, NOTES[NOTES.index("# 夏天") :])

    assert outcome.status == "updated"
    assert "2" in (outcome.note or "")


def test_another_text_of_the_same_name_is_another_document(database: Database) -> None:
    first = take_in(database, NOTES)
    other = take_in(database, "# 账本\n\n" + "收了三百二十户的水费，还差十一户没有交清。" * 3)

    assert other.status == "imported"
    assert other.document_id != first.document_id
    assert len(titles(database)) == 3


@pytest.mark.parametrize(("name", "collection"), [("other.md", "渠务"), (NAME, "账务")])
def test_a_version_has_the_name_and_the_collection(database: Database, name: str, collection: str) -> None:
    take_in(database, NOTES)

    assert take_in(database, EDITED, name, collection).status == "imported"


def test_a_crash_in_the_middle_leaves_the_old_version_and_is_cleared_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(database, NOTES)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("no room left on the disk")

    with monkeypatch.context() as patch:
        patch.setattr("bot.imports.move_places", fail)
        with pytest.raises(RuntimeError):
            take_in(database, EDITED)

    assert found(database, "十一户人家")[0] == "春天"
    take_in(database, EDITED)
    assert titles(database) == ["引子", "春天", "夏天"]
    assert found(database, "十二户人家")[0] == "春天"


def test_the_index_has_the_passages_of_the_new_version_and_no_others(database: Database) -> None:
    take_in(database, NOTES)
    take_in(database, EDITED)

    def indexed(session: Session) -> tuple[int, int]:
        from content.search.index import engine_of

        standard = select(func.count(Passage.id)).where(Passage.length == STANDARD)
        return engine_of(session).frequencies(session, [""])[""], session.scalar(standard) or 0

    size, passages = database.run_read(indexed)
    assert size == passages


def test_files_without_change_are_left_alone(database: Database, tmp_path: Path) -> None:
    first = take_in(database, NOTES)

    assert take_in(database, NOTES).status == "duplicate"
    assert first.document_id == database.run_read(lambda session: session.scalar(select(Document.id)))


def test_a_file_that_comes_again_brings_the_original_that_was_not_kept(database: Database) -> None:
    document_id = take_in(database, NOTES).document_id or 0
    database.run_write(lambda session: session.execute(delete(Original)))

    assert take_in(database, NOTES).status == "duplicate"
    assert database.run_read(lambda session: original_of(session, document_id)) == NOTES.encode()
    assert take_in(database, NOTES).status == "duplicate"
