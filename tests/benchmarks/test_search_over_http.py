"""From a message's arrival to its answer: the whole bot, over HTTP, on a large corpus; prints a table.

Run with: pytest -m benchmark tests/benchmarks/test_search_over_http.py -s
The settings are those of test_search_speed.py. The clock runs from the moment at which a reader's message
lies ready for the bot until the bot's answer has arrived; the bot is a process of its own. Every question
is another reader's: one who asks so fast meets the pace of a chat.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice, zip_longest
from pathlib import Path

import pytest

from bot.demo.people import User
from bot.demo.server import BotApiServer
from tests.benchmarks.building import prepare_index
from tests.benchmarks.test_search_speed import PASSAGES, percentile, show
from tests.benchmarks.test_speed import rizhi
from tests.benchmarks.timed_queries import make_timed

pytestmark = pytest.mark.benchmark

SEARCHES, AT_ONCE = 200, 4
TIMEOUT = 60
"""Seconds for an answer, where the machine is busy."""


def mixed_queries() -> list[str]:
    """Return queries of every kind by turns."""
    turns = zip_longest(*(kind.queries for kind in make_timed()))
    return list(islice(dict.fromkeys(filter(None, chain.from_iterable(turns))), SEARCHES))


@contextmanager
def running_bot(folder: Path) -> Iterator[BotApiServer]:
    """Yield the local Telegram of a bot that runs on a copy of the corpus and has answered already."""
    path = Path(shutil.copy(prepare_index(PASSAGES)[0], folder))
    with BotApiServer() as api, rizhi(api, path):
        ask(api, api.user("Zoe", "en"), "先把词典装好")
        yield api


def ask(api: BotApiServer, user: User, query: str) -> float:
    """Return the milliseconds from the query to its answer."""
    sent = user.send(query)
    began = time.perf_counter()
    api.wait_for_message(user, after=sent, timeout=TIMEOUT)
    return (time.perf_counter() - began) * 1000


def show_line(name: str, taken: Sequence[float]) -> None:
    ordered = sorted(taken)
    figures = (percentile(ordered, 50), percentile(ordered, 95), ordered[-1])
    show(f"{name:34}" + "".join(f"{each:8.1f}" for each in figures))


def test_from_the_message_to_the_answer(tmp_path: Path) -> None:
    queries = mixed_queries()
    with running_bot(tmp_path) as api, ThreadPoolExecutor(AT_ONCE) as pool:
        show(f"\n{len(queries)} searches, {PASSAGES:,} passages; goal: p95 at most 60 ms, one by one")
        show(f"{'milliseconds':34}{'p50':>8}{'p95':>8}{'max':>8}")

        def ask_first(query: str) -> float:
            return ask(api, api.user("Ann", "zh-hans"), query)

        show_line("/help, which searches nothing", list(map(ask_first, ["/help"] * 20)))
        show_line("one by one", list(map(ask_first, queries)))
        show_line(f"{AT_ONCE} at once", list(pool.map(ask_first, queries)))
