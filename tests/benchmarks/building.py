"""The index of the large corpus, kept for the next run with what building it took.

It is kept under the index' version: whoever changes what is stored and not the version, deletes the file.
"""

from __future__ import annotations

import json
import shutil
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.schema import upgrade
from content.models import Passage
from content.search import rebuild_index
from content.search.index import index_version
from content.search.sqlite import SqliteIndex
from tests.benchmarks.corpus import FOLDER, into_one_file, kept, prepare_corpus


@dataclass(frozen=True)
class Built:
    """What building an index took, and its size."""

    cpu_seconds: float
    wall_seconds: float
    index_bytes: int
    text_bytes: int
    """Of the passages, in UTF-8."""
    text_chars: int


def prepare_index(passages: int) -> tuple[Path, Built]:
    """Return an SQLite file with so many passages and their index, and what building that took."""
    corpus = prepare_corpus(passages)
    name = f"{corpus.stem}-{index_version(SqliteIndex()).replace('/', '-')}"
    notes = FOLDER / f"{name}.json"

    def make(path: Path) -> None:
        shutil.copy(corpus, path)
        with closing(Database(f"sqlite:///{path}")) as database:
            database.run_write(_forgo_building)
            upgrade(database)
            before = used_bytes(database)
            built = build(database)
            into_one_file(database)
            measured = asdict(built) | {"index_bytes": used_bytes(database) - before}
        notes.write_text(json.dumps(measured), encoding="ascii")

    path = kept(f"{name}.db", make)
    with closing(Database(f"sqlite:///{path}")) as database:
        upgrade(database)
    return path, Built(**json.loads(notes.read_text(encoding="ascii")))


def _forgo_building(session: Session) -> None:
    """Let the empty index pass for one of today, so that bringing the schema up to date does not build it."""
    session.execute(
        text("UPDATE search_version SET version = :version"), {"version": index_version(SqliteIndex())}
    )


def build(database: Database) -> Built:
    """Build the index and return what it took, its size (of which only the engine knows) left at 0."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in rebuild_index(database.run_write):
        pass
    taken = time.process_time() - cpu, time.perf_counter() - wall
    return Built(*taken, 0, *database.run_read(_text_size))


def _text_size(session: Session) -> tuple[int, int]:
    """Return the bytes in UTF-8 and the characters of all passages' texts."""
    octets = chars = 0
    for passage in session.scalars(select(Passage.text).execution_options(yield_per=1_000)):
        octets += len(passage.encode())
        chars += len(passage)
    return octets, chars


def used_bytes(database: Database) -> int:
    """Return the bytes of an SQLite file's pages that are in use."""

    def count(session: Session) -> int:
        names = ("page_count", "freelist_count", "page_size")
        pages, free, size = (session.scalar(text(f"PRAGMA {name}")) for name in names)
        return int((pages - free) * size)

    return database.run_read(count)
