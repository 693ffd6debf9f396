"""Rows for tests, with sensible defaults: documents in our own words, plans, subscriptions."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from itertools import accumulate, count, pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.access import Readers
from bot.models import Delivery, Plan, Subscription, Target
from content.models import Article, Collection, Document, Passage
from content.search import index_passages

MARCH = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)
"""A Monday, 08:00 in Shanghai: when what is made here was made."""
READERS = Readers(frozenset(), "open")
"""Everybody may use the bot, and nobody is its admin."""
SENTENCES = (
    "清早的河面上起了一层薄雾。",
    "船家把缆绳绕在木桩上，才坐下来喝茶。",
    "对岸的集市已经有人摆开了摊子。",
    "卖豆腐的老人说，今年的豆子比去年饱满。",
    "孩子们数着桥洞，数到第七个便笑起来。",
    "午后雾散了，山的轮廓一层层露出来。",
)
"""Our own; one sentence to a short passage, two to a standard one, three to a long one."""
SENTENCES_IN = {"short": 1, "standard": 2, "long": 3}
_numbers = count(1)


def make_collection(session: Session, name: str = "河畔", visibility: str = "public") -> Collection:
    """Return the collection of that name."""
    found = session.scalar(select(Collection).where(Collection.name == name))
    if found is None:
        found = Collection(name=name, visibility=visibility, created_at=MARCH)
        session.add(found)
        session.flush()
    return found


def make_document(
    session: Session,
    *,
    articles: int = 1,
    dates: Sequence[dt.date | None] = (),
    collection: str = "河畔",
    sentences: Sequence[str] = SENTENCES,
    visible: bool = True,
) -> Document:
    """Return a new document. Each article has the sentences as its text: three standard passages of two each.

    `dates` are the articles' dates, in order; the rest have none.
    """
    number = next(_numbers)
    document = Document(
        collection_id=make_collection(session, collection).id,
        name=f"河畔{number}.txt",
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        encoding="utf-8",
        visible=visible,
        added_at=MARCH,
    )
    session.add(document)
    session.flush()
    for ordinal in range(articles):
        date = dates[ordinal] if ordinal < len(dates) else None
        session.add(_article(document.id, ordinal, date, sentences))
    session.flush()
    passages = select(Passage.id).where(Passage.document_id == document.id)
    index_passages(session, session.scalars(passages).all())
    return document


def make_plan(session: Session, name: str = "河畔", collection: str = "河畔", **fields: Any) -> Plan:
    """Return a new published plan of the collection, in sequence."""
    values = {"order": "sequence", "created_at": MARCH, **fields}
    plan = Plan(name=name, collection_id=make_collection(session, collection).id, **values)
    session.add(plan)
    session.flush()
    return plan


def make_target(session: Session, chat_id: int = 1001, **fields: Any) -> Target:
    """Return a new private chat in Shanghai that is spoken to in Chinese."""
    values = {"kind": "private", "language": "zh-Hans", "timezone": "Asia/Shanghai", "created_at": MARCH}
    target = Target(chat_id=chat_id, **{**values, "thread_id": 0, **fields})
    session.add(target)
    session.flush()
    return target


def make_subscription(
    session: Session, plan: Plan | None = None, target: Target | None = None, **fields: Any
) -> Subscription:
    """Return a new active subscription for 07:30, due at 07:30 in Shanghai on Tuesday, 3 March 2026."""
    values: dict[str, Any] = {
        "local_minute": 450,
        "next_due_at": MARCH + dt.timedelta(hours=23, minutes=30),
        "created_at": MARCH,
        **fields,
    }
    subscription = Subscription(
        plan=plan or make_plan(session), target=target or make_target(session), **values
    )
    session.add(subscription)
    session.flush()
    return subscription


def make_delivery(session: Session, subscription: Subscription, **fields: Any) -> Delivery:
    """Return a new row of the ledger: sent on 1 March 2026, with no passage in it."""
    values: dict[str, Any] = {
        "local_date": dt.date(2026, 3, 1),
        "state": "sent",
        "due_at": MARCH - dt.timedelta(days=1),
        "not_before": MARCH - dt.timedelta(days=1),
        "created_at": MARCH - dt.timedelta(days=1),
        **fields,
    }
    row = Delivery(subscription=subscription, **values)
    session.add(row)
    session.flush()
    return row


def _article(document_id: int, ordinal: int, date: dt.date | None, sentences: Sequence[str]) -> Article:
    text = "\n".join(sentences)
    bounds = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
    passages = [
        _passage(document_id, text, length, start, min(stop, len(text)))
        for length, step in SENTENCES_IN.items()
        for start, stop in pairwise(sorted({*bounds[::step], bounds[-1]}))
    ]
    return Article(
        document_id=document_id,
        ordinal=ordinal,
        title=f"第{ordinal + 1}篇",
        section="上编",
        date=date,
        source="河畔札记",
        text=text,
        first_line=1,
        last_line=len(sentences),
        passages=passages,
    )


def _passage(document_id: int, text: str, length: str, start: int, stop: int) -> Passage:
    return Passage(
        document_id=document_id,
        length=length,
        start=start,
        stop=stop,
        text=text[start:stop],
        heading="一、河上",
        headline=text[start : start + 6],
        keywords=[["河", 2.0], ["雾", 1.0]],
        summary=text[start:stop].split("\n")[0],
        units=stop - start,
        first_line=text.count("\n", 0, start) + 1,
        last_line=text.count("\n", 0, stop) + 1,
    )
