"""How fast Rizhi is and what it weighs, side by side with the least that could do; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_speed.py -s
Each figure is the best (and the median) of several runs, the two sides taking turns.
"""

from __future__ import annotations

import cProfile
import logging
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import jieba
import pytest

from bot.database import Database
from bot.demo.server import BotApiServer
from bot.imports import Importer
from bot.sources import find_files
from content.reading import read_document
from content.tokens import tokenize
from tests.conftest import NOW

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
IMPORTS, STARTS = 3, 5
"""Runs of each side."""
IDLE_SECONDS = 3
STAGES = (
    "read_document",
    "parse_articles",
    "split_passages",
    "tokenize",
    "find_candidates",
    "extract_keywords",
    "make_headline",
    "summarize",
    "import_document",
    "index_passages",
)
"""Functions of which the profile's share is printed; a stage within a stage is counted in both."""


def show(line: str) -> None:
    print(line)  # noqa: T201  # the table is what this is run for


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


@pytest.fixture
def corpus(seeds: list[Path], empty_database_file: Path, tmp_path: Path) -> Callable[[], Path]:
    """Return a function that imports the seeds into a new SQLite file, and returns its path."""
    numbers = iter(range(1000))

    def import_all() -> Path:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(empty_database_file, path)
        database = Database(f"sqlite:///{path}")
        outcomes = list(Importer(database, "seeds", None, NOW).import_files(find_files(list(seeds))))
        database.close()
        assert all(outcome.status == "imported" for outcome in outcomes)
        return path

    return import_all


def test_an_import_costs_at_most_twice_what_cutting_words_costs(
    seeds: list[Path], corpus: Callable[[], Path]
) -> None:
    texts = [
        "\n".join(block.text for block in read_document(seed.name, seed.read_bytes()).blocks)
        for seed in seeds
    ]
    list(tokenize("先把词典装好"))
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()

    def cut() -> None:
        for text in texts:
            for _ in jieba.cut(text):
                pass

    cutting, importing = [], []
    for _ in range(IMPORTS):
        cutting.append(cpu_seconds(cut))
        importing.append(cpu_seconds(corpus))

    show(f"\n{sum(map(len, texts)):,} characters         best   median   (CPU seconds)")
    show(f"jieba.cut                {min(cutting):6.2f}   {statistics.median(cutting):6.2f}")
    show(f"rizhi import             {min(importing):6.2f}   {statistics.median(importing):6.2f}")
    show(f"ratio (goal: at most 2)  {min(importing) / min(cutting):6.2f}")
    show_stages(corpus)


def show_stages(corpus: Callable[[], object]) -> None:
    """Print each stage's share of an import; the profiler makes small functions dearer than they are."""
    profile = cProfile.Profile()
    profile.runcall(corpus)
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    cumulative: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    for (_, _, name), (_, _, _, seconds, _) in stats.stats.items():  # type: ignore[attr-defined]
        if name in cumulative:
            cumulative[name] = max(cumulative[name], seconds)
    for name, seconds in cumulative.items():
        show(f"  {name:20} {seconds / total:5.0%}")


@contextmanager
def started(command: list[str], **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a bot, and end it at the end."""
    env = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    bot = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield bot
    finally:
        bot.terminate()
        bot.wait(15)


@contextmanager
def echo_bot(api: BotApiServer, _database: Path) -> Iterator[subprocess.Popen[bytes]]:
    script = str(Path(__file__).with_name("echo_bot.py"))
    with started([sys.executable, script, api.url, api.token]) as bot:
        yield bot


@contextmanager
def rizhi(api: BotApiServer, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    with started(
        [sys.executable, "-m", "bot", "run"],
        TELEGRAM_BOT_TOKEN=api.token,
        TELEGRAM_API_URL=api.url,
        DATABASE_URL=f"sqlite:///{database}",
    ) as bot:
        yield bot


Start = Callable[[BotApiServer, Path], AbstractContextManager[subprocess.Popen[bytes]]]


def first_answer_and_weight(start: Start, database: Path, *, idle: float = 0) -> tuple[float, float]:
    """Return the seconds from the start to the first answer, and the resident megabytes after `idle` more."""
    with BotApiServer() as api:
        ann = api.user("Ann", "en")
        asked = ann.send("/help")
        began = time.perf_counter()
        with start(api, database) as bot:
            api.wait_for_message(ann, after=asked, timeout=60)
            seconds = time.perf_counter() - began
            time.sleep(idle)
            return seconds, resident_megabytes(bot.pid)


def resident_megabytes(pid: int) -> float:
    """Return the process' resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_the_first_answer_comes_soon_and_idling_is_cheap(corpus: Callable[[], Path]) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    database = corpus()
    sides: dict[str, Start] = {"bare echo bot": echo_bot, "rizhi run": rizhi}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(STARTS):
        for name, start in sides.items():
            seconds[name].append(first_answer_and_weight(start, database)[0])
    weights = {
        name: first_answer_and_weight(start, database, idle=IDLE_SECONDS)[1] for name, start in sides.items()
    }

    show("\nfrom start to first answer   best   median   idle memory")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        show(f"{name:26} {min(taken):5.2f} s  {median:5.2f} s   {weights[name]:6.1f} MB")
    bare, own = (min(taken) for taken in seconds.values())
    show(f"difference (goal: at most 0.8 s)  {own - bare:+.2f} s")
