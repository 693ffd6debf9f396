"""What people send by mistake, and what a tampered app could send."""

from __future__ import annotations

from bot.database import Database
from bot.members import allow
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW


async def test_a_private_instance_lets_in_whom_the_operator_allows(river: Database) -> None:
    async with running_bot(river, NOW, access="private", admin_ids="9") as telegram:
        ann, admin = telegram.reader(), telegram.reader("管", 9)
        refused = await telegram.ask(ann, "/start")
        toast = await telegram.toast(ann, refused, "1:subscribe:1")
        river.run_write(lambda session: allow(session, ann.id, NOW))
        welcome = await telegram.ask(ann, "/start")
        ruled = await telegram.ask(admin, "/start")

    assert f"把你的编号 {ann.id} 发给" in refused.text
    assert refused.text.endswith(f"管理员请在服务器上运行 rizhi allow {ann.id}")
    assert toast.startswith("这个机器人还没有对你开放。")
    assert welcome.buttons[0][0].label == ruled.buttons[0][0].label == "✅ 每天 07:30 收"


async def test_each_odd_message_gets_a_clear_answer(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        command = ann.send("/start")
        await telegram.api.message(ann, after=command)
        unknown = await telegram.ask(ann, "/nonsense")
        sent = ann.send_document("notes.txt", b"text")
        no_admin = await telegram.api.message(ann, after=sent)
        last = telegram.said(ann)[-1]
        ann.edit(command, "/today")
        edited = await telegram.api.message(ann, after=last)
        long = await telegram.ask(ann, "河" * 4096)

    assert unknown.text == "没有这个命令。/help 里有全部用法。"
    assert no_admin.text.startswith("只有管理员能添加资料。")
    assert edited.text == "我看到你改了消息，但改过的不会重新处理。请再发一遍。"
    assert "只用了前 256 个字" in long.text


FORGED = [
    "nonsense",
    "0:today:1",
    "1:today:x",
    "1:set_time:1:1440",
    "1:set_zone:1:99",
    "1:set_length:1:9",
    "1:set_language:1:9",
    "1:settings:999",
    "1:read:999999999999999",
    "1:next:999",
    "1:word:1:99",
    "1:subscribe:999",
    "1:undo:999",
]


async def test_a_forged_button_says_that_it_means_nothing_and_changes_nothing(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        confirmed = await telegram.subscribe(ann)
        await telegram.ask(ann, "/today")
        await telegram.api.until(lambda: telegram.ledger() == [("2026-03-02", 0, "sent")])
        answers = [await telegram.toast(ann, confirmed, data) for data in ("", *FORGED)]

        assert set(answers) == {"这个按钮过期了。"}
        assert telegram.ledger() == [("2026-03-02", 0, "sent")]
        assert len(telegram.said(ann)) == 2


async def test_one_who_asks_without_end_is_told_to_wait_and_nobody_else_waits(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann, bob = telegram.reader(), telegram.reader("博")
        own = await telegram.ask(ann, "/help")
        pressed = [ann.forge(own, f"forged {number}") for number in range(60)]
        answer = await telegram.ask(bob, "/help")
        await telegram.settled()
        numbers = {query.id for query in pressed}
        said = [toast.text for toast in telegram.api.toasts(ann) if toast.query_id in numbers]

    assert "/search" in answer.text
    assert said.count("太快了，请过几秒再点。") >= 1
    assert 19 <= said.count("这个按钮过期了。") <= 40
    assert len(said) < 60


async def test_nobody_presses_the_buttons_of_another_chat(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann, eve = telegram.reader(), telegram.reader("夏")
        await telegram.subscribe(ann)
        await telegram.ask(ann, "/today")
        own = await telegram.ask(eve, "/help")
        names = (
            "read:1",
            "next:1",
            "word:1:0",
            "settings:1",
            "stop_now:1",
            "pause_open:1",
            "undo:1",
            "again:1",
        )
        answers = [await telegram.toast(eve, own, f"1:{name}") for name in names]
        still = await telegram.ask(ann, "/start")

        assert set(answers) == {"这个按钮过期了。"}
        assert still.text.startswith("你已经订了《河畔》：每天 07:30（时区：北京），读到 1/3。")
        assert telegram.said(eve) == [own]


async def test_a_press_that_can_no_longer_be_answered_still_does_its_work(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        welcome = await telegram.ask(ann, "/start")
        ann.forge(welcome, welcome.buttons[0][0].data or "", stale=True)
        confirmed = await telegram.api.edit(welcome)

    assert confirmed.text.startswith("✅ 订好了")
