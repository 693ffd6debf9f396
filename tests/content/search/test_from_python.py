"""The program in docs/python.md runs as it stands, on both engines, and prints what is said there."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "python.md").read_text(encoding="utf-8")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    at = f"sqlite:///{tmp_path}/passages.db"
    return at if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def test_the_program_for_outsiders_prints_what_it_is_said_to(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = r"(?ms)^```python\n(.*?)^```\n\n```\n(.*?)^```$"
    [(program, printed)] = re.findall(blocks, PAGE)
    file = tmp_path / "program.py"
    file.write_text(program.replace("sqlite:///passages.db", url), encoding="utf-8")

    runpy.run_path(str(file))["engine"].dispose()

    assert capsys.readouterr().out == printed
