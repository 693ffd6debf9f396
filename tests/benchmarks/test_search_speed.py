"""How fast search is on a large corpus, what its index weighs, and what a searching process; prints tables.

Run with: pytest -m benchmark tests/benchmarks/test_search_speed.py -s
RIZHI_PASSAGES says how many passages (100,000), RIZHI_QUERIES how many of each kind are asked (100),
RIZHI_BENCH_DIR where corpora and indexes are kept, RIZHI_PROFILE=1 shows where the time goes, RIZHI_PEERS=0
leaves the peers out, whose indexes take longer to build than Rizhi's. RIZHI_PASSES=3 asks everything three
times and counts each query's best, where others use the machine.
RIZHI_BENCH_POSTGRES is the URL of a PostgreSQL database that is filled if it is empty, and kept; without it,
one of the tests' own is filled. PostgreSQL's CPU time is read from /proc: it must run on this machine.
No query comes twice in a pass, and no result is remembered.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.database import Database
from bot.schema import upgrade
from content.models import Passage
from content.search import parse_query, search
from content.tokens import FOLD_VERSION
from tests.benchmarks.building import Built, build, prepare_index
from tests.benchmarks.corpus import (
    COMMON_SHARE,
    COMMON_WORDS,
    common_words,
    copy_rows,
    kept,
    prepare_corpus,
    read_written,
    shares,
)
from tests.benchmarks.peers import NotInstalled, Search, build_grams, build_tantivy, open_grams, open_tantivy
from tests.benchmarks.peers.material import cut
from tests.benchmarks.timed_queries import Timed, make_timed

pytestmark = pytest.mark.benchmark

PASSAGES = int(os.environ.get("RIZHI_PASSAGES", "100000"))
MEASURED_ON_POSTGRES = 100_000
PASSES = int(os.environ.get("RIZHI_PASSES", "1"))
LIMIT = 10
ROOT = Path(__file__).parents[2]

Find = Callable[[str, Sequence[str]], object]
"""Looks for a query under some visibilities."""
Clock = Callable[[], float]
"""Returns seconds of CPU time."""


@dataclass(frozen=True)
class Taken:
    """Milliseconds of searches of one kind, sorted: by the clock, and of CPU time."""

    wall: Sequence[float]
    cpu: Sequence[float]


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # the figures are what this is run for


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


def measure(find: Find, kind: Timed, clock: Clock = time.thread_time) -> Taken:
    """Return what each of the kind's queries takes, at its best of `PASSES`."""
    taken = [[measure_one(find, query, kind, clock) for query in kind.queries] for _ in range(PASSES)]
    best = [tuple(map(min, zip(*each, strict=True))) for each in zip(*taken, strict=True)]
    return Taken(sorted(wall for wall, _ in best), sorted(cpu for _, cpu in best))


def measure_one(find: Find, query: str, kind: Timed, clock: Clock) -> tuple[float, float]:
    """Return the milliseconds of one search, by the clock and of CPU time."""
    began, used = time.perf_counter(), clock()
    find(query, kind.visibilities)
    return (time.perf_counter() - began) * 1000, (clock() - used) * 1000


def both_clock(database: Database) -> Clock:
    """Return the CPU time of this thread and of PostgreSQL's process behind its connection."""
    pid = database.run_read(lambda session: session.scalar(text("SELECT pg_backend_pid()")))
    spent = Path(f"/proc/{pid}/schedstat")
    return lambda: time.thread_time() + int(spent.read_text(encoding="ascii").split()[0]) / 1e9


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the smallest figure that so many percent of them do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def show_figures(
    name: str, find: Find, goal: float, peers: Mapping[str, Search], clock: Clock = time.thread_time
) -> None:
    """Print a line for each kind, beside the peers asked the same; and how many kinds reach the goal."""
    find("先把词典装好", ())
    show(f"\n{name}, {PASSAGES:,} passages; goal: p95 at most {goal:.0f} ms")
    others = "".join(f"{peer + ', times':>24}" for peer in peers)
    show(f"{'milliseconds':34}{'p50':>8}{'p95':>8}{'max':>8}{'CPU p50':>8}{'CPU p95':>8}{others}")
    reached = 0
    for kind in make_timed():
        taken = measure(find, kind, clock)
        p95 = percentile(taken.wall, 95)
        reached += p95 <= goal
        cpu = percentile(taken.cpu, 50), percentile(taken.cpu, 95)
        figures = (percentile(taken.wall, 50), p95, taken.wall[-1], *cpu)
        beside = "".join(map(partial(compare, kind, figures[-1]), peers.values()))
        mark = "" if p95 <= goal else "  over"
        show(f"{kind.name:34}" + "".join(f"{each:8.1f}" for each in figures) + " " + beside + mark)
    show(f"{reached} of {len(make_timed())} kinds reach the goal")


def compare(kind: Timed, own: float, peer: Search) -> str:
    """Return the peer's p95 of CPU time on the words of the same queries, and how many times that is ours.

    CPU time, as both search in this thread: it is the same where others use the machine.
    """
    pieces = [" ".join(parse_query(query).pieces) for query in kind.queries]
    words = [each for each in pieces if each]
    if not words:
        return f"{'':24}"
    p95 = percentile(measure(lambda query, _: peer(query), replace(kind, queries=words)).cpu, 95)
    return f"{p95:15.1f}{own / p95:9.2f}"


@pytest.fixture(scope="module")
def peers() -> Mapping[str, Search]:
    """Searches of the same passages by FTS5's ranking of Rizhi's own terms, and by tantivy."""
    if os.environ.get("RIZHI_PEERS") == "0":
        return {}
    written = partial(read_written, prepare_corpus(PASSAGES))
    grams = kept(f"grams-{PASSAGES}-{FOLD_VERSION}.db", lambda path: build_grams(written(), path))
    found = {"raw FTS5": open_grams(grams)}
    try:
        words = kept(f"tantivy-{PASSAGES}", lambda path: build_tantivy(map(cut, written()), path))
        found["tantivy"] = open_tantivy(words)
    except NotInstalled as missing:
        show(f"left out: {missing}")
    return found


def test_the_common_words_are_in_a_fifth_of_the_passages(sqlite: Database) -> None:
    words = common_words(COMMON_WORDS)
    found = dict(zip(words, sqlite.run_read(lambda session: list(shares(session, words))), strict=True))
    show("\n" + "、".join(f"{word} {share:.0%}" for word, share in found.items()))

    assert min(found.values()) >= COMMON_SHARE


def test_every_kind_of_query_on_sqlite(sqlite: Database, peers: Mapping[str, Search]) -> None:
    show_figures("SQLite", rizhi(sqlite), 20 if PASSAGES <= MEASURED_ON_POSTGRES else 100, peers)


def test_every_kind_of_query_on_postgresql(request: pytest.FixtureRequest) -> None:
    if PASSAGES > MEASURED_ON_POSTGRES:
        pytest.skip(f"measured with up to {MEASURED_ON_POSTGRES:,} passages")
    url = os.environ.get("RIZHI_BENCH_POSTGRES") or request.getfixturevalue("postgres_url")
    with closing(Database(url)) as database:
        upgrade(database)
        clock = both_clock(database)
        if not database.run_read(lambda session: session.scalar(select(func.count(Passage.id)))):
            fill(database, clock)
        show_figures("PostgreSQL, its CPU time among the client's", rizhi(database), 120, {}, clock)


def fill(database: Database, clock: Clock) -> None:
    """Load the corpus into PostgreSQL, build the index, and print what that took."""
    database.run_write(partial(copy_rows, prepare_corpus(PASSAGES)))
    before, began = tidy(database), clock()
    built = build(database)
    spent = clock() - began
    built = replace(built, index_bytes=tidy(database) - before)
    show_built("PostgreSQL, CPU of the client alone", built, 1.5)
    show(f"  the same with PostgreSQL's own CPU {built.text_chars / spent / 1e6:5.2f}")


def tidy(database: Database) -> int:
    """Do what autovacuum does in time, and return the database's size in bytes."""
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0


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
