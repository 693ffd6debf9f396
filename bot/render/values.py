"""What the renderers are given, where no other module has a value for it: plain and frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.render.actions import Action
from bot.render.links import PlaceLink

if TYPE_CHECKING:
    from content.reading import Doubt


@dataclass(frozen=True)
class Shut:
    """A group or topic in which the bot may not write any more."""

    chat_id: int
    thread_id: int
    """0 where it is no topic."""
    reason: str
    """Telegram's words."""


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
    def clause(self) -> str | None: ...
    @property
    def paragraph_number(self) -> int: ...


class Part(NamedTuple):
    """Which of its article's passages one is, in the same cut."""

    number: int
    """From 1."""
    total: int


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
    part: Part
    text: str
    place: PlaceLink
    """The passage's first character."""
    clause: str | None = None
    """Of a statute the articles that it touches."""
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
class PlanProgress:
    """How far a subscription has come, as its reader sees it."""

    view: SubscriptionView
    plan_id: int
    is_finished: bool = False
    is_hidden: bool = False
    """The plan is not for this reader (any more)."""
    finishes_on: dt.date | None = None
    """The local date of the last digest at the present rhythm; None while nothing is to come."""


@dataclass(frozen=True)
class Kept:
    """How much is kept about a person: rows."""

    settings: int = 0
    subscriptions: int = 0
    deliveries: int = 0
    readings: int = 0
    searches: int = 0
    saved_searches: int = 0
    is_member: bool = False
    """The operator has allowed him in: the operator's own record."""

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to erase."""
        kept = self.settings, self.subscriptions, self.deliveries, self.readings, self.searches
        return not (any(kept) or self.saved_searches)


@dataclass(frozen=True)
class Traffic:
    """What was due in some span of time, and what became of it."""

    states: Mapping[str, int]
    """How many rows of the ledger are in each state."""
    late: int = 0
    """Of those that were sent: after a stop, and marked for the reader."""
    median_seconds: float | None = None
    most_seconds: float | None = None
    """From the due time to the answer of Telegram, of the day's digests; None where none was sent."""


@dataclass(frozen=True)
class Trouble:
    """Why something did not arrive."""

    at: dt.datetime
    state: str
    reason: str


@dataclass(frozen=True)
class Report:
    """How the bot is doing: numbers, and no one's name."""

    version: str | None
    """None where the bot is not installed as a package."""
    zone: str
    """IANA name: whose clocks the report goes by."""
    day: Traffic
    week: Traffic
    active: int
    paused: int
    blocked: int
    """Chats with an active subscription; with none but paused ones; where the bot may not write."""
    documents: int
    passages: int
    """In the standard cut."""
    troubles: tuple[Trouble, ...] = ()
    """Newest first."""
    paid_stars: float = 0.0
    """What today's paid broadcast, by UTC, has cost at most."""


@dataclass(frozen=True)
class Refused:
    """Why a document cannot be taken in: the key of a text, and its fields."""

    key: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Sample:
    """A passage to judge a document by."""

    headline: str | None
    text: str


@dataclass(frozen=True)
class NewVersion:
    """Of which document an upload is a new version, and what it changes."""

    name: str
    added: int
    removed: int
    changed: int
    """Articles."""
    kept: int
    homeless: int
    """Corrections that are made again, and those that find no place."""


@dataclass(frozen=True)
class Rehearsal:
    """What a document that was sent in the chat would bring; counts are of articles and of passages."""

    upload_id: int
    name: str
    """The file's name."""
    encoding: str
    titles: tuple[str, ...]
    """The first ones."""
    articles: int
    passages: int
    doubts: tuple[Doubt, ...]
    """The worst ones."""
    doubtful: int
    """How many there are."""
    samples: tuple[Sample, ...]
    version: NewVersion | None = None


@dataclass(frozen=True)
class TakenIn:
    """A document that is in the corpus now, and the plan that it can be read in."""

    document_id: int
    name: str
    articles: int
    passages: int
    plan: PlanOffer
    status: str
    """imported, updated, or duplicate where it was there already."""
