"""Values for the renderers' tests: whole and ordinary unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.demo.entities import Entity, parse_html
from bot.digest import Digest
from bot.render.links import PlaceLink
from bot.render.markup import Html, utf16_length
from bot.render.message import Message
from bot.render.results import ResultsView
from bot.render.texts import Texts
from bot.render.values import Part, PassageView, PlanOffer, SubscriptionView
from content.search import Description, Hit, Place, Snippet

ZH, EN = Texts("zh-Hans"), Texts("en")
HOSTILE = "<b>&amp;\"'</b> \u202eabc\u202c 👩‍👩‍👧 𠮷 {n} %s &lt;"
"""Markup, entities, quotes, marks that turn the writing, emoji, a character of plane 2, fields."""
hostile_texts = st.text(
    st.sampled_from("<>&\"'/b{}% 。！.\n\u202e\u200d👩𠮷é一丁the"), min_size=1, max_size=40
).filter(lambda text: text == " ".join(text.split()) != "")
"""One line that would break a careless renderer."""

DIGEST = Digest(
    delivery_id=81,
    plan="Notes",
    headline="晨读从一页开始",
    title="在读书会成立大会上的讲话",
    section="读书",
    heading="二、关于晨读",
    ordinal=12,
    total=64,
    paragraphs=("早起读一页书，胜过晚睡刷十页屏。", "一页不多，天天如此就是一本。"),
    summary="每天一页，积少成多。",
    keywords=("晨读", "读书会", "积少成多"),
    searchable=("晨读", "读书会", "积少成多"),
    date=dt.date(2020, 2, 23),
    source="读书会简报",
    document="notes.txt",
    paragraph_number=7,
    units=450,
    is_whole=False,
    late_since=None,
    is_read=False,
)
PASSAGE = PassageView(
    title="晨读笔记",
    section=None,
    heading="一、缘起",
    date=dt.date(2020, 2, 23),
    source=None,
    paragraph_number=3,
    part=Part(2, 12),
    text="早起读一页书。\n天天如此。",
    place=PlaceLink(1, 0, 24),
)
OFFER = PlanOffer(plan_id=4, name="晨读笔记", passages=64)
SUBSCRIPTION = SubscriptionView(
    subscription_id=7,
    plan="晨读笔记",
    zone="Asia/Shanghai",
    local_minute=450,
    weekdays=127,
    length="standard",
    position=12,
    total=64,
    next_due_at=dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC),
)


def make_digest(**changes: Any) -> Digest:
    """Return an ordinary digest with these changes."""
    return replace(DIGEST, **changes)


def make_passage(**changes: Any) -> PassageView:
    """Return an ordinary opened passage with these changes."""
    return replace(PASSAGE, **changes)


def make_subscription(**changes: Any) -> SubscriptionView:
    """Return an ordinary subscription with these changes."""
    return replace(SUBSCRIPTION, **changes)


def make_hit(text: str = "早起读一页书。", title: str = "晨读笔记", **changes: Any) -> Hit:
    """Return a hit whose snippet is `text`, marked at its third character."""
    hit = Hit(
        passage_id=31,
        score=1.0,
        collection="Notes",
        document="notes.txt",
        article=title,
        section=None,
        heading=None,
        clause=None,
        date=dt.date(2020, 2, 23),
        source=None,
        place=Place(1, 0, 0, len(text)),
        text=text,
        snippet=Snippet(text, ((2, 4),)),
    )
    return replace(hit, **changes)


def make_asked(*wanted: str, **changes: Any) -> Description:
    """Return a search for these words with these changes."""
    return replace(Description(wanted, (), (), (), (), None, None), **changes)


def make_results(**changes: Any) -> ResultsView:
    """Return a page of one hit with these changes."""
    view = ResultsView(
        search_id=9, asked=make_asked("晨读"), page=0, total=1, documents=1, hits=(make_hit(),), parts={}
    )
    hits = changes.get("hits", view.hits)
    return replace(view, **{"parts": {hit.passage_id: Part(2, 12) for hit in hits}, **changes})


def read(markup: str) -> tuple[str, list[Entity]]:
    """Return the text and the entities that Telegram would make of the markup."""
    return parse_html(markup)


def labels(message: Message) -> list[list[str]]:
    """Return the labels of the buttons, row by row."""
    return [[button.label for button in row] for row in message.buttons]


def actions(message: Message) -> list[list[str | None]]:
    """Return the callback data of the buttons, row by row."""
    return [[button.action for button in row] for row in message.buttons]


def assert_sendable(message: Message) -> str:
    """Check the message against Telegram's limits, and return its text as a reader sees it."""
    text, entities = parse_html(message.text)
    buttons = [button for row in message.buttons for button in row]

    assert isinstance(message.text, Html)
    assert 0 < utf16_length(text.strip()) <= 4096
    assert len(entities) <= 100
    assert len(buttons) <= 100
    assert all(0 < len(row) <= 8 for row in message.buttons)
    for button in buttons:
        assert button.label.strip()
        assert sum(value is not None for value in (button.action, button.copy, button.url)) == 1
        assert button.action is None or 0 < len(button.action.encode()) <= 64
        assert button.copy is None or 0 < utf16_length(button.copy) <= 256
    return text
