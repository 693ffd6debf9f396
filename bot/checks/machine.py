"""Checks of what is kept here: database, search index, corpus, plan that leads, disk, words, time zones."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.cards import can_draw
from bot.checks import Finding
from bot.commands import count, untouched
from bot.failures import explain
from bot.host import Host, loses_data
from bot.plans import find_plan
from bot.schema import HEAD, SchemaAhead, is_current, schema_version
from bot.settings import Settings
from content.models import STANDARD, Document, Passage
from content.search import find_fault
from content.tokens import tokenize

BACKUP = "Stop rizhi, and put a backup in its place: rizhi restore FILE"
UNUSABLE = "Check DATABASE_URL, and that the file and its folder can be written."
LOW_DISK_BYTES = 100_000_000
"""Below this an SQLite file may stop growing within days."""


def check_database(settings: Settings) -> Finding:
    """Take the database for writing, and see whether its schema is the one that this version needs."""
    shown = make_url(settings.resolved_database_url).render_as_string(hide_password=True)
    try:
        with untouched(settings) as database:
            version = database.run_write(schema_version)
            current = is_current(version)
            damage = database.run_read(find_damage)
    except SchemaAhead as error:
        return Finding(False, f"{error}.", "See which version wrote it; rizhi --version is this one.")
    except Exception as error:
        return Finding(False, f"{shown}: {explain(error)}.", BACKUP if is_corrupt(error) else UNUSABLE)
    if damage:
        return Finding(False, f"{shown} is damaged: {damage}.", BACKUP)
    if current or database.is_sqlite:
        schema = "up to date" if current else "brought up to date at the first use"
        return Finding(True, f"The database {shown} can be written; its schema is {schema}.")
    seen = f"The schema of {shown} is at {version or 'nothing'}, not at {HEAD}."
    return Finding(False, seen, "Run: rizhi db upgrade")


def check_lasting(settings: Settings) -> Finding:
    """See whether the host keeps what is written to its disk."""
    reason = loses_data(settings, Host())
    if reason is None:
        return Finding(True, "What is kept here stays here.")
    why, _, remedy = reason.partition(". ")
    return Finding(False, f"{why[0].upper()}{why[1:]}.", f"{remedy}.")


def find_damage(session: Session) -> str | None:
    """Return the first thing that is wrong with an SQLite file; None if nothing is, and on PostgreSQL.

    Newer versions of SQLite look into the search index as well; that can be mended, and has its own check.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    said = session.scalars(text("PRAGMA quick_check")).all()
    return next((line for line in said if line != "ok" and "search_index" not in line), None)


def is_corrupt(error: Exception) -> bool:
    """Return whether SQLite could not make sense of its file."""
    code = getattr(error.orig, "sqlite_errorcode", 0) if isinstance(error, DatabaseError) else 0
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def check_index(settings: Settings) -> Finding:
    """Hold the search index against the passages, and ask the engine whether it is sound."""
    try:
        with untouched(settings) as database:
            if not is_current(database.run_read(schema_version)):
                return Finding(True, "The search index is made with the schema.")
            fault = database.run_write(find_fault)
    except Exception:
        return Finding(True, "The search index cannot be looked at yet.")
    if fault is None:
        return Finding(True, "The search index has every passage, and is sound.")
    return Finding(False, f"The search index {fault}.", "Build it anew: rizhi reindex")


def check_corpus(settings: Settings) -> Finding:
    """Count what there is to read."""
    remedy = "Import something: rizhi import FOLDER"
    try:
        with untouched(settings) as database:
            documents, passages = database.run_read(count_corpus)
    except Exception:
        return Finding(False, "The corpus cannot be read yet.", remedy)
    seen = f"The corpus holds {count(documents, 'document')} in {count(passages, 'passage')}."
    return Finding(documents > 0, seen, remedy)


def count_corpus(session: Session) -> tuple[int, int]:
    """Return how many visible documents there are, and how many passages in the standard cut."""
    documents = session.scalar(select(func.count()).select_from(Document).where(Document.visible)) or 0
    passages = session.scalar(select(func.count()).where(Passage.length == STANDARD)) or 0
    return documents, passages


def check_default_plan(settings: Settings) -> Finding:
    """See whether the plan that is to lead exists; where it does not, the first one leads in silence."""
    name = settings.default_plan
    if name is None:
        return Finding(True, "DEFAULT_PLAN is not set: the first plan leads.")
    try:
        with untouched(settings) as database:
            known = database.run_read(lambda session: find_plan(session, name) is not None)
    except Exception:
        return Finding(True, "DEFAULT_PLAN cannot be looked up yet.")
    seen = f"DEFAULT_PLAN is “{name}”" + ("." if known else ", and there is no such plan.")
    return Finding(known, seen, "Put a name from rizhi plan list in DEFAULT_PLAN, or nothing.")


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


def check_cards(settings: Settings) -> Finding:
    """See whether cards can be drawn; that they cannot is no fault."""
    if can_draw():
        return Finding(True, "Cards can be drawn.")
    return Finding(True, "Cards are not offered: Pillow is missing. To have them: pip install 'rizhi[cards]'")
