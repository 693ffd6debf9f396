"""What a search finds: hits, and pages of them. Values only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from content.search.snippets import Snippet

Order = Literal["relevance", "date"]
"""How hits are put: the best first, or those of the latest articles first and of undated ones last."""


Rerank = Callable[[str, Sequence[str]], Sequence[float]]
"""Takes what was typed and the texts of passages; returns how well each answers, in any unit: say, the
likeness of embeddings."""


@dataclass(frozen=True)
class Place:
    """Where a passage stands: the article by its position in the document, the span in the article's text."""

    document_id: int
    article: int
    start: int
    stop: int


@dataclass(frozen=True)
class Hit:
    """A passage that was found."""

    passage_id: int
    score: float
    """From 0 to 1; comparable within one search only."""
    collection: str
    document: str
    article: str
    section: str | None
    heading: str | None
    clause: str | None
    """Of a statute the articles that it touches: 第五条."""
    date: dt.date | None
    source: str | None
    place: Place
    text: str
    """The whole passage."""
    snippet: Snippet
    is_by_title: bool = False
    """Nothing of what is sought is in the text, but in its title, section or heading."""


@dataclass(frozen=True)
class Hits:
    """One page of what was found, and how much there is in all."""

    total: int
    """Passages that match; as many can be paged through."""
    documents: int | None
    """Documents that these are in; None where there are too many passages to look."""
    hits: tuple[Hit, ...]
    relaxed: bool = False
    """No passage has the whole query: these have parts of it."""
    missing: tuple[str, ...] = ()
    """Words and phrases of the query (folded) that no passage has."""
    nearest: str | None = None
    """Where the query was relaxed: the longest part of it that the first hit has, as it stands there, or all
    of it with a slip."""
    suggestions: tuple[str, ...] = ()
    """Queries that may have been meant, of the corpus' own terms (folded), the nearest first; also where only
    a few passages have the letters of what may be pinyin."""
    corrected: str | None = None
    """The suggestion that these hits answer, where the query as it was typed had no answer in full."""
    is_capped: bool = False
    """Whether there are more passages, and perhaps more documents, than `total` and `documents` say."""
