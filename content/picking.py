"""Picking: a plan's passages, what was seen, and a position give the next span to read. Pure.

What was seen is a matter of spans, not of passages: adding or removing a document, or cutting the texts to
another length, never makes a reader read something twice or miss it. Nothing is drawn by chance: a shuffled
plan is ordered by a hash of subscription, round and place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple, TypeAlias

Place: TypeAlias = tuple[int, int]
"""(document id, ordinal of the article)"""
Key: TypeAlias = tuple[bool, dt.date, int, int, int, int]
"""Undated, date, rank, document, article, stop: what plans that are not shuffled are sorted by."""

SEPARATOR_CHARS = 1
"""What is left between two passages that were seen, and no longer than this, is a line feed or a space."""
END = (sys.maxsize, sys.maxsize)
PRIME = 2**61 - 1
"""Larger than any plan by far, so that hardly two passages ever draw the same lot."""


class Span(NamedTuple):
    """Characters of an article's text, half-open, in code points."""

    document_id: int
    article: int
    start: int
    stop: int


class Candidate(NamedTuple):
    """A passage of a plan, in one cut."""

    document_id: int
    article: int
    start: int
    stop: int
    date: dt.date | None
    """The article's date."""
    rank: int = 0
    """Where the plan names its documents: the document's place among them. Equal ranks go by id."""


class Position(NamedTuple):
    """Up to where a plan was read: the end of the last span."""

    document_id: int
    article: int
    stop: int


class Pick(NamedTuple):
    """What comes next, and which of how many passages it is."""

    span: Span
    ordinal: int
    total: int


class Seen:
    """The spans of a round that were sent, may have been sent, or are about to be sent."""

    def __init__(self, spans: Iterable[tuple[int, int, int, int]] = ()) -> None:
        self.spans = set(spans)

    def add(self, span: Span) -> None:
        """Count the span as seen."""
        insort(self.by_place[span.document_id, span.article], (span.start, span.stop))
        self.spans.add(span)

    @cached_property
    def by_place(self) -> defaultdict[Place, list[tuple[int, int]]]:
        """Starts and stops of the spans in each article, ascending."""
        places: defaultdict[Place, list[tuple[int, int]]] = defaultdict(list)
        for document_id, article, start, stop in sorted(self.spans):
            places[document_id, article].append((start, stop))
        return places

    def unseen(self, candidate: Candidate, start: int = 0) -> Iterator[Span]:
        """Yield the parts of the candidate, from `start` on, that were not seen; all of it where none was."""
        document_id, article = candidate[:2]
        at = max(candidate.start, start)
        for first, stop in (*self.by_place.get((document_id, article), ()), END):
            if min(first, candidate.stop) - at > SEPARATOR_CHARS:
                yield Span(document_id, article, at, min(first, candidate.stop))
            at = max(at, stop)

    def covers(self, candidate: Candidate) -> bool:
        """Return whether all of the candidate was seen."""
        if candidate[:4] in self.spans or candidate[:2] not in self.by_place:  # quick, and nearly always so
            return candidate[:4] in self.spans
        return next(self.unseen(candidate), None) is None


class Catalogue:
    """A plan's passages in its order: made once, asked for many subscriptions."""

    def __init__(self, candidates: Iterable[Candidate], order: str) -> None:
        self._order = order
        self.is_shuffled = order == "shuffled"
        self.candidates = sorted(candidates, key=self._candidate_key)
        self._by_place: defaultdict[Place, list[int]] = defaultdict(list)
        for at, candidate in enumerate(self.candidates):
            self._by_place[candidate[:2]].append(at)

    def pick(self, seen: Seen, position: Position | None, reader: str) -> Pick | None:
        """Return the next unseen span, or None when the plan is finished.

        In sequence and by date it is the first one after `position`; when the end is reached, what was
        added before it comes. Shuffled, it is the first in an order of this `reader`'s own, who is a
        subscription in a round.
        """
        if self.is_shuffled:
            span = self._pick_shuffled(seen, reader)
        else:
            span = next(self._unseen_in_order(seen, position), None)
        return Pick(span, self.count_seen(seen, span), len(self.candidates)) if span else None

    def count_seen(self, seen: Seen, span: Span | None = None) -> int:
        """Return how many passages were seen wholly, and one more for that of the unseen `span`."""
        return len(self._covered(seen)) + (span is not None)

    def _covered(self, seen: Seen) -> set[int]:
        """Return the indexes of the candidates that were seen wholly."""
        exact = seen.spans & self._exact.keys()
        odd = {span[:2] for span in seen.spans - exact} | (self._tiny & seen.by_place.keys())
        near = (at for place in odd for at in self._by_place.get(place, ()))
        covered = {at for at in near if seen.covers(self.candidates[at])}
        return covered | {self._exact[span] for span in exact}

    def _pick_shuffled(self, seen: Seen, reader: str) -> Span | None:
        # Passages draw lots: a hash of reader and place, the same on every machine, for ever.
        # Multiplied modulo a prime, the two hashes make one (Carter and Wegman 1979), at a tenth of the cost.
        lots, urn, covered = self._lots, _hash(reader), self._covered(seen)
        rest = [at for at in range(len(lots)) if at not in covered]
        first = min(rest, key=lambda at: lots[at] * urn % PRIME, default=None)
        return None if first is None else next(seen.unseen(self.candidates[first]))

    @cached_property
    def _exact(self) -> dict[tuple[int, int, int, int], int]:
        """Where each candidate is: passages of a cut do not overlap, and most of what was seen is one."""
        return {candidate[:4]: at for at, candidate in enumerate(self.candidates)}

    @cached_property
    def _tiny(self) -> frozenset[Place]:
        """Places of candidates that are no longer than what is left between two."""
        return frozenset(c[:2] for c in self.candidates if c.stop - c.start <= SEPARATOR_CHARS)

    @cached_property
    def _lots(self) -> list[int]:
        return [_hash(f"{c.document_id} {c.article} {c.start}") for c in self.candidates]

    @cached_property
    def _keys(self) -> list[Key]:
        return [self._candidate_key(candidate) for candidate in self.candidates]

    def _unseen_in_order(self, seen: Seen, position: Position | None) -> Iterator[Span]:
        if position is not None:
            first = bisect_right(self._keys, self._position_key(position))
            for candidate in islice(self.candidates, first, None):
                start = position.stop if candidate[:2] == position[:2] else 0
                yield from seen.unseen(candidate, start)
        for candidate in self.candidates:
            yield from seen.unseen(candidate)

    def _candidate_key(self, candidate: Candidate) -> Key:
        date = candidate.date if self._order == "date" else None
        return self._key(date, candidate.rank, candidate.document_id, candidate.article, candidate.stop)

    def _position_key(self, position: Position) -> Key:
        """Where the position's article is gone, its date and rank are unknown: a guess costs only order."""
        document_id, article, stop = position
        near = self._by_place.get((document_id, article))
        if near:
            return self._candidate_key(self.candidates[near[0]]._replace(stop=stop))
        return self._key(None if self._order == "sequence" else dt.date.min, 0, document_id, article, stop)

    def _key(self, date: dt.date | None, rank: int, document_id: int, article: int, stop: int) -> Key:
        return (date is None, date or dt.date.min, rank, document_id, article, stop)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % PRIME
