"""What Telegram shows of the bot by itself: menus and descriptions, by scope and language."""

from __future__ import annotations

from bot.database import Database
from bot.demo.model import Json
from bot.demo.people import User
from bot.demo.rooms import Room
from bot.demo.server import BotApiServer
from bot.members import allow
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW
from tests.factories import make_target

EVERYBODY = ["today", "next", "search", "plan", "settings", "pause", "stop", "export", "privacy", "help"]


def names(user: User, chat: Room | None = None) -> list[str]:
    return [item["command"] for item in user.menu(chat)]


def says(menu: list[Json], command: str) -> str:
    return next(str(item["description"]) for item in menu if item["command"] == command)


async def test_each_scope_and_language_has_its_menu(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann, bob = telegram.reader(), telegram.api.user("Bob", "fr")
        group = telegram.api.group("读书会", [ann])
        await telegram.ask(ann, "/help")
        await telegram.api.until(lambda: telegram.api.calls("setMyShortDescription")[1:])

        assert names(ann) == names(bob) == EVERYBODY
        assert names(ann, group) == ["today", "search", "help"]
        assert says(ann.menu(), "plan") == "我的计划与进度"
        assert says(bob.menu(), "plan") == "My plans and progress"


async def test_the_bot_describes_itself_in_both_languages_within_the_limits(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        await telegram.api.until(lambda: telegram.api.calls("setMyShortDescription")[1:])
        profile = telegram.api.state.profile
        described = {code: profile.text("description", code) for code in ("zh", "")}
        short = {code: profile.text("short_description", code) for code in ("zh", "")}

    assert described["zh"].startswith("每天在你选的时间送来一段")
    assert described[""].startswith("A passage a day at the hour you choose")
    assert all(0 < len(text.encode("utf-16-le")) // 2 <= 512 for text in described.values())
    assert all(0 < len(text.encode("utf-16-le")) // 2 <= 120 for text in short.values())


async def test_a_chat_that_changes_its_language_gets_its_own_menu_and_gives_it_back(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        languages = await telegram.tap(ann, await telegram.ask(ann, "/settings"), "🌐 语言")
        settings = await telegram.tap(ann, languages, "English")
        await telegram.api.until(lambda: says(ann.menu(), "plan") == "My plans and progress")
        languages = await telegram.tap(ann, settings, "🌐 Language")
        await telegram.tap(ann, languages, "中文")
        await telegram.api.until(lambda: telegram.api.calls("deleteMyCommands"))

        assert says(ann.menu(), "plan") == "我的计划与进度"
        assert names(ann) == EVERYBODY


async def test_an_old_menu_of_a_chats_own_is_renewed_when_the_reader_asks_for_help(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        await telegram.tap(ann, await telegram.ask(ann, "/settings"), "English")
        await telegram.api.until(lambda: telegram.api.calls("setMyCommands")[4:])
        telegram.api.state.profile.commands.clear()
        await telegram.ask(ann, "/help")
        await telegram.api.until(lambda: names(ann) == EVERYBODY)


async def test_an_admin_sees_the_report_in_his_menu_and_nobody_else_does(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="9") as telegram:
        admin, ann = telegram.reader("管", 9), telegram.reader()
        before = await telegram.ask(ann, "/help")
        await telegram.ask(admin, "/start")
        await telegram.api.until(lambda: "report" in names(admin))
        helped = await telegram.ask(admin, "/help")
        others = names(ann)

    assert "/report" in helped.text
    assert "/report" not in before.text
    assert others == EVERYBODY


async def test_an_admins_menu_is_set_anew_at_every_start(river: Database) -> None:
    river.run_write(lambda session: make_target(session, 9, language="en"))
    with BotApiServer() as api:
        admin = api.user("管", "zh-hans", 9)
        async with running_bot(river, NOW, api, admin_ids="9,10"):
            await api.until(lambda: "report" in names(admin))

        assert says(admin.menu(), "report") == "Delivery report"


async def test_on_a_private_instance_strangers_see_what_does_not_refuse_them(river: Database) -> None:
    async with running_bot(river, NOW, access="private", admin_ids="9") as telegram:
        ann = telegram.reader(user_id=77)
        await telegram.api.until(lambda: telegram.api.calls("setMyShortDescription")[1:])
        before = names(ann)
        refused = await telegram.ask(ann, "/start")
        river.run_write(lambda session: allow(session, 77, NOW))
        welcome = await telegram.ask(ann, "/start")
        await telegram.api.until(lambda: names(ann) != before)

        assert before == ["start", "export", "privacy", "forget"]
        assert "发给告诉你这个机器人的人。他放行之后，你再发一次 /start 就行。" in refused.text
        assert [(button.label, button.copy) for button in refused.buttons[0]] == [("📋 复制我的编号", "77")]
        assert welcome.text.startswith("你好，我是日知。")
        assert names(ann) == EVERYBODY


async def test_a_stranger_who_taps_in_a_group_of_a_private_instance_is_told(river: Database) -> None:
    async with running_bot(river, NOW, access="private", admin_ids="9") as telegram:
        admin, ann = telegram.reader("管", 9), telegram.reader()
        group = telegram.api.group("读书会", [admin, ann])
        digest = await telegram.ask(admin, "/today@rizhi_bot", group)
        told = await telegram.toast(ann, digest, "📖 上下文")

    assert told == "这个机器人还没有对你开放。私聊我，发 /start，看看怎样加入。"
