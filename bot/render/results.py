"""What the renderers are given of a search: a page of hits, what narrows it, searches to be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.render.values import Part

if TYPE_CHECKING:
    from content.search import Description, Hit, Order

HITS_PER_PAGE = 5
"""What a phone shows without much scrolling; their numbers fit in one row of buttons."""


@dataclass(frozen=True)
class Narrowing:
    """What was chosen from a search's facets; all of it where nothing was."""

    document: str | None = None
    """The document's title; an empty one where it is gone, or not for this reader any more."""
    year: int | None = None
    """As in `content.search.narrow`: 0 for articles without a date."""


@dataclass(frozen=True)
class ResultsView:
    """A page of a search session's hits."""

    search_id: int
    asked: Description
    page: int
    """From 0."""
    total: int
    documents: int | None
    hits: tuple[Hit, ...]
    parts: Mapping[int, Part]
    """Of each hit, by its passage's id."""
    is_capped: bool = False
    """There is more than `total` and `documents` say."""
    narrowing: Narrowing = field(default_factory=Narrowing)
    order: Order = "relevance"
    is_saved: bool = False
    """The asker keeps this search."""
    is_beyond: bool = False
    """The page asked for is not there any more; this is the last one."""
    is_common: bool = False
    """Only function words were asked for."""
    relaxed: bool = False
    """No passage has it all; these have some of the words."""
    nearest: str | None = None
    """Where it was relaxed: the longest part of the query that the first hit has."""
    corrected: str | None = None
    """What was looked for instead, where what was typed is nowhere."""
    suggestions: tuple[str, ...] = ()
    """What else may have been meant; their order is that of `Hits.suggestions`."""
    offered: tuple[str, ...] = ()
    """Titles that in: may name, where nothing is called what it names."""
    used_chars: int | None = None
    """How much of the query was used, where it was too long."""


@dataclass(frozen=True)
class KeptSearch:
    """A search that can be made again."""

    number: int
    """The saved search's id, or where it was not saved the search session's."""
    query: str
    narrowing: Narrowing = field(default_factory=Narrowing)


@dataclass(frozen=True)
class SearchesView:
    """Searches to be made again: those that were saved, oldest first, and the latest of the others."""

    saved: tuple[KeptSearch, ...] = ()
    recent: tuple[KeptSearch, ...] = ()
