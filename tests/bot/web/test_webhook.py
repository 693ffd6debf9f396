"""The webhook: Telegram alone gets in, and what it brings is answered once, whatever happens between."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.app import watch_token
from bot.database import Database
from bot.demo import faults
from bot.demo.server import BotApiServer
from bot.operations import ReceivedUpdate
from bot.polling import TokenRefused, WebhookRefused
from bot.received import store_update
from bot.settings import Settings
from bot.web.webhook import MOST_BYTES, SECRET_HEADER, webhook_path
from tests.acceptance.conftest import Rizhi
from tests.acceptance.telegram import running_bot
from tests.bot.web.conftest import Site, web_bot
from tests.conftest import NOW

JSON = {"content-type": "application/json"}


def update_from(api: BotApiServer, text: str, number: int = 7) -> dict[str, Any]:
    """Return an update as Telegram would write it, of a new person who says this."""
    ann = api.user("Ann", "en")
    person = {"id": ann.id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    chat = {"id": ann.id, "type": "private", "first_name": "Ann"}
    said = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text, "entities": entities}
    return {"update_id": number, "message": said}


async def post(site: Site, update: dict[str, Any], secret: str | None = None) -> httpx.Response:
    """Post the update as Telegram does; with another secret, as somebody else does."""
    settings = site.bot.services.settings
    headers = {SECRET_HEADER: settings.resolved_webhook_secret if secret is None else secret}
    return await site.client.post(site.path, json=update, headers=headers)


async def test_an_update_that_telegram_posts_is_answered(site: Site) -> None:
    answer = await site.bot.ask(site.bot.reader(), "/help")

    assert "/search" in answer.text
    await site.bot.settled()
    assert site.bot.api.state.updates.waiting == []


async def test_whoever_lacks_the_secret_is_refused_and_nothing_is_stored(site: Site) -> None:
    update = update_from(site.bot.api, "/help")

    for secret in ("", "x", "é" * 32):
        headers = {SECRET_HEADER.encode(): secret.encode()} if secret else {}
        assert (await site.client.post(site.path, json=update, headers=headers)).status_code == 403

    assert site.bot.waiting() == []


REFUSED: list[tuple[bytes, dict[str, str], int]] = [
    (b"x" * (MOST_BYTES + 1), JSON, 413),
    (b"{}", {"content-type": "text/plain"}, 415),
    (b"{", JSON, 400),
    (b"[" * 100_000, JSON, 400),
    (b"[]", JSON, 400),
    (b'{"update_id": "1"}', JSON, 400),
    (b'{"update_id": true}', JSON, 400),
    (b'{"update_id": 99999999999999999999}', JSON, 400),
    (b'{"update_id": 1, "message": 5}', JSON, 200),  # of a kind that is not known yet
]


async def test_what_is_no_update_is_refused(site: Site) -> None:
    secret = {SECRET_HEADER: site.bot.services.settings.resolved_webhook_secret}

    for body, headers, status in REFUSED:
        answer = await site.client.post(site.path, content=body, headers=headers | secret)
        assert answer.status_code == status, body[:40]

    assert site.bot.waiting() == []


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(site: Site) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 50_000

    secret = {SECRET_HEADER: site.bot.services.settings.resolved_webhook_secret}
    answer = await site.client.post(site.path, content=endless(), headers=JSON | secret)

    assert answer.status_code == 413


async def test_an_update_that_comes_again_is_taken_and_ignored(site: Site) -> None:
    update = update_from(site.bot.api, "/help")

    statuses = [(await post(site, update)).status_code for _ in range(3)]
    await site.bot.api.until(lambda: site.bot.api.calls("sendMessage"))
    await site.bot.settled()
    again = (await post(site, update)).status_code

    assert [*statuses, again] == [200] * 4
    assert len(site.bot.api.calls("sendMessage")) == 1


async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = ["database is locked", "database is locked"]

    def store(*arguments: Any) -> bool:
        if failing:
            raise OSError(failing.pop())
        return store_update(*arguments)

    monkeypatch.setattr("bot.inbox.store_update", store)
    answer = await site.bot.ask(site.bot.reader(), "/help")

    assert "/search" in answer.text
    assert site.bot.api.state.updates.webhook["last_error_message"].endswith("503 Service Unavailable")


async def test_polling_goes_on_where_updates_cannot_be_stored_for_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = ["database is locked"]

    def store(*arguments: Any) -> bool:
        if failing:
            raise OSError(failing.pop())
        return store_update(*arguments)

    monkeypatch.setattr("bot.inbox.store_update", store)
    monkeypatch.setattr("bot.polling.FIRST_WAIT", 0.05)
    async with running_bot(database, NOW) as telegram:
        answer = await telegram.ask(telegram.reader(), "/help")

    assert "/search" in answer.text
    assert failing == []


async def test_nothing_else_is_served_at_the_webhook(site: Site) -> None:
    assert (await site.client.get(site.path)).status_code == 405
    assert (await site.client.post("/telegram/")).status_code == 404


async def test_what_a_killed_process_left_is_answered_by_the_next_one(database: Database) -> None:
    with BotApiServer() as api:
        update = update_from(api, "/help")
        database.run_write(lambda session: store_update(session, update, "killed", NOW))
        async with web_bot(database, api) as site:
            await site.bot.api.until(lambda: api.calls("sendMessage"))
            await site.bot.settled()

    assert len(api.calls("sendMessage")) == 1


async def test_an_answer_on_record_is_not_given_again_where_the_kill_came_before_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with BotApiServer() as api:
        with monkeypatch.context() as killed:
            killed.setattr("bot.inbox.settle_updates", lambda session, numbers: None)
            async with web_bot(database, api) as site:
                ann = site.bot.reader()
                await site.bot.ask(ann, "/help")
                sent = select(ReceivedUpdate.answers)
                await api.until(lambda: database.run_read(lambda session: session.scalar(sent)))
        left = site.bot.waiting()
        async with web_bot(database, api) as site:
            await site.bot.settled()
            await site.bot.ask(ann, "/help")
            await site.bot.settled()

    assert len(left) == 1
    assert len(api.calls("sendMessage")) == 2  # the second is to what he asked then


async def test_telegram_is_told_of_the_webhook_and_the_secret_at_the_start(site: Site) -> None:
    [call] = site.bot.api.calls("setWebhook")

    assert call.parameters["url"] == f"{site.client.base_url}{site.path}"
    assert call.parameters["secret_token"] == site.bot.services.settings.resolved_webhook_secret


def test_the_secret_comes_from_the_token_unless_one_is_set_and_does_not_give_it_away() -> None:
    token = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"
    first = Settings.model_validate({"telegram_bot_token": token})
    other = Settings.model_validate({"telegram_bot_token": token + "x"})
    chosen = Settings.model_validate({"telegram_bot_token": token, "webhook_secret": "s" * 32})

    assert first.resolved_webhook_secret == first.resolved_webhook_secret != other.resolved_webhook_secret
    assert len(first.resolved_webhook_secret) == 64
    assert token not in first.resolved_webhook_secret
    assert chosen.resolved_webhook_secret == "s" * 32
    assert chosen.resolved_webhook_secret not in webhook_path(chosen)


async def test_polling_removes_the_webhook_and_takes_what_it_left(database: Database) -> None:
    with BotApiServer() as api:
        api.state.updates.webhook = {"url": "http://127.0.0.1:9/", "max_connections": 1}
        ann = api.user("Ann", "en")
        asked = ann.send("/help")
        async with running_bot(database, NOW, api):
            answer = await api.message(ann, after=asked)

    assert "/search" in answer.text
    assert api.state.updates.webhook == {}


async def test_a_webhook_that_telegram_refuses_ends_the_start_with_the_reason(database: Database) -> None:
    with BotApiServer() as api:
        api.faults.add("setWebhook", faults.bad_gateway())  # this one is tried again
        api.faults.add("setWebhook", faults.refuse(400, "Bad Request: bad webhook: Failed to resolve host"))
        with pytest.raises(WebhookRefused, match="failed to resolve host; see WEBHOOK_URL"):
            async with web_bot(database, api):
                pass


async def test_a_token_that_is_refused_later_ends_the_process_unless_it_works_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.TOKEN_SECONDS", 0.01)
    pusher = site.bot.services.pusher
    watching = asyncio.create_task(watch_token(site.bot.application))

    pusher._sender.is_refused = True
    await site.bot.api.until(lambda: not pusher.is_refused)
    site.bot.api.faults.add("getMe", faults.refuse(401, "Unauthorized"))
    pusher._sender.is_refused = True

    with pytest.raises(TokenRefused):
        await watching


def test_webhook_and_polling_are_not_mixed_up(rizhi: Rizhi) -> None:
    token = {"TELEGRAM_BOT_TOKEN": "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake123"}

    polling = rizhi("run", WEBHOOK_URL="https://rizhi.example.org", **token)
    webhook = rizhi("web", **token)
    bare = rizhi("web")

    assert [done.returncode for done in (polling, webhook, bare)] == [1, 1, 1]
    assert "use rizhi web" in polling.stderr
    assert "WEBHOOK_URL is missing" in webhook.stderr
    assert "TELEGRAM_BOT_TOKEN is missing" in bare.stderr
