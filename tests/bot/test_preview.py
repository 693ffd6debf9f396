"""The preview: what will come, found out without writing anything."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.commands.preview import as_text, rehearse
from bot.database import Database
from bot.delivery.ledger import Fence
from bot.delivery.outcomes import Sent
from bot.digest import make_digest
from bot.models import Delivery, Plan, Subscription, Target
from bot.render.content import render_content
from bot.schedule.claim import claim_due
from bot.settings import Settings
from bot.subscriptions import subscribe
from tests.conftest import NOW
from tests.factories import READERS, make_document, make_plan, make_target
from tests.steps import mark_sending, record_outcome

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings as they are when nobody sets anything."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return Settings()


def library(session: Session) -> None:
    make_document(session, articles=2)
    make_plan(session)


def preview(session: Session, settings: Settings, days: int = 9) -> list[tuple[dt.datetime, str]]:
    shown = rehearse(session, settings, None, days, NOW)
    return [(moment, as_text(message)) for moment, message in shown]


def count_rows(session: Session) -> list[int | None]:
    return [session.scalar(select(func.count(table.id))) for table in (Target, Subscription, Delivery)]


def push_all(session: Session, subscription: Subscription) -> list[tuple[dt.datetime, str]]:
    """Let days pass until nothing is due, and return what was sent."""
    sent = []
    while (due := subscription.next_due_at) is not None:
        [key] = claim_due(session, due, "me", 9, READERS)
        content = make_digest(session, key)
        assert content is not None
        sent.append((due.astimezone(SHANGHAI), as_text(render_content(content, "zh-Hans"))))
        fence = Fence(key, "me", 1)
        mark_sending(session, fence, 1001, due)
        record_outcome(session, fence, Sent(key), due)
        session.expire_all()
    return sent


def test_what_is_shown_is_what_is_sent(session: Session, settings: Settings) -> None:
    library(session)
    shown = preview(session, settings)
    plan = session.scalars(select(Plan)).one()
    subscription = subscribe(session, make_target(session), plan, settings.default_minute, NOW)
    assert shown == push_all(session, subscription)
    assert len(shown) == 7  # six passages, and the end


def test_nothing_is_written_and_nobody_waits_for_it(database: Database, settings: Settings) -> None:
    database.run_write(library)
    with Session(database.writer) as writing:
        make_target(writing)
        assert len(database.run_read(lambda session: preview(session, settings))) == 7
    assert database.run_read(count_rows) == [0, 0, 0]


def test_a_plan_that_holds_nothing_shows_nothing(session: Session, settings: Settings) -> None:
    make_plan(session)
    assert preview(session, settings) == []
