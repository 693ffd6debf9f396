"""Locks between processes on one database: each is gone when its process is.

A file beside an SQLite file; on PostgreSQL an advisory lock, which lasts as long as its connection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import filelock
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

TRY = text("SELECT pg_try_advisory_lock(hashtext(:name))")


class Lock(Protocol):
    """A lock that one process holds at a time."""

    def take(self) -> bool:
        """Take it if it is free, and return whether it was."""

    def is_held(self) -> bool:
        """Return whether what was taken is still this process'."""

    def release(self) -> None:
        """Let others take it; nothing happens where it is not held."""


class FileLock:
    """A file's, on this machine."""

    def __init__(self, path: Path) -> None:
        self._file = filelock.FileLock(path, thread_local=False)

    def take(self) -> bool:
        """Take it if it is free, and return whether it was."""
        try:
            self._file.acquire(timeout=0)
        except filelock.Timeout:
            return False
        return True

    def is_held(self) -> bool:
        """Return whether it is this process'."""
        return self._file.is_locked

    def release(self) -> None:
        """Let others take it."""
        self._file.release()


class AdvisoryLock:
    """PostgreSQL's; lost with its connection, and another process may have it from then on."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Take it if it is free, on a connection of its own, and return whether it was."""
        self.release()
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self._connection.execute(TRY, {"name": self._name}).scalar():
            return True
        self.release()
        return False

    def is_held(self) -> bool:
        """Return whether the connection lives."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        """End the connection, and the lock with it."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
