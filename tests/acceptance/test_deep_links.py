"""Links that open the bot: to a plan, to a passage, and to nothing."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.members import allow
from content.models import Document
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW


async def test_a_plans_link_subscribes_at_once_and_can_be_undone(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        confirmed = await telegram.api.message(ann, after=ann.start("s_1"))
        again = await telegram.ask(ann, "/start s_1")
        undone = await telegram.tap(ann, confirmed, "↩ 撤销")
        welcome = await telegram.ask(ann, "/start")

    assert confirmed.text.startswith("✅ 订好了：《河湾》共 3 段，每天 07:30 送一段")
    assert again.text.startswith("你已经订了《河湾》")
    assert undone.text == "已撤销，《河湾》不会送来。"
    assert "每天 07:30 收" in welcome.buttons[0][0].label


async def test_who_stopped_is_welcomed_back_by_a_plans_link(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        await telegram.ask(ann, "/today")
        await telegram.tap(ann, await telegram.ask(ann, "/stop"), "🚪 退订")
        back = await telegram.ask(ann, "/start s_1")

    assert back.text.startswith("欢迎回来！《河畔》停在 1/3，从这里接着读")


async def test_the_link_of_a_passage_opens_it_in_its_context(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann, bob = telegram.reader(), telegram.reader("博")
        await telegram.subscribe(ann)
        opened = await telegram.tap_for_message(ann, await telegram.ask(ann, "/today"), "📖 上下文")
        url = opened.button("🔗 链接").copy or ""
        payload = url.removeprefix("https://t.me/rizhi_bot?start=")
        shared = await telegram.ask(bob, f"/start {payload}")
        own = await telegram.ask(ann, f"/start {payload}")
        plans = await telegram.tap(bob, shared, "📚 每天读一段")

    assert url.startswith("https://t.me/rizhi_bot?start=p_1_0_")
    assert shared.text == opened.text == own.text
    assert own.buttons == opened.buttons
    assert plans.buttons[0][0].label == "河湾 · 3 段"


LOST = {
    "s_99": "这个链接指的计划不在了，或者没有对你开放。",
    "s_2": "这个链接指的计划不在了，或者没有对你开放。",  # the members' plan
    "p_1_0_99999": "这个链接指的那段原文不在资料库里了，或者没有对你开放。",
    "p_2_0_0": "这个链接指的那段原文不在资料库里了，或者没有对你开放。",  # a members' document
    "p_999999999999999_0_0": "这个链接指的那段原文不在资料库里了，或者没有对你开放。",
    "s_9999999999999999": "这个链接我认不出来，可能不完整，也可能过期了。",
    "s_": "这个链接我认不出来，可能不完整，也可能过期了。",
    "s_1_2": "这个链接我认不出来，可能不完整，也可能过期了。",
    "q_17": "这个链接我认不出来，可能不完整，也可能过期了。",
    "s_１": "这个链接我认不出来，可能不完整，也可能过期了。",
    "S_1": "这个链接我认不出来，可能不完整，也可能过期了。",
    "s_1 or more <b>": "这个链接我认不出来，可能不完整，也可能过期了。",
    "x" * 300: "这个链接我认不出来，可能不完整，也可能过期了。",
}


@pytest.mark.parametrize("payloads", [list(LOST)])
async def test_a_link_that_leads_nowhere_says_why_and_starts_as_usual(
    library: Database, payloads: list[str]
) -> None:
    async with running_bot(library, NOW) as telegram:
        said = {}
        for payload in payloads:
            newcomer = telegram.reader()
            answer = await telegram.ask(newcomer, f"/start {payload}")
            said[payload] = answer.text.split("\n\n")[0]
            assert "你好，我是日知" in answer.text
            assert "每天 07:30 收" in answer.buttons[0][0].label

    assert said == LOST


async def test_members_may_follow_the_links_to_what_is_theirs(library: Database) -> None:
    library.run_write(lambda session: allow(session, 7, NOW))
    async with running_bot(library, NOW) as telegram:
        member = telegram.reader("会员", 7)
        opened = await telegram.ask(member, "/start p_2_0_0")
        confirmed = await telegram.ask(member, "/start s_2")
        library.run_write(lambda session: session.delete(session.get_one(Document, 2)))
        gone = await telegram.ask(member, "/start p_2_0_0")

    assert opened.button("🔗 链接").copy == "https://t.me/rizhi_bot?start=p_2_0_0"
    assert confirmed.text.startswith("✅ 订好了：《公约》")
    assert gone.text.startswith(LOST["p_2_0_0"])
