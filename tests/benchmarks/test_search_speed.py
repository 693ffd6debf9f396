"""How fast search is on a large corpus, what its index weighs, and what a searching process; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_search_speed.py -s
RIZHI_PASSAGES says how many passages (100,000), RIZHI_QUERIES how many of each kind are asked (100),
RIZHI_BENCH_DIR where corpora and indexes are kept, RIZHI_PROFILE=1 shows where the time goes.
Nothing is asked twice, and no result is remembered.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.database import Database
from content.search import parse_query, search
from tests.benchmarks.corpus import COMMON_SHARE, COMMON_WORDS, Built, common_words, prepare_index, shares
from tests.benchmarks.timed_queries import Timed, make_timed

pytestmark = pytest.mark.benchmark

PASSAGES = int(os.environ.get("RIZHI_PASSAGES", "100000"))
LIMIT = 10
ROOT = Path(__file__).parents[2]

Find = Callable[[str, Sequence[str]], object]
"""Looks for a query under some visibilities."""


@dataclass(frozen=True)
class Taken:
    """Milliseconds of searches of one kind, sorted: by the clock, and of this process' CPU."""

    wall: Sequence[float]
    cpu: Sequence[float]


def show(line: str) -> None:
    print(line)  # noqa: T201  # the figures are what this is run for


@pytest.fixture(scope="module")
def indexed() -> tuple[Path, Built]:
    """An SQLite file with the passages and their index, and what building that took."""
    return prepare_index(PASSAGES)


@pytest.fixture(scope="module")
def sqlite(indexed: tuple[Path, Built]) -> Iterator[Database]:
    """The database in that file."""
    with closing(Database(f"sqlite:///{indexed[0]}")) as database:
        yield database


def rizhi(database: Database) -> Find:
    """Return Rizhi's search: parsed, searched and read in a transaction of its own, as the bot does."""

    def find(typed: str, visibilities: Sequence[str]) -> object:
        query = parse_query(typed)
        return database.run_read(
            lambda session: search(session, query, limit=LIMIT, visibilities=visibilities)
        )

    return find


def measure(find: Find, kind: Timed) -> Taken:
    """Return what each of the kind's queries takes."""
    wall, cpu = [], []
    for query in kind.queries:
        began, used = time.perf_counter(), time.thread_time()
        find(query, kind.visibilities)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - used) * 1000)
    return Taken(sorted(wall), sorted(cpu))


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the smallest figure that so many percent of them do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def show_figures(name: str, find: Find, goal: float) -> None:
    """Print a line for each kind, and how many kinds reach the goal."""
    find("先把词典装好", ())
    show(f"\n{name}, {PASSAGES:,} passages (goal: p95 at most {goal:.0f} ms)")
    show(f"{'milliseconds':36}{'p50':>8}{'p95':>8}{'max':>8}{'CPU p95':>9}")
    reached = 0
    for kind in make_timed():
        taken = measure(find, kind)
        p95 = percentile(taken.wall, 95)
        reached += p95 <= goal
        figures = (percentile(taken.wall, 50), p95, taken.wall[-1], percentile(taken.cpu, 95))
        mark = "" if p95 <= goal else "  over"
        show(f"{kind.name:36}" + "".join(f"{each:8.1f}" for each in figures) + mark)
    show(f"{reached} of {len(make_timed())} kinds reach the goal")


def test_the_common_words_are_in_a_fifth_of_the_passages(sqlite: Database) -> None:
    words = common_words(COMMON_WORDS)
    found = dict(zip(words, sqlite.run_read(lambda session: list(shares(session, words))), strict=True))
    show("\n" + "、".join(f"{word} {share:.0%}" for word, share in found.items()))

    assert min(found.values()) >= COMMON_SHARE


def test_every_kind_of_query_on_sqlite(sqlite: Database) -> None:
    show_figures("SQLite", rizhi(sqlite), 20 if PASSAGES <= 100_000 else 100)


def test_where_the_time_goes(sqlite: Database) -> None:
    if not os.environ.get("RIZHI_PROFILE"):
        pytest.skip("RIZHI_PROFILE=1 shows it")
    find, profile = rizhi(sqlite), cProfile.Profile()
    for kind in make_timed():
        profile.runcall(measure, find, kind)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def test_the_size_of_the_index_and_the_rate_of_building_it(indexed: tuple[Path, Built]) -> None:
    show_built("SQLite", indexed[1], 1.3)


def show_built(name: str, built: Built, goal: float) -> None:
    """Print the index' size and the rate at which it was built."""
    rate = built.text_chars / built.cpu_seconds / 1e6
    show(f"\n{name}: index {built.index_bytes / 1e6:.1f} MB of {built.text_bytes / 1e6:.1f} MB of text")
    show(f"  index ÷ text                      {built.index_bytes / built.text_bytes:6.2f} (goal: {goal})")
    show(f"  million characters a CPU second   {rate:6.2f} (goal: 0.4); in {built.wall_seconds:.0f} s")


@pytest.mark.parametrize("cutter", ["rjieba", "jieba"])
def test_the_first_search_of_a_process_and_what_it_weighs(
    indexed: tuple[Path, Built], cutter: str, tmp_path: Path
) -> None:
    if cutter == "rjieba":
        pytest.importorskip("rjieba")
    queries = tmp_path / "queries.json"
    asked = [query for kind in make_timed() for query in kind.queries[:9]]
    queries.write_text(json.dumps(["作品影响", *asked]), encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.search_process"]
    command += [f"sqlite:///{indexed[0]}", cutter, str(queries)]
    runs = []
    for _ in range(3):
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        runs.append(json.loads(done.stdout))

    firsts, after = [run["first"] * 1000 for run in runs], runs[0]["after"]
    show(f"\na new process, {cutter}; from the end of its imports to the first answer, the database opened:")
    show(
        f"  ms, best and median of three      {min(firsts):6.0f} {statistics.median(firsts):6.0f} (goal: 300)"
    )
    show(f"  MB, before and after {len(asked)} searches {runs[0]['before']:6.0f} {after:6.0f} (goal: 250)")
