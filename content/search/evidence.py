"""What speaks for a passage that may answer a query: a pure function of its text, its titles and the words'
rarity. What that is worth is said in `content.search.ranking`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise
from operator import add
from typing import NamedTuple

from content.search.grams import Pattern
from content.tokens import WIDE

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
CLEAR_SLIP = 0.9
"""The same, where the piece is what stands there with one slip."""
ALIKE = 0.75
"""Share of a piece's characters that make a place the piece with a slip: of four characters three."""
MOST_PLACES = 3
"""Places of a part that are looked around."""

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
    most, at = 0.0, dense.find(part)
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        share = len(chars.intersection(dense[max(0, at - before) : at + after])) / len(chars)
        is_clear = share >= ALIKE and _is_one_slip(part, piece, dense, at)
        most = max(most, share**3 * (CLEAR_SLIP if is_clear else SLIP))
        at = dense.find(part, at + 1)
    return most


def _is_one_slip(part: str, piece: str, dense: str, at: int) -> bool:
    """Return whether the piece, whose part stands at `at`, was typed for what stands there with one character
    left out, doubled, swapped or replaced. A last or first one that was replaced is no sign: any will do."""
    size = len(part)
    if piece.startswith(part):
        edge, rest, there = part[-1], piece[size:], dense[at + size : at + len(piece) + 1]
    elif piece.endswith(part):
        start = max(0, at - (len(piece) - size) - 1)
        edge, rest, there = part[0], piece[:-size][::-1], dense[start:at][::-1]
    else:
        return False
    left = len(rest)
    is_swapped = there[:left] == rest[1::-1] + rest[2:]
    is_doubled = rest[0] == edge and there[: left - 1] == rest[1:]
    is_replaced = left > 1 and there[1:left] == rest[1:]
    return is_swapped or is_doubled or is_replaced or there[1 : left + 1] == rest


def longest_part(piece: str, body: str) -> str:
    """Return the longest part of `piece` that stands in `body`; the first of equally long ones."""
    if piece in body:
        return piece
    first = length = 0
    for start in range(len(piece)):
        while start + length < len(piece) and piece[start : start + length + 1] in body:
            first, length = start, length + 1
    return piece[first : first + length]
