"""How well a passage answers a query: a pure function of its text, its titles and the words' rarity.

The candidates come from the index in any order; this decides the order in which people see them, the same
on every engine.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise
from operator import add, mul
from typing import NamedTuple

from content.search.grams import Pattern
from content.tokens import WIDE, find_alone

K1, B = 0.6, 1.0
"""BM25's constants: how soon repetition stops counting, how much length does. Passages are short and alike: a
second mention says less, and length more, than in whole documents (where 1.2 and 0.75 are usual)."""
USUAL_CHARS = 450
"""Length of a usual passage."""
GAP_CHARS = 8
"""Words so far apart are worth half of what they are side by side."""
PIECE_CHARS = 8
"""A piece of the query found verbatim counts fully from so many characters on, or from the whole piece."""
NEAR_CHARS = 16
"""Pieces up to this long may be quotations with a slip; longer ones are sentences, told by their words."""
SLIP = 0.75
"""What all characters of a piece are worth that stand close by, but not as they were typed."""
ALIKE = 0.75
"""Share of a piece's characters that make a place the piece with a slip: of four characters three."""
MOST_OF_PIECE, MUCH_OF_GRAMS = 2 / 3, 0.4
"""Part of a piece, in one or in pairs by rarity, that is worth showing without the rest."""
MOST_PLACES = 3
"""Places of a part that are looked around."""
TOP, TOP_OF_ONE = 5, 3
"""The first page, and how many passages of one article may stand there where there are others."""
CUT, ALONE = 10, 0.15
"""How many passages are cut into words, and what it counts beside `WEIGHTS` where all stand by themselves."""
SCORE_DIGITS = 9
"""Decimals that count where scores are compared."""

_WIDE = re.compile(f"[{WIDE}]+")
_STOP, _STOPS = "。", "!?;\n"
"""Where sentences end in folded text."""


class Evidence(NamedTuple):
    """What speaks for a passage, each from 0 to 1."""

    grams: float
    """Share of the pairs' rarity that the text has."""
    words: float
    """Share of the words' rarity that text and titles have."""
    bm25: float
    """Σ rarity · n / (n + k1 (1 - b + b · length / usual length)), as a share of the most possible."""
    together: float
    """Share of the words' rarity that one sentence has."""
    order: float
    """How near neighbouring words of the query stand to each other, in the order in which they were typed."""
    title: float
    """Share of the words' rarity that the titles have."""
    piece: float
    """How much of what was typed between blanks stands there verbatim, in one part."""
    near: float
    """How much of it stands around that part, in whatever order: a slip loses one character, not a word."""


WEIGHTS = Evidence(
    grams=0.31, words=0.01, bm25=0.10, together=0.10, order=0.06, title=0.14, piece=0.05, near=0.23
)
"""What each kind of evidence counts for; found on natural questions, names, quotes and misspellings."""


class _Word(NamedTuple):
    """A word that is sought, and what it weighs."""

    pattern: Pattern
    weight: float
    run: str
    """The word, if it is one run of Chinese: found without its regular expression once blanks are gone."""


@dataclass(frozen=True)
class Sought:
    """A query as ranking needs it."""

    patterns: Sequence[Pattern]
    grams: Sequence[str]
    pieces: Sequence[str]
    rarity: Mapping[str, float]
    """Weight of every pattern's text and of every gram."""

    @cached_property
    def words(self) -> list[_Word]:
        """The patterns with their weights."""
        return [
            _Word(pattern, self.rarity[pattern.text], pattern.text if _WIDE.fullmatch(pattern.text) else "")
            for pattern in self.patterns
        ]

    @cached_property
    def words_weight(self) -> float:
        """What all words weigh together."""
        return sum(word.weight for word in self.words) or 1.0

    @cached_property
    def grams_weight(self) -> float:
        """What all grams weigh together."""
        return sum(self.rarity[gram] for gram in self.grams) or 1.0

    @cached_property
    def weighed_grams(self) -> list[tuple[str, float]]:
        """The grams with their weights."""
        return [(gram, self.rarity[gram]) for gram in self.grams]

    @cached_property
    def is_chinese(self) -> bool:
        """Whether all that was typed is Chinese."""
        return all(map(_WIDE.fullmatch, self.pieces))

    @cached_property
    def dense_words(self) -> list[str]:
        """The words without blanks, in the order in which they were typed."""
        return [word.pattern.text.replace(" ", "") for word in self.words]

    @cached_property
    def dense_pieces(self) -> list[tuple[str, frozenset[str]]]:
        """The pieces without blanks, and the characters of each."""
        dense = [piece.replace(" ", "") for piece in self.pieces]
        return [(piece, frozenset(piece)) for piece in dense if piece]


class Scored(NamedTuple):
    """A passage's score, and what else its place in the order depends on."""

    points: float
    share: float
    """Share of the words' rarity that text and titles have."""
    article: int
    date: dt.date | None
    body: str
    """Its text, folded."""
    is_worth_showing: bool
    """Where nothing answers in full."""


def favour_words(scores: Mapping[int, Scored], sought: Sought) -> dict[int, Scored]:
    """Return the scores, of the best few raised where the words stand as words by themselves.

    Only of a few, since the text around the words is cut for it.
    """
    best = sorted(scores, key=lambda passage: (*_by_score(scores[passage]), passage))[:CUT]
    raised = {passage: ALONE * _share_alone(scores[passage].body, sought) for passage in best}
    return {
        passage: scored._replace(points=(scored.points + raised.get(passage, 0.0)) / (1 + ALONE))
        for passage, scored in scores.items()
    }


def _share_alone(body: str, sought: Sought) -> float:
    alone = find_alone([word.run for word in sought.words if word.run], body)
    counted = _weight([word for word in sought.words if not word.run or word.run in alone])
    return counted / sought.words_weight


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


def is_worth_showing(evidence: Evidence, sought: Sought) -> bool:
    """Return whether the passage has a word or much of what was typed, or all but a slip, and not just two
    characters of it that belong to other words. Of letters and numbers any part may tell."""
    has_much = evidence.piece >= MOST_OF_PIECE or evidence.grams >= MUCH_OF_GRAMS
    has_all_but_a_slip = evidence.near >= SLIP * ALIKE**3
    return evidence.words > 0 or has_much or has_all_but_a_slip or not sought.is_chinese


def weigh(evidence: Evidence) -> float:
    """Return how well the passage answers, from 0 to 1."""
    return math.fsum(map(mul, WEIGHTS, evidence))


def examine(body: str, titles: str, sought: Sought) -> Evidence:
    """Return what speaks for the passage. `body` and `titles` are folded."""
    dense, dense_titles = body.replace(" ", ""), titles.replace(" ", "")
    words, all_words = sought.words, sought.words_weight
    counts = [dense.count(run) if run else len(pattern.spans(body)) for pattern, _, run in words]
    above = [run in dense_titles if run else pattern.is_in(titles) for pattern, _, run in words]
    seen = list(zip(words, counts, above, strict=True))
    piece, near = _verbatim(dense, sought)
    return Evidence(
        grams=sum([weight for gram, weight in sought.weighed_grams if gram in dense]) / sought.grams_weight,
        words=_weight([word for word, count, is_above in seen if count or is_above]) / all_words,
        bm25=_bm25([(word.weight, count) for word, count, _ in seen if count], len(body)) / all_words,
        together=_best_sentence(body, dense, [word for word, count, _ in seen if count]) / all_words,
        order=_order(dense, sought.dense_words, [bool(count or not word.run) for word, count, _ in seen]),
        title=_weight([word for word, _, is_above in seen if is_above]) / all_words,
        piece=piece,
        near=near,
    )


def _weight(words: Sequence[_Word]) -> float:
    return sum([word.weight for word in words])


def _bm25(counted: Iterable[tuple[float, int]], chars: int) -> float:
    length = K1 * (1 - B + B * chars / USUAL_CHARS)
    return sum([weight * count / (count + length) for weight, count in counted])


def _best_sentence(body: str, dense: str, words: Sequence[_Word]) -> float:
    """Return the most weight of the words that one sentence has."""
    if len(words) < 2:
        return _weight(words)
    runs = [(word.run, word.weight) for word in words if word.run]
    others = [word for word in words if not word.run]
    weights = [sum([weight for run, weight in runs if run in sentence]) for sentence in _sentences(dense)]
    if others:
        whole = [_weight([word for word in others if word.pattern.is_in(each)]) for each in _sentences(body)]
        weights = list(map(add, weights, whole))
    return max(weights)


def _sentences(text: str) -> list[str]:
    for stop in _STOPS:
        text = text.replace(stop, _STOP)
    return text.split(_STOP)


def _order(dense: str, words: Sequence[str], may_be_there: Sequence[bool]) -> float:
    """Return the mean over neighbouring words of 1 ÷ (1 + gap ÷ `GAP_CHARS`); 0 where one is missing."""
    both = map(all, pairwise(may_be_there))
    gaps = [_gap(dense, *pair) for pair in compress(pairwise(words), both)]
    return sum([GAP_CHARS / (GAP_CHARS + gap) for gap in gaps]) / (len(words) - 1 or 1)


def _gap(dense: str, one: str, other: str) -> float:
    """Return the fewest characters between the one and the other behind it; infinity where it never is."""
    least, at = math.inf, dense.find(one)
    while at >= 0 and (after := dense.find(other, at + len(one))) >= 0:
        least = min(least, after - dense.rfind(one, at, after) - len(one))
        at = dense.find(one, after)
    return least


def _verbatim(dense: str, sought: Sought) -> tuple[float, float]:
    """Return the evidence `piece` and `near`: means over the pieces, each counting by its length."""
    found = near = total = 0.0
    for piece, chars in sought.dense_pieces:
        part = longest_part(piece, dense)
        total += len(piece)
        if part == piece or len(part) > 1:
            found += len(piece) * min(1.0, len(part) / min(len(piece), PIECE_CHARS))
            near += len(piece) * _share_around(part, piece, chars, dense)
    return found / (total or 1.0), near / (total or 1.0)


def _share_around(part: str, piece: str, chars: frozenset[str], dense: str) -> float:
    """Return the share of the piece's characters that stand where it would be around its part, cubed.

    The cube lets only what is nearly whole count: of eight characters seven are worth two thirds of all.
    """
    if part == piece:
        return 1.0
    if len(piece) > NEAR_CHARS:
        return 0.0
    before = piece.index(part) + 1
    after = len(piece) - before + 2
    most, at = 0, dense.find(part)
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        most = max(most, len(chars.intersection(dense[max(0, at - before) : at + after])))
        at = dense.find(part, at + 1)
    return SLIP * (most / len(chars)) ** 3


def longest_part(piece: str, body: str) -> str:
    """Return the longest part of `piece` that stands in `body`; the first of equally long ones."""
    if piece in body:
        return piece
    first = length = 0
    for start in range(len(piece)):
        while start + length < len(piece) and piece[start : start + length + 1] in body:
            first, length = start, length + 1
    return piece[first : first + length]
