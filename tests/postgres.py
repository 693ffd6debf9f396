"""A private PostgreSQL for the tests: a cluster in a temporary folder, reached by a Unix socket only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.database import Database
from bot.schema import upgrade

_numbers = count(1)
_SETTINGS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""No network; and no care for a power cut, the folder being deleted at the end."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running cluster's maintenance database; skips where PostgreSQL is not installed."""
    if _find_programs() is None:
        pytest.skip("PostgreSQL's programs (initdb, pg_ctl) are not installed")
    with running_server() as url:
        yield url


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the URL of a new cluster's maintenance database, where PostgreSQL is installed."""
    programs = _find_programs()
    assert programs
    folder = Path(tempfile.mkdtemp(prefix="rizhi-postgres-"))
    owner = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if owner:
        shutil.chown(folder, owner)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "rizhi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {_SETTINGS}", "start")
    try:
        yield f"postgresql+psycopg://rizhi@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    with empty_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def schema_database(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the schema and nothing in it, to be copied."""
    with empty_database(postgres_server) as url:
        database = Database(url)
        upgrade(database)
        database.close()
        yield database.writer.url.database or ""


@pytest.fixture
def postgres_with_schema(postgres_server: str, schema_database: str) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own, with the schema."""
    with empty_database(postgres_server, schema_database) as url:
        yield url


@contextmanager
def empty_database(server: str, template: str = "template1") -> Iterator[str]:
    """Yield the URL of an empty database of one's own on the server, or of a copy of another."""
    name = f"test_{next(_numbers)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: Debian keeps them off the path, by version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(debian[-1]) if debian else None)
    folder = Path(found).resolve().parent if found else None
    return folder if folder and (folder / "pg_ctl").exists() else None
