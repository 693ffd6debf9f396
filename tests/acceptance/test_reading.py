"""The buttons under a digest."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.database import Database
from bot.models import Reading
from bot.render.texts import Texts
from content.models import Collection
from tests.acceptance.telegram import running_bot, shanghai


async def test_a_tick_records_the_reading_once_with_the_readers_own_date(library: Database) -> None:
    async with running_bot(library, shanghai(3, "00:30")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        digest = await telegram.ask(ann, "/today")
        read = await telegram.tap(ann, digest, "✅ 读完了")
        again = await telegram.toast(ann, read, "✅ 已读")
        readings = library.run_read(lambda session: session.scalars(select(Reading)).all())

        assert read.buttons[-2][0].label == "✅ 已读"
        assert read.text == digest.text
        assert [toast.text for toast in telegram.api.toasts(ann)][-2:] == [
            "记下了，今天读过。",
            "已经记过了。",
        ]
        assert again == "已经记过了。"
        [reading] = readings
        assert (reading.user_id, reading.local_date.isoformat()) == (ann.id, "2026-03-03")


async def test_a_digest_leads_to_its_context_its_words_and_its_citation(library: Database) -> None:
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        first = await telegram.ask(ann, "/next")
        digest = await telegram.tap_for_message(ann, first, "⏭ 再读一段")
        context = await telegram.tap_for_message(ann, digest, "📖 上下文")
        word = first.buttons[0][0].label.removeprefix("🔍 ")
        found = await telegram.tap_for_message(ann, first, f"🔍 {word}")
        following = await telegram.tap(ann, context, "下一段 ›")

    assert digest.buttons[-1][3].copy == "《河湾读书会的一年》，2024-03-02，第 7 自然段"
    assert context.text.startswith("《河湾读书会的一年》 · 第 2/3 段")
    assert [entity.type for entity in context.entities].count("expandable_blockquote") == 2
    assert [button.label for button in context.buttons[0]] == ["‹ 上一段", "下一段 ›"]
    assert found.text.startswith(f"🔍 {word} · ")
    assert [button.label for button in following.buttons[0]] == ["‹ 上一段"]


async def test_old_buttons_give_nothing_away_once_the_collection_is_closed(library: Database) -> None:
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        digest = await telegram.ask(ann, "/today")
        word = digest.buttons[0][0].data or ""
        library.run_write(lambda session: session.execute(update(Collection).values(visibility="members")))
        toasts = [await telegram.toast(ann, digest, data) for data in ("✅ 读完了", "1:card:1:0", word)]
        hidden = await telegram.tap_for_message(ann, digest, "⏭ 再读一段")
        library.run_write(lambda session: session.execute(update(Collection).values(visibility="public")))

        assert toasts == ["这个按钮过期了。"] * 3
        assert hidden.text == Texts("zh-Hans")("today.hidden")
        assert library.run_read(lambda session: session.scalars(select(Reading)).all()) == []
        assert await telegram.toast(ann, digest, "✅ 读完了") == "记下了，今天读过。"
