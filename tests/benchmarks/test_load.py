"""What sending, claiming and waiting cost, side by side with the least that could do; prints tables.

Run with: pytest -n 0 -m benchmark tests/benchmarks/test_load.py -s
Bot API server, bare loop and Rizhi are processes of their own; the two sides take turns, each against a new
server, with the same messages, eight requests at a time, and no limits.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.load import make_database
from tests.benchmarks.test_speed import ROOT, show

pytestmark = pytest.mark.benchmark

READERS, TURNS = 1_500, 3
"""Messages of a run, and runs of each side."""


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process of `sending`."""
    command = [sys.executable, "-m", "tests.benchmarks.sending", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        try:
            yield one
        finally:
            one.kill()


def said(one: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what the process says next."""
    assert one.stdout
    found: dict[str, Any] = json.loads(one.stdout.readline())
    return found


@contextmanager
def telegram() -> Iterator[dict[str, Any]]:
    """Serve, and yield where and for which chats."""
    with process("telegram", str(READERS)) as one:
        yield said(one)


def send(role: str, server: dict[str, Any], url: str, processes: int = 1) -> dict[str, float]:
    """Return what so many processes of the role take together: CPU milliseconds a message, and messages a
    second."""
    with ExitStack() as stack:
        senders = [
            stack.enter_context(process(role, server["url"], server["token"], url)) for _ in range(processes)
        ]
        for one in senders:
            assert one.stdin
            one.stdin.write("go\n")
            one.stdin.flush()
        found = [said(one) for one in senders]
    messages = sum(each["messages"] for each in found)
    cpu = 1000 * sum(each["cpu"] for each in found) / messages
    return {"cpu": cpu, "rate": messages / max(each["wall"] for each in found)}


def test_sending_with_the_ledger_beside_a_bare_loop(tmp_path: Path) -> None:
    taken: dict[str, list[dict[str, float]]] = {"bare": [], "rizhi": []}
    for turn in range(TURNS):
        for role, figures in taken.items():
            with telegram() as server:
                path = tmp_path / f"{role}{turn}.db"
                make_database(f"sqlite:///{path}", server["chats"]).close()
                figures.append(send(role, server, f"sqlite:///{path}"))
    show(f"\n{READERS - 100:,} messages, 8 in flight, SQLite   CPU ms a message   messages a second")
    for role, figures in taken.items():
        for figure in ("cpu", "rate"):
            values = sorted(each[figure] for each in figures)
            show(f"{role:6} {figure:5} {statistics.median(values):8.2f}   {values}")
