"""A document sent in the chat: nothing reaches a reader before an admin has said so."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, func, select

from bot.database import Database
from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.server import BotApiServer
from bot.models import Upload
from content.models import Document, Original
from tests.acceptance.telegram import Telegram, running_bot
from tests.conftest import NOW

ADMIN, OTHER_ADMIN = 9, 10
SLOW = 60.0
"""Seconds to wait for a child process on a slow machine."""
TAKE_IN, DROP = "📥 入库", "🗑 取消"
NOTE = "社区的磨刀师傅每逢单日在北门摆摊，剪子五元，菜刀八元，磨好当场试给你看。"
NOTES = f"""# 磨刀摊的规矩

2026年2月3日 来源：北门茶馆

{NOTE}

# 修伞的老人

雨季里他一天要修二十把伞，换伞骨的钱只收一半，说是老主顾都懂得他的难处。
"""


@pytest.fixture
async def telegram(river: Database) -> AsyncIterator[Telegram]:
    """A bot with two admins and one plan, 河畔."""
    async with running_bot(river, NOW, admin_ids=f"{ADMIN},{OTHER_ADMIN}") as telegram:
        yield telegram


def admin_of(telegram: Telegram) -> User:
    """Return the admin, who joins Telegram where he has not yet."""
    state = telegram.api.state
    known = state.people.get(ADMIN)
    return User(state, known) if known else telegram.reader("管", ADMIN)


async def send(telegram: Telegram, name: str = "notes.md", text: str | bytes = NOTES) -> Message:
    """Let the admin send a file, and return the bot's last word on it."""
    admin = admin_of(telegram)
    body = text if isinstance(text, bytes) else text.encode()
    sent = admin.send_document(name, body)
    reading = await telegram.api.message(admin, after=sent)
    assert reading.text == f"📄 收到 {name}，正在读……"
    return await telegram.api.message(admin, after=reading, timeout=SLOW)


def documents(telegram: Telegram) -> list[str]:
    """Return the names of the documents that readers can see."""
    query = select(Document.name).where(Document.visible).order_by(Document.id)
    return list(telegram.database.run_read(lambda session: session.scalars(query).all()))


def waiting(telegram: Telegram) -> int:
    """Return how many documents wait."""
    query = select(func.count(Upload.id))
    return telegram.database.run_read(lambda session: session.scalar(query)) or 0


async def taken_in(telegram: Telegram, report: Message) -> Message:
    """Press the button and return the message once it says that the document is in the library."""
    admin = admin_of(telegram)
    admin.press(report, TAKE_IN)
    return await settled(telegram, report)


async def settled(telegram: Telegram, report: Message) -> Message:
    """Return the message once nothing can be taken in by it any more."""
    messages = telegram.api.state.chats[ADMIN].messages
    await telegram.api.until(
        lambda: "upload_import" not in str(messages[report.message_id].buttons), timeout=SLOW
    )
    return messages[report.message_id]


async def test_a_document_is_reported_on_and_reaches_readers_once_it_is_taken_in(telegram: Telegram) -> None:
    ann = telegram.reader()
    report = await send(telegram)
    before = await telegram.ask(ann, "磨刀师傅")
    known = documents(telegram)
    said = await taken_in(telegram, report)
    after = await telegram.ask(ann, "磨刀师傅")
    text = said.text
    offered = await telegram.tap(admin_of(telegram), said, said.buttons[1][0].label)

    assert report.text.startswith(
        "📄 notes.md\n2 篇 · 2 段 · UTF-8\n\n"
        "· 《磨刀摊的规矩》\n· 《修伞的老人》\n\n"
        "⚠ 存疑 2 处\n"
        "· 第 1 行：这一篇特别短\n   “磨刀摊的规矩”\n"
        "· 第 7 行：这一篇特别短\n   “修伞的老人”\n\n"
        "抽 2 段看看\n"
    )
    assert NOTE in report.text
    assert [button.label for button in report.buttons[0]] == [TAKE_IN, DROP]
    assert "没有找到" in before.text
    assert "notes.md" not in known
    assert documents(telegram) == [*known, "notes.md"]
    assert text == "✅ 已入库：notes.md，2 篇，2 段。在计划《资料库》里，现在就能搜到、读到。"
    assert "磨刀师傅" in after.text
    assert offered.text.startswith("✅ 订好了：《资料库》")
    assert waiting(telegram) == 0


async def test_a_document_that_is_dropped_leaves_nothing(telegram: Telegram) -> None:
    known, report = documents(telegram), await send(telegram)
    assert waiting(telegram) == 1
    admin = admin_of(telegram)
    said = await telegram.tap(admin, report, DROP)
    late = [await telegram.toast(admin, said, f"1:upload_{what}:1") for what in ("import", "cancel")]

    assert said.text == "已取消：notes.md 没有入库，也没有留下。"
    assert not said.buttons
    assert late == ["这个按钮过期了。"] * 2
    assert (waiting(telegram), documents(telegram)) == (0, known)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("empty.txt", b"\n \n", "这个文件里没有文字。"),
        ("noise.txt", bytes(range(256)) * 40, "读不出文字：没有一种编码对得上"),
    ],
)
async def test_what_holds_no_text_is_refused_and_not_kept(
    telegram: Telegram, name: str, body: bytes, said: str
) -> None:
    refused = await send(telegram, name, body)

    assert refused.text.startswith(said)
    assert not refused.buttons
    assert waiting(telegram) == 0


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        (
            "table.XLSX",
            9,
            "读不了 .xlsx 文件。能读的是 .txt、.md、.html、.docx、.epub 和 .pdf，请另存为其中一种再发。",
        ),
        ("old.doc", 9, "读不了 .doc 文件。请用 Word、WPS 或 LibreOffice 打开，另存为 .docx 再发。"),
        ("../<b>\u202etxt.exe", 9, "读不了 .exe 文件"),
        ("README", 9, "读不了 README 文件"),
        ("big.txt", 20 * 1024 * 1024 + 1, "文件有 21 MB，Telegram 只允许机器人下载 20 MB。"),
    ],
)
async def test_what_cannot_be_read_is_not_even_fetched(
    telegram: Telegram, name: str, size: int, said: str
) -> None:
    admin = admin_of(telegram)
    answer = await telegram.api.message(admin, after=admin.send_document(name, bytes(size)))

    assert answer.text.startswith(said)
    assert len(telegram.said(admin)) == 1


async def test_whoever_is_no_admin_is_told_so_and_cannot_press_an_admins_button(telegram: Telegram) -> None:
    report, ann = await send(telegram), telegram.reader()
    answer = await telegram.api.message(ann, after=ann.send_document("notes.md", NOTES.encode()))
    other = telegram.reader("乙", OTHER_ADMIN)
    hello = await telegram.ask(other, "/help")
    forged = [await telegram.toast(who, hello, "1:upload_import:1") for who in (ann, other)]

    assert answer.text == "只有管理员能添加资料。想查什么，发一个词给我就能搜索。"
    assert forged == ["这个按钮过期了。"] * 2
    assert report.buttons
    assert "notes.md" not in documents(telegram)


async def test_two_documents_at_once_and_many_taps_take_each_in_once(telegram: Telegram) -> None:
    admin = admin_of(telegram)
    for name in ("one.md", "two.md"):
        admin.send_document(name, NOTES.replace("磨刀", name[:3]).encode())
    await telegram.api.until(lambda: len(telegram.said(admin)) == 4, timeout=SLOW)
    reports = [message for message in telegram.said(admin) if message.buttons]
    for report in reports * 2:
        admin.press(report, TAKE_IN)
    said = await asyncio.gather(*(settled(telegram, report) for report in reports))
    again = [await telegram.toast(admin, report, f"1:upload_import:{n}") for n, report in enumerate(said, 1)]

    async with telegram.services.child:  # the second taps have had their turn
        last = [telegram.api.state.chats[ADMIN].messages[report.message_id].text for report in reports]

    assert sorted(text[:12] for text in last) == ["✅ 已入库：one.md", "✅ 已入库：two.md"]
    assert sorted(documents(telegram)[-2:]) == ["one.md", "two.md"]
    assert again == ["这个按钮过期了。"] * 2


async def test_the_same_document_again_is_not_taken_in_twice(telegram: Telegram) -> None:
    first, second = await send(telegram), await send(telegram, "copy.md")
    await taken_in(telegram, first)
    late = await taken_in(telegram, second)
    again = await send(telegram, "<i>third.md")

    assert late.text.startswith("copy.md 已经在库里了，没有重复入库：2 篇，2 段，")
    assert again.text == "<i>third.md 的内容与库里的 notes.md 完全相同（资料集“资料库”），没有重复入库。"
    assert documents(telegram).count("notes.md") == 1


async def test_the_same_document_again_brings_the_original_that_was_not_kept(telegram: Telegram) -> None:
    await taken_in(telegram, await send(telegram))
    telegram.database.run_write(lambda session: session.execute(delete(Original)))
    await send(telegram)

    assert telegram.database.run_read(
        lambda session: session.scalar(select(func.count()).select_from(Original))
    )


async def test_what_waits_is_told_and_erased_with_the_rest(telegram: Telegram) -> None:
    report, admin = await send(telegram), admin_of(telegram)
    since = telegram.database.run_read(lambda session: session.get_one(Upload, 1).created_at)
    exported = await telegram.ask(admin, "/export")
    await telegram.ask(admin, "/start")
    asked = await telegram.ask(admin, "/forget")
    await telegram.tap(admin, asked, "🗑 全部删掉")

    assert exported.document
    assert json.loads(exported.document.body)["uploads"] == [
        {"name": "notes.md", "since": since.isoformat(timespec="seconds")}
    ]
    assert await telegram.toast(admin, report, TAKE_IN) == "这个按钮过期了。"
    assert waiting(telegram) == 0


async def test_a_forwarded_document_is_read_as_well(telegram: Telegram) -> None:
    ann, admin = telegram.reader(), admin_of(telegram)
    forwarded = admin.forward(ann.send_document("notes.md", NOTES.encode()))
    reading = await telegram.api.message(admin, after=forwarded)
    report = await telegram.api.message(admin, after=reading, timeout=SLOW)

    assert report.text.startswith("📄 notes.md\n2 篇 · 2 段")


async def test_a_document_waits_through_a_restart_but_not_longer_than_a_day(river: Database) -> None:
    with BotApiServer() as api:
        async with running_bot(river, NOW, api, admin_ids=str(ADMIN)) as telegram:
            old, kept = await send(telegram, "old.md", NOTES + "旧"), await send(telegram)
            river.run_write(lambda session: age(session.get_one(Upload, 1)))
            assert await telegram.toast(admin_of(telegram), old, TAKE_IN) == "这个按钮过期了。"
        async with running_bot(river, NOW, api, admin_ids=str(ADMIN)) as restarted:
            said = await taken_in(restarted, kept)

    assert said.text.startswith("✅ 已入库：notes.md")


def age(upload: Upload) -> None:
    upload.created_at -= dt.timedelta(hours=24)
