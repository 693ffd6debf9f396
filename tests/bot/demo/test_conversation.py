"""A real python-telegram-bot application and the server's users talk to each other over HTTP."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.demo.server import BotApiServer

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


async def _echo(update: Update, context: Any) -> None:
    assert update.effective_message
    await update.effective_message.reply_html(
        f"<b>{update.effective_message.text}</b>",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="m:1")]]),
    )


async def _pressed(update: Update, context: Any) -> None:
    assert update.callback_query
    await update.callback_query.answer("so be it", show_alert=True)
    await update.callback_query.edit_message_text(f"pressed {update.callback_query.data}")


async def _help(update: Update, context: Any) -> None:
    assert update.effective_message
    await update.effective_message.reply_text("help " + " ".join(context.args))


async def test_an_echo_bot_answers_and_edits_what_it_said(
    api: BotApiServer, application: AnyApplication
) -> None:
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, _echo))
    application.add_handler(CallbackQueryHandler(_pressed))
    ann = api.user("Ann", "en")
    ann.send("学而时习之")
    answer = await api.message(ann)
    assert answer.html == "<b>学而时习之</b>"
    assert [[button.label for button in row] for row in answer.buttons] == [["more"]]
    query = ann.press(answer, "more")
    toast = await api.toast(query)
    assert (toast.text, toast.show_alert) == ("so be it", True)
    changed = await api.edit(answer)
    assert (changed.text, changed.edited, changed.buttons) == ("pressed m:1", True, ())
    assert [message.text for message in api.transcript(ann)] == ["学而时习之", "pressed m:1"]


async def test_commands_are_understood_with_their_arguments(
    api: BotApiServer, application: AnyApplication
) -> None:
    application.add_handler(CommandHandler("help", _help))
    ann = api.user("Ann")
    ann.send("/help me please")
    assert (await api.message(ann)).text == "help me please"


async def test_several_users_do_not_hear_each_other(api: BotApiServer, application: AnyApplication) -> None:
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    users = [api.user(f"U{number}") for number in range(5)]
    for user in users:
        user.send(user.person.first_name)
    for user in users:
        assert (await api.message(user)).text == user.person.first_name
        assert len(api.transcript(user)) == 2
