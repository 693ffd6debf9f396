"""Readers who change hour or zone in the middle of a day: no date twice, none left out for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Delivery, Subscription
from bot.schedule.claim import claim_due
from bot.schedule.due import DAY, due_at
from bot.subscriptions import change_time, change_zone
from tests.bot.schedule.days import ZONES
from tests.conftest import copied_file
from tests.factories import READERS, make_document, make_subscription

STEPS = 12
START = dt.datetime(2026, 3, 27, tzinfo=dt.UTC)
"""Two days before Europe puts its clocks forward."""

Change = tuple[int, str | int]
"""Seconds to wait, and then a zone or a minute."""
CHANGES = st.lists(
    st.tuples(st.integers(0, 2 * 86_400), st.sampled_from(ZONES) | st.integers(0, 1_439)),
    min_size=1,
    max_size=STEPS,
)


@pytest.fixture(scope="module")
def reader(empty_database_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session in a transaction, with one subscription to more than anybody reads here."""
    path = tmp_path_factory.mktemp("changes") / "rizhi.db"
    with copied_file(empty_database_file, path) as database, Session(database.writer) as session:
        make_document(session, articles=12)
        make_subscription(session, next_due_at=START + dt.timedelta(hours=23, minutes=30))
        yield session


def claim_until(session: Session, subscription: Subscription, moment: dt.datetime) -> None:
    """Claim what comes due up to that moment, each digest when it is due."""
    while subscription.next_due_at is not None and subscription.next_due_at <= moment:
        claim_due(session, subscription.next_due_at, "one", 9, READERS)
        session.refresh(subscription)


def change(session: Session, subscription: Subscription, to: str | int, now: dt.datetime) -> None:
    """Let the reader have another zone, or another hour."""
    if isinstance(to, str):
        change_zone(session, subscription.target, to, now)
    else:
        change_time(session, subscription, to, now)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_whatever_is_changed_no_date_comes_twice_and_none_is_left_out_that_was_still_to_come(
    reader: Session, changes: list[Change]
) -> None:
    with reader.begin_nested() as undone:
        subscription = reader.scalars(select(Subscription)).one()
        now = START
        for seconds, to in changes:
            now += dt.timedelta(seconds=seconds)
            claim_until(reader, subscription, now)
            change(reader, subscription, to, now)
            check_nothing_is_left_out(subscription, now)
        claim_until(reader, subscription, now + 3 * DAY)
        dates = reader.scalars(select(Delivery.local_date).order_by(Delivery.id)).all()
        undone.rollback()

    assert all(a < b for a, b in pairwise(dates)), dates
    assert len(dates) >= 2


def check_nothing_is_left_out(subscription: Subscription, now: dt.datetime) -> None:
    """Assert that the next digest is that of the first date which has had none and is still to come."""
    zone, minute = ZoneInfo(subscription.target.timezone), subscription.local_minute
    date = (now - 2 * DAY).astimezone(zone).date()
    had = subscription.last_local_date or dt.date.min
    while date <= had or (due_at(date, minute, zone) or now) <= now:
        date += DAY
    assert subscription.next_due_at == due_at(date, minute, zone)
