"""The host: a disk that is emptied is not written to, and systemd hears how we are."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.commands.run import check_ready
from bot.database import Database
from bot.host import Host, loses_data
from bot.settings import Settings
from tests.acceptance.conftest import Rizhi, database_url, empty_folder, environment, rizhi
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW

__all__ = ["database_url", "empty_folder", "environment", "rizhi"]

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"
MARKS = ("DYNO", "K_SERVICE", "RENDER", "RAILWAY_ENVIRONMENT_NAME", "FLY_APP_NAME")


@pytest.mark.parametrize("mark", MARKS)
def test_on_a_host_whose_disk_is_emptied_nothing_starts_without_a_database(
    monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    monkeypatch.setenv(mark, "web.1")
    bare = Settings.model_validate({"telegram_bot_token": TOKEN, "database_url": None})

    with pytest.raises(Exception, match="Set DATABASE_URL"):
        check_ready(bare)


@pytest.mark.parametrize("url", ["postgres://rizhi@db/x", "sqlite:////data/rizhi.db"])
def test_whoever_says_where_to_keep_things_is_believed(url: str) -> None:
    assert loses_data(Settings.model_validate({"database_url": url}), Host(dyno="web.1")) is None


def test_a_machine_of_ones_own_keeps_what_is_written() -> None:
    assert loses_data(Settings.model_validate({"database_url": None}), Host.model_construct()) is None


def test_the_doctor_says_it_too(rizhi: Rizhi) -> None:
    done = rizhi("doctor", DYNO="web.1", DATABASE_URL="", TELEGRAM_API_URL="http://127.0.0.1:9")

    assert "✗ The disk of Heroku is emptied at each restart" in done.stdout
    assert "→ Set DATABASE_URL" in done.stdout


async def test_systemd_is_told_of_the_start_and_that_the_ticks_come(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setattr("bot.alive.WATCHDOG_SECONDS", 0.05)
        async with running_bot(database, NOW):
            heard = [await asyncio.to_thread(systemd.recv, 100) for _ in range(2)]

    assert heard == [b"READY=1", b"WATCHDOG=1"]


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    Host.model_construct().notify("READY=1")
    Host(notify_socket=str(tmp_path / "gone")).notify("READY=1")
