"""Putting a backup of an SQLite file back, and what was sent since: nobody gets again what he has had."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.backups import BadBackup, check_backup, partial_file

COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a file, by the end of its name: together they are the database."""
PROGRESS = (
    "position_document_id",
    "position_article",
    "position_stop",
    "round",
    "last_local_date",
    "next_due_at",
)
"""What a subscription has from being sent digests."""
SAME = "ours.id = theirs.id AND ours.plan_id = theirs.plan_id AND ours.target_id = theirs.target_id"
"""Numbers are not given twice, but the backup's may have been given again after an earlier restore."""


def restore_backup(backup: Path, path: Path, now: dt.datetime) -> Path | None:
    """Put a copy of the backup in the place of the database at `path`; return where the old one is now.

    Nothing is changed where the backup is no good. Raises BadBackup, SchemaAhead.
    """
    if backup.with_name(f"{backup.name}-wal").exists():
        raise BadBackup(backup, "is in use, or was copied while it was: make a copy with rizhi backup")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with partial_file(path) as part:
        shutil.copyfile(backup, part)
        check_backup(part)
        return _put_aside(path, f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}")


def carry_over(old: Path, path: Path) -> int:
    """Take over from the `old` database what was sent since the backup; return how many deliveries that are.

    Of people and plans that the backup does not know, nothing is taken. Raises sqlite3.Error where the old
    file cannot be read; nothing is changed then.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("ATTACH ? AS old", (str(old),))
        opened.execute("BEGIN IMMEDIATE")
        taken = _copy_ledger(opened)
        progress = ", ".join(f"{name} = theirs.{name}" for name in PROGRESS)
        opened.execute(
            f"UPDATE subscription AS ours SET {progress} FROM old.subscription AS theirs"  # noqa: S608  constants of ours
            f" WHERE {SAME} AND theirs.last_local_date > coalesce(ours.last_local_date, '')"
        )
        opened.execute("COMMIT")
        return taken


def _copy_ledger(opened: sqlite3.Connection) -> int:
    ours, theirs = (
        [name for _, name, *_ in opened.execute(f"PRAGMA {schema}.table_info(delivery)")]
        for schema in ("main", "old")
    )
    columns = ", ".join(name for name in ours if name in theirs)
    return opened.execute(
        f"INSERT OR IGNORE INTO delivery ({columns}) SELECT {columns} FROM old.delivery"  # noqa: S608  names of columns, read from the schema
        " WHERE subscription_id IN"
        f" (SELECT ours.id FROM subscription AS ours, old.subscription AS theirs WHERE {SAME})"
    ).rowcount


def _put_aside(path: Path, name: str) -> Path | None:
    if not path.exists():
        return None
    for end in COMPANIONS:
        companion = path.with_name(path.name + end)
        if companion.exists():
            companion.rename(path.with_name(name + end))
    return path.with_name(name)
