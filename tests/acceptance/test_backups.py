"""`rizhi backup` and `rizhi restore`: whole copies while the bot runs; no day comes twice after them."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.backups import check_backup, keep_newest, make_backup
from bot.database import Database
from bot.models import Delivery, Subscription
from bot.restoring import carry_over, restore_backup
from bot.turn import RUNNING
from tests.acceptance.conftest import Rizhi
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW


@pytest.fixture
def file(empty_database_file: Path, tmp_path: Path) -> Path:
    """The database at which the command line looks."""
    return Path(shutil.copy(empty_database_file, tmp_path / "rizhi.db"))


def allow(path: Path, user_id: int) -> None:
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("INSERT INTO member (user_id, allowed_at) VALUES (?, ?)", (user_id, "2026-03-02"))


def members(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as opened:
        return [number for (number,) in opened.execute("SELECT user_id FROM member ORDER BY user_id")]


def test_a_backup_is_a_whole_copy_that_only_its_owner_may_read(rizhi: Rizhi, file: Path) -> None:
    allow(file, 7)

    done = rizhi("backup")

    assert done.returncode == 0, done.stderr
    [made] = (file.parent / "backups").iterdir()
    assert done.stdout.startswith(str(made))
    assert members(made) == [7]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_a_backup_is_made_in_the_middle_of_a_write_and_has_none_of_it(
    database: Database, tmp_path: Path
) -> None:
    path = Path(database.writer.url.database or "")
    with database.writer.begin() as connection:
        connection.execute(text("INSERT INTO member (user_id, allowed_at) VALUES (7, '2026-03-02')"))
        made = make_backup(path, tmp_path / "backups", NOW)

    check_backup(made)
    assert members(made) == []
    assert members(path) == [7]


def test_the_newest_backups_are_kept_and_nothing_else_is_touched(rizhi: Rizhi, file: Path) -> None:
    folder = file.parent / "copies"
    folder.mkdir()
    names = [f"rizhi-2026030{day}T030000Z.db" for day in range(1, 6)]
    for name in [*names, "notes.txt", "rizhi.db"]:
        (folder / name).touch()

    done = rizhi("backup", folder, "--keep", "3")

    left = sorted(path.name for path in folder.iterdir())
    assert "Deleted 3 older backups." in done.stdout
    assert left[:2] == ["notes.txt", "rizhi-20260304T030000Z.db"]
    assert len(left) == 5
    assert keep_newest(folder, 3) == []


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database" * 100)

    with pytest.raises(sqlite3.DatabaseError):
        make_backup(tmp_path / "broken.db", tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_comes_back_and_the_old_file_is_kept(rizhi: Rizhi, file: Path) -> None:
    allow(file, 7)
    rizhi("backup")
    [made] = (file.parent / "backups").iterdir()
    allow(file, 8)

    done = rizhi("restore", made)

    [aside] = file.parent.glob("rizhi.db.before-*Z")
    assert done.returncode == 0, done.stderr
    assert (members(file), members(aside), members(made)) == ([7], [7, 8], [7])
    assert str(aside) in done.stdout


def test_what_is_no_backup_is_refused_and_nothing_is_changed(
    rizhi: Rizhi, file: Path, tmp_path: Path
) -> None:
    allow(file, 7)
    later = Path(shutil.copy(file, tmp_path / "later.db"))
    with closing(sqlite3.connect(later)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as opened, opened:
        opened.execute("CREATE TABLE x (y)")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    said = [rizhi("restore", path) for path in (later, foreign, damaged)]

    assert [done.returncode for done in said] == [1, 1, 1]
    assert "a newer version of rizhi" in said[0].stderr
    assert "no database of rizhi" in said[1].stderr
    assert "damaged" in said[2].stderr
    assert members(file) == [7]
    assert not list(tmp_path.glob("*.before-*")) + list(tmp_path.glob("*.part"))


def test_a_restore_waits_until_the_bot_is_stopped_unless_it_is_told(rizhi: Rizhi, file: Path) -> None:
    rizhi("backup")
    [made] = (file.parent / "backups").iterdir()
    database = Database(f"sqlite:///{file}")
    with database.try_lock(RUNNING):
        refused = rizhi("restore", made)
        told = rizhi("restore", made, "--while-running")
    database.close()

    assert (refused.returncode, told.returncode) == (1, 0)
    assert "the bot runs on this database: stop it first" in refused.stderr
    assert "restart it now" in told.stdout


async def test_who_was_sent_a_digest_since_the_backup_does_not_get_it_again(
    journal: Database, tmp_path: Path
) -> None:
    path = Path(journal.writer.url.database or "")
    async with running_bot(journal, NOW) as telegram:
        await telegram.subscribe(telegram.reader(user_id=7))
        backup = make_backup(path, tmp_path / "backups", NOW)
        await telegram.move_to(shanghai(3, "07:30"))
        rows = telegram.ledger()
    journal.close()
    aside = restore_backup(backup, path, NOW)
    assert aside
    taken = carry_over(aside, path)

    restored = Database(journal.url)
    async with running_bot(restored, shanghai(3, "08:00")) as telegram:
        await telegram.move_to(shanghai(3, "08:00"))
        again = telegram.ledger()
        calls = telegram.api.calls("sendMessage")
    row = restored.run_read(lambda session: session.scalars(select(Subscription)).one())
    last = restored.run_read(lambda session: session.scalars(select(Delivery).order_by(Delivery.id)).all())[
        -1
    ]
    restored.close()

    assert taken == 1
    assert again == rows
    assert calls == []
    assert (row.position_article, row.position_stop) == (last.article, last.stop)


def test_on_postgresql_its_own_programs_are_named(rizhi: Rizhi, tmp_path: Path) -> None:
    (tmp_path / "rizhi.dump").touch()
    there = {"DATABASE_URL": "postgresql://rizhi:s3cret@db/x"}

    backup, restore = rizhi("backup", **there), rizhi("restore", tmp_path / "rizhi.dump", **there)

    assert (backup.returncode, restore.returncode) == (1, 1)
    assert "pg_dump" in backup.stderr
    assert "pg_restore" in restore.stderr
    assert "s3cret" not in backup.stderr + restore.stderr
