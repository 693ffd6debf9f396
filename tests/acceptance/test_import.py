"""Documents in: `rizhi import` as a person or a program runs it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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

    assert "good.md" in done.stdout
    assert "imported" in done.stdout
    assert "empty.txt: The document holds no text." in done.stderr
    assert "Traceback" not in done.stderr


def test_files_of_other_kinds_in_a_folder_are_left_out_and_named(rizhi: Rizhi, tmp_path: Path) -> None:
    write(tmp_path / "folder", "good.md", NOTES)
    write(tmp_path / "folder", "picture.jpg", "no text")

    done = rizhi("import", tmp_path / "folder", "--json")

    assert [line["document"] for line in json_lines(done)] == ["good.md"]
    assert "picture.jpg" in done.stderr
    assert done.returncode == 0


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


def test_two_imports_of_one_folder_at_once_take_turns(rizhi: Rizhi, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "folder", f"{number}.md", NOTES + f"\n第 {number} 份。")

    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda _: rizhi("import", tmp_path / "folder", "--json"), range(2)))

    statuses = sorted(line["status"] for run in runs for line in json_lines(run))
    assert statuses == ["duplicate"] * 3 + ["imported"] * 3
    assert all(run.returncode == 0 for run in runs)


def test_a_duplicate_says_which_collection_has_it(rizhi: Rizhi, tmp_path: Path) -> None:
    path = write(tmp_path, "notes.md", NOTES)
    rizhi("import", path, "--collection", "公开")

    done = rizhi("import", path, "--collection", "内部", "--visibility", "admins")

    assert "it is in “公开” already and stays there" in done.stderr
    assert "内部" not in rizhi("plan", "list").stdout
