"""New rules of time zones: what was due by the old ones is due by the new ones, on the same date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.models import Subscription
from bot.operations import ZoneRules
from bot.schedule.rules import follow_rules, rules_of
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW
from tests.factories import make_subscription, make_target

HOUR = dt.timedelta(hours=1)
CAIRO = "Africa/Cairo"
DUE = dt.datetime(2026, 3, 3, 5, 30, tzinfo=dt.UTC)
"""07:30 in Cairo, on winter time."""


def subscribe(session: Session, due: dt.datetime, **fields: Any) -> Subscription:
    """Return a subscription in Cairo whose next digest was set by older rules."""
    session.add(ZoneRules(timezone=CAIRO, rules="older"))
    return make_subscription(session, target=make_target(session, timezone=CAIRO), next_due_at=due, **fields)


@pytest.mark.parametrize("moved", [-HOUR, HOUR])
def test_what_was_set_by_older_rules_is_set_anew(session: Session, moved: dt.timedelta) -> None:
    subscription = subscribe(session, DUE + moved, last_local_date=dt.date(2026, 3, 2))

    changed = follow_rules(session)
    again = follow_rules(session)

    assert (changed, again) == ([CAIRO], [])
    assert subscription.next_due_at == DUE


def test_a_first_digest_is_set_anew_as_well(session: Session) -> None:
    subscription = subscribe(session, DUE + HOUR)
    follow_rules(session)

    assert subscription.next_due_at == DUE


def test_zones_that_are_met_for_the_first_time_and_those_without_news_are_let_be(session: Session) -> None:
    subscription = subscribe(session, DUE + HOUR)
    session.add(ZoneRules(timezone="Asia/Shanghai", rules=rules_of("Asia/Shanghai")))
    make_target(session, 1002)
    make_target(session, 1003, timezone="Europe/Berlin")

    assert follow_rules(session) == [CAIRO]
    assert session.get_one(ZoneRules, "Europe/Berlin").rules == rules_of("Europe/Berlin")
    assert rules_of("Europe/Berlin") != rules_of(CAIRO)
    assert subscription.next_due_at == DUE


def test_a_zone_that_is_gone_is_read_as_utc_until_it_is_back(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    subscription = subscribe(session, DUE)
    session.get_one(ZoneRules, CAIRO).timezone = subscription.target.timezone = "Europe/Atlantis"
    session.flush()

    assert follow_rules(session) == ["Europe/Atlantis"]
    assert subscription.next_due_at == DUE + 2 * HOUR  # 07:30 in UTC
    assert "no time zone Europe/Atlantis any more" in caplog.text

    session.get_one(ZoneRules, "Europe/Atlantis").timezone = subscription.target.timezone = CAIRO
    session.flush()
    assert follow_rules(session) == [CAIRO]
    assert subscription.next_due_at == DUE


def test_who_expects_nothing_goes_on_expecting_nothing(session: Session) -> None:
    subscription = subscribe(session, DUE, status="paused")
    subscription.next_due_at = None

    follow_rules(session)

    assert subscription.next_due_at is None


async def test_a_start_heeds_new_rules_before_anything_is_sent(database: Database) -> None:
    database.run_write(lambda session: subscribe(session, NOW - HOUR, local_minute=450))
    async with running_bot(database, NOW) as telegram:
        await telegram.services.pusher.tick()
        due = database.run_read(lambda session: session.scalar(select(Subscription.next_due_at)))

    assert telegram.ledger() == []
    assert due == DUE - dt.timedelta(days=1)
