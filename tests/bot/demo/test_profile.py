"""What the bot says of itself: commands by scope and language, descriptions."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
)

from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal


async def test_the_bot_knows_who_it_is(api: BotApiServer, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (int(api.token.partition(":")[0]), True, "rizhi_bot")
    assert me.can_read_all_group_messages is False


async def test_everyone_sees_the_commands_of_his_scope_and_language(api: BotApiServer, bot: Bot) -> None:
    ann, bob = api.user("Ann", "zh-hans"), api.user("Bob", "en")
    group = api.group("Readers", [ann, bob])
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("today", "Today")], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("today", "今天")], BotCommandScopeAllPrivateChats(), language_code="zh")
    await bot.set_my_commands([("search", "Search")], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("bind", "Bind")], BotCommandScopeAllChatAdministrators())
    await bot.set_my_commands([("import", "Import")], BotCommandScopeChat(bob.id))
    assert ann.menu() == [{"command": "today", "description": "今天"}]
    assert [item["command"] for item in bob.menu()] == ["import"]
    assert [item["command"] for item in ann.menu(group)] == ["bind"]
    assert [item["command"] for item in bob.menu(group)] == ["search"]
    assert api.commands() == [{"command": "help", "description": "Help"}]
    assert [c.command for c in await bot.get_my_commands(BotCommandScopeAllGroupChats())] == ["search"]
    await bot.delete_my_commands(BotCommandScopeChat(bob.id))
    assert [item["command"] for item in bob.menu()] == ["today"]


@pytest.mark.parametrize(
    ("command", "description", "words"),
    [
        ("", "x", "command must be non-empty"),
        ("x" * 33, "x", "command length must not exceed 32"),
        ("x", "", "command description must be non-empty"),
        ("x", "x" * 257, "command description length must not exceed 256"),
        ("Today", "x", "BOT_COMMAND_INVALID"),
        ("今天", "x", "BOT_COMMAND_INVALID"),
    ],
)
async def test_bad_commands_are_refused(
    api: BotApiServer, bot: Bot, command: str, description: str, words: str
) -> None:
    assert await refusal(api, bot.set_my_commands([(command, description)])) == f"Bad Request: {words}"


async def test_bad_scopes_and_languages_are_refused(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    commands = [("help", "Help")]
    for language in ("zh-hans", "ZH", "zho"):
        words = "Bad Request: invalid language code specified"
        assert await refusal(api, bot.set_my_commands(commands, language_code=language)) == words
    unknown = bot.set_my_commands(commands, BotCommandScopeChat(5))
    assert await refusal(api, unknown) == "Bad Request: chat not found"
    private = bot.set_my_commands(commands, BotCommandScopeChatAdministrators(ann.id))
    assert await refusal(api, private) == "Bad Request: can't use specified scope in private chats"
    many = bot.set_my_commands([(f"c{number}", "x") for number in range(101)])
    assert await refusal(api, many) == "Bad Request: BOT_COMMANDS_TOO_MUCH"


async def test_name_and_descriptions_are_kept_by_language(api: BotApiServer, bot: Bot) -> None:
    await bot.set_my_description("reads", language_code="en")
    await bot.set_my_description("读")
    await bot.set_my_short_description("short")
    await bot.set_my_name("Rizhi 2")
    assert (await bot.get_my_description("en")).description == "reads"
    assert (await bot.get_my_description("de")).description == "读"
    assert (await bot.get_my_short_description()).short_description == "short"
    assert (await bot.get_my_name()).name == "Rizhi 2"
    assert "too long" in await refusal(api, bot.set_my_description("x" * 513))
    assert "too long" in await refusal(api, bot.set_my_short_description("x" * 121))
