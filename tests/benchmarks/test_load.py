"""What sending, claiming and waiting cost, side by side with the least that could do; prints tables.

Run with: pytest -n 0 -m benchmark tests/benchmarks/test_load.py -s
Bot API server, bare loop and Rizhi are processes of their own; the two sides take turns, each against a new
server, with the same messages, eight requests at a time, and no limits.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.demo.server import BotApiServer
from bot.models import Subscription
from bot.schedule.claim import claim_due, has_due
from tests.benchmarks.load import DUE, NEVER, add_history, make_database
from tests.benchmarks.test_search_over_http import ask
from tests.benchmarks.test_speed import ROOT, first_answer_and_weight, rizhi, show, started
from tests.factories import READERS as ANYBODY

pytestmark = pytest.mark.benchmark

READERS, TURNS = 600, 7
"""Messages of a process in a run, and runs of each side."""


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


PROCESSES = (1, 2, 4)
NUMBERS = count(1)
DUE_AT_ONCE = int(os.environ.get("RIZHI_DUE", "20000"))
"""RIZHI_DUE=100000 is the long form."""
AT_A_TIME = 1_000
SUBSCRIPTIONS, TICKS = 1_000_000, 300
MANY_TARGETS = """
WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < :many)
INSERT INTO target (chat_id, thread_id, kind, language, timezone, created_at)
SELECT n, 0, kind, language, timezone, created_at FROM numbers, (SELECT * FROM target WHERE id = 1)
"""
MANY_SUBSCRIPTIONS = """
INSERT INTO subscription
    (target_id, plan_id, status, local_minute, weekdays, length, round, next_due_at, created_at)
SELECT target.id, plan_id, status, local_minute, weekdays, length, round, next_due_at, one.created_at
FROM target, (SELECT * FROM subscription WHERE id = 1) AS one WHERE target.id > 1
"""
IDLE_SECONDS = 4
BUSY_READERS, SEARCHES, PAUSE_SECONDS = 400, 10, 0.25
"""Answers take their share of the pace: who asks without a pause leaves nothing of it to the push."""
WORDS = ("河面", "豆腐", "山的轮廓", "数着桥洞")


@contextmanager
def telegram(readers: int = READERS) -> Iterator[dict[str, Any]]:
    """Serve, and yield where and for which chats."""
    with process("telegram", str(readers)) as one:
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


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent do not exceed."""
    return sorted(values)[max(0, len(values) * percent // 100 - 1)]


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
    cpu, rate = (medians(taken, figure) for figure in ("cpu", "rate"))
    show(f"CPU {cpu['rizhi'] / cpu['bare']:.2f} × of the bare loop's, medians (goal: at most 1.3)")
    show(f"rate {rate['rizhi'] / rate['bare']:.0%} of the bare loop's, medians (goal: at least 85 %)")


def medians(taken: dict[str, list[dict[str, float]]], figure: str) -> dict[str, float]:
    """Return the median of each side: runs of the bare loop differ by half, its requests may collide."""
    return {role: statistics.median(each[figure] for each in figures) for role, figures in taken.items()}


def test_more_processes_on_postgres_cost_no_more_for_each_message(postgres_server: str) -> None:
    taken: dict[int, list[dict[str, float]]] = {processes: [] for processes in PROCESSES}
    for _ in range(TURNS):
        for processes, figures in taken.items():
            with telegram(READERS * processes) as server, new_database(postgres_server) as url:
                make_database(url, server["chats"]).close()
                figures.append(send("rizhi", server, url, processes))
    show("\nPostgreSQL   processes   CPU ms a message   beside one   messages a second   best of each")
    cpu = {processes: min(each["cpu"] for each in figures) for processes, figures in taken.items()}
    for processes, figures in taken.items():
        rate, times = max(each["rate"] for each in figures), cpu[processes] / cpu[1]
        show(f"{processes:22}   {cpu[processes]:16.2f}   {times:8.2f} ×   {rate:17.0f}")


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database."""
    name = f"load_{next(NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.parametrize("days", [0, 30])
async def test_claiming_what_is_due_at_one_minute(tmp_path: Path, days: int) -> None:
    database = make_database(f"sqlite:///{tmp_path / 'due.db'}", range(1, DUE_AT_ONCE + 1))
    database.run_write(lambda session: add_history(session, days))
    gc.collect()
    gc.freeze()  # as the bot does with what it is made of, once it is loaded
    gaps: list[float] = []
    watching = asyncio.create_task(watch(gaps))
    cpu, began, claimed = time.process_time(), time.perf_counter(), 0
    while ids := await database.write(lambda session: claim_due(session, DUE, "me", AT_A_TIME, ANYBODY)):
        claimed += len(ids)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    watching.cancel()
    gc.unfreeze()
    database.close()
    assert claimed == DUE_AT_ONCE
    show(
        f"\n{claimed:,} due at one minute, {days} days of history, {AT_A_TIME} at a time: "
        f"{claimed / cpu:,.0f} a second of CPU, {claimed / wall:,.0f} of the clock (goal: 10,000); "
        f"the event loop was blocked for {max(gaps) * 1000:.0f} ms at most (goal: 100)"
    )


async def watch(gaps: list[float]) -> None:
    """Note by how much each of many short sleeps is too long."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        gaps.append(time.perf_counter() - began - 0.005)


async def test_a_tick_with_a_million_subscriptions_and_none_due(tmp_path: Path) -> None:
    database = make_database(f"sqlite:///{tmp_path / 'idle.db'}", [1], NEVER)
    with database.writer.begin() as connection:
        connection.execute(text(MANY_TARGETS), {"many": SUBSCRIPTIONS})
        connection.execute(text(MANY_SUBSCRIPTIONS))
    taken, cpu = [], time.process_time()
    for _ in range(TICKS):
        began = time.perf_counter()
        assert not await database.read(lambda session: has_due(session, DUE))
        taken.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - cpu) / TICKS * 1000
    database.close()
    show(
        f"\n{SUBSCRIPTIONS:,} subscriptions, none due: a tick takes {statistics.median(taken):.2f} ms, "
        f"p95 {percentile(taken, 95):.2f}, CPU {cpu:.2f} (goal: at most 1)"
    )


def test_idle_memory_beside_a_bare_bot_that_has_jieba(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    make_database(f"sqlite:///{path}", [1], NEVER).close()
    bare = first_answer_and_weight(echo_bot_with_jieba, path, idle=IDLE_SECONDS)[1]
    own = first_answer_and_weight(rizhi, path, idle=IDLE_SECONDS)[1]
    show(f"\nidle: bare bot and jieba {bare:.0f} MB, rizhi run {own:.0f} MB: {own / bare:.2f} × (goal: 1.3)")


@contextmanager
def echo_bot_with_jieba(api: BotApiServer, _database: Path) -> Iterator[subprocess.Popen[bytes]]:
    script = str(Path(__file__).with_name("echo_bot.py"))
    load = f"import jieba, runpy; jieba.initialize(); runpy.run_path({script!r}, run_name='__main__')"
    with started([sys.executable, "-c", load, api.url, api.token]) as bot:
        yield bot


def test_searching_while_a_push_is_under_way(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    with BotApiServer() as api:
        chats = [api.user(f"P{number}", "zh-hans") for number in range(BUSY_READERS)]
        for chat in chats:
            chat.start()
        api.state.updates.waiting.clear()
        database = make_database(f"sqlite:///{path}", [chat.id for chat in chats], NEVER)
        with rizhi(api, path):
            ask(api, api.user("Ann", "zh-hans"), "/search 河面")
            time.sleep(IDLE_SECONDS)
            idle = ask_for_all(api)
            database.run_write(let_be_due)
            began = time.perf_counter()
            busy = ask_for_all(api)
            pushed = sum(1 for chat in chats if api.calls("sendMessage", chat))
            rate = pushed / (time.perf_counter() - began)
        database.close()
    show("\n/search, milliseconds                  p50      p95")
    for name, taken in (("idle", idle), (f"during a push ({rate:.0f} a second)", busy)):
        show(f"{name:34} {percentile(taken, 50):8.1f} {percentile(taken, 95):8.1f}")
    show(f"{percentile(busy, 95) / percentile(idle, 95):.2f} × at p95 (goal: at most 2)")


def ask_for_all(api: BotApiServer) -> list[float]:
    """Return the milliseconds of each answer; every question is another reader's, for one meets his pace."""
    taken = []
    for word in WORDS * SEARCHES:
        time.sleep(PAUSE_SECONDS)
        taken.append(ask(api, api.user("Ann", "zh-hans"), f"/search {word}"))
    return taken


def let_be_due(session: Session) -> None:
    """Make all due at once: now, at whatever hour that is where the readers are."""
    now = Clock().now().replace(second=0, microsecond=0)
    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    values = {"next_due_at": now, "local_minute": local.hour * 60 + local.minute, "last_local_date": None}
    session.execute(update(Subscription).values(values))
