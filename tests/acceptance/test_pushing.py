"""The daily push: at its minute, once a date, and what becomes of it when something breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.database import Database
from bot.demo.faults import Fault, bad_gateway, drop_after, flood, refuse
from bot.demo.model import Message
from bot.demo.server import BotApiServer
from bot.imports import Importer
from bot.sources import find_files
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.conftest import NOW
from tests.factories import SENTENCES

FIRST = f"""清早的河面上｜1/3
《第1篇》 一、河上

{SENTENCES[0]}

{SENTENCES[1]}

🔑 河
📌 河畔札记 · 约 1 分钟"""
SUMMARY = f"💡 {SENTENCES[0]}"


def without_summary(message: Message) -> str:
    """Return the text without the line of the summary: whether it is worth saying is told elsewhere."""
    return "\n".join(line for line in message.text.split("\n") if not line.startswith("💡"))


def passage_number(message: Message) -> str:
    """Return the number in the first line, as in 1/3."""
    return message.text.split("\n")[0].rpartition("｜")[2]


async def test_the_digest_comes_at_its_minute_and_once_a_date(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        confirmed = await telegram.subscribe(ann)
        await telegram.move_to(shanghai(3, "07:29"))
        before = telegram.said(ann)
        for time in ("07:30", "07:31", "12:00", "23:59"):
            await telegram.move_to(shanghai(3, time))
        [_, first] = telegram.said(ann)
        await telegram.move_to(shanghai(4, "07:30"))
        [*_, second] = telegram.said(ann)

        assert before == [confirmed]
        assert without_summary(first) == FIRST
        assert [[button.label for button in row] for row in first.buttons] == [
            ["✅ 读完了", "⏭ 再读一段", "📖 上下文", "📋 出处"],
        ]
        assert not first.silent
        assert passage_number(second) == "2/3"
        assert telegram.ledger() == [("2026-03-03", 0, "sent"), ("2026-03-04", 0, "sent")]


async def test_today_takes_the_place_of_the_push_and_afterwards_shows_it_again(river: Database) -> None:
    async with running_bot(river, shanghai(3, "06:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        early = await telegram.ask(ann, "/today")
        await telegram.move_to(shanghai(3, "07:30"))
        silence = telegram.said(ann)[-1]
        again = await telegram.ask(ann, "/today")
        await telegram.move_to(shanghai(4, "07:30"))
        tomorrow = telegram.said(ann)[-1]

    assert without_summary(early) == FIRST
    assert silence == early
    assert again.text == early.text
    assert passage_number(tomorrow) == "2/3"


async def test_reading_ahead_moves_the_place_and_the_push_still_comes(river: Database) -> None:
    async with running_bot(river, shanghai(3, "06:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        ahead = await telegram.ask(ann, "/next")
        await telegram.move_to(shanghai(3, "07:30"))
        pushed = telegram.said(ann)[-1]

    assert passage_number(ahead) == "1/3"
    assert passage_number(pushed) == "2/3"


async def test_two_taps_at_once_read_ahead_one_passage(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        digest = await telegram.ask(ann, "/today")
        ann.press(digest, "⏭ 再读一段")
        ann.press(digest, "⏭ 再读一段")
        await telegram.api.until(lambda: len(telegram.said(ann)) == 4)
        [_, _, second, note] = telegram.said(ann)

        assert passage_number(second) == "2/3"
        assert note.text == "下一段已经在下面了。"
        assert [slot for _, slot, _ in telegram.ledger()] == [0, 1]


async def reawaken(river: Database, time: tuple[int, str]) -> list[Message]:
    """Subscribe on 2 March, stop the bot, start it again at `time`, and return what it then sent."""
    with BotApiServer() as api:
        async with running_bot(river, NOW, api) as telegram:
            ann = telegram.reader()
            await telegram.subscribe(ann)
        async with running_bot(river, shanghai(*time), api) as telegram:
            await telegram.move_to(shanghai(*time))
            await telegram.move_to(shanghai(*time))
            return telegram.said(ann)[1:]


async def test_what_a_stop_delayed_is_sent_once_and_marked(river: Database) -> None:
    [late] = await reawaken(river, (3, "11:00"))

    assert passage_number(late) == "1/3"
    assert late.text.endswith("⏰ 补发：本应 3 月 3 日 周二 07:30 送达，因服务中断推迟。")
    assert not late.silent


async def test_what_a_stop_delayed_into_the_night_comes_silently(river: Database) -> None:
    [late] = await reawaken(river, (3, "23:30"))

    assert "补发" in late.text
    assert late.silent


async def test_what_is_late_is_dropped_when_the_next_is_near(river: Database) -> None:
    assert await reawaken(river, (4, "02:00")) == []


async def test_after_three_days_down_one_digest_comes(river: Database) -> None:
    [late] = await reawaken(river, (5, "12:00"))

    assert passage_number(late) == "1/3"


async def subscribed(telegram: Telegram) -> None:
    """Bring a reader to the eve of his first digest."""
    await telegram.subscribe(telegram.reader(user_id=11))
    await telegram.move_to(shanghai(3, "07:29"))


async def test_a_flood_limit_is_waited_out(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        await subscribed(telegram)
        telegram.api.faults.add("sendMessage", flood(1))
        await telegram.move_to(shanghai(3, "07:30"))
        refused = telegram.ledger()
        await telegram.api.until(lambda: telegram.ledger() == [("2026-03-03", 0, "sent")])

        assert refused == [("2026-03-03", 0, "pending")]
        assert len(telegram.api.calls("sendMessage")) == 3  # the welcome, the refused one, the digest


async def test_an_error_of_telegrams_own_is_tried_again(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        await subscribed(telegram)
        telegram.api.faults.add("sendMessage", refuse(500, "Internal Server Error"))
        await telegram.move_to(shanghai(3, "07:30"))
        await telegram.api.until(lambda: telegram.ledger() == [("2026-03-03", 0, "sent")])


@pytest.mark.parametrize("fault", [drop_after(), bad_gateway(after=True)], ids=["dropped", "gateway"])
async def test_what_may_have_arrived_is_never_sent_twice(river: Database, fault: Fault) -> None:
    async with running_bot(river, NOW) as telegram:
        await subscribed(telegram)
        telegram.api.faults.add("sendMessage", fault)
        for time in ("07:30", "07:33", "12:00"):
            await telegram.move_to(shanghai(3, time))
        await telegram.move_to(shanghai(4, "07:30"))
        [_, doubtful, next_one] = telegram.said(telegram.api.state.chats[11])

        assert telegram.ledger() == [("2026-03-03", 0, "unknown"), ("2026-03-04", 0, "sent")]
        assert [passage_number(doubtful), passage_number(next_one)] == ["1/3", "2/3"]


async def test_who_blocks_the_bot_is_set_aside_and_keeps_his_place(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        telegram.api.state.people[ann.id].blocked = True  # the update of it was lost
        await telegram.move_to(shanghai(3, "07:30"))
        await telegram.move_to(shanghai(4, "07:30"))
        refused = len(telegram.api.calls("sendMessage", ann)) - 1
        ann.unblock()
        await telegram.api.until(lambda: not telegram.api.state.updates.waiting)
        await telegram.settled()
        await telegram.move_to(shanghai(4, "12:00"))
        await telegram.move_to(shanghai(5, "07:30"))
        [_, digest] = telegram.said(ann)

        assert refused == 1
        assert passage_number(digest) == "1/3"
        assert telegram.ledger() == [("2026-03-03", 0, "skipped"), ("2026-03-05", 0, "sent")]


async def test_a_finished_plan_says_so_once_and_can_begin_again(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        for day in range(3, 9):
            await telegram.move_to(shanghai(day, "07:30"))
        [_, *digests, end] = telegram.said(ann)
        resumed = await telegram.tap(ann, end, "🔁 从头再读")
        await telegram.move_to(shanghai(9, "07:30"))
        first = telegram.said(ann)[-1]

    assert [passage_number(digest) for digest in digests] == ["1/3", "2/3", "3/3"]
    assert end.text == "🎉 《河畔》读完了：3 段，用了 3 天。接下来呢？"
    assert [[button.label for button in row] for row in end.buttons] == [
        ["🔁 从头再读", "📚 换一个计划"],
        ["🚪 退订"],
    ]
    assert resumed.text.startswith("▶️ 《河畔》继续：每天 07:30，从 0/3 接着读。\n下一次：3 月 9 日")
    assert without_summary(first) == FIRST


async def test_who_had_finished_goes_on_with_what_is_imported_later(river: Database, tmp_path: Path) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        for day in (3, 4, 5, 6):
            await telegram.move_to(shanghai(day, "07:30"))
        assert "读完了" in telegram.said(ann)[-1].text
        (tmp_path / "more.md").write_text(
            "# 新的一篇\n\n河水又涨了一寸，渡口的人把船往上挪了挪。", encoding="utf-8"
        )
        importer = Importer(river, "河畔", None, shanghai(6, "12:00"))
        [outcome] = importer.import_files(find_files([tmp_path / "more.md"]))
        await telegram.move_to(shanghai(7, "07:30"))
        last = telegram.said(ann)[-1]

    assert outcome.status == "imported"
    assert "河水又涨了一寸" in last.text
