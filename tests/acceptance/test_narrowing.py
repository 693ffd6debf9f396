"""Narrowing a search, putting it in another order, saving it, and what happens when the corpus changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.demo.model import Message
from bot.demo.server import BotApiServer
from bot.imports import Importer
from bot.saved import MOST_SAVED, save_search
from bot.searches import open_search
from bot.sources import find_files
from content.ingest import remove_document
from content.models import Document
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW

NAME = "@rizhi_bot"


@pytest.fixture
def lakes(database: Database, tmp_path: Path) -> Database:
    """A database with six dated articles in one document, five of 2024, and an undated one in another."""
    dated = [f"# 湖边第{day}天\n\n2024-05-{day:02}\n\n湖水第{day}天又涨了一寸。" for day in range(1, 6)]
    (tmp_path / "lake.md").write_text(
        "\n\n".join([*dated, "# 旧事\n\n2022-01-09\n\n湖水那年最低。"]), "utf-8"
    )
    (tmp_path / "boats.md").write_text("# 船\n\n湖水一涨，船就近了岸。", "utf-8")
    importer = Importer(database, "湖", "public", NOW)
    assert {outcome.status for outcome in importer.import_files(find_files([tmp_path]))} == {"imported"}
    return database


def document(database: Database, name: str) -> Document:
    query = select(Document).where(Document.name == name)
    return database.run_read(lambda session: session.scalars(query).one())


def remove(database: Database, name: str) -> None:
    number = document(database, name).id
    database.run_write(lambda session: remove_document(session, number))


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


async def test_a_search_is_narrowed_to_a_document_and_a_year_and_widened_again(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "湖水")
        documents = await telegram.tap(ann, found, "📄 按文档")
        in_lake = await telegram.tap(ann, documents, "lake · 6")
        years = await telegram.tap(ann, in_lake, "📅 按年份")
        in_2022 = await telegram.tap(ann, years, "2022 · 1")
        hit = await telegram.tap(ann, in_2022, "1")
        back = await telegram.tap(ann, hit, "↩ 返回结果")
        any_year = await telegram.tap(ann, back, "✖ 2022 年")
        widened = await telegram.tap(ann, any_year, "✖ lake")

    assert found.text.startswith("🔍 湖水 · 7 段，2 份文档\n")
    assert labels(documents) == ["lake · 6", "船 · 1", "↩ 返回结果"]
    assert in_lake.text.startswith("🔍 湖水 · 6 段，1 份文档\n仅在：lake\n")
    assert labels(years) == ["2024 · 5", "2022 · 1", "↩ 返回结果"]
    assert in_2022.text.startswith("🔍 湖水 · 1 段，1 份文档\n仅在：lake、2022 年\n")
    assert "湖水那年最低" in hit.text
    assert back.text == in_2022.text
    assert any_year.text == in_lake.text
    assert widened.text == found.text


async def test_hits_are_put_in_order_of_date_and_back_the_undated_last(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "湖水")
        latest = await telegram.tap(ann, found, "🕘 新的在前")
        last = await telegram.tap(ann, latest, "›")
        best = await telegram.tap(ann, last, "🎯 相关的在前")

    assert latest.text.startswith("🔍 湖水 · 7 段，2 份文档 · 新的在前\n")
    assert [line for line in latest.text.split("\n") if line.startswith("《")] == [
        f"《湖边第{day}天》" for day in (5, 4, 3, 2, 1)
    ]
    assert [line for line in last.text.split("\n") if line.startswith("《")] == ["《旧事》", "《船》"]
    assert best.text == found.text


async def test_what_may_have_been_meant_is_a_tap_away_and_searched_for_as_it_was_narrowed(
    lakes: Database,
) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        misspelt = await telegram.ask(ann, "hushui")
        years = await telegram.tap(ann, misspelt, "📅 按年份")
        narrowed = await telegram.tap(ann, years, "2024 · 5")
        await telegram.api.toast(ann.forge(narrowed, "1:suggestion:1:0"))
        meant = await telegram.tap(ann, await telegram.api.edit(narrowed), "✖ 2024 年")
        none = await telegram.ask(ann, "湖水")
        await telegram.api.toast(ann.forge(none, "1:suggestion:3:7"))
        same = await telegram.tap(ann, none, "⭐ 保存")

    assert misspelt.text.startswith("🔍 hushui · 7 段，2 份文档\n没有找到原样的词，下面是“湖水”的结果。")
    assert meant.text.startswith("🔍 湖水 · 7 段，2 份文档\n\n")
    assert same.text == none.text


async def test_a_saved_search_is_made_again_as_it_was_narrowed_and_can_be_removed(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "湖水 -船")
        years = await telegram.tap(ann, found, "📅 按年份")
        narrowed = await telegram.tap(ann, years, "2024 · 5")
        said = await telegram.toast(ann, narrowed, "⭐ 保存")
        await telegram.ask(ann, "船")
        await telegram.ask(ann, "👍")
        listed = await telegram.ask(ann, "/search")
        again = await telegram.tap(ann, listed, "⭐ 湖水 -船 · 2024 年")
        relisted = await telegram.ask(ann, "/search")
        recent = await telegram.tap(ann, relisted, "🕘 船")
        tidying = await telegram.tap(ann, await telegram.ask(ann, "/search"), "🗑 删掉几个…")
        tidied = await telegram.tap(ann, tidying, "🗑 湖水 -船 · 2024 年")
        after = await telegram.tap(ann, tidied, "↩ 返回")

    assert said == "已保存。私聊里发 /search 就能再搜。"
    assert labels(listed) == ["⭐ 湖水 -船 · 2024 年", "🕘 船", "🗑 删掉几个…"]
    assert again.text.startswith("🔍 湖水 · 5 段，1 份文档\n不含：船\n仅在：2024 年\n")
    assert "★ 已保存" in labels(again)
    assert recent.text.startswith("🔍 船 ·")
    assert tidied.text == "没有保存的搜索了。"
    assert labels(after) == ["🕘 湖水 -船 · 2024 年", "🕘 船"]


async def test_a_search_that_is_saved_twice_is_kept_once_and_let_go_where_it_is_shown(
    lakes: Database,
) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "湖水")
        save = next(button.data for row in found.buttons for button in row if button.label == "⭐ 保存")
        await telegram.tap(ann, found, "⭐ 保存")
        await telegram.api.toast(ann.forge(found, save or ""))  # a second tap, on its way already
        listed = await telegram.ask(ann, "/search")
        saved = await telegram.tap(ann, await telegram.ask(ann, "湖水"), "★ 已保存")

    assert labels(listed) == ["⭐ 湖水", "🗑 删掉几个…"]
    assert "⭐ 保存" in labels(saved)


async def test_a_person_keeps_so_many_searches_and_no_more(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        lakes.run_write(lambda session: keep_many(session, ann.id))
        refused = await telegram.toast(ann, await telegram.ask(ann, "湖水"), "⭐ 保存")

    assert refused == "最多保存 20 个。先在私聊里发 /search，删掉几个。"


def keep_many(session: Session, user_id: int) -> None:
    for number in range(MOST_SAVED):
        assert save_search(session, open_search(session, user_id, user_id, f"湖 {number}", NOW), NOW)


async def test_nobody_narrows_saves_or_sees_what_another_looked_for(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann, bob = telegram.reader("安"), telegram.reader("博")
        group = telegram.api.group("读书会", [ann, bob])
        found = await telegram.ask(ann, f"/search{NAME} 湖水", group)
        refused = [
            await telegram.toast(bob, found, button)
            for button in (
                "📄 按文档",
                "📅 按年份",
                "🕘 新的在前",
                "⭐ 保存",
                "1:in_year:1:2022",
                "1:suggestion:1:0",
            )
        ]
        await telegram.tap(ann, found, "⭐ 保存")
        theirs = await telegram.ask(bob, "/search")
        in_group = await telegram.ask(ann, f"/search{NAME}", group)
        mine = await telegram.ask(ann, "/search")
        forged = [await telegram.toast(bob, theirs, data) for data in ("1:saved:1", "1:saved:99")]
        await telegram.toast(bob, theirs, "1:drop_saved:1")
        kept = await telegram.ask(ann, "/search")
        turned = await telegram.tap(ann, found, "›")

    assert set(refused) == {"这是 安 的操作。发 /search 开始你自己的。"}
    assert theirs.buttons == in_group.buttons == ()
    assert labels(mine) == labels(kept) == ["⭐ 湖水", "🗑 删掉几个…"]
    assert set(forged) == {"这个按钮过期了。"}
    assert turned.text.startswith("🔍 湖水 · 7 段，2 份文档\n")


async def test_passages_that_were_removed_lose_nothing_else(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        latest = await telegram.tap(ann, await telegram.ask(ann, "湖水"), "🕘 新的在前")
        second = await telegram.tap(ann, latest, "›")
        remove(lakes, "lake.md")
        gone = await telegram.tap(ann, second, "6")
        back = await telegram.tap(ann, gone, "↩ 返回结果")

    assert gone.text == "这段原文已经不在资料库里了：文档移除了，或重新切分过。"
    assert back.text.startswith("🔍 湖水 · 1 段，1 份文档 · 新的在前\n这一页现在没有了，这是最后一页。\n")
    assert "船就近了岸" in back.text


async def test_a_search_in_a_document_that_is_gone_says_so_and_leads_out(lakes: Database) -> None:
    async with running_bot(lakes, NOW) as telegram:
        ann = telegram.reader()
        documents = await telegram.tap(ann, await telegram.ask(ann, "湖水"), "📄 按文档")
        narrowed = await telegram.tap(ann, documents, "船 · 1")
        await telegram.tap(ann, narrowed, "⭐ 保存")
        remove(lakes, "boats.md")
        listed = await telegram.ask(ann, "/search")
        nothing = await telegram.tap(ann, listed, "⭐ 湖水 · 已移除的文档")
        widened = await telegram.tap(ann, nothing, "✖ 已移除的文档")

    assert nothing.text.startswith("仅在：已移除的文档\n没有找到 湖水。")
    assert widened.text.startswith("🔍 湖水 · 6 段，1 份文档\n")


async def test_a_document_that_may_not_be_read_is_not_named_by_narrowing_to_it(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        found = await telegram.ask(ann, "水位尺")
        hidden = f"in_document:1:{document(library, 'charter.txt').id}"
        for forged in (hidden, "in_document:1:99999999999999", "in_year:1:10000", "in_year:1:99999999999999"):
            await telegram.toast(ann, found, f"1:{forged}")
        saved = await telegram.tap(ann, found, "⭐ 保存")

    assert saved.text == found.text


async def test_pages_are_turned_after_a_restart(lakes: Database) -> None:
    with BotApiServer(now=lambda: NOW) as api:
        async with running_bot(lakes, NOW, api) as telegram:
            ann = telegram.reader()
            latest = await telegram.tap(ann, await telegram.ask(ann, "湖水"), "🕘 新的在前")
        async with running_bot(lakes, NOW, api) as restarted:
            second = await restarted.tap(ann, latest, "›")

    assert "2 / 2" in labels(second)
    assert second.text.startswith("🔍 湖水 · 7 段，2 份文档 · 新的在前\n")
