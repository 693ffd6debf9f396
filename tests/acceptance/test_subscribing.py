"""From /start to a subscription, as newcomers and returning readers meet it."""

from __future__ import annotations

from bot.database import Database
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_document, make_plan

CONFIRMED = """✅ 订好了：《河湾》共 3 段，每天 07:30 送一段（时区：北京）。
下一次：3 月 3 日 周二 07:30"""


async def test_one_tap_after_start_subscribes(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()

        welcome = await telegram.ask(ann, "/start")
        confirmed = await telegram.tap(ann, welcome, "每天 07:30 收")
        again = await telegram.ask(ann, "/start")

    assert "旧书店的二楼坐下来" in welcome.text  # a look at a real passage
    assert confirmed.text == CONFIRMED
    assert [[button.label for button in row] for row in confirmed.buttons] == [
        ["📖 今天的一段"],
        ["🕘 改时间", "🌏 时间不对？"],
        ["↩ 撤销"],
    ]
    assert again.text.startswith("你已经订了《河湾》：每天 07:30（时区：北京），读到 0/3。")


async def test_of_several_plans_one_is_chosen_in_two_taps_and_the_default_one_leads(river: Database) -> None:
    river.run_write(lambda session: make_document(session, collection="山路"))
    river.run_write(lambda session: make_plan(session, "山路", "山路"))
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        plans = await telegram.ask(ann, "/start")
        confirmed = await telegram.tap(ann, plans, "山路 · 3 段")
    async with running_bot(river, NOW, default_plan="山路") as telegram:
        bob = telegram.reader("博", user_id=77)
        welcome = await telegram.ask(bob, "/start")
        others = await telegram.tap(bob, welcome, "📚 别的计划")

    assert [row[0].label for row in plans.buttons] == ["河畔 · 3 段", "山路 · 3 段"]
    assert "订好了：《山路》" in confirmed.text
    assert "《山路》共 3 段" in welcome.text
    assert [row[0].label for row in others.buttons] == ["山路 · 3 段", "河畔 · 3 段"]


async def test_an_empty_library_says_so_whatever_is_asked(database: Database) -> None:
    async with running_bot(database, NOW) as telegram:
        ann = telegram.reader()
        answers = [(await telegram.ask(ann, text)).text for text in ("/start", "/today", "/next", "河流")]

    assert all(answer.startswith("资料库还是空的") for answer in answers)


async def test_undoing_leaves_nothing_behind(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        confirmed = await telegram.subscribe(ann)
        undone = await telegram.tap(ann, confirmed, "撤销")
        await telegram.move_to(shanghai(3, "08:00"))
        welcome = await telegram.ask(ann, "/start")

        assert undone.text == "已撤销，《河湾》不会送来。"
        assert telegram.ledger() == []
        assert "每天 07:30 收" in welcome.buttons[0][0].label


async def test_who_stopped_and_comes_back_goes_on_where_he_was(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        await telegram.ask(ann, "/today")
        stopped = await telegram.tap(ann, await telegram.ask(ann, "/stop"), "🚪 退订")
        await telegram.move_to(shanghai(5, "09:00"))
        silence = telegram.said(ann)[-1]
        back = await telegram.ask(ann, "/start")
        await telegram.move_to(shanghai(6, "07:30"))
        digest = telegram.said(ann)[-1]

    assert stopped.text == "《河畔》退订了，不会再送。进度 1/3 给你留着，想回来随时发 /start。"
    assert silence == stopped
    assert back.text.startswith("欢迎回来！《河畔》停在 1/3，从这里接着读：每天 07:30")
    assert "｜2/3" in digest.text.splitlines()[0]


async def test_an_english_reader_is_spoken_to_in_english(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.api.user("Ann", language_code="en")
        confirmed = await telegram.subscribe(ann)
        today = await telegram.tap_for_message(ann, confirmed, "Today's passage")

    assert confirmed.text == (
        "✅ Done: “河湾”, 3 passages, one at a time: every day at 07:30 (time zone: Beijing).\n"
        "Next one: Tue 3 Mar 07:30"
    )
    assert [button.label for button in today.buttons[-1]] == ["✅ Done", "⏭ Next", "📖 Context", "📋 Cite"]
    assert today.buttons[-1][3].copy == "“河湾读书会的一年”, 2024-03-02, paragraph 1"


async def test_a_reader_who_unblocks_the_bot_gets_no_backlog(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        ann.block()
        await telegram.move_to(shanghai(5, "07:30"))
        ann.unblock()
        back = await telegram.ask(ann, "/start")
        await telegram.move_to(shanghai(5, "12:00"))
        after_noon = telegram.said(ann)[-1]
        await telegram.move_to(shanghai(6, "07:30"))
        digest = telegram.said(ann)[-1]

    assert "读到 0/3" in back.text
    assert after_noon == back
    assert "｜1/3" in digest.text.splitlines()[0]
