"""`rizhi docs`: a curator sees what was found and corrects it, and a new version keeps the corrections."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.database import Database
from content.models import Original
from tests.acceptance.conftest import Rizhi
from tests.acceptance.test_import import write

BOOK = """# 修渠

三月里先清淤泥，再补渠岸，十一户人家轮流出工，每天记工分。

工分到年底一起算，谁家出工多，水费就少交一点。

# 看水

六月里日夜看水，谁家的田先灌、灌多久，都写在水牌上。
"""


@pytest.fixture
def book(rizhi: Rizhi, tmp_path: Path) -> Path:
    path = write(tmp_path, "book.md", BOOK)
    rizhi("import", path)
    return path


def titles(rizhi: Rizhi) -> list[str]:
    return re.findall(r"^ +\d+\. (.+)$", rizhi("docs", "show", "1").stdout, re.MULTILINE)


def forget_original(database_url: str) -> None:
    """Leave the document as if it had come before originals were kept."""
    with closing(Database(database_url)) as database:
        database.run_write(lambda session: session.execute(delete(Original)))


def test_documents_are_listed_with_what_was_found_in_them(rizhi: Rizhi, book: Path) -> None:
    listed = rizhi("docs", "list").stdout

    assert "book.md" in listed
    assert re.search(r"│ +2 │ +2 │ +\d+ │ +0 │", listed)


def test_an_empty_corpus_says_what_to_do(rizhi: Rizhi) -> None:
    assert "rizhi import" in rizhi("docs", "list").stdout


def test_an_article_is_shown_paragraph_by_paragraph(rizhi: Rizhi, book: Path) -> None:
    assert titles(rizhi) == ["修渠", "看水"]
    assert "2. 工分到年底一起算" in rizhi("docs", "show", "1", "1").stdout


def test_a_merge_shows_what_goes_and_what_comes_and_can_be_taken_back(rizhi: Rizhi, book: Path) -> None:
    done = rizhi("docs", "merge", "1", "2")

    assert done.returncode == 0
    assert re.findall(r"^([-+] \d+\. \S+),", done.stdout, re.MULTILINE) == [
        "- 1. 修渠",
        "- 2. 看水",
        "+ 1. 修渠",
    ]
    assert titles(rizhi) == ["修渠"]
    rizhi("docs", "undo", "1")
    assert titles(rizhi) == ["修渠", "看水"]


def test_an_article_is_split_titled_and_dated(rizhi: Rizhi, book: Path) -> None:
    for correction in (
        ("split", "1", "1", "2", "--title", "工分"),
        ("retitle", "1", "3", "夜里看水"),
        ("redate", "1", "2", "2026-03-02"),
    ):
        assert rizhi("docs", *correction).returncode == 0

    assert titles(rizhi) == ["修渠", "工分", "夜里看水"]
    assert "2026-03-02" in rizhi("docs", "show", "1").stdout


def test_corrections_survive_a_new_version_of_the_document(rizhi: Rizhi, book: Path) -> None:
    rizhi("docs", "retitle", "1", "2", "夜里看水")
    book.write_text(
        BOOK.replace("# 修渠", "# 前言\n\n今年雨水少，大家早早商量。\n\n# 修渠"), encoding="utf-8"
    )

    assert "updated" in rizhi("import", book).stdout
    assert titles(rizhi) == ["前言", "修渠", "夜里看水"]


def test_search_finds_what_the_correction_made(rizhi: Rizhi, book: Path) -> None:
    rizhi("docs", "retitle", "1", "2", "轮灌规约")

    assert "轮灌规约" in rizhi("search", "轮灌规约").stdout


def test_a_removed_document_is_gone(rizhi: Rizhi, book: Path) -> None:
    assert rizhi("docs", "remove", "1").returncode == 0

    assert "rizhi import" in rizhi("docs", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("show", "7"), "rizhi docs list"),
        (("show", "1", "9"), "2 articles"),
        (("merge", "1", "1"), "rizhi docs show 1"),
        (("split", "1", "1", "9"), "rizhi docs show 1"),
        (("undo", "1"), "no correction"),
        (("redate", "1", "1", "昨天"), "昨天"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    rizhi: Rizhi, book: Path, arguments: tuple[str, ...], hint: str
) -> None:
    done = rizhi("docs", *arguments)

    assert done.returncode != 0
    assert hint in done.stderr
    assert titles(rizhi) == ["修渠", "看水"]


def test_a_document_without_its_original_is_shown_and_removed_and_corrected_once_it_is_sent_again(
    rizhi: Rizhi, book: Path, database_url: str
) -> None:
    forget_original(database_url)
    refused = rizhi("docs", "retitle", "1", "2", "夜里看水")

    assert titles(rizhi) == ["修渠", "看水"]
    assert (refused.returncode, "import the file again" in refused.stderr) == (1, True)
    rizhi("import", book)
    assert rizhi("docs", "retitle", "1", "2", "夜里看水").returncode == 0
    forget_original(database_url)
    assert rizhi("docs", "remove", "1").returncode == 0
