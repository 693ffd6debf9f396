"""Which passages may answer a query: found in the index, before any is read.

A passage matches when it has all words and phrases. Words may stand in the titles, but not all of them,
unless no text has any. Where nothing does, and for sentences, those are found that have the best part of the
query's terms; what they are worth is seen by reading them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from content.search.expressions import Except, Expression, either, every
from content.search.grams import Pattern, make_pattern
from content.search.lookup import Lookup
from content.search.query import Query

CANDIDATES = 100
"""Passages that are ranked by reading them; further ones follow, the newest first."""
ALL_WORDS = 3
"""Up to so many words, a passage must have each."""
MANY = 20
"""Passages that have each of more words: so many that nobody misses those that lack one."""
RAREST_TERMS = 8
"""Terms looked up for a sentence: the rarest say most, and frequent ones cost most."""
MOST_PLACES = 20_000
"""Passages that have the rarest terms, looked at together: about half a microsecond each. Two terms are
looked up in any case."""
MOST_OF_TERM = 5_000
"""Passages that have one term, looked at: the newest."""
MOST_LOOSE = 2_000
"""Passages that have parts of a query, counted and paged through."""
BEST_PART = 0.35
"""Share of the best passage's weight that a passage must have to match a part."""
EACH = 1_000
"""Passages looked at for each sign that one of very many matches is among the best."""


@dataclass(frozen=True)
class Asked:
    """What is looked for, as ranking and the index need it."""

    words: tuple[Pattern, ...]
    phrases: tuple[Pattern, ...]
    pieces: tuple[Pattern, ...]
    grams: tuple[Pattern, ...]
    rarity: Mapping[str, float]
    """Weight of each word, phrase and gram, by its text."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Words and phrases."""
        return self.words + self.phrases


@dataclass(frozen=True)
class Matches:
    """The passages that have all that is sought."""

    sought: Expression
    total: int


def examine_query(lookup: Lookup, query: Query) -> Asked:
    """Return what the query looks for, and how rare each part is."""
    words, grams = _patterns(query.words), _patterns(query.grams)
    phrases, pieces = _patterns(query.phrases, is_exact=True), _patterns(query.pieces)
    lookup.frequencies([term for pattern in (*words, *phrases, *grams) for term in pattern.terms])
    rarities = {
        pattern.text: rarity(lookup.frequency(pattern), lookup.size) for pattern in (*words, *phrases, *grams)
    }
    return Asked(words, phrases, pieces, grams, rarities)


def rarity(passages: int, size: int) -> float:
    """Return ln(1 + (N - n + ½) / (n + ½)): Robertson and Spärck Jones' weight of a term, as in BM25."""
    return math.log1p((max(0, size - passages) + 0.5) / (passages + 0.5))


def find_missing(lookup: Lookup, asked: Asked) -> tuple[str, ...]:
    """Return the words and phrases that no passage has."""
    return tuple(pattern.text for pattern in asked.patterns if not lookup.is_there(lookup.anywhere(pattern)))


def match_all(lookup: Lookup, asked: Asked) -> Matches | None:
    """Return the passages that have all; None where there are none, or few and a sentence was asked."""
    required = every(map(lookup.anywhere, asked.patterns))
    in_text = every([required, either(map(lookup.in_text, asked.patterns))])
    for expression in (in_text, required):
        if total := lookup.count(expression):
            is_answer = len(asked.words) <= ALL_WORDS or total >= MANY
            return Matches(expression, total) if is_answer else None
    return None


def choose_candidates(lookup: Lookup, asked: Asked, matches: Matches) -> list[int]:
    """Return the matches to be read: all, or those with most signs of being among the best."""
    if matches.total <= CANDIDATES:
        return lookup.newest(matches.sought, CANDIDATES)
    signs = [(every([matches.sought, sign]), weight) for sign, weight in _signs(lookup, asked)]
    found = lookup.weigh([(matches.sought, 0.0), *signs], each=EACH, most=CANDIDATES)
    return [passage for passage, _ in found]


def _signs(lookup: Lookup, asked: Asked) -> Iterator[tuple[Expression, float]]:
    """Yield what speaks for a match: words in titles, said often, side by side; what was typed, as typed."""
    for pattern in asked.patterns[:ALL_WORDS]:
        yield lookup.in_titles(pattern), asked.rarity[pattern.text]
        yield lookup.repeated(pattern), asked.rarity[pattern.text]
    for one, other in pairwise(asked.words[: ALL_WORDS + 1]):
        if joined := make_pattern(one.text + other.text):
            yield lookup.in_text(joined), asked.rarity[one.text] + asked.rarity[other.text]
    if len(asked.words) > len(asked.pieces):
        for piece in asked.pieces[:ALL_WORDS]:
            yield lookup.in_text(piece), sum(asked.rarity.values())


def has_all_as_typed(lookup: Lookup, asked: Asked, matches: Matches) -> bool:
    """Return whether a match has everything as it was typed between blanks."""
    return lookup.is_there(every([matches.sought, *map(lookup.anywhere, asked.pieces)]))


def match_parts(
    lookup: Lookup, asked: Asked, *, most: int = MOST_LOOSE, but: Expression | None = None
) -> list[int]:
    """Return the passages that have the best part of the rarest terms, most of them first; none of `but`."""
    terms = _rarest(lookup, asked.grams) or _rarest(lookup, asked.words)
    parts = [(lookup.anywhere(term), asked.rarity[term.text]) for term in terms]
    left = [(Except(part, but) if but else part, weight) for part, weight in parts]
    found = lookup.weigh(left, each=MOST_OF_TERM, most=most)
    bar = BEST_PART * found[0][1] if found else 0.0
    return [passage for passage, weight in found if weight >= bar]


def _rarest(lookup: Lookup, terms: Sequence[Pattern]) -> list[Pattern]:
    """Return the rarest of the terms that occur at all."""
    chosen: list[Pattern] = []
    places = 0
    for passages, _, term in sorted((lookup.frequency(term), at, term) for at, term in enumerate(terms)):
        places += min(passages, MOST_OF_TERM)
        if len(chosen) == RAREST_TERMS or (places > MOST_PLACES and len(chosen) > 1):
            break
        if passages or lookup.is_there(lookup.anywhere(term)):
            chosen.append(term)
    return chosen


def _patterns(texts: Iterable[str], *, is_exact: bool = False) -> tuple[Pattern, ...]:
    made = (make_pattern(each, is_exact) for each in texts)
    return tuple(pattern for pattern in made if pattern is not None)
