"""/metrics: what this process counts, and what the ledger says of all processes."""

from __future__ import annotations

import datetime as dt
import hmac
from importlib.metadata import version

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.alive import tick_age
from bot.handlers.context import Services
from bot.metrics import LATENESS, Counter, Gauge, Histogram, write
from bot.models import Delivery, Subscription
from bot.reports import own_version, paid_stars
from bot.settings import is_loopback

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SETTLED = ("sent", "failed", "unknown", "skipped", "expired")
STATUSES = ("active", "paused", "stopped", "finished")
MARGIN = dt.timedelta(seconds=5)
"""How long ago a row must have been settled to be counted: others may still be committing theirs."""


class Exposed:
    """Answers Prometheus; `token` is asked for where there is one, else only this machine is answered."""

    def __init__(self, services: Services, token: str | None) -> None:
        self._services = services
        self._token = token
        self._deliveries = Counter(
            "rizhi_deliveries_total", "Deliveries settled since the start, by all processes.", "state"
        )
        self._lateness = Histogram(
            "rizhi_delivery_lateness_seconds", "From a digest's due time to Telegram's answer.", LATENESS
        )
        self._counted_until = services.clock.now()

    async def answer(self, request: Request) -> Response:
        """Return the metrics in the text format; 403 for whoever may not see them."""
        if not self._may_see(request):
            return PlainTextResponse("METRICS_TOKEN is missing or wrong\n", 403)
        now = self._services.clock.now()
        gauges = await self._services.database.read(lambda session: self._read(session, now))
        counted = (self._deliveries, self._lateness, *self._services.metrics.all())
        return Response(write([*counted, *gauges, *self._about()]), media_type=CONTENT_TYPE)

    def _may_see(self, request: Request) -> bool:
        if self._token is None:
            return request.client is not None and is_loopback(f"http://{request.client.host}")
        given = request.headers.get("authorization", "").encode("latin-1")
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())

    def _read(self, session: Session, now: dt.datetime) -> list[Gauge]:
        self._count_settled(session, now - MARGIN)
        return [
            Gauge("rizhi_due_backlog", "Digests that are due and not sent.", [({}, _backlog(session, now))]),
            Gauge(
                "rizhi_unknown_deliveries",
                "Deliveries of which nobody knows whether they arrived.",
                [({}, _count(session, select(func.count(Delivery.id)).where(Delivery.state == "unknown")))],
            ),
            Gauge(
                "rizhi_paid_stars", "Stars allowed to be spent today (UTC).", [({}, paid_stars(session, now))]
            ),
            Gauge("rizhi_subscriptions", "Subscriptions by status.", _subscriptions(session)),
            *self._of_workers(session),
        ]

    def _of_workers(self, session: Session) -> list[Gauge]:
        if self._services.database.is_sqlite:
            return []
        from bot.delivery.queue import count_batches, count_workers  # the engine has it already

        return [
            Gauge("rizhi_workers", "Workers that are alive.", [({}, count_workers(session))]),
            Gauge("rizhi_batches_waiting", "Batches that wait for a worker.", [({}, count_batches(session))]),
        ]

    def _count_settled(self, session: Session, until: dt.datetime) -> None:
        """Take in what was settled since the last time; each row once in each state that it ends in."""
        columns = (Delivery.state, Delivery.slot, Delivery.asked, Delivery.due_at, Delivery.ended_at)
        rows = select(*columns).where(Delivery.ended_at > self._counted_until, Delivery.ended_at <= until)
        for state, slot, asked, due_at, ended_at in session.execute(rows.where(Delivery.state.in_(SETTLED))):
            self._deliveries.add(state)
            if ended_at and state == "sent" and slot == 0 and not asked:
                self._lateness.observe((ended_at - due_at).total_seconds())
        self._counted_until = max(self._counted_until, until)

    def _about(self) -> list[Gauge]:
        age = tick_age(self._services)
        built = {"version": own_version() or "checkout", "tzdata": version("tzdata")}
        return [
            Gauge(
                "rizhi_tick_age_seconds",
                "Since the last look for due work.",
                [] if age is None else [({}, age)],
            ),
            Gauge("rizhi_build_info", "What is running.", [(built, 1)]),
        ]


def _backlog(session: Session, now: dt.datetime) -> int:
    due = select(func.count(Subscription.id)).where(Subscription.next_due_at <= now)
    waiting = (Delivery.state == "pending", Delivery.not_before <= now)
    return _count(session, due) + _count(session, select(func.count(Delivery.id)).where(*waiting))


def _subscriptions(session: Session) -> list[tuple[dict[str, str], float]]:
    counts = session.execute(
        select(Subscription.status, func.count(Subscription.id)).group_by(Subscription.status)
    )
    found = dict.fromkeys(STATUSES, 0)
    for status, number in counts:
        found[status] = number
    return [({"status": status}, number) for status, number in found.items()]


def _count(session: Session, query: Select[int]) -> int:
    return session.scalar(query) or 0
