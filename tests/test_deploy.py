"""What the bot is deployed with: the image's recipe and the units are looked over; neither is built here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot.alive import TICK_SECONDS, WATCHDOG_SECONDS
from bot.cli import rizhi
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy").glob("rizhi*.*"))
WHERE = "/opt/rizhi/.venv/bin/rizhi"


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in order, lines joined, comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line)]


def values(name: str) -> list[str]:
    return [rest for word, rest in instructions() if word == name]


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage."""
    begun: list[list[tuple[str, str]]] = []
    for instruction in instructions():
        if instruction[0] == "FROM":
            begun.append([])
        begun[-1].append(instruction)
    return begun


def is_command(words: list[str]) -> bool:
    """Return whether `rizhi` knows the command."""
    with click.Context(rizhi) as context:
        return rizhi.get_command(context, words[0]) is not None


def test_the_image_runs_as_nobody_special_and_without_what_built_it() -> None:
    build, final = stages()
    python = (ROOT / ".python-version").read_text().strip()

    assert [word for word, _ in final].count("USER") == 1
    [user] = [rest for word, rest in final if word == "USER"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)  # by number: hosts can see that it is not root
    assert {rest.split()[0] for rest in values("FROM")} == {f"python:{python}-slim"}
    assert ("COPY", "--from=build /opt/rizhi /opt/rizhi") in final
    assert not [rest for word, rest in final if word == "COPY" and "--from=build" not in rest]
    assert not re.search(r"apt-get|gcc|pip install", " ".join(rest for word, rest in final if word == "RUN"))
    assert "-c constraints.txt" in " ".join(rest for word, rest in build if word == "RUN")


def test_the_image_keeps_its_data_on_the_volume_and_needs_to_write_nowhere_else() -> None:
    [volume] = values("VOLUME")
    environment = dict(pair.split("=", 1) for pair in shlex.split(" ".join(values("ENV"))))

    assert environment["DATABASE_URL"].startswith(f"sqlite:///{volume}/")
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"
    assert values("WORKDIR")[-1] == volume
    assert not {name for name in environment if re.search("TOKEN|SECRET|PASSWORD", name)}


def test_signals_reach_the_process_and_its_commands_are_there() -> None:
    [entry], [command] = (json.loads(values(name)[-1]) for name in ("ENTRYPOINT", "CMD"))
    [check] = values("HEALTHCHECK")

    assert entry == "rizhi"
    assert is_command([command])
    assert values("STOPSIGNAL") == ["SIGTERM"]
    program, option, code = json.loads(check.partition("CMD ")[2])
    assert (program, option) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "'/healthz'" in code
    assert values("EXPOSE") == [str(Settings.model_fields["port"].default)]
    assert not values("ADD")


def test_the_image_gets_what_it_is_built_from_and_nothing_else() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    build, _ = stages()
    copied = {name for word, rest in build if word == "COPY" for name in rest.split()[:-1]}

    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert {"bot", "content", "pyproject.toml", "constraints.txt"} <= copied


def services() -> dict[str, dict[str, Any]]:
    """Return the services of compose.yaml, with what they have in common."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    return found


def test_compose_brings_up_one_process_that_answers_and_three_that_send() -> None:
    ours = {name: service for name, service in services().items() if service["image"] == "rizhi"}

    assert {name: service["command"] for name, service in ours.items()} == {
        "release": ["db", "upgrade"],
        "web": ["web"],
        "worker": ["worker"],
    }
    assert all(is_command(service["command"]) for service in ours.values())
    assert {name: service.get("deploy", {}).get("replicas", 1) for name, service in ours.items()} == {
        "release": 1,
        "web": 1,
        "worker": 3,
    }
    assert ours["web"]["ports"] == ["127.0.0.1:8080:{}".format(Settings.model_fields["port"].default)]


def test_in_compose_everything_waits_for_the_schema_and_is_given_time_to_stop() -> None:
    postgres, release, *others = services().values()

    assert release["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert "pg_isready" in postgres["healthcheck"]["test"]
    for service in others:
        assert service["depends_on"] == {"release": {"condition": "service_completed_successfully"}}
        assert 10 < int(service["stop_grace_period"].removesuffix("s")) <= 30
        assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], "/tmp")


def test_in_compose_all_use_one_postgresql_whose_password_is_written_nowhere() -> None:
    postgres, *ours = services().values()
    password = postgres["environment"]["POSTGRES_PASSWORD"]

    assert password.startswith("${POSTGRES_PASSWORD:?")
    for service in ours:
        address = service["environment"]["DATABASE_URL"].replace(password, "s3cret")
        assert Settings(_env_file=None, database_url=address).resolved_database_url == (  # type: ignore[call-arg]
            "postgresql+psycopg://rizhi:s3cret@postgres/rizhi"
        )


def test_the_procfile_runs_commands_of_ours_and_takes_each_process_for_what_it_is() -> None:
    lines = (line.partition(": ") for line in (ROOT / "Procfile").read_text("utf-8").splitlines())
    processes = {name: shlex.split(line) for name, _, line in lines}

    assert processes == {
        "release": ["rizhi", "db", "upgrade"],
        "web": ["rizhi", "web"],
        "worker": ["rizhi", "worker"],
        "bot": ["rizhi", "run"],
    }
    assert all(is_command(words[1:]) for words in processes.values())


class Unit(RawConfigParser):
    """A file of systemd's, whose keys have capitals."""

    def optionxform(self, optionstr: str) -> str:
        """Leave the key as it is."""
        return optionstr


def unit(path: Path) -> Unit:
    """Return a unit's sections; of a key that comes twice, the last."""
    parser = Unit(strict=False)
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda p: p.name)
def test_a_service_runs_a_command_of_ours_locked_up(path: Path) -> None:
    service = unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])

    assert program == WHERE
    assert is_command(arguments)
    assert service["Environment"] == "DATABASE_URL=sqlite:////var/lib/rizhi/rizhi.db"
    assert service["StateDirectory"] == "rizhi"
    for key, value in {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "PrivateTmp": "yes",
        "UMask": "0077",
        "CapabilityBoundingSet": "",
    }.items():
        assert service[key] == value


def test_the_service_is_given_time_to_stop_and_watched_by_its_ticks() -> None:
    service = unit(ROOT / "deploy" / "rizhi.service")["Service"]

    assert service["Type"] == "notify"
    assert 10 < int(service["TimeoutStopSec"]) <= 30
    assert int(service["WatchdogSec"]) > TICK_SECONDS + WATCHDOG_SECONDS
    assert service["Restart"] == "always"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(WHERE, sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        env=os.environ | {"SYSTEMD_LOG_TARGET": "console"},
        capture_output=True,
        text=True,
    )

    assert [line for line in done.stderr.splitlines() if "rizhi" in line] == []
    assert done.returncode == 0
