"""The processes that are killed: each a fork of one that has imported what they need."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.demo.server import BotApiServer


@contextmanager
def starting(
    folder: Path, api: BotApiServer, lease: float, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """Yield what starts `rizhi run`, `web` or `worker` on demand, their log in the folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "HOME": str(folder),
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "LOG_LEVEL": "ERROR",
        **settings,
    }
    arguments = [sys.executable, "-m", "tests.chaos.hurried", str(lease)]
    with (folder / "log").open("wb") as log:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=log, text=True
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def start(starter: subprocess.Popen[str], command: str, url: str) -> int:
    """Start a process on that database, and return its number."""
    assert starter.stdin
    assert starter.stdout
    starter.stdin.write(f"{command} {url}\n")
    starter.stdin.flush()
    return int(starter.stdout.readline())


def end(number: int) -> None:
    """Kill it; its parent is the starter."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
