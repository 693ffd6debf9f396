"""`rizhi run` as a process of its own: it works, keeps the token to itself, and stops when told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.demo.server import BotApiServer

STOP_SECONDS = 10


@contextmanager
def process(api: BotApiServer, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bot on that server, all that it prints going into `log`; end it in any case."""
    settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "LOG_LEVEL": "DEBUG"}
    command = [sys.executable, "-m", "bot", "run"]
    with log.open("wb") as out:
        started = subprocess.Popen(
            command, cwd=log.parent, env=environment | settings, stdout=out, stderr=out
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def test_a_process_answers_stops_on_sigterm_and_never_prints_the_token(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with BotApiServer() as api, process(api, environment, log) as running:
        ann = api.user("Ann", "en")
        sent = ann.send("/start")
        answered = api.wait_for_message(ann, after=sent, timeout=60)
        api.wait_for(lambda: api.calls("setMyCommands"))
        running.send_signal(signal.SIGTERM)
        status = running.wait(STOP_SECONDS)

    printed = log.read_text()
    assert answered.text.startswith("The library is still empty.")
    assert status == 0, printed
    assert "DEBUG" in printed
    assert api.token not in printed
    assert api.token.partition(":")[2] not in printed
    assert "Traceback" not in printed, printed[printed.find("Traceback") :]
