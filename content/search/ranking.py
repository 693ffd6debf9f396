"""How well a passage answers a query: a pure function of its text, its titles and the words' rarity.

The candidates come from the index in any order; this decides the order in which people see them, the same
on every engine.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from content.search.grams import Pattern

K1, B = 1.2, 0.75
"""BM25's usual constants: how soon repetition stops counting, how much length does."""
USUAL_CHARS = 450
"""Length of a usual passage."""
PIECE_CHARS = 8
"""A piece of the query found verbatim counts fully from so many characters on, or from the whole query."""


TOP, TOP_OF_ONE = 5, 3
"""The first page, and how many passages of one article may stand there where there are others."""
SCORE_DIGITS = 9
"""Decimals that count where scores are compared."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a passage, each from 0 to 1."""

    bm25: float
    """Σ rarity · n / (n + k1 (1 - b + b · length / usual length)), as a share of the most possible."""
    words: float
    """Share of the words' rarity that text and titles have."""
    grams: float
    """Share of the pairs' rarity that the text has."""
    piece: float
    """How much of the longest piece of the query stands there verbatim."""
    whole: float
    """Share of what was typed between blanks that stands there verbatim."""
    proximity: float
    """How close together the words stand: their length over that of the shortest stretch with all."""
    title: float
    """Share of the words' rarity that the titles have."""


WEIGHTS = Evidence(bm25=0.03, words=0.05, grams=0.48, piece=0.18, whole=0.05, proximity=0.06, title=0.15)
"""What each kind of evidence counts for; found on natural questions, names, quotes and misspellings."""


@dataclass(frozen=True)
class Sought:
    """A query as ranking needs it."""

    patterns: Sequence[Pattern]
    grams: Sequence[str]
    pieces: Sequence[str]
    rarity: Mapping[str, float]
    """Weight of every pattern's text and of every gram."""


class Scored(NamedTuple):
    """A passage's score, and what else its place in the order depends on."""

    points: float
    share: float
    """Share of the words' rarity that text and titles have."""
    article: int
    date: dt.date | None


def arrange(scores: Mapping[int, Scored]) -> list[int]:
    """Return the passages, best first; of equals the latest, undated ones last.

    Of one article at most `TOP_OF_ONE` are among the first `TOP`, unless there are no others: the further
    ones come right behind.
    """
    order = sorted(scores, key=lambda passage: (*_by_score(scores[passage]), passage))
    top: list[int] = []
    articles: Counter[int] = Counter()
    for passage in order:
        article = scores[passage].article
        if len(top) < TOP and articles[article] < TOP_OF_ONE:
            articles[article] += 1
            top.append(passage)
    return [*top, *(passage for passage in order if passage not in top)]


def _by_score(scored: Scored) -> tuple[float, int]:
    """Scores are rounded, so that what differs by the order of adding up is equal."""
    return -round(scored.points, SCORE_DIGITS), -scored.date.toordinal() if scored.date else 0


def weigh(evidence: Evidence) -> float:
    """Return how well the passage answers, from 0 to 1."""
    values = zip(astuple(WEIGHTS), astuple(evidence), strict=True)
    return math.fsum(weight * value for weight, value in values)


def examine(body: str, titles: str, sought: Sought) -> Evidence:
    """Return what speaks for the passage. `body` and `titles` are folded."""
    spans = {pattern.text: pattern.spans(body) for pattern in sought.patterns}
    titled = {pattern.text for pattern in sought.patterns if pattern.spans(titles)}
    found = {word for word, places in spans.items() if places}
    return Evidence(
        bm25=_bm25(spans, len(body), sought.rarity),
        words=_share(found | titled, spans, sought.rarity),
        grams=_share([gram for gram in sought.grams if gram in body], sought.grams, sought.rarity),
        piece=max((_longest_piece(piece, body) for piece in sought.pieces), default=0.0),
        whole=sum(piece in body for piece in sought.pieces) / max(1, len(sought.pieces)),
        proximity=_proximity([places for places in spans.values() if places]),
        title=_share(titled, spans, sought.rarity),
    )


def _bm25(spans: Mapping[str, Sequence[object]], chars: int, rarity: Mapping[str, float]) -> float:
    length = K1 * (1 - B + B * chars / USUAL_CHARS)
    weight = sum(rarity[word] * len(places) / (len(places) + length) for word, places in spans.items())
    return weight / (sum(rarity[word] for word in spans) or 1.0)


def _share(some: Iterable[str], every: Iterable[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity[each] for each in some) / (sum(rarity[each] for each in every) or 1.0)


def _longest_piece(piece: str, body: str) -> float:
    """Return the length of the longest part of `piece` in `body`, over its own length or `PIECE_CHARS`."""
    longest = len(longest_part(piece, body))
    return min(1.0, longest / min(len(piece), PIECE_CHARS)) if longest > 1 else 0.0


def longest_part(piece: str, body: str) -> str:
    """Return the longest part of `piece` that stands in `body`; the first of equally long ones."""
    start, longest = 0, ""
    for stop in range(1, len(piece) + 1):
        while piece[start:stop] not in body:
            start += 1
        longest = max(longest, piece[start:stop], key=len)
    return longest


def _proximity(places: Sequence[Sequence[tuple[int, int]]]) -> float:
    """Return the words' length over that of the shortest stretch that has each of them; 0 for one word."""
    if len(places) < 2:
        return 0.0
    needed = sum(stop - start for start, stop in (spans[0] for spans in places))
    marks = sorted((start, stop, word) for word, spans in enumerate(places) for start, stop in spans)
    last: dict[int, int] = {}
    shortest = marks[-1][1] - marks[0][0]
    for start, stop, word in marks:
        last[word] = start
        if len(last) == len(places):
            shortest = min(shortest, stop - min(last.values()))
    return min(1.0, needed / max(1, shortest))
