"""Documents in the chat: an admin looks at them and corrects them, and no reader loses his place by it."""

from __future__ import annotations

import multiprocessing
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.server import BotApiServer
from bot.imports import Importer
from bot.models import Proposal
from content.ingest import corrections_of
from content.models import Article, Document
from tests.acceptance.telegram import Telegram, running_bot
from tests.conftest import NOW

ADMIN, OTHER_ADMIN = 9, 10
SLOW = 120.0
"""Seconds to wait for a child process on a slow machine."""
NAME = "walks/river.md"
WALKS = ("上游的水闸", "老渡口的茶摊", "石桥下的浅滩", "下游的芦苇荡")
LOG = "岸边的柳树又绿了一些，遇见的人都问今年雨多不多，我把水位记在本子上，慢慢走回家去。"


def walk(number: int, title: str) -> str:
    """Return an article of three paragraphs; the third article's second one looks like a title."""
    between = f"{title}边上的人" if number == 3 else f"那天遇见三个人，都是{title}附近的老住户。"
    return f"# {title}\n\n第{number}天到了{title}。{LOG}\n\n{between}\n\n他们说，{title}去年还不是这样。{LOG}"


RIVER = "\n\n".join(walk(number, title) for number, title in enumerate(WALKS, 1))


def import_river(database: Database, text: str = RIVER) -> None:
    """Import the four walks into the collection 河湾, as from a folder."""
    outcome = Importer(database, "河湾", "public", NOW).import_body(NAME, text.encode())
    assert outcome.status == "imported", outcome.error


@pytest.fixture
async def telegram(database: Database) -> AsyncIterator[Telegram]:
    """A bot with two admins and one plan, 河湾, of four articles that each have a passage of their own."""
    import_river(database)
    async with running_bot(database, NOW, admin_ids=f"{ADMIN},{OTHER_ADMIN}") as telegram:
        yield telegram


def admin_of(telegram: Telegram, user_id: int = ADMIN) -> User:
    """Return the admin, who joins Telegram where he has not yet."""
    state = telegram.api.state
    known = state.people.get(user_id)
    return User(state, known) if known else telegram.reader("管", user_id)


def titles(telegram: Telegram) -> list[str]:
    """Return the titles of the document's articles, as readers have them."""
    query = select(Article.title).join(Article.document).where(Document.visible).order_by(Article.ordinal)
    return list(telegram.database.run_read(lambda session: session.scalars(query).all()))


def count(telegram: Telegram, table: type[Proposal] | type[Document]) -> int:
    return telegram.database.run_read(lambda session: session.scalar(select(func.count(table.id)))) or 0


def corrections(telegram: Telegram) -> list[str]:
    """Return the kinds of the document's corrections."""
    found = telegram.database.run_read(lambda session: corrections_of(session, 1))
    return [correction.kind for correction in found]


async def open_article(telegram: Telegram, number: int, admin: User | None = None) -> Message:
    """Return the article of that number, opened by way of /docs."""
    admin = admin or admin_of(telegram)
    shelf = await telegram.ask(admin, "/docs")
    document = await telegram.tap(admin, shelf, "1")
    return await telegram.tap(admin, document, str(number))


async def until(telegram: Telegram, message: Message, is_so: Callable[[str], bool]) -> Message:
    """Return the message once its text is so."""
    messages = telegram.api.state.chats[message.chat_id].messages
    await telegram.api.until(lambda: is_so(messages[message.message_id].text), timeout=SLOW)
    return messages[message.message_id]


async def previewed(telegram: Telegram, message: Message, button: str, admin: User | None = None) -> Message:
    """Press a button that proposes a correction, and return its preview."""
    (admin or admin_of(telegram)).press(message, button)
    return await until(telegram, message, lambda text: text.startswith("👀 预览"))


async def previewed_by_text(telegram: Telegram, typed: str) -> Message:
    """Type what was asked for, and return the preview."""
    working = await telegram.ask(admin_of(telegram), typed)
    assert working.text.startswith("⏳ 正在准备预览")
    preview = await telegram.api.message(admin_of(telegram), after=working, timeout=SLOW)
    assert preview.text.startswith("👀 预览")
    return preview


async def applied(telegram: Telegram, preview: Message, button: str = "✅ 生效") -> Message:
    """Confirm the preview, and return the message once it says that this is done."""
    admin_of(telegram).press(preview, button)
    return await until(telegram, preview, lambda text: text.startswith("✅ 生效了"))


async def test_a_document_is_looked_at_from_the_list_to_an_article(telegram: Telegram) -> None:
    admin = admin_of(telegram)
    shelf = await telegram.ask(admin, "/docs")
    listed = shelf.text
    document = await telegram.tap(admin, shelf, "1")
    listed_articles, buttons = document.text, [[b.label for b in row] for row in document.buttons]
    document = await telegram.tap(admin, document, "⚠ 只看存疑 1 篇")
    doubtful = document.text
    article = await telegram.tap(admin, document, "3")
    doubt = article.text
    article = await telegram.tap(admin, article, "‹")

    assert doubtful.endswith("⚠ 1\n\n3. 石桥下的浅滩 · ⚠ 1")
    assert "把握 75%\n\n⚠ 存疑 1 处\n· 第 21 行：正文里这一行也许是标题\n   “石桥下的浅滩边上的人”" in doubt
    assert listed == "📚 文档 · 1 份文档\n\n1. walks/river.md\n河湾 · 4 篇 · 4 段 · ⚠ 1"
    assert listed_articles == (
        "📄 walks/river.md\n河湾 · 4 篇 · 4 段 · ⚠ 1\n\n"
        "1. 上游的水闸\n2. 老渡口的茶摊\n3. 石桥下的浅滩 · ⚠ 1\n4. 下游的芦苇荡"
    )
    assert buttons == [
        ["1", "2", "3", "4"],
        ["⚠ 只看存疑 1 篇"],
        ["🔄 重新切分"],
        ["🗑 移除文档", "📚 文档列表"],
    ]
    assert article.text.startswith(
        "2. 老渡口的茶摊\n\nwalks/river.md\n没有日期\n第 9–15 行 · 3 个自然段\n\n第2天到了"
    )
    assert [[button.label for button in row] for row in article.buttons] == [
        ["⬆ 并入上一篇", "✂ 拆开"],
        ["✏ 改标题", "📅 改日期"],
        ["🔄 重新切分"],
        ["‹", "2 / 4", "›"],
        ["↩ 返回文档"],
    ]


async def test_whoever_is_no_admin_finds_no_such_command_and_no_such_button(telegram: Telegram) -> None:
    ann = telegram.reader()
    answer = await telegram.ask(ann, "/docs")
    names = ["docs:0", "doc:1:0:0", "doc_merge:1:2", "doc_apply:1", "doc_remove_now:1", "doc_retitle:1:1"]
    forged = [await telegram.toast(ann, answer, f"1:{name}") for name in names]

    assert "/help" in answer.text
    assert "文档" not in answer.text
    assert set(forged) == {"这个按钮过期了。"}
    assert titles(telegram) == list(WALKS)


async def test_a_reader_goes_on_at_his_place_after_articles_were_merged_and_split(telegram: Telegram) -> None:
    ann = telegram.reader()
    subscribed = await telegram.subscribe(ann)
    read = [
        await telegram.tap_for_message(ann, subscribed, "📖 今天的一段"),
        await telegram.ask(ann, "/next"),
    ]
    merged = await applied(
        telegram, await previewed(telegram, await open_article(telegram, 2), "⬆ 并入上一篇")
    )
    said = merged.text
    chosen = await telegram.tap(admin_of(telegram), await open_article(telegram, 2), "✂ 拆开")
    asked = await telegram.tap(admin_of(telegram), chosen, "2. 石桥下的浅滩边上的人")
    await applied(telegram, await previewed(telegram, asked, "用这一段作标题"))
    read += [await telegram.ask(ann, "/next") for _ in range(3)]
    end = await telegram.ask(ann, "/next")

    assert said == "✅ 生效了：walks/river.md，3 篇，3 段。\n读者读到哪里，位置都跟着走。"
    assert titles(telegram) == ["上游的水闸", "石桥下的浅滩", "石桥下的浅滩边上的人", "下游的芦苇荡"]
    marks = ("第1天到了", "第2天到了", "第3天到了", "石桥下的浅滩去年", "第4天到了")
    assert [[mark for mark in marks if mark in message.text] for message in read] == [[m] for m in marks]
    assert not any(mark in end.text for mark in marks)


async def test_a_preview_says_what_would_be_and_cancelling_leaves_all_as_it_is(telegram: Telegram) -> None:
    preview = await previewed(telegram, await open_article(telegram, 2), "⬆ 并入上一篇")
    text = preview.text
    during = titles(telegram), corrections(telegram)
    back = await telegram.tap(admin_of(telegram), preview, "✖ 取消")

    assert text == (
        "👀 预览 walks/river.md\n4 篇 → 3 篇 · 4 段 → 3 段\n\n"
        "➖ 1. 上游的水闸 · 3 个自然段\n➖ 2. 老渡口的茶摊 · 3 个自然段\n➕ 1. 上游的水闸 · 7 个自然段\n\n"
        "还没有生效，读者看到的还是原来的。要生效吗？"
    )
    assert during == (titles(telegram), corrections(telegram)) == (list(WALKS), [])
    assert back.text.startswith("没有改动，一切照旧。\n\n📄 walks/river.md")
    assert count(telegram, Proposal) == 0


async def test_title_and_date_are_typed_and_the_last_correction_is_taken_back(telegram: Telegram) -> None:
    admin = admin_of(telegram)
    await telegram.tap(admin, await open_article(telegram, 1), "✏ 改标题")
    refused = await telegram.ask(admin, "长" * 101)
    await applied(telegram, await previewed_by_text(telegram, "  闸口\n\u202e纪事 "))
    found = await telegram.ask(telegram.reader(), "水闸去年")
    await telegram.tap(admin, await open_article(telegram, 1), "📅 改日期")
    unread = await telegram.ask(admin, "那一天")
    dated = await applied(telegram, await previewed_by_text(telegram, "2月8日"))
    day = (await open_article(telegram, 1)).text
    undone = await applied(telegram, await previewed(telegram, dated, "↩ 撤销上次更正"))

    assert refused.text == "标题要有字，最多 100 个字。请再发一次。"
    assert "《闸口 纪事》" in found.text
    assert unread.text.startswith("“那一天”看不出是哪一天。")
    assert "2026-02-08" in day
    assert corrections(telegram) == ["retitle"]
    assert "2026" not in (await open_article(telegram, 1)).text
    assert undone.buttons


async def test_what_another_admin_changed_meanwhile_is_not_overrun(telegram: Telegram) -> None:
    other = admin_of(telegram, OTHER_ADMIN)
    old = await open_article(telegram, 3, other)
    asked = await telegram.tap(other, await open_article(telegram, 4, other), "✏ 改标题")
    mine = await previewed(telegram, await open_article(telegram, 3), "⬆ 并入上一篇")
    theirs = await previewed(telegram, await open_article(telegram, 2, other), "⬆ 并入上一篇", other)
    article = await telegram.tap(other, asked, "↩ 返回这一篇")
    await telegram.tap(other, article, "✏ 改标题")
    await applied(telegram, mine)
    typed = await telegram.ask(other, "芦苇")
    other.press(theirs, "✅ 生效")
    late = await until(telegram, theirs, lambda text: text.startswith("这份文档刚才有了改动"))
    stale = await telegram.tap(other, old, "✂ 拆开")

    assert titles(telegram) == [WALKS[0], WALKS[1], WALKS[3]]
    assert corrections(telegram) == ["merge"]
    assert late.text == stale.text == typed.text
    assert [button.label for row in late.buttons for button in row] == ["↩ 返回文档"]
    assert (await telegram.tap(other, late, "↩ 返回文档")).text.startswith("📄 walks/river.md")


async def test_ten_taps_do_what_one_does(telegram: Telegram) -> None:
    admin, article = admin_of(telegram), await open_article(telegram, 2)
    for _ in range(10):
        admin.press(article, "⬆ 并入上一篇")
    preview = await until(telegram, article, lambda text: text.startswith("👀 预览"))
    for _ in range(10):
        admin.press(preview, preview.buttons[0][0].data or "")
    done = await until(telegram, preview, lambda text: text.startswith("✅ 生效了"))
    async with telegram.services.child:  # the other taps have had their turn
        text = telegram.api.state.chats[ADMIN].messages[done.message_id].text

    assert text.startswith("✅ 生效了")
    assert corrections(telegram) == ["merge"]
    assert len(titles(telegram)) == 3


async def test_a_correction_that_is_being_made_is_not_dropped_by_the_next_one(telegram: Telegram) -> None:
    other = await open_article(telegram, 4)
    preview = await previewed(telegram, await open_article(telegram, 2), "⬆ 并入上一篇")
    cancel = preview.buttons[0][1].data or ""
    async with telegram.services.child:
        admin_of(telegram).press(preview, "✅ 生效")
        working = await until(telegram, preview, lambda text: text.startswith("⏳"))
        refused = await telegram.toast(admin_of(telegram), working, cancel)
        admin_of(telegram).press(other, "⬆ 并入上一篇")
        await until(telegram, other, lambda text: text.startswith("⏳"))
    done = await until(telegram, preview, lambda text: not text.startswith("⏳"))

    assert done.text.startswith("✅ 生效了")
    assert refused.startswith("这一步做完了")
    assert corrections(telegram) == ["merge"]


async def test_a_child_that_is_killed_changes_nothing_and_it_can_be_tried_again(telegram: Telegram) -> None:
    preview = await previewed(telegram, await open_article(telegram, 2), "⬆ 并入上一篇")
    admin_of(telegram).press(preview, "✅ 生效")
    await telegram.api.until(lambda: bool(multiprocessing.active_children()))
    multiprocessing.active_children()[0].kill()
    broken = await until(telegram, preview, lambda text: text.startswith("中断了"))

    assert titles(telegram) == list(WALKS)
    await applied(telegram, broken, "🔁 再试一次")
    assert corrections(telegram) == ["merge"]


async def test_who_is_no_admin_any_more_makes_no_correction(database: Database) -> None:
    import_river(database)
    with BotApiServer(now=lambda: NOW) as api:
        async with running_bot(database, NOW, api, admin_ids=str(ADMIN)) as telegram:
            preview = await previewed(telegram, await open_article(telegram, 2), "⬆ 并入上一篇")
            await telegram.tap(admin_of(telegram), await open_article(telegram, 3), "✏ 改标题")
        async with running_bot(database, NOW, api, admin_ids="11") as telegram:
            typed = await telegram.ask(admin_of(telegram), "新名字")
            refused = await telegram.toast(admin_of(telegram), preview, "✅ 生效")
            searched = await telegram.ask(admin_of(telegram), "新名字")

    assert refused == "这个按钮过期了。"
    assert typed.text == "只有管理员能更正文档。"
    assert searched.text != typed.text


async def test_a_document_is_removed_after_one_question_and_readers_go_on(telegram: Telegram) -> None:
    admin, ann = admin_of(telegram), telegram.reader()
    Importer(telegram.database, "河湾", None, NOW).import_body(
        "b.md", "# 秋天\n\n".encode() + LOG.encode() * 3
    )
    subscribed = await telegram.subscribe(ann)
    await telegram.tap_for_message(ann, subscribed, "📖 今天的一段")
    shelf = await telegram.ask(admin, "/docs")
    document = await telegram.tap(admin, shelf, "2")
    asked = await telegram.tap(admin, document, "🗑 移除文档")
    question = asked.text
    removed = await telegram.tap(admin, asked, "🗑 移除")
    stale = await telegram.tap(admin, await telegram.ask(admin, "/docs"), "1")
    gone = [await telegram.toast(admin, stale, f"1:{data}") for data in ("doc_remove_now:1", "doc:1:0:0")]
    on = await telegram.ask(ann, "/next")

    assert question.startswith("🗑 移除这份文档？\nwalks/river.md，4 篇，4 段\n\n· 搜不到")
    assert question.endswith("· 有 1 个订阅正读到这里")
    assert removed.text == "已移除：walks/river.md。"
    assert gone == ["", ""]
    assert (await until(telegram, stale, lambda text: "不在库里" in text)).text == "这份文档已经不在库里了。"
    assert "秋天" in on.text
    assert count(telegram, Document) == 1


async def test_a_new_version_sent_in_the_chat_is_told_as_one_and_keeps_corrections(
    telegram: Telegram,
) -> None:
    admin, ann = admin_of(telegram), telegram.reader()
    subscribed = await telegram.subscribe(ann)
    await telegram.tap_for_message(ann, subscribed, "📖 今天的一段")
    await telegram.tap(admin, await open_article(telegram, 3), "✏ 改标题")
    await applied(telegram, await previewed_by_text(telegram, "石桥"))
    new = (
        walk(0, "源头的泉眼")
        + "\n\n"
        + RIVER.replace("# 下游的芦苇荡", "# 芦苇荡").replace("第2天到了", "次日到了")
    )
    reading = await telegram.api.message(admin, after=admin.send_document(Path(NAME).name, new.encode()))
    report = await telegram.api.message(admin, after=reading, timeout=SLOW)
    text, labels = report.text, [button.label for button in report.buttons[0]]
    admin.press(report, "🔁 更新")
    said = await until(telegram, report, lambda text: text.startswith("✅"))
    text_after = said.text
    opened = await telegram.tap(admin, said, "🔎 查看与更正")
    on = await telegram.ask(ann, "/next")

    assert (
        "🔁 这是 walks/river.md 的新版本\n新增 1 篇 · 改动 2 篇\n更正保留 1 处\n读者读到哪里，位置跟着走\n"
        in text
    )
    assert text.endswith("还没有更新，读者看到的是原来的。要更新吗？一天之内有效。")
    assert labels == ["🔁 更新", "🗑 取消"]
    assert text_after.startswith("✅ 已更新：river.md，5 篇，5 段。在计划《河湾》里")
    assert opened.text.startswith("📄 walks/river.md\n河湾 · 5 篇 · 5 段 · 更正 1 处")
    assert titles(telegram) == ["源头的泉眼", WALKS[0], WALKS[1], "石桥", "芦苇荡"]
    assert "次日到了" in on.text
    assert count(telegram, Document) == 1


async def test_a_file_of_that_name_that_says_other_things_is_a_new_document(telegram: Telegram) -> None:
    admin = admin_of(telegram)
    sent = admin.send_document(Path(NAME).name, f"# 秋天\n\n{LOG}".encode())
    reading = await telegram.api.message(admin, after=sent)
    report = await telegram.api.message(admin, after=reading, timeout=SLOW)

    assert "新版本" not in report.text
    assert [button.label for button in report.buttons[0]] == ["📥 入库", "🗑 取消"]
