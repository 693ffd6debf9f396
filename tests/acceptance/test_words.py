"""`rizhi words` and `rizhi docs recut --collection`: an organiser's own terms in the keywords."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Rizhi, json_lines
from tests.acceptance.test_import import write

QUARRY = (
    "# 灰云岩\n\n三叠纪灰云岩露在山脚。老石匠说，三叠纪灰云岩最耐风雨，桥墩都用它。修桥的石匠每年来看。\n"
)
BRIDGE = "# 石桥\n\n石匠修桥先看基岩。桥拱要一块一块对上，石匠一天只砌三块。\n"


@pytest.fixture
def stones(rizhi: Rizhi, tmp_path: Path) -> list[Path]:
    paths = [write(tmp_path, "quarry.md", QUARRY), write(tmp_path, "bridge.md", BRIDGE)]
    rizhi("import", *paths, "--collection", "石料")
    return paths


def keywords(rizhi: Rizhi, path: Path) -> set[str]:
    """Return what the document's passages have, as a second import of it tells."""
    [line] = json_lines(rizhi("import", path, "--collection", "石料", "--json"))
    passages = line["articles"][0]["passages"]
    return {term for passage in passages for term, _ in passage["keywords"]}


def test_words_are_added_listed_and_removed(rizhi: Rizhi, stones: list[Path], tmp_path: Path) -> None:
    listed = write(tmp_path, "terms.txt", "\ufeff三疊紀灰雲岩\n\n桥墩\n")

    added = rizhi("words", "add", "石料", "基岩", "--file", listed)
    rizhi("words", "add", "石料", "石匠", "--stop")
    before = rizhi("words", "list", "石料").stdout
    removed = rizhi("words", "remove", "石料", "桥墩", "木匠")

    assert added.stdout.splitlines() == [
        "3 terms added to “石料”.",
        "This holds for what comes in; for what is there: rizhi docs recut --collection '石料'",
    ]
    assert before == "Terms:\n  基岩\n  三疊紀灰雲岩\n  桥墩\nStop words:\n  石匠\n"
    assert removed.stderr == "Not among the words of “石料”: 木匠\n"
    assert removed.stdout.startswith("1 word removed from “石料”.\n")
    assert "桥墩" not in rizhi("words", "list", "石料").stdout


def test_what_is_there_gets_them_when_its_collection_is_cut_anew(rizhi: Rizhi, stones: list[Path]) -> None:
    before = [keywords(rizhi, path) for path in stones]
    rizhi("docs", "retitle", "2", "1", "河湾的石桥")
    rizhi("words", "add", "石料", "三疊紀灰雲岩")
    rizhi("words", "add", "石料", "石匠", "--stop")

    done = rizhi("docs", "recut", "--collection", "石料", "--yes")
    quarry, bridge = (keywords(rizhi, path) for path in stones)

    assert (done.returncode, done.stdout) == (0, "2 documents cut anew; readers keep their places.\n")
    assert all("石匠" in words for words in before)
    assert "三叠纪灰云岩" in quarry
    assert "石匠" not in quarry | bridge
    assert "1. 河湾的石桥" in rizhi("docs", "show", "2").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("words", "list", "无此"), 1, "there is no collection “无此”"),
        (("words", "add", "石料"), 2, "give at least one TERM"),
        (("words", "add", "石料", "石"), 1, "“石” has not 2 to 24 characters"),
        (("docs", "recut", "--collection", "无此"), 1, "there is no document in “无此”"),
        (("docs", "recut"), 2, "name a DOCUMENT or a --collection"),
        (("docs", "recut", "1", "--collection", "石料"), 2, "name a DOCUMENT or a --collection"),
    ],
)
def test_what_makes_no_sense_is_said(
    rizhi: Rizhi, stones: list[Path], arguments: tuple[str, ...], status: int, said: str
) -> None:
    done = rizhi(*arguments)

    assert done.returncode == status
    assert said in done.stderr


def test_a_list_in_another_encoding_is_refused(rizhi: Rizhi, stones: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_bytes("灰云岩\n".encode("gb18030"))

    done = rizhi("words", "add", "石料", "--file", path)

    assert (done.returncode, "terms.txt is not in UTF-8" in done.stderr) == (1, True)


def test_a_collection_without_words_says_how_to_add_some(rizhi: Rizhi, stones: list[Path]) -> None:
    assert "rizhi words add" in rizhi("words", "list", "石料").stdout
