"""`rizhi doctor`: what is wrong is named, each with what mends it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.checks.telegram import check_clock, check_proxy, check_telegram
from bot.clock import Clock
from bot.demo import faults
from bot.demo.server import BotApiServer
from bot.settings import Settings
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

    def run(*options: str, **settings: str) -> tuple[int, dict[str, str]]:
        done = rizhi(
            "doctor",
            *options,
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
    assert doctor(ACCESS="private", ADMIN_IDS="7", DEFAULT_PLAN="河湾") == (0, {})


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
        ({"DEFAULT_PLAN": "河滩"}, "“河滩”, and there is no such plan", "rizhi plan list"),
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


ANN, BOB = 5_000_000_101, 5_000_000_102


def stored_checks(database_url: str) -> list[tuple[int, int]]:
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    found: list[tuple[int, int]] = connection.execute("SELECT bot_id, passed FROM conformance").fetchall()
    connection.close()
    return found


@pytest.mark.usefixtures("corpus")
def test_the_live_check_passes_where_the_api_does_what_the_probe_assumes_and_leaves_nothing_behind(
    doctor: Doctor, api: BotApiServer, database_url: str
) -> None:
    people = [api.user("Ann", user_id=ANN), api.user("Bob", user_id=BOB)]
    for person in people:
        person.start()

    assert doctor("--live", ADMIN_IDS=f"{ANN},{BOB}") == (0, {})
    assert stored_checks(database_url) == [(int(api.token.partition(":")[0]), 1)]
    assert [m.text for person in people for m in api.transcript(person)] == ["/start", "/start"]


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (faults.refuse(400, "Bad Request: MESSAGE_ID_INVALID"), "is not told by its keyboard"),
        (None, "could not be asked: Forbidden: bot can't initiate conversation with a user"),
    ],
)
def test_the_live_check_fails_where_the_api_does_something_else(
    doctor: Doctor,
    api: BotApiServer,
    database_url: str,
    fault: faults.Fault | None,
    complaint: str,
) -> None:
    ann = api.user("Ann", user_id=ANN)
    if fault is not None:
        ann.start()
        api.faults.add("editMessageReplyMarkup", fault)

    status, found = doctor("--live", ADMIN_IDS=str(ANN))

    assert status == 1
    [said] = found
    assert complaint in said
    assert stored_checks(database_url) == [(int(api.token.partition(":")[0]), 0)]


@pytest.mark.usefixtures("corpus")
def test_the_live_check_needs_somebody_to_write_to(doctor: Doctor) -> None:
    assert list(doctor("--live")[1]) == ["The live check needs a chat to write to."]


def break_database(database_url: str, *statements: str) -> None:
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


CUT_SHORT = """
import os, signal, sys
import content.search.index
from bot.database import Database
content.search.index.BATCH = 1
next(content.search.index.rebuild_index(Database(sys.argv[1]).run_write))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("corpus")
def test_a_broken_index_is_named_and_built_anew(doctor: Doctor, rizhi: Rizhi, database_url: str) -> None:
    break_database(database_url, "DELETE FROM search_index_data")

    _, found = doctor()
    done = rizhi("reindex")

    assert found == {"The search index is damaged.": "Build it anew: rizhi reindex"}
    assert done.returncode == 0
    assert re.fullmatch(r"The search index is built anew: \d+ passages\.\n", done.stdout)
    assert doctor() == (0, {})


@pytest.mark.usefixtures("corpus")
def test_a_rebuild_that_was_killed_is_named_and_mended(
    doctor: Doctor, rizhi: Rizhi, database_url: str, environment: dict[str, str]
) -> None:
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", CUT_SHORT, database_url], cwd=root, env=environment)
    assert killed.returncode == -signal.SIGKILL

    _, found = doctor()
    rizhi("reindex")

    assert list(found) == ["The search index is being built anew, or that was cut short."]
    assert doctor() == (0, {})


def test_the_index_of_a_database_that_is_not_there_asks_for_the_schema(rizhi: Rizhi) -> None:
    done = rizhi("reindex")

    assert done.returncode == 1
    assert "rizhi db upgrade" in done.stderr


@pytest.mark.usefixtures("corpus")
def test_a_damaged_file_asks_for_a_backup(doctor: Doctor, database_url: str) -> None:
    path = database_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    query = "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'passage'"
    page, size = connection.execute(query).fetchone()
    connection.close()
    with Path(path).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    _, found = doctor()

    assert any("backup" in remedy for remedy in found.values())


def test_a_database_of_a_newer_version_asks_which(doctor: Doctor, rizhi: Rizhi, database_url: str) -> None:
    rizhi("db", "upgrade")
    break_database(database_url, "UPDATE alembic_version SET version_num = '9999'")

    _, found = doctor()

    [remedy] = [said for seen, said in found.items() if "made by a newer version" in seen]
    assert "rizhi --version" in remedy


def test_a_newer_database_stops_every_command_with_one_line(rizhi: Rizhi, database_url: str) -> None:
    rizhi("db", "upgrade")
    break_database(database_url, "UPDATE alembic_version SET version_num = '9999'")

    for command in (("db", "upgrade"), ("plan", "list"), ("search", "读书")):
        done = rizhi(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("rizhi: The database was made by a newer version")
        assert done.stderr.count("\n") == 1


def test_a_clock_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, api: BotApiServer) -> None:
    settings = make_settings(api)
    assert check_clock(settings).well

    slow = Clock(dt.timedelta(minutes=-5))
    monkeypatch.setattr("bot.checks.telegram.Clock", lambda: slow)

    finding = check_clock(settings)
    assert (finding.well, "NTP" in finding.remedy) == (False, True)
    assert re.search(r"\b(299|300|301) s off", finding.seen)


@pytest.fixture
def proxy() -> Iterator[int]:
    """The port of a proxy that asks everybody for another password."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refuse, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def refuse(listening: socket.socket) -> None:
    try:
        while True:
            asking, _ = listening.accept()
            with asking:
                asking.recv(4096)
                asking.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        return


def behind(proxy: str, api_url: str = "https://192.0.2.1") -> Settings:
    """Return settings with this proxy, for an API that is not on this machine."""
    return Settings(telegram_proxy=SecretStr(proxy), telegram_api_url=api_url)


def test_a_proxy_is_shown_without_its_password(proxy: int) -> None:
    finding = check_proxy(behind(f"http://ann:s3cret@127.0.0.1:{proxy}"))

    assert (finding.well, finding.seen) == (True, f"The proxy http://127.0.0.1:{proxy} answers.")


def test_a_proxy_that_refuses_is_told_from_one_that_is_silent(proxy: int) -> None:
    refused = check_telegram(behind(f"http://ann:s3cret@127.0.0.1:{proxy}"))
    silent = check_proxy(behind("socks5://ann:s3cret@127.0.0.1:9"))

    assert "407 Proxy Authentication Required" in refused.seen
    assert "password in TELEGRAM_PROXY" in refused.remedy
    assert silent.seen == "The proxy socks5://127.0.0.1:9 does not answer (ConnectionRefusedError)."
    assert "s3cret" not in f"{refused}{silent}"


@pytest.mark.parametrize(
    "form", ["127.0.0.1:7890", "s3cret", "http://", "http://a:b:c@d:e", "ftp://s3cret@x"]
)
def test_a_proxy_of_another_form_is_explained(form: str) -> None:
    finding = check_proxy(behind(form))

    assert not finding.well
    assert "socks5://host:port" in finding.remedy
    assert "s3cret" not in finding.seen


def test_a_proxy_that_is_not_needed_is_no_trouble(api: BotApiServer) -> None:
    assert check_proxy(behind("socks5://127.0.0.1:9", api.url)).well
    assert check_proxy(Settings(telegram_proxy=None)).well
