"""The HTTP side: addresses, tokens, ways to give parameters, polling, webhooks, starting and stopping."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest
import pytest_asyncio
from telegram import Bot
from telegram.error import Conflict, InvalidToken

from bot.demo.delivering import SECRET_HEADER
from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal
from tests.web import Answer, serving


@pytest_asyncio.fixture
async def client(api: BotApiServer) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client at the bot's address."""
    async with httpx.AsyncClient(trust_env=False, base_url=f"{api.url}/bot{api.token}") as made:
        yield made


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot123:wrong/getMe", 401, "Unauthorized"),
        ("/botwithout-colon/getMe", 404, "Not Found"),
        ("/bot{token}/noSuchMethod", 404, "Not Found"),
        ("/bot{token}/", 404, "Not Found"),
        ("/nowhere", 404, "Not Found"),
        ("/file/bot123:wrong/x", 401, "Unauthorized"),
        ("/file/bot{token}/documents/none.txt", 404, "Not Found"),
    ],
)
async def test_wrong_addresses_are_refused(
    api: BotApiServer, path: str, status: int, description: str
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(api.url + path.format(token=api.token))
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_python_telegram_bot_notices_a_wrong_token(api: BotApiServer) -> None:
    wrong = Bot("7000000001:wrong", base_url=f"{api.url}/bot")
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_any_way(api: BotApiServer, client: httpx.AsyncClient, way: str) -> None:
    ann = api.user("Ann")
    ann.start()
    markup = '{"inline_keyboard": [[{"text": "b", "callback_data": "x"}]]}'
    fields = {"chat_id": str(ann.id), "text": "学", "reply_markup": markup, "disable_notification": "true"}
    ways: dict[str, dict[str, Any]] = {
        "query": {"method": "GET", "params": fields},
        "form": {"method": "POST", "data": fields},
        "json": {"method": "POST", "json": fields | {"chat_id": ann.id, "disable_notification": True}},
        "multipart": {"method": "POST", "files": {key: (None, value) for key, value in fields.items()}},
    }
    answer = await client.request(url="/SENDmessage", **ways[way])
    assert answer.json()["ok"] is True
    stored = api.transcript(ann)[-1]
    assert (stored.text, stored.buttons[0][0].data, stored.silent) == ("学", "x", True)


async def test_a_broken_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    for body in (b"{", b"[]"):
        assert (await client.post("/getMe", content=body, headers=headers)).status_code == 400


async def test_updates_wait_until_they_are_confirmed(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    for text in ("a", "b", "c"):
        ann.send(text)
    first, second, third = await bot.get_updates(timeout=0)
    assert [first.update_id + 1, first.update_id + 2] == [second.update_id, third.update_id]
    assert len(await bot.get_updates(timeout=0, limit=2)) == 2
    assert [u.update_id for u in await bot.get_updates(offset=third.update_id, timeout=0)] == [
        third.update_id
    ]
    assert [u.update_id for u in await bot.get_updates(offset=-1, timeout=0)] == [third.update_id]
    assert await bot.get_updates(offset=third.update_id + 1, timeout=0) == ()


async def test_a_long_poll_ends_with_the_first_update(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.state.listeners)
    ann.send("hello")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message
    assert update.message.text == "hello"


async def test_only_wanted_kinds_of_update_are_queued(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    message = ann.send("x")
    ann.forge(message, "d")
    (update,) = await bot.get_updates(timeout=0)
    assert update.callback_query


async def test_an_edited_message_is_told(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    message = ann.send("/search 法制")
    changed = ann.edit(message, "/search 法治")
    _, update = await bot.get_updates(timeout=0)
    assert update.edited_message
    assert update.edited_message.text == changed.text == "/search 法治"
    assert update.edited_message.edit_date


async def test_a_second_poller_ends_the_first(api: BotApiServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api.state.listeners)
    assert await bot.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await asyncio.wait_for(first, 5)


async def test_polling_beside_a_webhook_is_refused(api: BotApiServer, bot: Bot) -> None:
    api.user("Ann").send("x")
    words = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    assert await refusal(api, bot.set_webhook("http://e.org/")) == words
    await bot.set_webhook("https://e.org/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates(timeout=0)
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("https://e.org/hook", 1)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates(timeout=0) == ()


async def test_updates_go_to_the_webhook_with_its_secret_and_again_until_it_takes_them(
    api: BotApiServer, bot: Bot
) -> None:
    answers = [503, 503, 200]
    posted: list[tuple[str, str]] = []

    def hook(request: BaseHTTPRequestHandler) -> Answer:
        update = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        posted.append((request.headers[SECRET_HEADER], update["message"]["text"]))
        return Answer(status=answers.pop(0))

    ann = api.user("Ann")
    with serving() as web:
        web.pages["/hook"] = hook
        await bot.set_webhook(f"{web.url}/hook", secret_token="known-to-both")
        ann.send("hello")
        await api.until(lambda: not answers and not api.state.updates.waiting)
        info = await bot.get_webhook_info()

    assert posted == [("known-to-both", "hello")] * 3
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert info.pending_update_count == 0


async def test_what_the_webhook_did_not_take_waits_for_getupdates(api: BotApiServer, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    api.user("Ann").send("hello")
    await api.until(lambda: "last_error_message" in api.state.updates.webhook)
    await bot.delete_webhook()
    (update,) = await bot.get_updates(timeout=0)
    assert update.message
    assert update.message.text == "hello"


async def test_the_log_tells_every_call_but_polling(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    await bot.get_updates(timeout=0)
    await bot.send_message(ann.id, "学")
    (call,) = api.calls(chat=ann)
    assert (call.method, call.status, call.parameters["text"]) == ("sendMessage", 200, "学")
    assert [call.method for call in api.calls()] == ["getMe", "sendMessage"]
    assert [call.method for call in api.calls("SENDMESSAGE")] == ["sendMessage"]


def test_a_stopped_server_leaves_no_thread_and_stops_twice() -> None:
    before = threading.active_count()
    server = BotApiServer()
    with server as api:
        assert threading.active_count() == before + 1
        assert api.port
    server.stop()
    assert threading.active_count() == before


async def test_stopping_does_not_wait_for_those_who_poll(api: BotApiServer, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30, read_timeout=40))
    await api.until(lambda: api.state.listeners)
    await asyncio.to_thread(api.stop)
    assert await asyncio.wait_for(poll, 5) == ()


def test_a_port_that_is_taken_is_an_error() -> None:
    with BotApiServer() as api, pytest.raises(OSError, match="in use"):
        BotApiServer(port=api.port).start()


def test_waiting_in_vain_says_what_happened(api: BotApiServer) -> None:
    ann = api.user("Ann")
    ann.send("x")
    with pytest.raises(TimeoutError, match="updates not yet taken: 1"):
        api.wait_for_message(ann, timeout=0.05)


def test_users_cannot_do_what_the_app_does_not_let_them(api: BotApiServer) -> None:
    ann, bob = api.user("Ann"), api.user("Bob", user_id=77)
    assert bob.id == 77
    with pytest.raises(ValueError, match="77"):
        api.user("Eve", user_id=77)
    for text in ("", " ", "x" * 4097):
        with pytest.raises(ValueError, match="4096"):
            ann.send(text)
    with pytest.raises(ValueError, match="somebody else"):
        bob.edit(ann.send("mine"), "yours")
    ann.block()
    with pytest.raises(ValueError, match="unblock"):
        ann.send("x")
