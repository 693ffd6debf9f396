"""Backups of an SQLite file: made while the bot runs, looked over, and kept in number.

PostgreSQL has programs of its own for this. How a backup is put back: `bot.restoring`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.schema import is_current

NAME = re.compile(r"rizhi-\d{8}T\d{6}Z\.db")
"""Files that are ours to delete."""


class BadBackup(Exception):
    """The file cannot be restored."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


def make_backup(path: Path, folder: Path, now: dt.datetime) -> Path:
    """Write all of the database at `path` into a new file in the folder, and return it. Raises BadBackup.

    The file is whole or not there; only its owner may read it. Others may read and write meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = folder / f"rizhi-{now:%Y%m%dT%H%M%SZ}.db"
    with partial_file(made) as part:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        check_backup(part)
    return made


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest backups in the folder, and return what was deleted."""
    ours = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    old = ours[:-number]
    for path in old:
        path.unlink()
    return old


def check_backup(path: Path) -> None:
    """Raise BadBackup where the file is damaged or none of rizhi's; SchemaAhead where it is a later one's."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            [[said]] = opened.execute("PRAGMA integrity_check(1)")
            [[version]] = opened.execute("SELECT version_num FROM alembic_version")
    except (sqlite3.Error, ValueError) as error:
        raise BadBackup(path, f"is no database of rizhi, or is damaged ({error})") from None
    if said != "ok":
        raise BadBackup(path, f"is damaged: {said}")
    is_current(version)


@contextmanager
def partial_file(path: Path) -> Iterator[Path]:
    """Yield a file to be filled; at the end it has its name, on disk for good, or it is gone: that failed."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        part.chmod(0o600)
        _flush(part)
        part.rename(path)
        _flush(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the system write the file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
