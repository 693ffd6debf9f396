"""What the documents say is so: commands, options, settings and their defaults, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from pydantic import SecretStr

import bot
from bot.cli import rizhi
from bot.handlers.commands import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, pattern: str) -> list[tuple[str, str]]:
    """Return the first cell without its back quotes, and the second, of each row whose first cell fits."""
    cells = re.findall(rf"^\| `({pattern})` \| (.*?) \|", read(name), re.MULTILINE)
    return [(first.replace("\\|", "|"), second) for first, second in cells]


def leaves(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    """Return the commands that do something, each with the words that call it."""
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    below = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [leaf for name, child in below if child for leaf in leaves(child, f"{path} {name}")]


def usage(path: str, command: click.Command) -> tuple[str, set[str], set[str]]:
    """Return the command, the names of its arguments and its options."""
    arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    names = {(argument.metavar or argument.name or "").strip("[].").upper() for argument in arguments}
    return path, names, {option for parameter in options for option in parameter.opts}


def documented_usage(row: str) -> tuple[str, set[str], set[str]]:
    """Return the same from a row of a README's table."""
    path = re.match(r"[a-z ]+[a-z]", row)
    assert path
    rest = re.sub(r"(--[a-z-]+) [^\]\s]+", r"\1", row[path.end() :])  # an option's value is no argument
    return path[0], set(re.findall(r"(?<![\w-])[A-Z]{2,}", rest)), set(re.findall(r"--[a-z-]+", rest))


@pytest.mark.parametrize("readme", READMES)
def test_every_command_stands_in_the_table_with_its_options_and_no_other(readme: str) -> None:
    said = [documented_usage(row) for row, _ in rows(readme, "rizhi .*?")]
    is_so = [usage(path, command) for path, command in leaves(rizhi, "rizhi")]

    assert sorted(said, key=str) == sorted(is_so, key=str)


@pytest.mark.parametrize("readme", READMES)
def test_the_values_of_a_choice_are_named_in_their_order(readme: str) -> None:
    said = " ".join(row for row, _ in rows(readme, "rizhi .*?"))

    for _, command in leaves(rizhi, "rizhi"):
        for parameter in command.params:
            if isinstance(parameter.type, click.Choice):
                assert f"{parameter.opts[0]} {'|'.join(parameter.type.choices)}" in said


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_bot_stands_in_the_table(readme: str) -> None:
    said = [row for row, _ in rows(readme, "/[a-z]+")]

    assert said == [f"/{command.name}" for command in COMMANDS]


def default_of(name: str) -> str:
    """Return a setting's default as one would write it; empty where there is none."""
    default = Settings.model_fields[name].default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return "" if default is None or default == frozenset() else str(default)


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_stands_in_the_table_in_order_with_its_default(readme: str) -> None:
    said = rows(readme, "[A-Z_]+")

    assert [name for name, _ in said] == [name.upper() for name in Settings.model_fields]
    for name, shown in said:
        default = default_of(name.lower())
        assert shown == f"`{default}`" if default else "`" not in shown, name


def test_the_example_of_an_env_file_has_every_setting_in_order_with_its_default() -> None:
    said = re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE)

    assert said == [(name.upper(), default_of(name)) for name in Settings.model_fields]


def test_the_example_of_an_env_file_can_be_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)  # type: ignore[call-arg]


def test_both_readmes_have_the_same_structure() -> None:
    shapes = [re.findall(r"^(#+) |^(```\w*)|^(\|)", read(readme), re.MULTILINE) for readme in READMES]

    assert shapes[0] == shapes[1]


def shell(readme: str) -> list[str]:
    """Return the shell commands that a README gives, without their comments."""
    return re.findall(r"(?:python3 -m venv|\.venv/bin/)[^`#\n]*[^`#\n ]", read(readme))


def test_both_readmes_run_the_same_commands() -> None:
    said, said_in_chinese = map(shell, READMES)

    assert said == said_in_chinese
    install = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt ."
    assert said[0] == f"{install} && .venv/bin/rizhi demo"


@pytest.mark.parametrize("readme", READMES)
def test_links_within_the_repository_lead_somewhere(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", read(readme))

    assert links
    assert all((ROOT / link).exists() for link in links)


@pytest.mark.parametrize("readme", READMES)
def test_the_files_that_the_architecture_names_are_there(readme: str) -> None:
    architecture = read(readme).split("\n## ")[-3]
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+(?:/|\.py))`", architecture)

    assert len(named) > 10
    for name in named:
        assert any((ROOT / room / name).exists() for room in ("", "content", "bot")), name


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert re.search(r"^## Unreleased$", read("CHANGELOG.md"), re.MULTILINE)


def test_the_version_is_said_once() -> None:
    [version] = re.findall(r'^version = "(.*)"$', read("pyproject.toml"), re.MULTILINE)

    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert not hasattr(bot, "__version__")
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert all(tuple(map(int, v.split("."))) <= tuple(map(int, version.split("."))) for v in versions)


def test_every_test_that_the_security_list_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", read("docs/security.md"))

    assert len(named) > 40
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", read(file), re.MULTILINE), f"{file}::{name}"
