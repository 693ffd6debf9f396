"""An import that is stopped midway: nothing is half imported, and the same command goes on from there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from content.models import Document
from content.search.index import find_fault
from tests.acceptance.conftest import Rizhi, json_lines

FILES = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of small documents, of which more is told than a pipe holds: who reads stops the import."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for number in range(FILES):
        text = f"第{number}次夜谈\n\n第{number}夜大家说到渠首的水闸该由谁来看，说到后半夜才散。\n" * 5
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


def stop_after_three(folder: Path, environment: dict[str, str], how: signal.Signals) -> tuple[int, int, str]:
    """Start an import, stop it; return its exit status, how many documents it named, and its last words."""
    command = [sys.executable, "-m", "bot", "import", str(folder), "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, cwd=folder
    ) as process:
        assert process.stdout
        assert process.stderr
        named = [process.stdout.readline() for _ in range(3)]
        process.send_signal(how)
        named += process.stdout.readlines()
        said = process.stderr.read()
        return process.wait(60), len(named), said


def state(url: str) -> tuple[list[str], int, str | None]:
    """Return the names of the visible documents in order, how many are not visible, the index's fault."""

    def look(session: Session) -> tuple[list[str], int, str | None]:
        rows = session.execute(select(Document.name, Document.visible).order_by(Document.id)).all()
        visible = [name for name, is_visible in rows if is_visible]
        return visible, len(rows) - len(visible), find_fault(session)

    database = Database(url)
    try:
        return database.run_write(look)
    finally:
        database.close()


def test_ctrl_c_says_how_far_it_came_and_leaves_nothing_half_imported(
    folder: Path, environment: dict[str, str], database_url: str
) -> None:
    status, named, said = stop_after_three(folder, environment, signal.SIGINT)

    visible, invisible, fault = state(database_url)
    assert status == 130
    assert 3 <= named < FILES
    assert f"Stopped after {named} of {FILES} documents." in said
    assert "Traceback" not in said
    assert len(visible) in (named, named + 1)  # the last may be stored and not yet named
    assert (invisible, fault) == (0, None)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_the_next_import_takes_the_rest(
    rizhi: Rizhi, folder: Path, environment: dict[str, str], database_url: str, how: signal.Signals
) -> None:
    stop_after_three(folder, environment, how)
    first, _, _ = state(database_url)

    outcomes = json_lines(rizhi("import", folder, "--json"))

    names = [f"{number:03}.txt" for number in range(FILES)]
    statuses = {line["document"]: line["status"] for line in outcomes}
    assert statuses == {name: "duplicate" if name in first else "imported" for name in names}
    assert state(database_url) == (names, 0, None)
