"""Fixtures for the straight paths: `rizhi` as a person runs it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Rizhi = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'rizhi.db'}"


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """An environment that holds nothing of the machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"HOME": str(tmp_path / "home"), "DATABASE_URL": database_url, "PYTHONUTF8": "1"}


@pytest.fixture
def rizhi(tmp_path: Path, environment: dict[str, str]) -> Rizhi:
    """Run `rizhi …` in an empty folder and return what it printed and its exit status."""
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *map(str, arguments)]
        root = Path(__file__).parents[2]
        env = environment | {"PYTHONPATH": str(root)} | extra
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)

    return run


def json_lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the objects printed, one a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]
