"""Documents in: `rizhi import` as a person or a program runs it."""

from __future__ import annotations

import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.cells import cell_len

from tests.acceptance.conftest import Rizhi, json_lines

NOTES = """# 河湾读书会纪要

## 第一次聚会

三月二日晚上，十一个人在旧书店的二楼坐下来，约好每个月读完一本书，每次由一个人领读。领读的人前一天把问题发给大家。

## 第二次聚会

四月六日，大家带来了各自抄下的句子。有人抄了一整页，有人只抄了七个字，说这七个字想了一个星期。
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_goes_in_with_articles_passages_and_keywords(rizhi: Rizhi, tmp_path: Path) -> None:
    done = rizhi("import", write(tmp_path, "notes.md", NOTES), "--json")

    [document] = json_lines(done)
    assert done.returncode == 0
    assert (document["document"], document["status"], document["error"]) == ("notes.md", "imported", None)
    text = "".join(p for article in document["articles"] for p in article["paragraphs"])
    assert "每个月读完一本书" in text
    passage = document["articles"][0]["passages"][0]
    assert isinstance(passage["id"], int)
    assert set(passage) == {"id", "text", "keywords", "summary"}
    assert all(isinstance(term, str) and 0 < weight <= 1 for term, weight in passage["keywords"])


def test_the_same_bytes_twice_add_nothing_and_say_so(rizhi: Rizhi, tmp_path: Path) -> None:
    path = write(tmp_path, "notes.md", NOTES)
    [first] = json_lines(rizhi("import", path, "--json"))

    done = rizhi("import", path, "--json")

    [second] = json_lines(done)
    assert done.returncode == 0
    assert second["status"] == "duplicate"
    assert second["articles"] == first["articles"]


def test_one_bad_file_is_named_and_the_others_go_in(rizhi: Rizhi, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    write(folder, "a.txt", "读书\n\n每天读一点，读完记一句。" * 3)
    (folder / "b.txt").write_bytes(b"\x00\x01\x02\xff\xfe\xfd" * 100)
    write(folder, "c.txt", "")
    write(folder, "sub/d.md", NOTES)

    done = rizhi("import", folder, "--json")

    outcomes = {line["document"]: line for line in json_lines(done)}
    assert done.returncode == 1
    assert {name: line["status"] for name, line in outcomes.items()} == {
        "a.txt": "imported",
        "b.txt": "failed",
        "c.txt": "failed",
        "sub/d.md": "imported",
    }
    assert outcomes["b.txt"]["error"]
    assert outcomes["c.txt"]["error"]
    assert outcomes["c.txt"]["articles"] == []


def test_people_see_a_table_and_the_reason(rizhi: Rizhi, tmp_path: Path) -> None:
    write(tmp_path / "folder", "good.md", NOTES)
    write(tmp_path / "folder", "empty.txt", " \n")

    done = rizhi("import", tmp_path / "folder")

    assert cells(done) == {
        "good.md": ["imported", "1", "1", ""],
        "empty.txt": ["failed", "", "", "The document holds no text."],
    }
    assert "empty.txt: The document holds no text." in done.stderr
    assert "Traceback" not in done.stderr


def cells(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """Return the rows of the table by document: the first lines of their cells."""
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in done.stdout.splitlines()
        if "│" in line
    ]
    return {row[0]: row[1:] for row in rows if row[1]}


def test_the_report_ends_with_what_readers_will_see(rizhi: Rizhi, tmp_path: Path) -> None:
    path = write(tmp_path, "notes.md", NOTES)

    first = rizhi("import", path, "--collection", "河湾", "--visibility", "members").stdout.splitlines()
    second = rizhi("import", path, "--collection", "河湾")

    assert first[-3:] == [
        "Collection “河湾” (members): 1 imported.",
        "Plan “河湾”: 1 passage, in sequence, 0 subscriptions.",
        "Next: rizhi preview shows the coming digests, rizhi run sends them.",
    ]
    assert "Collection “河湾” (members): 1 duplicate." in second.stdout
    assert cells(second)["notes.md"][0] == "duplicate"
    assert "went in before" in second.stdout


def test_an_import_of_nothing_but_failures_says_that_nothing_went_in(rizhi: Rizhi, tmp_path: Path) -> None:
    done = rizhi("import", write(tmp_path, "empty.md", " "))

    assert done.stdout.splitlines()[-1] == "Nothing went in: 1 failed."


def test_a_dry_run_tells_people_that_nothing_was_stored(rizhi: Rizhi, tmp_path: Path) -> None:
    done = rizhi("import", write(tmp_path, "notes.md", NOTES), "--dry-run")

    assert cells(done)["notes.md"][0] == "can go in"
    assert "nothing was stored" in done.stderr
    assert "imported" not in done.stdout


def test_a_wide_name_leaves_the_table_whole(rizhi: Rizhi, tmp_path: Path) -> None:
    name = "河湾读书会纪要与附录" * 7
    write(tmp_path / "folder", f"{name}.md", NOTES)
    write(tmp_path / "folder", "empty.txt", " ")

    lines = [line for line in rizhi("import", tmp_path / "folder").stdout.splitlines() if line[:1] in "┏┃┡│└"]

    assert {cell_len(line) for line in lines} == {80}
    assert name[:8] in "".join(line.split("│")[1].strip() for line in lines if "│" in line)
    assert any(" imported " in line and line.count(" 1 ") == 2 for line in lines)


def test_files_of_other_kinds_in_a_folder_are_left_out_and_named(rizhi: Rizhi, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    write(folder, "good.md", NOTES)
    for name in ("picture.jpg", "letter.doc", "__init__.py", "__pycache__/a.pyc", ".hidden.doc", "x.json"):
        write(folder, name, "no text")

    done = rizhi("import", folder, "--json")

    assert [line["document"] for line in json_lines(done)] == ["good.md"]
    assert done.stderr == "Left out, of no kind that is read: letter.doc, picture.jpg\n"
    assert done.returncode == 0


def test_of_many_files_left_out_ten_are_named(rizhi: Rizhi, tmp_path: Path) -> None:
    write(tmp_path / "folder", "good.md", NOTES)
    for number in range(12):
        write(tmp_path / "folder", f"{number:02}.jpg", "")

    done = rizhi("import", tmp_path / "folder", "--json")

    assert done.stderr.endswith("09.jpg and 2 others\n")


def test_a_file_that_is_not_there_fails_with_its_name(rizhi: Rizhi, tmp_path: Path) -> None:
    done = rizhi("import", tmp_path / "missing.txt", "--json")

    [line] = json_lines(done)
    assert (done.returncode, line["status"], line["error"]) == (1, "failed", "No such file or directory")


def test_every_encoding_gives_the_same_text(rizhi: Rizhi, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        write(tmp_path / "folder", f"{encoding}.md", NOTES, encoding)

    lines = json_lines(rizhi("import", tmp_path / "folder", "--dry-run", "--json"))

    articles = [[article["paragraphs"] for article in line["articles"]] for line in lines]
    assert len(articles) == 4
    assert all(each == articles[0] for each in articles)


def test_a_dry_run_stores_nothing(rizhi: Rizhi, tmp_path: Path, database_url: str) -> None:
    [line] = json_lines(rizhi("import", write(tmp_path, "notes.md", NOTES), "--dry-run", "--json"))

    assert line["status"] == "imported"
    assert {passage["id"] for article in line["articles"] for passage in article["passages"]} == {None}
    assert not Path(database_url.removeprefix("sqlite:///")).exists()


def test_a_collection_gets_one_plan_of_its_name_in_sequence(rizhi: Rizhi, tmp_path: Path) -> None:
    rizhi("import", write(tmp_path, "a.md", NOTES), "--collection", "河湾")
    rizhi("import", write(tmp_path, "b.md", NOTES + "\n再加一句。"), "--collection", "河湾")

    listed = rizhi("plan", "list")

    rows = [line for line in listed.stdout.splitlines() if "河湾" in line]
    assert len(rows) == 1
    assert "sequence" in rows[0]


def test_what_an_interrupted_import_left_is_cleared_away(
    rizhi: Rizhi, tmp_path: Path, database_url: str
) -> None:
    path = write(tmp_path, "notes.md", NOTES)
    rizhi("import", path)
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE document SET visible = 0")
    connection.close()
    assert '"total": 0' in rizhi("search", "读书会", "--json").stdout

    done = rizhi("import", path, "--json")

    [line] = json_lines(done)
    assert line["status"] == "imported"
    assert '"documents": 1' not in done.stdout
    assert rizhi("search", "抄下的句子", "--json").stdout.count('"passage_id"') == 1


def test_the_five_seeds_go_in_completely_and_are_found(rizhi: Rizhi, seeds: list[Path]) -> None:
    done = rizhi("import", *seeds, "--json")

    lines = json_lines(done)
    assert [len(line["articles"]) for line in lines] == [5, 5, 1, 1, 44]
    assert all("\n" not in article["title"] for line in lines for article in line["articles"])
    assert done.returncode == 0
    assert '"total": 0' not in rizhi("search", "复工复产", "--json").stdout


def test_two_imports_of_one_folder_at_once_take_turns(process: Rizhi, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "folder", f"{number}.md", NOTES + f"\n第 {number} 份。")

    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda _: process("import", tmp_path / "folder", "--json"), range(2)))

    statuses = sorted(line["status"] for run in runs for line in json_lines(run))
    assert statuses == ["duplicate"] * 3 + ["imported"] * 3
    assert all(run.returncode == 0 for run in runs)


def test_a_duplicate_says_which_collection_has_it(rizhi: Rizhi, tmp_path: Path) -> None:
    path = write(tmp_path, "notes.md", NOTES)
    rizhi("import", path, "--collection", "公开")

    done = rizhi("import", path, "--collection", "内部", "--visibility", "admins")

    assert "it is in “公开” already and stays there" in done.stderr
    assert "内部" not in rizhi("plan", "list").stdout
