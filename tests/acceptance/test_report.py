"""/report: how the bot is doing, for its admins alone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from bot.daily import claim_report, is_worth_telling
from bot.database import Database
from bot.handlers.daily import report_daily
from bot.models import Delivery, Target
from bot.operations import RateBudget
from bot.render.values import Traffic
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW


async def test_the_report_counts_what_was_sent_late_and_lost(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        admin = telegram.reader("管", 9)
        readers = [telegram.reader() for _ in range(4)]
        for reader in readers:
            await telegram.subscribe(reader)
        await telegram.ask(readers[0], "/pause 2026-03-20")
        await telegram.move_to(shanghai(3, "07:30"))
        readers[1].block()
        await telegram.api.until(lambda: river.run_read(count_blocked))
        await telegram.move_to(shanghai(4, "07:30"))
        await telegram.move_to(shanghai(5, "07:40"))
        river.run_write(lambda session: spoil(session.query(Delivery).order_by(Delivery.id).first()))
        report = await telegram.ask(admin, "/report")

    head, _, body = report.text.partition("\n\n")
    assert head.startswith("📊 运行报告")
    assert body == (
        "过去 24 小时\n"
        "✅ 送达 2\n· 其中补发 2（停机后迟到的）\n"
        "到点后送出：一半在 10 分钟以内，最慢 10 分钟\n\n"
        "过去 7 天\n"
        "✅ 送达 6\n· 其中补发 2（停机后迟到的）\n"
        "· 被拒收 1\n"
        f"{report.text.splitlines()[11]}\n\n"  # of six, four came at once
        "👥 在读 2 · 暂停 1 · 把机器人拉黑 1\n"
        "📚 1 份文档 · 3 段\n\n"
        "这些词的意思\n"
        "被拒收：Telegram 不收这一条，换下一段接着送。原因在下面，属于程序的错，请报告。\n\n"
        "最近的问题\n"
        "03-03 07:30 被拒收：can't parse entities: tag “…”"
    )
    assert report.text.splitlines()[11].endswith("，最慢 10 分钟")


def count_blocked(session: Session) -> int:
    return session.query(Target).filter(Target.blocked_at.is_not(None)).count()


def spoil(row: Delivery | None) -> None:
    """Let the row have failed, with a reason that quotes what was sent."""
    assert row is not None
    row.state, row.error = "failed", 'can\'t parse entities: tag "河畔的秘密"'


async def test_before_anything_was_due_the_report_says_so(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        report = await telegram.ask(telegram.api.user("Admin", "en", 9), "/report")

    assert report.text.count("Nothing was due") == 2
    assert "👥 Reading 0 · paused 0 · blocked the bot 0" in report.text


@pytest.mark.parametrize(("days_ago", "is_told"), [(0, True), (1, False)])
async def test_the_report_tells_what_todays_paid_broadcast_has_cost(
    river: Database, days_ago: int, is_told: bool
) -> None:
    day = NOW.date() - dt.timedelta(days=days_ago)
    paid = RateBudget(name="paid", tat=0, paused_until=0, day=day, used=123)
    river.run_write(lambda session: session.add(paid))
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        report = await telegram.ask(telegram.reader("管", 9), "/report")

    assert ("⭐ 今天（UTC）付费群发：至多 12.3 Stars" in report.text) is is_told


async def test_for_everybody_else_there_is_no_such_command(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        ann, admin = telegram.reader(), telegram.reader("管", 9)
        refused = await telegram.ask(ann, "/report")
        group = telegram.api.group("读书会", [admin, ann])
        in_group = await telegram.ask(admin, "/report@rizhi_bot", group)

    assert refused.text == "没有这个命令。/help 里有全部用法。"
    assert in_group.text == "这个命令请在私聊里用。"


async def test_the_admins_hear_of_a_day_that_went_wrong_once_and_in_silence(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        admin, reader = telegram.reader("管", 9), telegram.reader()
        admin.start()
        await telegram.subscribe(reader)
        await telegram.move_to(shanghai(3, "07:30"))
        river.run_write(lambda session: spoil(session.query(Delivery).order_by(Delivery.id.desc()).first()))
        before = len(telegram.said(admin))
        for time in ("08:59", "09:00", "09:05", "20:55"):
            telegram.clock.move_to(shanghai(3, time))
            await report_daily(telegram.application)
        said = telegram.said(admin)[before:]

    [report] = said
    assert report.silent
    assert "被拒收 1" in report.text
    assert "DAILY_REPORT" in report.text


@pytest.mark.parametrize(
    ("wanted", "days"), [("troubles", []), ("always", ["03-03", "03-04"]), ("never", [])]
)
async def test_a_quiet_day_is_reported_only_to_whom_wants_it(
    river: Database, wanted: str, days: list[str]
) -> None:
    async with running_bot(river, NOW, admin_ids="9", daily_report=wanted) as telegram:
        admin = telegram.reader("管", 9)
        await telegram.subscribe(admin)
        for day in (3, 4):
            await telegram.move_to(shanghai(day, "07:30"))
            telegram.clock.move_to(shanghai(day, "09:10"))
            await report_daily(telegram.application)
        reports = [message for message in telegram.said(admin) if "运行报告" in message.text]

    assert [f"{message.date + dt.timedelta(hours=8):%m-%d}" for message in reports] == days


async def test_at_night_no_report_is_made_and_one_process_makes_it(database: Database) -> None:
    def claimed(day: int, time: str) -> bool:
        return database.run_write(lambda session: claim_report(session, "Asia/Shanghai", shanghai(day, time)))

    assert [claimed(3, time) for time in ("08:59", "20:59", "20:59", "21:00")] == [False, True, False, False]
    assert claimed(4, "09:00")


@pytest.mark.parametrize(
    ("states", "seconds", "worth"),
    [
        ({"sent": 9}, 899.0, False),
        ({"sent": 9, "skipped": 3, "pending": 1}, None, False),
        ({"sent": 9}, 900.0, True),
        ({"failed": 1}, None, True),
        ({"unknown": 1}, None, True),
        ({"expired": 1}, None, True),
    ],
)
def test_what_is_worth_a_report(states: dict[str, int], seconds: float | None, worth: bool) -> None:
    assert is_worth_telling(Traffic(states, most_seconds=seconds)) is worth
