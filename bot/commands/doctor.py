"""`rizhi doctor`: what is wrong with the set-up, and how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import httpx
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database
from bot.failures import explain
from bot.proxy import client_arguments
from bot.schema import HEAD, SchemaAhead, is_current, schema_version
from bot.settings import TOKEN, Settings
from content.models import STANDARD, Document, Passage
from content.tokens import tokenize

CLOCK_SECONDS = 60
"""More than this a reader would notice."""
LOW_DISK_BYTES = 100_000_000
"""Below this an SQLite file may stop growing within days."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    well: bool
    seen: str
    remedy: str = ""


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Say what is wrong with the set-up and how to mend it."""
    well = True
    for finding in examine(settings):
        click.echo(f"{'✓' if finding.well else '✗'} {finding.seen}")
        if not finding.well:
            click.echo(f"  → {finding.remedy}")
        well = well and finding.well
    sys.exit(0 if well else 1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings in the order in which one would mend them; a check that fails is a finding."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        check_token_form,
        check_telegram,
        check_clock,
        check_access,
        check_database,
        check_corpus,
        check_disk,
        check_words,
        check_time_zones,
    )
    for check in checks:
        yield check(settings)


def check_token_form(settings: Settings) -> Finding:
    """Look at the token's form alone."""
    if TOKEN.fullmatch(settings.telegram_bot_token.get_secret_value()):
        return Finding(True, "TELEGRAM_BOT_TOKEN is set and has the form of a token.")
    return Finding(
        False,
        "TELEGRAM_BOT_TOKEN is missing or has not the form of a token.",
        "Ask @BotFather for a token (/newbot) and put it in .env: TELEGRAM_BOT_TOKEN=123456:ABC…",
    )


def check_telegram(settings: Settings) -> Finding:
    """Ask the Bot API who the bot is."""
    token = settings.telegram_bot_token.get_secret_value()
    try:
        with httpx.Client(timeout=10, **client_arguments(settings)) as client:
            answer = client.get(f"{settings.telegram_api_url}/bot{token}/getMe").json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Finding(
            False,
            f"The Bot API at {settings.telegram_api_url} does not answer ({type(error).__name__}).",
            "Check the network; where Telegram is out of reach, set TELEGRAM_PROXY or TELEGRAM_API_URL.",
        )
    if answer.get("ok"):
        return Finding(True, f"The Bot API knows the bot: @{answer['result'].get('username')}.")
    return Finding(
        False,
        f"The Bot API refuses the token: {answer.get('description')}.",
        "Copy the token again from @BotFather (/token).",
    )


def check_clock(settings: Settings) -> Finding:
    """Compare this machine's clock with the server's: digests go out by ours."""
    try:
        with httpx.Client(timeout=10, **client_arguments(settings)) as client:
            theirs = parsedate_to_datetime(client.get(settings.telegram_api_url).headers["Date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError):
        return Finding(True, "The clock could not be compared with Telegram's.")
    seconds = abs((Clock().now() - theirs).total_seconds())
    seen = f"The clock is {seconds:.0f} s off Telegram's."
    return Finding(seconds <= CLOCK_SECONDS, seen, "Set the clock and have it kept right (NTP).")


def check_access(settings: Settings) -> Finding:
    """A private instance needs someone who may use it."""
    if settings.access == "open":
        return Finding(True, "ACCESS=open: everyone may use the bot.")
    if settings.admin_ids:
        return Finding(True, "ACCESS=private: admins, and those let in by `rizhi allow ID`, may use the bot.")
    return Finding(False, "ACCESS=private, but ADMIN_IDS is empty.", "Put your Telegram id in ADMIN_IDS.")


@contextmanager
def untouched(settings: Settings) -> Iterator[Database]:
    """Yield the database as it is, whatever its schema."""
    database = Database(settings.resolved_database_url)
    try:
        yield database
    finally:
        database.close()


def check_database(settings: Settings) -> Finding:
    """Take the database for writing, and see whether its schema is the one that this version needs."""
    shown = make_url(settings.resolved_database_url).render_as_string(hide_password=True)
    try:
        with untouched(settings) as database:
            version = database.run_write(schema_version)
            current = is_current(version)
    except SchemaAhead as error:
        return Finding(False, f"{error}.", "See which version wrote it; rizhi --version is this one.")
    except Exception as error:
        remedy = "Check DATABASE_URL, and that the file and its folder can be written."
        return Finding(False, f"{shown}: {explain(error)}.", remedy)
    if current or database.is_sqlite:
        schema = "up to date" if current else "brought up to date at the first use"
        return Finding(True, f"The database {shown} can be written; its schema is {schema}.")
    seen = f"The schema of {shown} is at {version or 'nothing'}, not at {HEAD}."
    return Finding(False, seen, "Run: rizhi db upgrade")


def check_corpus(settings: Settings) -> Finding:
    """Count what there is to read."""
    remedy = "Import something: rizhi import FOLDER"
    try:
        with untouched(settings) as database:
            documents, passages = database.run_read(count_corpus)
    except Exception:
        return Finding(False, "The corpus cannot be read yet.", remedy)
    seen = f"The corpus holds {documents} documents in {passages} passages."
    return Finding(documents > 0, seen, remedy)


def count_corpus(session: Session) -> tuple[int, int]:
    """Return how many visible documents there are, and how many passages in the standard cut."""
    documents = session.scalar(select(func.count()).select_from(Document).where(Document.visible)) or 0
    passages = session.scalar(select(func.count()).where(Passage.length == STANDARD)) or 0
    return documents, passages


def check_disk(settings: Settings) -> Finding:
    """Look at the space beside an SQLite file."""
    url = make_url(settings.resolved_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return Finding(True, "The database is not a file of this machine's.")
    folder = Path(url.database).resolve().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    seen = f"{free // 1_000_000:,} MB are free in {folder}."
    return Finding(free >= LOW_DISK_BYTES, seen, "Make room, or move the database with DATABASE_URL.")


def check_words(settings: Settings) -> Finding:
    """Cut a few words."""
    remedy = "Install again: pip install --force-reinstall jieba"
    try:
        cut = len(tokenize("每天读一段，每月温一遍")) > 1
    except Exception as error:
        return Finding(False, f"Words cannot be cut: {error}.", remedy)
    return Finding(cut, "Words are cut.", remedy)


def check_time_zones(settings: Settings) -> Finding:
    """Load the default zone."""
    try:
        ZoneInfo(settings.default_timezone)
    except Exception:
        return Finding(False, f"{settings.default_timezone} cannot be loaded.", "Install: pip install tzdata")
    return Finding(True, f"Time zones are there; the default is {settings.default_timezone}.")
