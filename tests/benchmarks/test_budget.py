"""The rate budget of many processes on one PostgreSQL database, counted by the local Bot API server.

Run with: pytest -n 0 -m benchmark tests/benchmarks/test_budget.py -s
Four processes push as fast as they are let, to one new chat after the other, eight at a time each; a fifth
answers somebody every 0.3 s. What counts is when the requests arrive.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

import pytest

from bot.database import Database
from bot.demo.server import BotApiServer
from bot.schema import upgrade
from tests.benchmarks.test_search_speed import percentile, show

pytestmark = pytest.mark.benchmark

SECONDS = 60
PROCESSES = 4
START_SECONDS = 25
"""What it takes at most until all are ready."""
Process: TypeAlias = "subprocess.Popen[bytes]"


def start(database: str, rate: int, begin: float, kind: str, api: BotApiServer, number: int) -> Process:
    """Start a process that sends for so long, from that moment on."""
    url = f"{api.url}/bot{api.token}/sendMessage"
    given = [database, rate, begin, begin + SECONDS, kind, url, 1 + number * 1_000_000]
    command = [sys.executable, "-m", "tests.benchmarks.budget_process", *map(str, given)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def most_in_a_second(moments: Sequence[float]) -> int:
    """Return the greatest number of moments in any second."""
    return max(bisect_left(moments, start + 1) - at for at, start in enumerate(moments))


@pytest.mark.parametrize("rate", [25, 30])
def test_many_processes_hold_one_pace(postgres_url: str, rate: int) -> None:
    database = Database(postgres_url)
    upgrade(database)
    kinds = ["push"] * PROCESSES + ["answer"]
    with BotApiServer() as api:
        begin = time.monotonic() + START_SECONDS
        processes = [start(postgres_url, rate, begin, kind, api, number) for number, kind in enumerate(kinds)]
        permits = [json.loads(process.communicate()[0]) for process in processes]
        arrived = sorted(call.at.timestamp() for call in api.calls("sendMessage"))
    database.close()

    granted = sorted(got for each in permits for _, got in each)
    length, most = granted[-1] - granted[0], most_in_a_second(granted)
    held, seen = (len(granted) - 1) / length, most_in_a_second(arrived)
    waits = sorted(got - asked for asked, got in permits[-1])
    middle, late = (percentile(waits, percent) * 1000 for percent in (50, 95))
    show(f"asked for {rate}/s: {held:.2f}/s held over {length:.0f} s by {PROCESSES} processes")
    show(f"permits in any second, answers among them: at most {most}; messages that arrived: {seen}")
    show(f"an answer waits {middle:.0f} ms for its permit, {late:.0f} ms at p95, while they push")
    assert most <= 31, seen
    assert held >= rate - 0.5
