"""What is kept about a person: it is said, handed out, and erased."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation import PATIENCE
from bot.database import Database
from bot.delivery.attempts import KEPT as ATTEMPTS_KEPT
from bot.demo.faults import slow
from bot.demo.model import Message
from bot.demo.people import User
from bot.members import allow
from bot.models import SearchSession
from bot.personal import count_kept
from bot.received import KEPT as UPDATES_KEPT
from bot.render.values import Kept
from bot.saved import save_search
from bot.schema import upgrade
from bot.searches import KEEP
from content.models import Base, Document
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_document, make_plan

NAME = "@rizhi_bot"
ANN = 4_123_456_789


async def live(telegram: Telegram) -> User:
    """Return Ann, a member, who has subscribed, read, searched, in a group too, and is being asked a time."""
    ann, bob = telegram.reader(user_id=ANN), telegram.reader("博")
    telegram.database.run_write(lambda session: allow(session, ANN, NOW))
    group = telegram.api.group("读书会", [bob, ann])
    await telegram.subscribe(ann)
    await telegram.subscribe(bob)
    digest = await telegram.ask(ann, "/today")
    await telegram.tap(ann, digest, "✅ 读完了")
    await telegram.ask(ann, "柳树")
    telegram.database.run_write(keep_search)
    await telegram.ask(ann, f"/search{NAME} 木桩", group)
    shared = await telegram.ask(bob, f"/today{NAME}", group)
    await telegram.toast(ann, shared, "✅ 读完了")
    await telegram.tap(ann, await telegram.ask(ann, "/settings"), "🕘 时间")
    return ann


def keep_search(session: Session) -> None:
    """Save Ann's first search, as its button would if it had found something."""
    searches = select(SearchSession).where(SearchSession.user_id == ANN).order_by(SearchSession.id)
    save_search(session, session.scalars(searches.limit(1)).one(), NOW)


def tables_with(database: Database, number: int) -> set[str]:
    """Return the tables of the SQLite file in which any column of any row holds the number, also in words."""
    found = set()
    with database.reader.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        for name in names.all():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            if any(str(number) in str(value) for row in rows for value in row):
                found.add(name)
    return found


def file_of(message: Message) -> dict[str, Any]:
    """Return what the message's file holds."""
    assert message.document is not None
    held: dict[str, Any] = json.loads(message.document.body.decode("utf-8"))
    return held


async def test_the_export_holds_all_that_is_kept_in_words_that_can_be_read(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = await live(telegram)
        message = await telegram.ask(ann, "/export")
        held = file_of(message)

    assert message.document is not None
    assert message.document.name == "rizhi-export.json"
    assert "柳树" in message.document.body.decode("utf-8")  # as it was written, without escapes
    assert message.text.endswith("语言和时区、1 个订阅、1 条推送记录、1 条已读记录、2 次搜索、1 个保存的搜索")
    assert held["user_id"] == ANN
    assert held["allowed_at"] == "2026-03-02T00:00:00+00:00"
    assert [(kept["language"], kept["timezone"]) for kept in held["settings"]] == [
        ("zh-Hans", "Asia/Shanghai")
    ]
    [subscription] = held["subscriptions"]
    assert (subscription["plan"], subscription["status"], subscription["time"]) == ("河畔", "active", "07:30")
    position = subscription["position"]
    assert (position["passage"], position["of"]) == (1, 3)
    assert position["read_up_to"]["title"] == "第1篇"
    [delivery] = held["deliveries"]
    assert (delivery["date"], delivery["state"], delivery["passage"], delivery["of"]) == (
        "2026-03-02",
        "sent",
        1,
        3,
    )
    assert delivery["citation"] == {
        "title": "第1篇",
        "section": "上编",
        "date": None,
        "source": "河畔札记",
        "paragraph": 1,
        "document": delivery["citation"]["document"],
    }
    assert [reading["date"] for reading in held["readings"]] == ["2026-03-02"]
    assert [(search["query"], search["in_group"]) for search in held["searches"]] == [
        ("柳树", False),
        ("木桩", True),
    ]
    assert [(search["query"], search["document"], search["order"]) for search in held["saved_searches"]] == [
        ("柳树", None, "relevance")
    ]


async def test_a_removed_document_leaves_the_export_readable(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = await live(telegram)
        river.run_write(lambda session: session.delete(session.query(Document).one()))
        held = file_of(await telegram.ask(ann, "/export"))

    assert held["deliveries"][0]["citation"] is None
    assert held["subscriptions"][0]["position"] == {"passage": 0, "of": 0, "read_up_to": None}


async def test_forgetting_asks_once_and_then_leaves_no_trace_in_any_table(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = await live(telegram)
        await telegram.settled()
        before = tables_with(river, ANN)
        question = await telegram.ask(ann, "/forget")
        await telegram.settled()
        asked = tables_with(river, ANN)
        done = await telegram.tap(ann, question, "🗑 全部删掉")
        await telegram.settled()
        after = tables_with(river, ANN)
        second_tap = await telegram.toast(ann, done, "1:forget_now")
        nothing = await telegram.ask(ann, "/forget")
        await telegram.move_to(shanghai(3, "07:30"))
        others = [state for _, _, state in telegram.ledger()]
        silence = telegram.said(ann)[-1]
        welcome = await telegram.ask(ann, "/start")

    assert (
        before
        == asked | {"pending_action"}
        == {
            *("member", "target", "delivery", "reading", "search", "saved_search", "pending_action"),
            "attempt",
        }
    )
    assert question.text == (
        "要把这里与你有关的一切都删掉吗？会删掉：\n"
        "· 语言和时区\n· 1 个订阅\n· 1 条推送记录\n· 1 条已读记录\n· 2 次搜索\n· 1 个保存的搜索\n\n"
        "删了就找不回来，进度也不再留着；想留一份，先导出。"
        "已经发到这个聊天里的消息不在我这里，清空聊天记录就没有了。\n\n"
        "管理员的放行名单里还有你的编号：那是管理员的记录，要删请找他。"
    )
    assert done.text.startswith(
        "🗑 删掉了：语言和时区、1 个订阅、1 条推送记录、1 条已读记录、2 次搜索、1 个保存的搜索。"
    )
    assert done.buttons == ()
    assert after == {"member"}
    assert second_tap == "这个按钮过期了。"
    assert nothing.text.startswith("这里没有与你有关的记录。")
    assert silence == nothing
    assert others == ["sent", "sent"]  # the group's and Bob's
    assert "你好，我是日知" in welcome.text


async def test_on_postgresql_it_is_the_same(postgres_url: str) -> None:
    database = Database(postgres_url)
    upgrade(database)
    database.run_write(lambda session: (make_document(session), make_plan(session)))
    async with running_bot(database, NOW, admin_ids=str(ANN)) as telegram:
        ann = await live(telegram)
        held = file_of(await telegram.ask(ann, "/export"))
        report = await telegram.ask(ann, "/report")
        done = await telegram.tap(ann, await telegram.ask(ann, "/forget"), "🗑 全部删掉")
        left = database.run_read(lambda session: count_kept(session, ANN))
    database.close()

    assert held["deliveries"][0]["citation"]["paragraph"] == 1
    assert "送达 2" in report.text
    assert "2 次搜索" in done.text
    assert left == Kept(is_member=True)


async def test_what_is_not_confirmed_is_not_erased(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = await live(telegram)
        question = await telegram.ask(ann, "/forget")
        kept = await telegram.tap(ann, question, "不用，照旧")
        mine = await telegram.ask(ann, "/plan")

    assert kept.text == "好，什么都没有删。"
    assert "1/3" in mine.text


async def test_a_digest_under_way_is_not_recorded_for_one_who_is_forgotten(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader(user_id=ANN)
        await telegram.subscribe(ann)
        question = await telegram.ask(ann, "/forget")
        telegram.api.faults.add("sendMessage", slow(0.5))
        sending = asyncio.create_task(telegram.move_to(shanghai(3, "07:30")))
        await telegram.api.until(lambda: [row for row in telegram.ledger() if row[2] == "sending"])
        await telegram.tap(ann, question, "🗑 全部删掉")
        await sending

        await telegram.settled()
        assert tables_with(river, ANN) == set()


async def test_privacy_says_what_the_code_does_and_leads_on(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann, bob = telegram.reader(), telegram.api.user("Bob", "en")
        said = await telegram.ask(ann, "/privacy")
        said_in_english = await telegram.ask(bob, "/privacy")
        question = await telegram.tap_for_message(ann, said, "🗑 删掉全部…")
        file = await telegram.tap_for_message(ann, said, "📦 导出")
        in_group = await telegram.ask(ann, f"/export{NAME}", telegram.api.group("读书会", [ann]))

    assert (KEEP.days, ATTEMPTS_KEPT.days, UPDATES_KEPT.days, PATIENCE.total_seconds()) == (30, 30, 2, 900)
    for words in ("30 天", "15 分钟", "编号：2 天", "/export", "/forget"):
        assert words in said.text
    for words in ("30 days", "15 minutes", "its number: 2 days", "/export", "/forget"):
        assert words in said_in_english.text
    assert question.text.startswith("这里没有与你有关的记录。")
    assert file_of(file)["subscriptions"] == []
    assert in_group.text == "这个命令请在私聊里用。"


def test_whoever_keeps_something_about_people_in_a_new_table_is_told_to_erase_it() -> None:
    keeping = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"chat_id", "user_id"} & set(table.columns.keys())
    }

    people = {"member", "target", "delivery", "reading", "search", "pending_action", "upload", "proposal"}
    people |= {"saved_search", "attempt", "chat_budget"}
    assert keeping == people


async def test_who_is_shut_out_later_still_reaches_what_is_kept_of_him(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        await telegram.subscribe(telegram.reader(user_id=77))
    async with running_bot(river, NOW, access="private") as telegram:
        ann = telegram.reader(user_id=77)
        refused = await telegram.ask(ann, "/today")
        question = await telegram.ask(ann, "/forget")

    assert "rizhi allow" in refused.text
    assert question.buttons
