"""What the renderers are given, where no other module has a value for it: plain and frozen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.render.actions import Action

if TYPE_CHECKING:
    from content.search import Hit


class Citable(Protocol):
    """Anything that says where a text comes from."""

    @property
    def title(self) -> str: ...
    @property
    def section(self) -> str | None: ...
    @property
    def date(self) -> dt.date | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def paragraph_number(self) -> int: ...


@dataclass(frozen=True)
class PassageView:
    """A passage opened in its context. Texts have paragraphs joined by one line feed."""

    title: str
    section: str | None
    heading: str | None
    date: dt.date | None
    source: str | None
    paragraph_number: int
    """Of the passage's first paragraph in its article, from 1."""
    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    """Spans of `text` in code points, half-open."""
    before: str | None = None
    after: str | None = None
    """The neighbouring passages, where they are to be shown as well."""
    previous: Action | None = None
    following: Action | None = None
    back: Action | None = None


@dataclass(frozen=True)
class PlanOffer:
    """A plan that can be subscribed to."""

    plan_id: int
    name: str
    passages: int


@dataclass(frozen=True)
class SubscriptionView:
    """A subscription as its reader sees it."""

    subscription_id: int
    plan: str
    zone: str
    """IANA name."""
    local_minute: int
    weekdays: int
    """Bits: Monday is bit 0."""
    length: str
    """A key of `content.models.LENGTHS`."""
    position: int
    """Passages read or sent so far, of `total`."""
    total: int
    next_due_at: dt.datetime | None = None
    is_paused: bool = False
    paused_until: dt.date | None = None
    """First local date on which digests come again; None while a pause has no end."""


@dataclass(frozen=True)
class ResultsView:
    """A page of a search session's hits."""

    search_id: int
    query: str
    page: int
    """From 0."""
    total: int
    documents: int
    hits: tuple[Hit, ...]
    is_common: bool = False
    """Only function words were asked for."""
    relaxed: bool = False
    """No passage has it all; these have some of the words."""
    used_chars: int | None = None
    """How much of the query was used, where it was too long."""
