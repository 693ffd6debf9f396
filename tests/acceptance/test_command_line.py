"""The command line's other commands, and what failures look like."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.render.template import BLOCKS
from bot.schema import HEAD
from tests.acceptance.conftest import Rizhi
from tests.acceptance.test_import import NOTES, write


@pytest.fixture
def library(rizhi: Rizhi, tmp_path: Path) -> Rizhi:
    """`rizhi` with one document in its corpus."""
    assert rizhi("import", write(tmp_path, "notes.md", NOTES), "--collection", "河湾").returncode == 0
    return rizhi


def test_each_command_is_a_process_that_says_by_its_status_how_it_went(
    process: Rizhi, tmp_path: Path
) -> None:
    done = process("import", write(tmp_path, "notes.md", NOTES))
    found = process("search", "領讀", "--json")
    failed = process("plan", "remove", "无此计划")
    wrong = process("preview", "--days", "x")

    assert [each.returncode for each in (done, found, failed, wrong)] == [0, 0, 1, 2]
    assert [json.loads(found.stdout)["total"], done.stderr, found.stderr] == [1, "", ""]
    assert failed.stderr.startswith("Error: there is no plan “无此计划”")
    assert "Traceback" not in wrong.stderr


def test_a_search_prints_hits_with_their_matches_as_spans(library: Rizhi) -> None:
    found = json.loads(library("search", "領讀", "--json").stdout)

    assert found["total"] == 1
    [hit] = found["hits"]
    assert set(hit) == {"passage_id", "score", "document", "article", "snippet"}
    assert hit["document"] == "notes.md"
    start, stop = hit["snippet"]["highlights"][0]
    assert hit["snippet"]["text"][start:stop] == "领读"


def test_a_search_that_finds_nothing_is_no_failure(library: Rizhi) -> None:
    done = library("search", "量子色动力学", "--json")

    found = json.loads(done.stdout)
    assert (done.returncode, found["total"], found["suggestions"], found["hits"]) == (0, 0, [], [])
    assert "facets" not in found


def test_people_see_where_a_hit_comes_from(rizhi: Rizhi, tmp_path: Path) -> None:
    for day in ("02", "03"):
        write(tmp_path / "notes", f"{day}.md", f"---\ndate: 2024-03-{day}\n---\n{NOTES}")
    rizhi("import", tmp_path / "notes")

    first = rizhi("search", "聚会", "--limit", "1").stdout.splitlines()
    last = rizhi("search", "聚会", "--offset", "5").stdout.splitlines()

    assert first[0] == "2 passages in 2 documents"
    assert first[2:4] == ["1. 河湾读书会纪要", "03.md · 2024-03-03"]  # the latest among equals
    assert first[-1] == "More: --offset 1"
    assert last[-1] == "There is no hit after the first 2."


def test_a_search_says_how_it_was_understood_and_counts_by_document_and_year(
    rizhi: Rizhi, tmp_path: Path
) -> None:
    for day in ("2024-03-02", "2023-03-03"):
        write(tmp_path / "notes", f"{day}.md", f"---\ndate: {day}\n---\n{NOTES}")
    rizhi("import", tmp_path / "notes")
    query = ("--facets", "--", "聚会", "-鲸鱼", "since:2023")

    lines = rizhi("search", *query).stdout.splitlines()
    counted = json.loads(rizhi("search", "--json", *query).stdout)["facets"]
    latest = rizhi("search", "--by-date", "聚会").stdout

    assert lines[:2] == ["Without: 鲸鱼 · Since: 2023-01-01", "2 passages in 2 documents"]
    assert [line.split() for line in lines[2:6]] == [
        ["1", "2023-03-03.md"],
        ["1", "2024-03-02.md"],
        ["1", "2024"],
        ["1", "2023"],
    ]
    assert counted == {
        "more": False,
        "documents": [["2023-03-03.md", 1], ["2024-03-02.md", 1]],
        "years": [[2024, 1], [2023, 1]],
    }
    assert latest.index("2024-03-02") < latest.index("2023-03-03")


def test_a_search_of_several_words_needs_no_quotes(library: Rizhi) -> None:
    apart, together = library("search", "领读", "问题"), library("search", "领读 问题")

    assert apart.returncode == 0
    assert apart.stdout == together.stdout


def test_a_search_says_what_was_looked_for_instead(library: Rizhi) -> None:
    assert "these are the hits for “领读”" in library("search", "lingdu").stdout


def test_a_search_that_finds_nothing_says_what_to_try(library: Rizhi) -> None:
    done = library("search", "量子色动力学")

    assert done.returncode == 0
    assert "Try fewer or other words" in done.stdout


@pytest.mark.parametrize("query", ['"', "AND OR", "-", "*", "a" * 10_000, "(" * 500, "的"])
def test_no_query_is_a_crash(library: Rizhi, query: str) -> None:
    done = library("search", "--json", "--", query)

    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr


def test_a_search_without_a_word_says_so(library: Rizhi) -> None:
    done = library("search", "。。。")

    assert done.returncode == 1
    assert done.stderr == "rizhi: The query holds no word to look for.\n"


def test_the_coming_digests_can_be_seen(library: Rizhi) -> None:
    done = library("preview", "--days", "2", DEFAULT_TIME="06:15")

    assert done.returncode == 0
    assert done.stdout.count(" 06:15 ──") == 2
    assert "河湾读书会纪要｜1/1" in done.stdout
    assert "✅ 读完了" in done.stdout
    assert "🎉 《河湾》读完了" in done.stdout


def test_a_preview_changes_nothing(library: Rizhi) -> None:
    assert library("preview").stdout == library("preview").stdout
    assert " 0 " in library("plan", "list").stdout


def test_a_plan_is_added_listed_and_removed(library: Rizhi) -> None:
    added = library("plan", "add", "聚会", "--collection", "河湾", "--order", "shuffled", "--query", "聚会")
    listed = library("plan", "list")
    removed = library("plan", "remove", "聚会")

    assert "“聚会” is a plan of" in added.stdout
    assert "shuffled" in listed.stdout
    assert (removed.returncode, "聚会" in library("plan", "list").stdout) == (0, False)


def test_a_plan_gets_a_template_that_its_digests_keep_to(library: Rizhi) -> None:
    lines = ("--header", "晨读 {n}/{total}", "--footer", "<b>{plan}</b>")
    edited = library("plan", "edit", "河湾", *lines, "--blocks", "keywords,text")
    shown = library("preview", "--days", "1").stdout.split("\n")
    library("plan", "edit", "河湾", "--header", "", "--footer", "", "--blocks", ",".join(BLOCKS))
    usual = library("preview", "--days", "1").stdout

    assert "rizhi preview --plan" in edited.stdout
    assert shown[1] == "晨读 1/1"
    assert shown[4].startswith("🔑")
    assert "<b>河湾</b>" in shown
    assert not any(line.startswith(("📌", "💡")) for line in shown)
    assert "晨读 1/1" not in usual
    assert "📌" in usual


def test_a_wrong_template_is_refused_and_changes_nothing(library: Rizhi) -> None:
    before = library("preview").stdout
    done = library("plan", "edit", "河湾", "--header", "早安", "--footer", "{weather}")
    nothing = library("plan", "edit", "河湾")

    assert (done.returncode, nothing.returncode) == (1, 2)
    assert "there is no field {weather}; there are: {plan}" in done.stderr
    assert library("preview").stdout == before


@pytest.mark.parametrize("arguments", [("plan", "list"), ("search", "读书"), ("preview",)])
def test_before_the_first_import_one_is_asked_for(rizhi: Rizhi, arguments: tuple[str, ...]) -> None:
    done = rizhi(*arguments)

    assert "rizhi import" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("plan", "remove", "无此计划"), "there is no plan “无此计划”"),
        (("plan", "edit", "无", "--header", "早"), "there is no plan “无”"),
        (("plan", "add", "x", "--collection", "无"), "there is no collection “无”"),
        (("plan", "add", "x", "--collection", "河湾", "--document", "无"), "there is no document “无”"),
        (("plan", "add", "河湾", "--collection", "河湾"), "there is a plan “河湾” already"),
        (("preview", "--plan", "无"), "there is no plan “无”"),
    ],
)
def test_a_wrong_name_is_explained(library: Rizhi, arguments: tuple[str, ...], complaint: str) -> None:
    done = library(*arguments)

    assert done.returncode == 1
    assert complaint in done.stderr


@pytest.mark.parametrize("arguments", [("import",), ("search",), ("nonsense",), ("preview", "--days", "x")])
def test_a_command_called_wrongly_exits_with_two(rizhi: Rizhi, arguments: tuple[str, ...]) -> None:
    assert rizhi(*arguments).returncode == 2


def test_a_database_that_cannot_be_written_is_explained(rizhi: Rizhi, tmp_path: Path) -> None:
    done = rizhi("plan", "list", DATABASE_URL=f"sqlite:///{tmp_path}")

    assert done.returncode == 1
    assert done.stderr.startswith("rizhi: the database cannot be used: ")
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(rizhi: Rizhi) -> None:
    done = rizhi("plan", "list", DEFAULT_TIMEZONE="Asia/Peking", ACCESS="maybe")

    assert done.returncode == 1
    assert "DEFAULT_TIMEZONE" in done.stderr
    assert "ACCESS" in done.stderr


def test_run_without_a_token_says_where_to_get_one(rizhi: Rizhi) -> None:
    done = rizhi("run")

    assert done.returncode == 1
    assert "@BotFather" in done.stderr


def test_the_schema_is_made_once(rizhi: Rizhi) -> None:
    assert rizhi("db", "upgrade").stdout == f"The schema is now at {HEAD}.\n"
    assert rizhi("db", "upgrade").stdout == f"The schema is already at {HEAD}.\n"


def test_people_are_let_in_listed_and_removed(rizhi: Rizhi) -> None:
    assert rizhi("allow").stdout == "Nobody is let in yet; see: rizhi allow --help\n"
    assert rizhi("allow", "42", "43").stdout == "42 is allowed.\n43 is allowed.\n"
    assert rizhi("allow", "43").stdout == "43 is already allowed.\n"
    assert re.fullmatch(r"42 since \d{4}-\d\d-\d\d\n43 since .*\n", rizhi("allow").stdout)

    removed = rizhi("allow", "--remove", "42", ADMIN_IDS="7,42")

    assert removed.stdout == "42 is no longer allowed. ADMIN_IDS still names this person.\n"
    assert rizhi("allow").stdout.startswith("43 since ")


def test_removing_somebody_who_is_not_there_changes_nothing(rizhi: Rizhi) -> None:
    rizhi("allow", "42")

    done = rizhi("allow", "--remove", "42", "44")

    assert done.returncode == 1
    assert "44 is not let in" in done.stderr
    assert rizhi("allow").stdout.startswith("42 since ")


@pytest.mark.parametrize("arguments", [("@ann",), ("0",), ("-5",), ("9" * 30,), ("4２x",), ("--remove",)])
def test_what_is_no_number_of_a_person_is_refused(rizhi: Rizhi, arguments: tuple[str, ...]) -> None:
    done = rizhi("allow", *arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
