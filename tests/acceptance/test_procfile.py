"""The Procfile's own lines, run as a host runs them, beside a local Telegram."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.demo import faults
from bot.demo.server import BotApiServer
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEAD = "http://127.0.0.1:9"
"""The discard port: nobody listens."""
STOP_SECONDS = 10
REFUSED = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"


def line_of(name: str) -> list[str]:
    """Return the Procfile's line of that name; `rizhi` is this checkout's, run by this Python."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    [line] = [rest for kind, _, rest in (line.partition(":") for line in lines) if kind == name]
    program, *arguments = shlex.split(line)
    assert program == "rizhi"
    return [sys.executable, "-m", "bot", *arguments]


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Telegram of this test's own."""
    with BotApiServer() as server:
        yield server


@pytest.fixture
def variables(environment: dict[str, str], api: BotApiServer) -> dict[str, str]:
    """What the host sets."""
    return environment | {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url}


@contextmanager
def started(name: str, variables: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a line of the Procfile, and see that it is gone at the end."""
    worker = subprocess.Popen(
        line_of(name), env=variables, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


@pytest.mark.parametrize(
    "surroundings",
    [{}, dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), DEAD)],
    ids=["plain", "behind a dead proxy"],
)
def test_the_bot_answers_after_the_release_and_stops_when_told(
    api: BotApiServer, variables: dict[str, str], tmp_path: Path, surroundings: dict[str, str]
) -> None:
    variables = variables | surroundings | {"LOG_LEVEL": "DEBUG"}
    subprocess.run(line_of("release"), env=variables, cwd=tmp_path, check=True, capture_output=True)

    with started("bot", variables, tmp_path) as worker:
        ann = api.user("Ann", "en")
        asked = ann.send("/help")
        answer = api.wait_for_message(ann, after=asked, timeout=60)
        worker.send_signal(signal.SIGTERM)
        _, errors = worker.communicate(timeout=STOP_SECONDS)

    assert "/search" in answer.text
    assert worker.returncode == 0
    assert "ACCESS=open" in errors
    assert api.token not in errors
    assert api.token.partition(":")[2] not in errors
    assert "Traceback" not in errors


def test_the_web_line_answers_by_webhook_and_no_secret_of_its_settings_is_printed(
    api: BotApiServer, variables: dict[str, str], tmp_path: Path
) -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    secrets = {"METRICS_TOKEN": "m3trics-t0ken", "TELEGRAM_PROXY": "socks5://ann:pr0xy-pass@127.0.0.1:9"}
    web = {"PORT": str(port), "WEBHOOK_URL": url, "LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", **secrets}
    derived = Settings.model_validate({"telegram_bot_token": api.token}).resolved_webhook_secret

    with started("web", variables | web, tmp_path) as running:
        api.wait_for(lambda: api.state.updates.webhook, timeout=60)
        ann = api.user("Ann", "en")
        asked = ann.send("/help")
        answer = api.wait_for_message(ann, after=asked, timeout=60)
        alive = httpx.get(f"{url}/healthz", trust_env=False)
        refused = httpx.post(f"{url}/telegram/{api.token}", trust_env=False)
        running.send_signal(signal.SIGTERM)
        printed, errors = running.communicate(timeout=STOP_SECONDS)

    lines = [json.loads(line) for line in errors.splitlines()]
    assert "/search" in answer.text
    assert (alive.status_code, refused.status_code, running.returncode) == (200, 404, 0)
    assert {"DEBUG", "INFO"} <= {line["level"] for line in lines}
    assert not [line for line in lines if "traceback" in line]
    for secret in (api.token, api.token.partition(":")[2], derived, "m3trics-t0ken", "pr0xy-pass"):
        assert secret not in printed + errors


def test_a_refused_token_ends_the_bot_with_the_reason(
    api: BotApiServer, variables: dict[str, str], tmp_path: Path
) -> None:
    with started("bot", variables | {"TELEGRAM_BOT_TOKEN": REFUSED}, tmp_path) as worker:
        _, errors = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert "refuses the bot's token" in errors
    assert "TELEGRAM_BOT_TOKEN" in errors
    assert REFUSED.partition(":")[2] not in errors
    assert "Traceback" not in errors


def test_a_worker_on_a_postgresql_that_is_behind_names_the_release_command(
    variables: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    address = postgres_url.replace("postgresql+psycopg://", "postgres://")  # as hosts give it
    variables = variables | {"DATABASE_URL": address}

    with started("worker", variables, tmp_path) as worker:
        _, errors = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert "rizhi db upgrade" in errors
    assert os.linesep not in errors.strip()


def test_the_bot_stops_when_told_while_telegram_is_out_of_reach(
    variables: dict[str, str], tmp_path: Path
) -> None:
    with started("bot", variables | {"TELEGRAM_API_URL": DEAD}, tmp_path) as worker:
        assert worker.stderr is not None
        while "cannot be reached" not in worker.stderr.readline():
            assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=STOP_SECONDS)

    assert worker.returncode == 0


def test_the_bot_goes_on_when_something_between_answers_for_telegram(
    api: BotApiServer, variables: dict[str, str], tmp_path: Path
) -> None:
    api.faults.add("getUpdates", faults.bad_gateway())

    with started("bot", variables, tmp_path):
        ann = api.user("Ann", "en")
        asked = ann.send("/help")
        assert "/search" in api.wait_for_message(ann, after=asked, timeout=60).text


def test_a_token_that_is_revoked_later_ends_the_bot(
    api: BotApiServer, variables: dict[str, str], tmp_path: Path
) -> None:
    with started("bot", variables, tmp_path) as worker:
        ann = api.user("Ann", "en")
        api.wait_for_message(ann, after=ann.send("/help"), timeout=60)
        api.faults.add("getUpdates", faults.refuse(401, "Unauthorized"))
        ann.send("/help")
        _, errors = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert "refuses the bot's token" in errors
