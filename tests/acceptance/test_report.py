"""/report: how the bot is doing, for its admins alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.database import Database
from bot.models import Delivery, Target
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


async def test_for_everybody_else_there_is_no_such_command(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        ann, admin = telegram.reader(), telegram.reader("管", 9)
        refused = await telegram.ask(ann, "/report")
        group = telegram.api.group("读书会", [admin, ann])
        in_group = await telegram.ask(admin, "/report@rizhi_bot", group)

    assert refused.text == "没有这个命令。/help 里有全部用法。"
    assert in_group.text == "这个命令请在私聊里用。"
