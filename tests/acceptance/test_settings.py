"""Settings and pauses: by button and typed, and what they do to the next digest."""

from __future__ import annotations

from bot.database import Database
from content.models import Article
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW
from tests.factories import make_document, make_plan


async def test_the_time_is_tapped_or_typed_as_people_write_it(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        times = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "🕘 时间")
        evening = tapped = await telegram.tap(ann, times, "21:00")
        typed = {}
        for time in ("6:45", "06：50", "早上7点半"):
            await telegram.tap(ann, tapped, "🕘 时间")
            tapped = typed[time] = await telegram.ask(ann, time)
        await telegram.tap(ann, tapped, "🕘 时间")
        refused = await telegram.ask(ann, "25:99")
        mended = await telegram.ask(ann, "6:10")
        await telegram.move_to(shanghai(3, "06:10"))
        digest = telegram.said(ann)[-1]

    assert evening.text.startswith("✅ 好，改到 21:00 送。")
    assert [typed[time].text.split("\n")[0] for time in typed] == [
        "✅ 好，改到 06:45 送。",
        "✅ 好，改到 06:50 送。",
        "✅ 好，改到 07:30 送。",
    ]
    assert refused.text == "没看懂“25:99”。请发 7:30、21:00 或 晚上9点 这样的时间。"
    assert "✅ 好，改到 06:10 送。" in mended.text
    assert "｜1/3" in digest.text


async def test_the_zone_is_tapped_or_typed_and_the_digest_follows_its_clocks(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        settings = await telegram.ask(ann, "/settings")
        zones = await telegram.tap(ann, settings, "🌏 时区")
        refused = await telegram.ask(ann, "火星")
        paris = await telegram.ask(ann, "巴黎")
        zones = await telegram.tap(ann, paris, "🌏 时区")
        tokyo = await telegram.tap(ann, zones, "1:set_zone:1:" + str(tokyo_index(zones.buttons)))
        await telegram.move_to(shanghai(3, "06:29"))
        before = len(telegram.said(ann))
        await telegram.move_to(shanghai(3, "06:30"))
        after = len(telegram.said(ann))

    assert refused.text.startswith("没有“火星”这个时区。")
    assert paris.text.startswith("✅ 好，时区改为 Europe/Paris。")
    assert "✅ 好，时区改为 东京。" in tokyo.text
    assert after - before == 1


def tokyo_index(buttons: tuple[tuple[object, ...], ...]) -> int:
    """Return which of the zones' buttons is Tokyo's."""
    labels = [str(getattr(button, "label", "")) for row in buttons for button in row]
    return next(index for index, label in enumerate(labels) if "东京" in label)


async def test_the_last_weekday_cannot_be_removed(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        days = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "📅 星期")
        weekend = await telegram.tap(ann, days, "周末")
        sunday = await telegram.tap(ann, weekend, "周六")
        refused = await telegram.toast(ann, sunday, "✓ 周日")
        for day in range(3, 9):
            await telegram.move_to(shanghai(day, "07:30"))

        assert refused == "至少留一天。想停一阵子，用 /pause。"
        assert telegram.ledger() == [("2026-03-08", 0, "sent")]


async def test_another_length_neither_repeats_nor_skips_text(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        settings = await telegram.ask(ann, "/settings")
        for day, label in ((3, "短"), (4, "长"), (5, "标准"), (6, "短")):
            await telegram.move_to(shanghai(day, "07:30"))
            lengths = await telegram.tap(ann, settings, "📏 长度")
            settings = await telegram.tap(ann, lengths, label)
        text = river.run_read(lambda session: session.query(Article).one().text)
        digests = [message.text for message in telegram.said(ann) if "｜" in message.text.split("\n")[0]]

    body = "".join(part for digest in digests for part in digest.split("\n\n")[1:-1])
    assert body == text.replace("\n", "")


async def test_the_language_can_be_changed_with_and_without_a_subscription(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        spoken = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "English")
        confirmed = await telegram.subscribe(ann)
        languages = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "🌐 Language")
        settings = await telegram.tap(ann, languages, "中文")

    assert spoken.text == "✅ English it is."
    assert confirmed.text.startswith("✅ Done")
    assert settings.text.startswith("✅ 好，以后说中文。")


async def test_with_two_subscriptions_commands_ask_which(river: Database) -> None:
    river.run_write(lambda session: make_document(session, collection="山路"))
    river.run_write(lambda session: make_plan(session, "山路", "山路"))
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        plans = await telegram.ask(ann, "/start")
        await telegram.tap(ann, plans, "河畔")
        second = await telegram.ask(ann, "/start")
        await telegram.tap(ann, await telegram.tap(ann, second, "📚 别的计划"), "山路")
        asked = {name: await telegram.ask(ann, name) for name in ("/settings", "/pause", "/stop", "/today")}
        dated = await telegram.ask(ann, "/pause 2026-03-20")
        paused = await telegram.tap(ann, dated, "山路")
        unread = await telegram.ask(ann, "/pause 改天吧")
        digest = await telegram.tap_for_message(ann, asked["/today"], "山路")

    for question in asked.values():
        assert question.text == "哪一个计划？"
        assert [row[0].label for row in question.buttons] == ["河畔 · 0/3", "山路 · 0/3"]
    assert dated.text == "⏸ 停到 3 月 20 日 周五，那天起再送。\n\n哪一个计划？"
    assert paused.text == "⏸ 《山路》停到 3 月 20 日 周五，那天起再送。进度 0/3 给你留着。"
    assert unread.text.startswith("“改天吧”看不出是哪一天。")
    assert unread.text.endswith("哪一个计划？")
    assert [row[0].data for row in unread.buttons] == ["1:pause:1", "1:pause:2"]
    assert "｜1/3" in digest.text


PAUSES = {
    "/pause 3月9日": "⏸ 《河畔》停到 3 月 9 日 周一，那天起再送。进度 0/3 给你留着。",
    "/pause 昨天": "3 月 1 日 周日已经到了。停到哪一天？",
    "/pause 2026-03-02": "3 月 2 日 周一已经到了。停到哪一天？",
    "/pause 2099年1月1日": "2099 年 1 月 1 日太远了，最多停三年。",
    "/pause 改天吧": "“改天吧”看不出是哪一天。再发一个日期，比如 明天、下周一、10月8日、3天后，",
}


async def test_a_pause_takes_a_date_and_what_is_none_leads_to_one(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        answers, again = {}, {}
        for typed in PAUSES:
            reader = telegram.reader()
            await telegram.subscribe(reader)
            answers[typed] = await telegram.ask(reader, typed)
            again[typed] = await telegram.ask(reader, "3月9日")

    for typed, said in PAUSES.items():
        assert answers[typed].text.startswith(said)
    first, *wrong = PAUSES
    for typed in wrong:
        assert [button.label for button in answers[typed].buttons[0]] == ["1 天", "7 天"]
        assert again[typed].text == PAUSES[first]


async def test_a_day_that_is_past_when_the_plan_is_chosen_is_asked_for_anew(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        for day in (1, NOW.toordinal(), 10**14):  # long ago; today; a forged one
            answered = await telegram.ask(ann, "/settings") if day > 1 else await telegram.subscribe(ann)
            ann.forge(answered, f"1:pause_until:1:{day}")
            asked = await telegram.api.edit(answered)
            assert asked.text == "《河畔》停多久？进度 0/3 给你留着，回来接着读。"


async def test_a_pause_ends_by_itself_on_its_day(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        question = await telegram.ask(ann, "/pause")
        await telegram.tap(ann, question, "到某一天…")
        paused = await telegram.ask(ann, "3月6日")
        started = await telegram.ask(ann, "/start")
        for day in range(3, 8):
            await telegram.move_to(shanghai(day, "07:30"))

        assert paused.text.startswith("⏸ 《河畔》停到 3 月 6 日 周五")
        assert started.text == paused.text  # asking again ends no pause
        assert [date for date, _, _ in telegram.ledger()] == ["2026-03-06", "2026-03-07"]


async def test_a_pause_of_days_is_resumed_by_a_tap(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        paused = await telegram.tap(ann, await telegram.ask(ann, "/pause"), "7 天")
        resumed = await telegram.tap(ann, paused, "▶️ 现在恢复")
        await telegram.move_to(shanghai(3, "07:30"))
        digest = telegram.said(ann)[-1]

    assert "停到 3 月 9 日 周一" in paused.text
    assert resumed.text.startswith("▶️ 《河畔》继续：每天 07:30，从 0/3 接着读。")
    assert "｜1/3" in digest.text
