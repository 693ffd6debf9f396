"""Fixtures for the straight paths: `rizhi` as a person runs it, and small libraries."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.database import Database
from bot.imports import Importer
from bot.sources import find_files
from tests.command_line import run_here
from tests.conftest import NOW, copied_file, made_file
from tests.factories import make_document, make_plan
from tests.secrecy import WATCH

LIBRARY = (("reading-circle.md", "河湾", "public"), ("charter.txt", "公约", "members"))
"""The files of the small library, each with its collection and who may read it."""

PLACES = ("上游的水闸", "老渡口", "石桥", "下游的滩地")
LOG = "水位记在本子上，岸边的柳树又绿了一些，遇见的人都问今年雨多不多。"

Rizhi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'rizhi.db'}"


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """An environment that holds nothing of the machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    ours = {"HOME": str(tmp_path / "home"), "DATABASE_URL": database_url}
    return kept | ours | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1", "COLUMNS": "80"}


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    """The folder in which `rizhi` runs."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def rizhi(empty_folder: Path, environment: dict[str, str]) -> Rizhi:
    """Run `rizhi …` in an empty folder and return what it printed and its exit status."""

    def run(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        return run_here(main, arguments, empty_folder, environment | extra)

    return run


@pytest.fixture
def process(empty_folder: Path, environment: dict[str, str]) -> Rizhi:
    """Run `rizhi …` as `rizhi` does, but in a process of its own, as a person does."""

    def run(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *map(str, arguments)]
        env = environment | extra
        done = subprocess.run(command, cwd=empty_folder, env=env, capture_output=True, text=True, timeout=120)
        WATCH.look_through(done.stdout + done.stderr)
        return done

    return run


def json_lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the objects printed, one a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def library_file(empty_database_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the small library beside this file imported: plan 河湾, members' plan 公约."""
    path = tmp_path_factory.mktemp("library") / "library.db"
    shutil.copy(empty_database_file, path)
    with made_file(path) as database:
        for name, collection, visibility in LIBRARY:
            importer = Importer(database, collection, visibility, NOW)
            [outcome] = importer.import_files(find_files([Path(__file__).parent / "library" / name]))
            assert outcome.status == "imported", outcome.error
    return path


@pytest.fixture
def library(library_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test's own with the small library in it."""
    with copied_file(library_file, tmp_path / "library.db") as database:
        yield database


@pytest.fixture
def river(database: Database) -> Database:
    """A database with one plan, 河畔, of three passages whose keywords and summaries are set by hand."""
    database.run_write(lambda session: (make_document(session), make_plan(session)))
    return database


@pytest.fixture
def journal(database: Database, tmp_path: Path) -> Database:
    """A database with one plan, 巡河, of twelve articles that each have a passage of their own."""
    import_journal(database, tmp_path)
    return database


def import_journal(database: Database, folder: Path) -> None:
    """Import the twelve articles, from a file that is written into the folder."""
    days = [
        f"# 巡河日记{day}\n\n第{day}天，{'、'.join(PLACES[day % 4 :])}都走了一遍。{LOG}"
        for day in range(1, 13)
    ]
    (folder / "journal.md").write_text("\n\n".join(days), encoding="utf-8")
    [outcome] = Importer(database, "巡河", "public", NOW).import_files(find_files([folder / "journal.md"]))
    assert outcome.status == "imported", outcome.error
