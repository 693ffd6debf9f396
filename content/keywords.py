"""Keywords: the few terms a reader would choose to stand for a passage, of the candidates of its article."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from content.candidates import Candidates

FEWEST, MOST = 5, 8
"""Keywords of a passage, where it has that many."""
STANDING_OUT = 0.45
"""Share of the best weight that a keyword beyond the fewest must reach."""
EARLY = 0.5
"""How much more a term weighs that is met at the very start of the passage."""
CHARS_PER_KEYWORD = 15
"""A passage has at most one keyword more than these go into it."""
ALONE = 2
"""A term that overlaps heavier ones is a keyword of its own where it stands without them so often, in a
third of its places, or else in most."""
TF_POWER = 0.85
"""A term's weight grows with the 0.85th power of its count; measured on scientific abstracts."""


class Keyword(NamedTuple):
    """A term as the text writes it, and its weight: 1 for the heaviest of a passage, less for the others."""

    term: str
    weight: float


def extract_keywords(
    candidates: Candidates,
    start: int = 0,
    stop: int | None = None,
    *,
    fewest: int = FEWEST,
    most: int = MOST,
) -> tuple[Keyword, ...]:
    """Return five to eight keywords of the passage [start, stop) of the article, heaviest first.

    Fewer where the passage is short. One that overlaps heavier ones also stands alone. Beyond the `fewest`
    come, up to the `most`, those that stand out.
    """
    stop = len(candidates.text) if stop is None else stop
    places = _places(candidates, start, stop)
    weights = _weights(places, candidates.rarity, start, stop)
    most = min(most, 1 + (stop - start) // CHARS_PER_KEYWORD)
    chosen = _choose(weights, places, most, candidates.text)
    best = weights[chosen[0]] if chosen else 1.0
    return tuple(
        Keyword(_written(candidates.text, *places[term][0]), weights[term] / best)
        for rank, term in enumerate(chosen)
        if rank < fewest or weights[term] >= STANDING_OUT * best
    )


def rounded(keywords: Sequence[Keyword]) -> list[Any]:
    """Return keywords as they are stored and shown to programs: [[term, weight], …], four decimals."""
    return [[keyword.term, round(keyword.weight, 4)] for keyword in keywords]


def _places(candidates: Candidates, start: int, stop: int) -> dict[str, list[tuple[int, int]]]:
    places: dict[str, list[tuple[int, int]]] = {}
    first = bisect_left(candidates.occurrences, (start,))
    last = bisect_left(candidates.occurrences, (stop,))
    for begin, end, term in candidates.occurrences[first:last]:
        if end <= stop:
            places.setdefault(term, []).append((begin, end))
    return places


def _weights(
    places: dict[str, list[tuple[int, int]]], rarity: Mapping[str, float], start: int, stop: int
) -> dict[str, float]:
    chars = stop - start
    return {
        term: math.pow(len(spans), TF_POWER) * rarity[term] * (1 + EARLY * ((stop - spans[0][0]) / chars))
        for term, spans in places.items()
    }


def _choose(
    weights: dict[str, float], places: dict[str, list[tuple[int, int]]], most: int, text: str
) -> list[str]:
    chosen: list[str] = []
    written: dict[str, list[str]] = {}
    taken: set[int] = set()
    order = sorted((-weight, places[term][0], -len(term), term) for term, weight in weights.items())
    for *_, term in order:
        if len(chosen) == most:
            break
        own = _written(text, *places[term][0])
        similar = written.setdefault(own[0].lower(), [])
        if not any(are_alike(own, other) for other in similar) and _is_free(places[term], taken):
            chosen.append(term)
            similar.append(own)
            taken.update(at for span in places[term] for at in range(*span))
    return chosen


def _is_free(spans: Sequence[tuple[int, int]], taken: set[int]) -> bool:
    """Return whether enough of the spans touch no characters that are taken."""
    if not taken:
        return True
    free = sum(taken.isdisjoint(range(*span)) for span in spans)
    return 2 * free > len(spans) or (free >= ALONE and 3 * free > len(spans))


def are_alike(one: str, other: str) -> bool:
    """Return whether two terms, as written, are one: a word's plural, a short form, or initials (CNN)."""
    if one[0].lower() != other[0].lower() or one.isascii() != other.isascii():
        return False
    short, long = sorted((one.lower(), other.lower()), key=len)
    if short.isascii():
        initials = "".join(word[0] for word in re.split(r"[\s-]+", long) if word)
        return long in (f"{short}s", f"{short}es") or short.removesuffix("s") == initials
    rest = iter(long)
    return (
        len(short) > 1 and short[0] == long[0] and short not in long and all(char in rest for char in short)
    )


def _written(text: str, start: int, stop: int) -> str:
    return " ".join(text[start:stop].split())
