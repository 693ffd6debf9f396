"""Databases of many subscriptions, all due at `DUE`, for the benchmarks of sending and claiming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.models import Subscription, Target
from bot.schema import upgrade
from content.models import Base
from tests.factories import MARCH, SENTENCES, make_document, make_plan

DUE = MARCH + dt.timedelta(hours=23, minutes=30)
"""07:30 in Shanghai on Tuesday, 3 March 2026."""
NEVER = DUE + dt.timedelta(days=300)
ARTICLES = 40
LONG_SENTENCES = tuple("".join(SENTENCES[number:] + SENTENCES[:number]) * 2 for number in range(6))
"""Of some 220 characters: two make a passage of the usual length."""

FIRST_PASSAGE = sum(len(sentence) + 1 for sentence in LONG_SENTENCES[:2])
"""Where the first passage of each article ends."""


def make_database(url: str, chats: Sequence[int], due_at: dt.datetime = DUE) -> Database:
    """Return a database in which each of the chats has a subscription to one plan, at one of 40 places."""
    database = Database(url)
    upgrade(database)
    database.run_write(lambda session: subscribe(session, chats, due_at))
    if database.is_sqlite:
        with database.writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return database


def subscribe(session: Session, chats: Sequence[int], due_at: dt.datetime) -> None:
    """Make a document, a plan, and the chats' subscriptions."""
    document = make_document(session, articles=ARTICLES, sentences=LONG_SENTENCES)
    plan = make_plan(session)
    target = {"thread_id": 0, "kind": "private", "language": "zh-Hans", "timezone": "Asia/Shanghai"}
    session.execute(
        insert(Base.metadata.tables["target"]),
        [{"chat_id": chat, "created_at": MARCH, **target} for chat in chats],
    )
    values = {
        "plan_id": plan.id,
        "status": "active",
        "local_minute": 450,
        "weekdays": 127,
        "length": "standard",
        "round": 1,
        "next_due_at": due_at,
        "created_at": MARCH,
        "position_document_id": document.id,
        "position_stop": 0,
    }
    keys = session.scalars(select(Target.id).order_by(Target.id))
    rows = [
        {"target_id": key, "position_article": number % ARTICLES, **values} for number, key in enumerate(keys)
    ]
    session.execute(insert(Base.metadata.tables["subscription"]), rows)


def add_history(session: Session, days: int) -> None:
    """Let each subscription have had digests on so many days before, of the articles before its place."""
    rows = session.execute(
        select(Subscription.id, Subscription.position_document_id, Subscription.position_article)
    ).all()
    for day in range(1, days + 1):
        at = DUE - day * dt.timedelta(days=1)
        values = {
            "local_date": at.date(),
            "slot": 0,
            "asked": False,
            "round": 1,
            "state": "sent",
            "due_at": at,
            "not_before": at,
            "attempts": 1,
            "again": False,
            "doubtful": False,
            "late": False,
            "silent": False,
            "created_at": at,
            "ordinal": 1,
            "total": 3 * ARTICLES,
            "start": 0,
            "stop": FIRST_PASSAGE,
        }
        session.execute(
            insert(Base.metadata.tables["delivery"]),
            [
                {
                    "subscription_id": key,
                    "document_id": document,
                    "article": ((place or 0) - day) % ARTICLES,
                    **values,
                }
                for key, document, place in rows
            ],
        )
