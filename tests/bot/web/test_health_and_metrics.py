"""Health and metrics: what hosts and Prometheus ask; no person's number is in an answer."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import DBAPIError

from bot.app import tick
from bot.database import Database
from bot.delivery.queue import QueueEngine
from bot.demo import faults
from bot.models import Delivery
from tests.acceptance.telegram import shanghai
from tests.bot.web.conftest import Site, web_bot

NAMES = (
    "rizhi_deliveries_total",
    "rizhi_delivery_lateness_seconds",
    "rizhi_due_backlog",
    "rizhi_unknown_deliveries",
    "rizhi_telegram_requests_total",
    "rizhi_telegram_request_seconds",
    "rizhi_flood_wait_seconds_total",
    "rizhi_tick_duration_seconds",
    "rizhi_tick_age_seconds",
    "rizhi_search_seconds",
    "rizhi_paid_stars",
    "rizhi_subscriptions",
    "rizhi_build_info",
)


async def metrics(site: Site) -> dict[str, float]:
    """Return the values by name and labels, as the text format writes them."""
    answer = await site.client.get("/metrics")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_a_process_is_ready_once_telegram_knows_it_and_words_are_loaded(site: Site) -> None:
    await site.bot.api.until(lambda: site.bot.services.metrics.ticked_at)
    before = await site.client.get("/readyz")
    site.bot.services.is_ready = True
    ready = await site.client.get("/readyz")

    assert (before.status_code, before.json()["words"]) == (503, False)
    assert (ready.status_code, ready.json()) == (200, {"database": True, "telegram": True, "words": True})
    assert len(site.bot.api.calls("getMe")) == 1  # the probes ask nothing of Telegram


async def test_a_process_whose_ticks_have_stopped_is_not_alive(site: Site) -> None:
    await site.bot.api.until(lambda: site.bot.services.metrics.ticked_at)
    alive = await site.client.get("/healthz")
    site.bot.services.metrics.looked_at = site.bot.clock.seconds() - 31
    async with site.bot.services.pusher._tick_lock:
        stopped = await site.client.get("/healthz")

    assert (alive.status_code, stopped.status_code) == (200, 503)


async def test_a_process_whose_database_is_away_is_alive_and_its_good_ticks_grow_old(site: Site) -> None:
    services = site.bot.services
    await site.bot.api.until(lambda: services.metrics.ticked_at)
    async with services.pusher._tick_lock:  # no other tick comes to an end meanwhile
        services.metrics.ticked_at = services.metrics.looked_at = site.bot.clock.seconds() - 31
        services.engine = QueueEngine(site.bot.database, site.bot.clock, services.pusher)
        with pytest.raises(DBAPIError):
            await tick(services)
        found = await site.client.get("/healthz")

    assert (found.status_code, found.json()["alive"]) == (200, True)
    assert found.json()["tick_age"] > 30


async def test_the_metrics_have_their_names_and_follow_a_digest(journal: Database) -> None:
    async with web_bot(journal, metrics_token=None) as site:
        ann = site.bot.reader()
        await site.bot.subscribe(ann)
        await site.bot.ask(ann, "石桥")
        site.bot.api.faults.add("sendMessage", faults.flood(3), chat_id=ann.id)
        await site.bot.move_to(shanghai(3, "07:31"))
        await site.bot.move_to(shanghai(3, "07:35"))
        site.bot.clock.move_to(shanghai(3, "07:36"))
        found = await metrics(site)
        text = (await site.client.get("/metrics")).text

    assert all(f"# TYPE {name} " in text for name in NAMES)
    assert found['rizhi_deliveries_total{state="sent"}'] >= 1
    assert found["rizhi_delivery_lateness_seconds_count"] == 1
    assert found['rizhi_delivery_lateness_seconds_bucket{le="30"}'] == 0
    assert found['rizhi_delivery_lateness_seconds_bucket{le="900"}'] == 1
    assert found["rizhi_flood_wait_seconds_total"] == 3
    assert found['rizhi_telegram_requests_total{method="sendMessage",code="429"}'] == 1
    assert found["rizhi_search_seconds_count"] == 1
    assert found['rizhi_subscriptions{status="active"}'] == 1
    assert found["rizhi_due_backlog"] == found["rizhi_unknown_deliveries"] == 0
    assert str(ann.id) not in text


async def test_what_is_settled_is_counted_once_however_often_one_asks(journal: Database) -> None:
    async with web_bot(journal) as site:
        await site.bot.subscribe(site.bot.reader())
        await site.bot.move_to(shanghai(3, "07:31"))
        site.bot.clock.move_to(site.bot.clock.now() + dt.timedelta(minutes=1))
        first, second = await metrics(site), await metrics(site)
        rows = journal.run_read(lambda session: session.query(Delivery).count())

    assert first['rizhi_deliveries_total{state="sent"}'] == rows
    assert second['rizhi_deliveries_total{state="sent"}'] == rows


async def test_metrics_are_for_whoever_has_the_token(database: Database) -> None:
    async with web_bot(database, metrics_token="m3trics") as site:
        statuses = [
            (await site.client.get("/metrics", headers={"authorization": given})).status_code
            for given in ("", "Bearer m3tricz", "m3trics", "Bearer m3trics")
        ]
        text = (await site.client.get("/metrics", headers={"authorization": "Bearer m3trics"})).text

    assert statuses == [403, 403, 403, 200]
    assert "m3trics" not in text
    assert site.bot.api.token not in text
