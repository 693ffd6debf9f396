"""Which passages answer a query: sets of ids, before anything is ranked.

A passage matches when it has all phrases and, of up to three words, all; of more, words that make up three
quarters of the query's weight (rare words weigh more). Where nothing does, the query is relaxed: those
match that have the best part of its terms. Words may stand in the titles, but not all of them, unless no
text has any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from content.search.grams import Pattern, make_pattern
from content.search.index import IndexEngine
from content.search.query import Query

ALL_WORDS = 3
"""Up to so many words, a passage must have each."""
ENOUGH = 0.75
"""Share of the words' weight that a passage must have where there are more words."""
RAREST_TERMS = 8
"""Terms looked up for a relaxed query: the rarest say most, and frequent ones cost most."""
BEST_PART = 0.35
"""Share of the best passage's weight that a passage must have to match a relaxed query."""


@dataclass(frozen=True)
class Matches:
    """The passages that answer a query, and what is known of its words."""

    ids: frozenset[int]
    coverage: Mapping[int, float]
    """Weight of the terms that each has; empty where all have all."""
    patterns: tuple[Pattern, ...]
    """What was looked for."""
    rarity: Mapping[str, float]
    """Weight of each word and term, by its text."""
    relaxed: bool
    missing: tuple[str, ...]
    """Words and phrases that no passage has."""
    near: Callable[[], Iterator[int]]
    """Yields further passages that have the best part of the query's terms, most of them first."""


class Postings:
    """The passages that have a pattern, by part; each looked up once."""

    def __init__(self, engine: IndexEngine, session: Session) -> None:
        self.engine = engine
        self.session = session
        self.size = engine.size(session)
        self._found: dict[tuple[Pattern, bool], set[int]] = {}

    def find(self, pattern: Pattern, *, in_titles: bool) -> set[int]:
        """Return the passages that have the pattern in their text, or in their titles."""
        key = (pattern, in_titles)
        if key not in self._found:
            self._found[key] = self.engine.find(self.session, pattern, in_titles=in_titles)
        return self._found[key]

    def anywhere(self, pattern: Pattern) -> set[int]:
        """Return the passages that have the pattern in text or titles."""
        return self.find(pattern, in_titles=False) | self.find(pattern, in_titles=True)

    def rarity(self, pattern: Pattern) -> float:
        """Return ln(1 + (N - n + ½) / (n + ½)): Robertson and Spärck Jones' weight of a term (as in BM25)."""
        return rarity(len(self.anywhere(pattern)), self.size)


def rarity(passages: int, size: int) -> float:
    """Return the weight of a term that `passages` of `size` have; never below zero."""
    return math.log1p((size - passages + 0.5) / (passages + 0.5))


def find_matches(postings: Postings, query: Query, readable: Set[int] | None) -> Matches:
    """Return what answers the query among the `readable` passages, all of them where None."""
    words, phrases = _patterns(query.words), _patterns(query.phrases, is_exact=True)
    patterns = words + phrases
    weights = {pattern.text: postings.rarity(pattern) for pattern in patterns}
    missing = tuple(pattern.text for pattern in patterns if not postings.anywhere(pattern))
    excluded = _union(postings.anywhere(pattern) for pattern in _patterns(query.excluded, is_exact=True))

    def allowed(ids: Iterable[int]) -> frozenset[int]:
        return frozenset(ids) - excluded if readable is None else (frozenset(ids) & readable) - excluded

    strict = allowed(_strict(postings, words, phrases, weights))
    if strict:
        near = partial(_near, postings, query, strict, lambda ids: allowed(ids) - strict)
        return Matches(strict, {}, patterns, weights, False, missing, near)
    coverage = _loose(postings, query, allowed)
    return Matches(frozenset(coverage), coverage, patterns, weights, True, missing, lambda: iter(()))


def _near(
    postings: Postings, query: Query, strict: Set[int], others: Callable[[Iterable[int]], frozenset[int]]
) -> Iterator[int]:
    """Yield nothing where a match has all that was typed as it was typed, or phrases must be there."""
    pieces = _patterns(query.pieces)
    if query.phrases or set.intersection(set(strict), *(postings.anywhere(piece) for piece in pieces)):
        return
    coverage = _loose(postings, query, others)
    yield from sorted(coverage, key=lambda passage: (-coverage[passage], passage))


def _patterns(texts: Iterable[str], *, is_exact: bool = False) -> tuple[Pattern, ...]:
    made = (make_pattern(each, is_exact) for each in texts)
    return tuple(pattern for pattern in made if pattern is not None)


def _strict(
    postings: Postings, words: Sequence[Pattern], phrases: Sequence[Pattern], weights: Mapping[str, float]
) -> set[int]:
    required = [postings.anywhere(pattern) for pattern in phrases]
    if len(words) <= ALL_WORDS:
        required += [postings.anywhere(word) for word in words]
    else:
        required.append(_with_enough(postings, words, weights))
    ids = set.intersection(*required)
    in_text = _union(postings.find(pattern, in_titles=False) for pattern in (*words, *phrases))
    return ids & in_text or ids


def _with_enough(postings: Postings, words: Sequence[Pattern], weights: Mapping[str, float]) -> set[int]:
    coverage = _coverage(postings, words, weights)
    bar = ENOUGH * sum(weights[word.text] for word in words)
    return {passage for passage, weight in coverage.items() if weight >= bar}


def _loose(
    postings: Postings, query: Query, allowed: Callable[[Iterable[int]], frozenset[int]]
) -> dict[int, float]:
    terms = _rarest(postings, query.grams) or _rarest(postings, query.words)
    weights = {term.text: postings.rarity(term) for term in terms}
    coverage = _coverage(postings, terms, weights)
    coverage = {passage: coverage[passage] for passage in allowed(coverage)}
    bar = BEST_PART * max(coverage.values(), default=0.0)
    return {passage: weight for passage, weight in coverage.items() if weight >= bar}


def _rarest(postings: Postings, texts: Sequence[str]) -> list[Pattern]:
    """Return the rarest of the terms that occur at all."""
    terms = _patterns(texts)
    counts = postings.engine.frequencies(postings.session, [term.text for term in terms])
    rarest = sorted(terms, key=lambda term: counts.get(term.text, postings.size))
    return [term for term in rarest if term.text in counts or postings.anywhere(term)][:RAREST_TERMS]


def _coverage(
    postings: Postings, patterns: Sequence[Pattern], weights: Mapping[str, float]
) -> dict[int, float]:
    coverage: dict[int, float] = {}
    for pattern in patterns:
        for passage in postings.anywhere(pattern):
            coverage[passage] = coverage.get(passage, 0.0) + weights[pattern.text]
    return coverage


def _union(sets: Iterable[set[int]]) -> set[int]:
    return set().union(*sets)
