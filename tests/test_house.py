"""The house: the walls between packages stand, and what is forbidden is found nowhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(path for room in ("bot", "content") for path in (ROOT / room).rglob("*.py"))
EVERYTHING = [*CODE, *sorted((ROOT / "tests").rglob("*.py"))]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> set[str]:
    """Return the modules that are imported, by whichever form."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}


def importers(*modules: str) -> set[str]:
    """Return the files that import any of these."""
    return {place(path) for path in CODE if roots(path) & set(modules)}


def mentions(path: Path) -> Iterator[str]:
    """Yield the names that a file uses, the last two parts of dotted ones: `datetime.now`, `eval`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            owner = node.value
            before = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield f"{before}.{node.attr}"


def test_content_knows_nothing_of_the_bot_its_machine_and_the_time() -> None:
    outside = {"bot", "telegram", "apscheduler", "asyncio", "os", "time"}

    assert {place(path): roots(path) & outside for path in CODE if place(path).startswith("content/")} == {
        place(path): set() for path in CODE if place(path).startswith("content/")
    }


def test_what_renders_knows_neither_telegram_nor_the_database() -> None:
    assert not [name for name in importers("telegram", "sqlalchemy") if name.startswith("bot/render/")]


def test_telegram_is_known_at_the_edge_alone() -> None:
    edge = ("bot/app.py", "bot/polling.py", "bot/counted.py", "bot/handlers/", "bot/delivery/")

    assert not [name for name in importers("telegram") if not name.startswith(edge)]


@pytest.mark.parametrize(
    ("modules", "rooms"),
    [
        (("jieba", "rjieba"), {"content/tokens.py"}),
        (("apscheduler",), {"bot/app.py"}),
        (("pickle", "marshal", "shelve", "dill", "yaml", "random"), set()),
    ],
)
def test_some_modules_have_one_room_or_none(modules: tuple[str, ...], rooms: set[str]) -> None:
    assert importers(*modules) == rooms


@pytest.mark.parametrize(
    ("names", "rooms"),
    [
        ({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}, {"bot/clock.py"}),
        ({"eval", "exec", "jieba.enable_paddle", "enable_paddle"}, set()),
        ({"os.environ", "os.getenv"}, {"bot/delivery/outcomes.py"}),  # tells a library how to count waits
        ({"session.commit", "connection.commit"}, set()),
    ],
)
def test_some_names_have_one_room_or_none(names: set[str], rooms: set[str]) -> None:
    assert {place(path) for path in CODE if names & set(mentions(path))} == rooms


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}

    assert not {name for name, lines in lengths.items() if lines > 300}
    assert sorted(lengths.values())[len(lengths) // 2] <= 120


def test_every_exception_from_a_lint_rule_is_for_one_rule_and_has_its_reason() -> None:
    bare = re.compile(r"# noqa(?!: [A-Z]+\d+ +\S.{8,})|# type: ignore(?!\[[a-z-]+\])")

    assert not {place(path) for path in EVERYTHING if path != Path(__file__) and bare.search(read(path))}
    ignored = re.findall(
        r"^.*(?:per-file-ignores|^ignore = ).*\n((?:.+\n)+)", read("pyproject.toml"), re.MULTILINE
    )
    assert len(ignored) == 2
    for line in "".join(ignored).splitlines():
        assert line == "]" or re.search(r"# \S.{8,}", line), line


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_dependency_has_its_exact_version() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(w for extra in project["optional-dependencies"].values() for w in extra),
    ]
    names = {bare_name(requirement) for requirement in wanted} - {"rizhi"}

    pinned = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]

    assert names <= {bare_name(line) for line in pinned}
    shape = re.compile(r"[A-Za-z0-9_.-]+==[\w.]+")  # no address, no extra, no hash
    assert all(shape.fullmatch(line) for line in pinned)


def bare_name(requirement: str) -> str:
    """Return the package's name as registries compare it."""
    found = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()
