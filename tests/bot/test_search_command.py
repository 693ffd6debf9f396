"""`rizhi search`, as far as it is about what people see."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commands.search import search
from bot.database import Database
from bot.imports import Importer
from bot.settings import Settings
from bot.sources import find_files
from tests.conftest import NOW

TITLE = "河湾小学四年级的学生一起走遍全村的水井并且量出每一口井的水位再把数字画成地图的那个春天"
TEXT = "最浅的井在豆腐坊，最深的在老学堂，水位相差八米。"


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """The settings of a corpus of one article with a long title."""
    (tmp_path / "wells.md").write_text(f"# {TITLE}\n\n{TEXT}\n", encoding="utf-8")
    list(Importer(database, "河湾", "public", NOW).import_files(find_files([tmp_path / "wells.md"])))
    return Settings(database_url=database.url)  # type: ignore[arg-type]


def found(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(search, words, obj=settings)


def test_long_lines_are_left_to_the_terminal(settings: Settings) -> None:
    assert f"\n1. {TITLE}\nwells.md\n{TEXT}\n" in found(settings, "水位").output


def test_it_is_said_how_a_query_with_a_minus_is_typed(settings: Settings) -> None:
    refused = found(settings, "水位", "-学堂")

    assert refused.exit_code == 2
    assert "rizhi search -- wanted -unwanted" in refused.output
    assert "Nothing was found" in found(settings, "--", "水位", "-学堂").output


@pytest.mark.parametrize("place", ["河湾", "wells", "河湾小学", "豆腐坊"])
def test_a_place_is_named_by_its_name_or_by_the_title_that_readers_see(
    settings: Settings, place: str
) -> None:
    output = found(settings, "水位", f"in:{place}").output

    if place == "豆腐坊":
        assert f"Nothing is called what in: names; there are, among others: {TITLE}" in output
    else:
        assert "1 passage in 1 document" in output
        assert "Nothing is called" not in output


def test_of_a_query_that_is_too_long_it_is_said_how_much_was_used(settings: Settings) -> None:
    assert found(settings, "水位" * 128).stderr == ""
    long = found(settings, "水位" * 5000, "--json")

    assert long.stderr == "Only the first 256 characters of the query were used.\n"
    assert long.stdout.startswith('{"total": 1')
