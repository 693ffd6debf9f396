"""The database: engines, pragmas, threads, and the only commit.

SQLite has one writer: a single thread whose transactions begin with BEGIN IMMEDIATE (a deferred one that
upgrades fails at once, whatever the timeout), and a few threads that can only read, so that a search never
waits behind an import. PostgreSQL needs neither and gets the same interface.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import filelock
from sqlalchemy import Engine, Row, TextClause, create_engine, event, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.locks import AdvisoryLock, FileLock, Lock

T = TypeVar("T")
Work = Callable[[Session], T]

BUSY_SECONDS = 30
"""How long a writer waits for another process' transaction; ours last at most a few hundred milliseconds."""
READERS = 3
"""Threads that read. Two cores gain nothing from more."""
KEEPALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""How libpq finds out within half a minute that PostgreSQL cannot be reached any more. What is under way
then, the kernel would send again for a quarter of an hour: `tcp_user_timeout`, in ms, ends that."""
LET_GO = """
SET idle_in_transaction_session_timeout = '60s';
SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = '50s'
"""
"""How PostgreSQL lets go what a process holds that is frozen in the middle of a transaction, or out of reach:
later than that one notices, and as soon as its leases run out."""


class Database:
    """Runs work in transactions: `run_…` here and now, `write` and `read` in a thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_folder(url)
            self.writer = _sqlite_engine(url, read_only=False)
            self.reader = _sqlite_engine(url, read_only=True)
        else:
            self.writer = self.reader = _postgres_engine(url)
        self._write_thread = ThreadPoolExecutor(1, "database-write")
        self._read_threads = ThreadPoolExecutor(READERS, "database-read")
        self._quick_thread = ThreadPoolExecutor(1, "database-quick")

    def run_write(self, work: Work[T]) -> T:
        """Return what `work` returns, its changes committed; rolled back if it raises."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            return work(session)

    def run_read(self, work: Work[T]) -> T:
        """Return what `work` returns; on SQLite it cannot change anything."""
        with Session(self.reader, expire_on_commit=False) as session, session.begin():
            return work(session)

    def run_migration(self, work: Work[T]) -> T:
        """Return `run_write(work)`, with SQLite's foreign keys at rest and looked over before the commit.

        A migration that rebuilds a table drops the old one, which would delete all that refers to its rows.
        SQLite takes the switch only outside a transaction; there is one connection that writes.
        """
        if not self.is_sqlite:
            return self.run_write(work)
        self._enforce_foreign_keys(False)
        try:
            return self.run_write(lambda session: _with_keys_checked(session, work))
        finally:
            self._enforce_foreign_keys(True)

    def _enforce_foreign_keys(self, enforced: bool) -> None:
        connection = self.writer.raw_connection()
        try:
            connection.cursor().execute(f"PRAGMA foreign_keys = {int(enforced)}")
        finally:
            connection.close()

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold a lock of that name against all other processes on this database; gone when the process is."""
        if self.is_sqlite:
            with filelock.FileLock(self._lock_path(name)):
                yield
            return
        with self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": name})

    @contextmanager
    def try_lock(self, name: str) -> Iterator[bool]:
        """Yield whether the lock of that name was free; where it was, it is held until the end."""
        lock = self.make_lock(name)
        try:
            yield lock.take()
        finally:
            lock.release()

    def make_lock(self, name: str) -> Lock:
        """Return the lock of that name, not taken."""
        return FileLock(self._lock_path(name)) if self.is_sqlite else AdvisoryLock(self.writer, name)

    def _lock_path(self, name: str) -> Path:
        path = Path(make_url(self.url).database or "")
        return path.with_name(f"{path.name}.{name}.lock")

    async def write(self, work: Work[T]) -> T:
        """Return `run_write(work)`, run in the one thread that writes."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, partial(self.run_write, work))

    async def read(self, work: Work[T]) -> T:
        """Return `run_read(work)`, run in a thread that reads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, partial(self.run_read, work))

    async def at_once(self, statement: TextClause, parameters: dict[str, Any]) -> Sequence[Row[Any]]:
        """Return the rows of one statement that is its own transaction, in a thread apart: for PostgreSQL.

        A process that is frozen in the middle holds no lock, and what is under way elsewhere delays nothing.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._quick_thread, self._run_at_once, statement, parameters)

    def _run_at_once(self, statement: TextClause, parameters: dict[str, Any]) -> Sequence[Row[Any]]:
        with self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            result = connection.execute(statement, parameters)
            return result.all() if result.returns_rows else ()

    def close(self) -> None:
        """End the threads and give back the connections."""
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._quick_thread.shutdown()
        self.writer.dispose()
        self.reader.dispose()


class BrokenReferences(Exception):
    """The migration would leave rows that refer to nothing; the database was left as it was."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def _with_keys_checked(session: Session, work: Work[T]) -> T:
    done = work(session)
    if session.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise BrokenReferences
    return done


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. Two that switch a new file at once: SQLite refuses one at once, whatever the timeout."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _postgres_engine(url: str) -> Engine:
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=READERS + 1, hide_parameters=True, connect_args=KEEPALIVE
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.transaction():
            connection.execute(LET_GO)

    return engine


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,  # they are people's words, and errors go to the log
        poolclass=QueuePool,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # this module begins transactions, not the driver
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is not left in free pages
        connection.execute(f"PRAGMA query_only = {int(read_only)}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
