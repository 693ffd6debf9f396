"""`rizhi doctor`: what is wrong is named, each with what mends it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.commands.doctor import check_clock
from bot.demo.server import BotApiServer
from tests.acceptance.conftest import Rizhi
from tests.acceptance.telegram import make_settings

REFUSED = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"

Doctor = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Telegram of this test's own."""
    with BotApiServer() as server:
        yield server


@pytest.fixture
def doctor(rizhi: Rizhi, api: BotApiServer) -> Doctor:
    """Run `rizhi doctor` on a set-up with a good token, and return its status and remedies by complaint."""

    def run(**settings: str) -> tuple[int, dict[str, str]]:
        done = rizhi(
            "doctor",
            **{"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "ACCESS": "open"} | settings,
        )
        assert "Traceback" not in done.stdout + done.stderr
        assert not any(secret in done.stdout for secret in (api.token, REFUSED, "s3cret"))
        return done.returncode, dict(re.findall(r"^✗ (.*)\n  → (.*)$", done.stdout, re.MULTILINE))

    return run


@pytest.fixture
def corpus(library_file: Path, database_url: str) -> None:
    """Something to read."""
    shutil.copy(library_file, database_url.removeprefix("sqlite:///"))


@pytest.mark.usefixtures("corpus")
def test_a_good_set_up_has_nothing_to_mend(doctor: Doctor) -> None:
    assert doctor() == (0, {})
    assert doctor(ACCESS="private", ADMIN_IDS="7") == (0, {})


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("settings", "complaint", "remedy"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN is missing", "@BotFather"),
        ({"TELEGRAM_BOT_TOKEN": "12:34"}, "not the form of a token", "@BotFather"),
        ({"TELEGRAM_BOT_TOKEN": REFUSED}, "refuses the token: Unauthorized", "/token"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, "does not answer", "TELEGRAM_PROXY"),
        ({"TELEGRAM_API_URL": "http://["}, "does not answer", "TELEGRAM_API_URL"),
        ({"ACCESS": "private"}, "ADMIN_IDS is empty", "Put your Telegram id in ADMIN_IDS"),
        ({"DATABASE_URL": "sqlite:////proc/none/rizhi.db"}, "/proc/none/rizhi.db: ", "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://ann:s3cret@127.0.0.1:9/x"}, "cannot be used", "DATABASE_URL"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(
    doctor: Doctor, settings: dict[str, str], complaint: str, remedy: str
) -> None:
    status, found = doctor(**settings)

    assert status == 1
    [(_, said)] = [(seen, said) for seen, said in found.items() if complaint in seen]
    assert remedy in said


def test_an_empty_corpus_asks_for_an_import(doctor: Doctor, rizhi: Rizhi) -> None:
    rizhi("db", "upgrade")

    assert doctor() == (
        1,
        {"The corpus holds 0 documents in 0 passages.": "Import something: rizhi import FOLDER"},
    )


def test_before_the_first_use_only_the_corpus_is_missing(doctor: Doctor) -> None:
    status, found = doctor()

    assert status == 1
    assert list(found.values()) == ["Import something: rizhi import FOLDER"]


def test_a_postgresql_that_is_behind_asks_for_an_upgrade(
    doctor: Doctor, rizhi: Rizhi, postgres_url: str
) -> None:
    _, before = doctor(DATABASE_URL=postgres_url)
    rizhi("db", "upgrade", DATABASE_URL=postgres_url)
    _, after = doctor(DATABASE_URL=postgres_url)

    assert "Run: rizhi db upgrade" in before.values()
    assert list(after.values()) == ["Import something: rizhi import FOLDER"]


def test_a_database_of_a_newer_version_asks_which(doctor: Doctor, rizhi: Rizhi, database_url: str) -> None:
    rizhi("db", "upgrade")
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    _, found = doctor()

    [remedy] = [said for seen, said in found.items() if "made by a newer version" in seen]
    assert "rizhi --version" in remedy


def test_a_newer_database_stops_every_command_with_one_line(rizhi: Rizhi, database_url: str) -> None:
    rizhi("db", "upgrade")
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    for command in (("db", "upgrade"), ("plan", "list"), ("search", "读书")):
        done = rizhi(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("rizhi: The database was made by a newer version")
        assert done.stderr.count("\n") == 1


def test_a_clock_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, api: BotApiServer) -> None:
    settings = make_settings(api)
    assert check_clock(settings).well

    slow = Clock(dt.timedelta(minutes=-5))
    monkeypatch.setattr("bot.commands.doctor.Clock", lambda: slow)

    finding = check_clock(settings)
    assert (finding.well, "NTP" in finding.remedy) == (False, True)
    assert re.search(r"\b(299|300|301) s off", finding.seen)
