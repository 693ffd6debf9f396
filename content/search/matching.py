"""Which passages may answer a query: found in the index, before any is read.

A passage matches when it has all words and phrases. Words may stand in the titles, but not all of them,
unless no text has any. Where nothing does, and for sentences, those are found that have the best part of the
query's terms; what they are worth is seen by reading them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from typing import NamedTuple

from content.search.expressions import Except, Expression, either, every
from content.search.grams import Pattern, make_gram, make_pattern
from content.search.lookup import Lookup
from content.search.query import Query
from content.words import load_words

CANDIDATES = 48
"""Passages that are ranked by reading them; further ones follow, the newest first."""
ALL_WORDS = 3
"""Up to so many words, a passage must have each."""
MANY = 20
"""Passages that have each of more words: so many that nobody misses those that lack one."""
MOST_WORDS = 8
"""Of more words no passage has each, but one that was copied from it."""
RAREST_TERMS = 8
"""Terms looked up for a sentence: the rarest say most, and frequent ones cost most."""
MOST_PLACES = 6_000
"""Passages that have the rarest terms, all looked at: about a microsecond each."""
PAIRED_TERMS = 5
"""Where there are more, so many terms are looked up in pairs: what has two of them is seldom much."""
MOST_LOOSE = 1_000
"""Passages that have parts of a query, counted and paged through."""
BEST_PART = 0.35
"""Share of the best passage's weight that a passage must have to match a part."""
EACH = 500
"""Passages looked at, the newest, for each sign that one of very many is among the best."""


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
    newest: Sequence[int]
    """All of them, or the newest `EACH`."""
    needed: tuple[Pattern, ...]
    """What each of them has, the rarest first."""


def examine_query(lookup: Lookup, query: Query) -> Asked:
    """Return what the query looks for, and how rare each part is."""
    words, grams = _patterns(query.words), tuple(map(make_gram, query.grams))
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
    return tuple(pattern.text for pattern in asked.patterns if not lookup.has(pattern))


def match_all(lookup: Lookup, asked: Asked) -> Matches | None:
    """Return the passages that have all; None where there are none, or few and a sentence was asked.

    Beside other words, a character or beginning that is too common to look up is not needed.
    """
    if len(asked.words) > MOST_WORDS:
        return None
    needed = [pattern for pattern in asked.patterns if not lookup.is_capped(pattern)] or asked.patterns
    rarest_first = tuple(sorted(needed, key=lookup.frequency))  # what FTS5 goes through
    for expression in _all_of(lookup, rarest_first):
        if newest := lookup.newest(expression, EACH + 1):
            total = lookup.count(expression) if len(newest) > EACH else len(newest)
            is_answer = len(asked.words) <= ALL_WORDS or total >= MANY
            return Matches(expression, total, newest[:EACH], rarest_first) if is_answer else None
    return None


def _all_of(lookup: Lookup, patterns: Sequence[Pattern]) -> Iterator[Expression]:
    """Yield what finds the passages that have all, not all of it in the titles alone; and then these."""
    required = every(map(lookup.anywhere, patterns))
    if len(patterns) == 1:
        yield from map(lookup.in_text, patterns)
    else:
        yield Except(required, _only_above(lookup, patterns))
    if len(patterns) <= ALL_WORDS:
        yield required


def _only_above(lookup: Lookup, patterns: Sequence[Pattern]) -> Expression:
    """Return what finds the passages that have all in their titles, and nothing in the text: few, so that to
    leave them out is far faster than to ask once more for what is in the text."""
    said = [pattern for pattern in patterns if len(pattern.text) > 1] or patterns
    return Except(every(map(lookup.in_titles, said)), either(map(lookup.in_text, said)))


def choose_candidates(lookup: Lookup, asked: Asked, matches: Matches) -> list[int]:
    """Return the matches to be read: all, or those with most signs of being among the best."""
    if matches.total <= CANDIDATES:
        return [*matches.newest]
    signs = list(_signs(lookup, asked))
    if matches.total <= EACH:
        rarest = [pattern for pattern in matches.needed if not pattern.is_prefix][:1]
        parts = [(_beside(lookup, sign, rarest), sign.weight) for sign in signs]
        found = lookup.weigh(parts, each=MOST_PLACES, most=CANDIDATES, among=matches.newest)
    else:
        parts = [(_beside(lookup, sign, matches.needed), sign.weight) for sign in signs]
        found = lookup.weigh(parts, each=EACH, most=CANDIDATES)
    signed = [passage for passage, _ in found]
    return [*dict.fromkeys([*signed, *matches.newest])][:CANDIDATES]


class _Sign(NamedTuple):
    """What speaks for a match."""

    found: Expression
    weight: float
    typed: str
    """What is known to be there where the sign is."""
    is_in_text: bool = True


def _signs(lookup: Lookup, asked: Asked) -> Iterator[_Sign]:
    """Yield the signs: words in titles, said often, side by side; what was typed, as typed."""
    for pattern in asked.patterns[:ALL_WORDS]:
        weight = asked.rarity[pattern.text]
        yield _Sign(lookup.in_titles(pattern), weight, pattern.text, is_in_text=False)
        yield _Sign(lookup.repeated(pattern), weight, pattern.text)
    for one, other in pairwise(asked.words[: ALL_WORDS + 1]):
        joined = make_pattern(one.text + other.text)
        if joined and not lookup.is_dear(joined):
            weight = asked.rarity[one.text] + asked.rarity[other.text]
            yield _Sign(lookup.in_text(joined), weight, joined.text)
    known = {pattern.text for pattern in asked.patterns}
    for piece in asked.pieces[:ALL_WORDS]:
        if piece.text not in known and not lookup.is_dear(piece):
            yield _Sign(lookup.in_text(piece), sum(asked.rarity.values()), piece.text)


def _beside(lookup: Lookup, sign: _Sign, needed: Sequence[Pattern]) -> Expression:
    """Return what finds the passages that have the sign and all that is needed, some of it in the text."""
    others = [pattern for pattern in needed if pattern.text not in sign.typed]
    found = every([sign.found, *map(lookup.anywhere, others)])
    return found if sign.is_in_text or not needed else Except(found, _only_above(lookup, needed))


def has_all_as_typed(lookup: Lookup, asked: Asked) -> bool:
    """Return whether a passage has everything as it was typed between blanks."""
    rarest_first = sorted(asked.pieces, key=lookup.frequency)
    return lookup.is_there(every(map(lookup.anywhere, rarest_first)))


def match_parts(
    lookup: Lookup, asked: Asked, *, most: int = MOST_LOOSE, but: Collection[int] = ()
) -> list[int]:
    """Return the passages that have the best part of the rarest terms, most of them first; none of `but`."""
    grams = [gram for gram in asked.grams if gram.text not in load_words("function")]
    terms = _rarest(lookup, grams) or _rarest(lookup, asked.words)
    weights = _weights(asked, terms)
    found = _weigh_parts(lookup, weights, most + len(but))
    left = [(passage, weight) for passage, weight in found if passage not in but][:most]
    bar = BEST_PART * left[0][1] if left else 0.0
    return [passage for passage, weight in left if weight >= bar]


def _rarest(lookup: Lookup, terms: Sequence[Pattern]) -> list[Pattern]:
    """Return the rarest of the terms that occur at all, in text or titles."""
    rarest_first = sorted(terms, key=lookup.frequency)
    there = (term for term in rarest_first if lookup.has(term))
    return list(islice(there, RAREST_TERMS))


def _weights(asked: Asked, terms: Sequence[Pattern]) -> dict[Pattern, float]:
    """Return what the terms weigh; what was typed as one word counts again, so that beside a rare part of a
    word that is nowhere it is not lost."""
    typed = {piece.text for piece in asked.pieces}
    return {term: asked.rarity[term.text] * (1 + (term.text in typed)) for term in terms}


def _weigh_parts(lookup: Lookup, weights: Mapping[Pattern, float], most: int) -> list[tuple[int, float]]:
    """Return the passages that have most of the terms. Where these are in very many, the rare ones are looked
    up and what has two of them, unless no passage has."""
    parts = [(lookup.anywhere(term), weight) for term, weight in weights.items()]
    if sum(map(lookup.frequency, weights)) <= MOST_PLACES:
        return lookup.weigh(parts, each=MOST_PLACES, most=most)
    rare = sum(lookup.frequency(term) <= EACH for term in weights)
    together = combinations(parts[:PAIRED_TERMS], 2)
    pairs = [(every([one, other]), weight + more) for (one, weight), (other, more) in together]
    found = lookup.weigh([*parts[:rare], *pairs], each=EACH, most=most)
    return found or lookup.weigh(parts, each=EACH, most=most)


def _patterns(texts: Iterable[str], *, is_exact: bool = False) -> tuple[Pattern, ...]:
    made = (make_pattern(each, is_exact) for each in texts)
    return tuple(pattern for pattern in made if pattern is not None)
