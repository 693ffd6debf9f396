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
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

import jieba
import pytest

from bot.child import Child
from bot.database import Database
from bot.demo.server import BotApiServer
from bot.imports import Importer
from bot.limits import prepare_in
from bot.sources import find_files
from content import tokens
from content.reading import read_document
from content.tokens import tokenize
from tests.benchmarks.test_pdf import two_hundred_pages
from tests.conftest import NOW

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
IMPORTS, STARTS = 3, 5
"""Runs of each side."""
IDLE_SECONDS = 3
DOCUMENTS = int(os.environ.get("RIZHI_DOCUMENTS", "1000"))
"""How many small documents; RIZHI_DOCUMENTS=10000 is the long form."""
TALK = "大家说到渠首的水闸该由谁来看，说到后半夜才散。有人记下了每个人说的话，第二天念给没有来的人听。"
STAGES = (
    "read_document",
    "parse_articles",
    "split_in_all_lengths",
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
        importer = Importer(database, "seeds", None, NOW)
        outcomes = [importer.import_file(file) for file in find_files(list(seeds))]
        database.close()
        assert all(outcome.status == "imported" for outcome in outcomes)
        return path

    return import_all


@pytest.mark.parametrize(("cutter", "goal"), [("rjieba", 0.6), ("jieba", 0.15)])
def test_the_rate_of_an_import_beside_that_of_cutting_words(
    seeds: list[Path],
    corpus: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
    cutter: str,
    goal: float,
) -> None:
    if cutter == "rjieba":
        pytest.importorskip("rjieba")
    else:
        monkeypatch.setattr(tokens, "_rjieba", lambda: None)
    monkeypatch.setattr(tokens, "_loaded", [])
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
    show(f"import with {cutter:12} {min(importing):6.2f}   {statistics.median(importing):6.2f}")
    rate = min(cutting) / min(importing)
    show(f"import's rate            {rate:6.0%}   of jieba.cut's own (goal: at least {goal:.0%})")
    show_stages(corpus)


def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    folder = tmp_path / "talks"
    folder.mkdir()
    for number in range(DOCUMENTS):
        (folder / f"{number:05}.txt").write_text(f"第{number}次夜谈\n\n{TALK}\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "import", str(folder), "--json"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path / 'many.db'}"}
    show(f"\n{DOCUMENTS:,} small documents   parent   child   (resident MB; goal: flat)")
    began = time.perf_counter()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for done, _ in enumerate(process.stdout, start=1):
            if done % (DOCUMENTS // 5) == 0:
                weights = [resident_megabytes(pid) for pid in (process.pid, *children(process.pid))]
                show(f"after {done:6,}              {weights[0]:6.1f}  {weights[-1]:6.1f}")
    assert process.wait() == 0
    show(f"documents a second      {DOCUMENTS / (time.perf_counter() - began):6.1f}")


def children(pid: int) -> list[int]:
    """Return the ids of the process' children, that which prepares documents last."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return sorted(int(child) for thread in threads for child in thread.read_text(encoding="ascii").split())


def test_a_pdf_of_200_pages_is_imported_soon(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(two_hundred_pages())
    with closing(Child()) as child:
        importer = Importer(database, "pdf", None, NOW, partial(prepare_in, child))
        began = time.perf_counter()
        [outcome] = importer.import_files(find_files([path]))
        seconds = time.perf_counter() - began
    assert outcome.status == "imported", outcome.error
    show(f"\na PDF of 200 pages, imported: {seconds:.1f} s (goal: at most 30)")


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
