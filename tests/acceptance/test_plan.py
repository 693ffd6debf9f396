"""/plan: how far a reader is, when he will be through, and changing to another plan."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.demo.model import Message
from bot.members import allow
from tests.acceptance.telegram import Telegram, running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_collection, make_document, make_plan


@pytest.fixture
def two_plans(river: Database) -> Database:
    """Beside 河畔 with its three passages a plan 山路 of 27."""
    river.run_write(lambda session: make_document(session, collection="山路", articles=9))
    river.run_write(lambda session: make_plan(session, "山路", "山路"))
    return river


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.buttons]


async def with_both(telegram: Telegram) -> Message:
    """Subscribe a reader to both plans and return his /plan."""
    ann = telegram.reader(user_id=41)
    await telegram.ask(ann, "/start s_1")
    await telegram.ask(ann, "/start s_2")
    return await telegram.ask(ann, "/plan")


async def test_progress_the_date_of_the_end_and_a_link_are_shown(two_plans: Database) -> None:
    async with running_bot(two_plans, NOW) as telegram:
        ann = telegram.reader()
        await telegram.ask(ann, "/start s_2")
        await telegram.ask(ann, "/today")
        mine = await telegram.ask(ann, "/plan")

    assert mine.text == (
        "《山路》\n"
        "▓░░░░░░░░░ 1/27 · 3%\n"
        "🕘 每天 07:30\n"
        "下一次：3 月 3 日 周二 07:30\n"
        "🏁 照这样读，约 2026 年 3 月 28 日读完\n\n"
        "🔗 分享给朋友，点开就订上：\n"
        "https://t.me/rizhi_bot?start=s_2"
    )
    assert labels(mine) == [
        ["📖 今天的一段", "⚙️ 设置"],
        ["📚 换一个计划", "➕ 再加一个"],
        ["📤 分享", "🚪 退订"],
    ]
    assert (mine.buttons[2][0].url or "").startswith(
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Frizhi_bot%3Fstart%3Ds_2&text="
    )


async def test_weekdays_and_pauses_put_off_the_end(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        days = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "📅 星期")
        await telegram.tap(ann, days, "周末")
        weekends = await telegram.ask(ann, "/plan")
        await telegram.ask(ann, "/pause 2026-03-15")
        late = await telegram.ask(ann, "/plan")
        await telegram.tap(ann, late, "▶️ 现在恢复")
        question = await telegram.ask(ann, "/pause")
        await telegram.tap(ann, question, "先一直停着")
        resting = await telegram.ask(ann, "/plan")

    assert "🕘 周末 07:30" in weekends.text
    assert "约 2026 年 3 月 14 日读完" in weekends.text  # 7, 8 and 14 March
    assert "⏸ 停到 3 月 15 日 周日" in late.text
    assert "约 2026 年 3 月 22 日读完" in late.text  # 15, 21 and 22 March
    assert "⏸ 停着，等你恢复。" in resting.text
    assert "读完" not in resting.text


async def test_changing_the_plan_keeps_the_rhythm_and_the_old_place(two_plans: Database) -> None:
    async with running_bot(two_plans, NOW) as telegram:
        ann = telegram.reader()
        await telegram.ask(ann, "/start s_1")
        times = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "🕘 时间")
        evening_time = await telegram.tap(ann, times, "21:00")
        days = await telegram.tap(ann, evening_time, "📅 星期")
        await telegram.tap(ann, days, "周一至周五")
        await telegram.ask(ann, "/today")
        choice = await telegram.tap(ann, await telegram.ask(ann, "/plan"), "📚 换一个计划")
        changed = await telegram.tap(ann, choice, "山路")
        await telegram.move_to(shanghai(2, "21:30"))
        evening = telegram.ledger()
        await telegram.move_to(shanghai(3, "21:00"))
        digest = telegram.said(ann)[-1]
        back = await telegram.tap(ann, changed, "↩ 换回《河畔》")
        await telegram.move_to(shanghai(4, "21:00"))
        returned = telegram.said(ann)[-1]

    assert labels(choice) == [["山路 · 27 段"], ["↩ 返回"]]
    assert changed.text == (
        "✅ 换好了：《山路》共 27 段，周一至周五 21:00 送一段。\n"
        "下一次：3 月 3 日 周二 21:00\n"
        "《河畔》停在 1/3，给你留着。"
    )
    assert evening == [("2026-03-02", 0, "sent")]  # the date has had its digest
    assert "｜1/27" in digest.text
    assert "《山路》停在 1/27，给你留着。" in back.text
    assert "｜2/3" in returned.text


async def test_a_second_plan_can_be_added_and_each_opened(two_plans: Database) -> None:
    async with running_bot(two_plans, NOW) as telegram:
        ann = telegram.reader()
        await telegram.ask(ann, "/start s_1")
        choice = await telegram.tap(ann, await telegram.ask(ann, "/plan"), "➕ 再加一个")
        await telegram.tap(ann, choice, "山路")
        both = await telegram.ask(ann, "/plan")
        one = await telegram.tap(ann, both, "山路")
        again = await telegram.tap(ann, one, "↩ 我的计划")

    assert labels(choice) == [["山路 · 27 段"]]  # not what he has
    assert both.text.startswith("📚 我的计划\n\n《河畔》\n░░░░░░░░░░ 0/3 · 0%\n🏁")
    assert "《山路》\n░░░░░░░░░░ 0/27 · 0%" in both.text
    assert labels(both) == [["河畔 · 0/3"], ["山路 · 0/27"]]
    assert one.text.startswith("《山路》")
    assert labels(one)[-1] == ["↩ 我的计划"]
    assert again.text == both.text


async def test_without_a_subscription_plans_are_offered(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        offered = await telegram.ask(telegram.reader(), "/plan")

    assert offered.text == "你还没有订阅。选一个计划，每天 07:30 送来一段："
    assert labels(offered) == [["河畔 · 3 段"]]


async def test_a_finished_plan_and_one_that_was_closed_say_so(two_plans: Database) -> None:
    async with running_bot(two_plans, NOW) as telegram:
        ann = telegram.reader()
        await telegram.ask(ann, "/start s_1")
        for day in range(3, 7):
            await telegram.move_to(shanghai(day, "07:30"))
        finished = await telegram.ask(ann, "/plan")
        two_plans.run_write(lambda session: setattr(make_collection(session), "visibility", "admins"))
        closed = await telegram.ask(ann, "/plan")

    assert "▓▓▓▓▓▓▓▓▓▓ 3/3 · 100%\n🎉 读完了\n" in finished.text
    assert labels(finished)[0] == ["🔁 从头再读", "⚙️ 设置"]
    assert "🔒 现在不对你开放" in closed.text


async def test_what_is_not_for_a_reader_cannot_be_changed_to_and_others_plans_not_at_all(
    two_plans: Database,
) -> None:
    two_plans.run_write(lambda session: make_collection(session, "公约", "members"))
    two_plans.run_write(lambda session: make_document(session, collection="公约"))
    two_plans.run_write(lambda session: make_plan(session, "公约", "公约"))
    two_plans.run_write(lambda session: allow(session, 42, NOW))
    async with running_bot(two_plans, NOW) as telegram:
        mine = await with_both(telegram)
        member = telegram.reader("会员", 42)
        ann = telegram.reader("路人", 43)
        await telegram.ask(member, "/start s_1")
        choice = await telegram.tap(member, await telegram.ask(member, "/plan"), "换一个计划")
        shown = await telegram.ask(ann, "/start s_1")
        forged = [
            await telegram.toast(ann, shown, data)
            for data in ("1:switch:4:3", "1:switch:1:2", "1:plan:1", "1:switches:1:0", "1:switch:4:99")
        ]
        kept = await telegram.ask(ann, "/plan")

    assert "公约 · 3 段" in [row[0].label for row in choice.buttons]
    assert forged == ["这个按钮过期了。"] * 5
    assert kept.text.startswith("《河畔》")
    assert labels(mine) == [["河畔 · 0/3"], ["山路 · 0/27"]]
