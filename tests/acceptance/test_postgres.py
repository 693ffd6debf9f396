"""The straight paths once more, on PostgreSQL: documents in, search, a subscription, the push."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from bot.demo.model import Message
from bot.demo.people import User
from bot.schema import open_database
from tests.acceptance.conftest import Rizhi, json_lines
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.acceptance.test_upload import ADMIN, admin_of, documents, send, taken_in
from tests.conftest import NOW

NOTES = Path(__file__).parent / "library" / "reading-circle.md"


@pytest.fixture
def address(postgres_url: str) -> str:
    """The database's address as hosts give it."""
    return postgres_url.replace("postgresql+psycopg://", "postgres://")


def test_an_import_waits_for_the_upgrade_that_it_names(rizhi: Rizhi, address: str) -> None:
    early = rizhi("import", NOTES, DATABASE_URL=address)
    upgraded = rizhi("db", "upgrade", DATABASE_URL=address)
    done = rizhi("import", NOTES, DATABASE_URL=address)

    assert (early.returncode, "rizhi db upgrade" in early.stderr) == (1, True)
    assert upgraded.stdout.startswith("The schema is now at ")
    assert done.returncode == 0


async def test_documents_go_in_are_found_and_are_pushed(
    rizhi: Rizhi, address: str, postgres_url: str
) -> None:
    rizhi("db", "upgrade", DATABASE_URL=address)
    [document] = json_lines(rizhi("import", NOTES, "--collection", "河湾", "--json", DATABASE_URL=address))
    found = json.loads(rizhi("search", "舊書店", "--json", DATABASE_URL=address).stdout)

    database = open_database(postgres_url)
    async with running_bot(database, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        hits = await telegram.ask(ann, "旧书店")
        first = await pushed(telegram, ann, shanghai(3, "07:30"))
        second = await pushed(telegram, ann, shanghai(4, "07:30"))
    database.close()

    assert document["status"] == "imported"
    assert found["total"] >= 1
    assert "旧书店" in hits.text
    assert [message.text.splitlines()[0].partition("｜")[2] for message in (first, second)] == ["1/3", "2/3"]


async def pushed(telegram: Telegram, reader: User, moment: dt.datetime) -> Message:
    """Return the digest of that moment; the database's clock does not jump, so the chat's pace is kept."""
    before = len(telegram.said(reader))
    await telegram.move_to(moment)
    await telegram.api.until(lambda: len(telegram.said(reader)) > before)
    return telegram.said(reader)[-1]


async def test_a_document_sent_in_the_chat_is_read_and_taken_in_by_child_processes(
    rizhi: Rizhi, address: str, postgres_url: str
) -> None:
    rizhi("db", "upgrade", DATABASE_URL=address)

    database = open_database(postgres_url)
    async with running_bot(database, NOW, admin_ids=str(ADMIN)) as telegram:
        report = await send(telegram)
        before = documents(telegram)
        said = await taken_in(telegram, report)
        after = documents(telegram)
        found = await telegram.ask(admin_of(telegram), "磨刀师傅")
    database.close()

    assert report.text.startswith("📄 notes.md\n2 篇 · 2 段 · UTF-8")
    assert (before, after) == ([], ["notes.md"])
    assert said.text.startswith("✅ 已入库：notes.md，2 篇，2 段。")
    assert found.text.startswith("🔍 磨刀师傅 · 1 段，1 份文档")
