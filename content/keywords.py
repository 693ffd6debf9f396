"""Keywords: the few terms a reader would choose to stand for a passage.

An article's words are looked over once (`find_candidates`); each passage in each cut then takes the best of
those that lie in it (`extract_keywords`). No part-of-speech tagging and no statistics of a corpus: rarity
comes from jieba's dictionary; a corpus's own statistics can take its place as `share`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from content.tokens import Token, word_share
from content.words import load_words

MOST_WORDS = 6
"""Words in the longest term; longer ones are clauses."""
MOST_CHARS = 24
"""Characters in the longest term: it has to fit on a button."""
FEWEST, MOST = 5, 8
"""Keywords of a passage, where it has that many."""
STANDING_OUT = 0.45
"""Share of the best weight that a keyword beyond the fewest must reach."""
TF_POWER, LENGTH_POWER = 0.85, 0.5
"""A term weighs count^0.85 × the sum of its words' rarity ÷ words^0.5; measured on scientific abstracts."""
TOGETHER = 2.0
"""How much more several words weigh together: recurring side by side shows that they belong together."""
EARLY = 0.5
"""How much more a term weighs that is met at the very start of the passage."""
SINGLE = 0.5
"""Share of its rarity that a single character brings into a longer term."""
FOCUS = 0.5
"""How much more a term weighs that the rest of the article lacks, for each e-fold of parts without it."""
PART_CHARS = 400
"""Length of the parts of an article over which a term's spread is measured."""
DOUBTFUL = 0.6
"""Share of its weight that a word keeps which the dictionary lacks and the article has once: jieba's model
makes up words (讲山, 编起来) as well as names."""
RAREST = 5e-8
"""Share of a word that the dictionary does not have: as rare as one met three times in sixty million."""

_LETTERS = re.compile(r"[^\W\d_]")
_STRUCTURE = re.compile(
    r"第?[一二三四五六七八九十百千万亿两几零〇半数]+"
    r"[是条章节次个项款年月日号来大届轮级间件句本册根页竖只颗块样户天种张位名家座所场片段首篇套批群层株棵头匹辆艘架台把支枝枚粒滴朵"
    r"束串双对副遍回趟步声眼口尺寸里斤两分秒刻]?"
)
"""Ordinals, and numerals with their measure words: 第三条, 一本, 三十天."""

Share = Callable[[str], float]


class Keyword(NamedTuple):
    """A term as the text writes it, and its weight: 1 for the heaviest of a passage, less for the others."""

    term: str
    weight: float


class Occurrence(NamedTuple):
    """A candidate at one place of the article, its span half-open in code points."""

    start: int
    stop: int
    term: str


@dataclass(frozen=True)
class Candidates:
    """What an article offers: the occurrences of its candidates in order, and each one's rarity."""

    text: str
    occurrences: Sequence[Occurrence]
    rarity: dict[str, float]


def find_candidates(text: str, tokens: Sequence[Token], share: Share = word_share) -> Candidates:
    """Return the words of the article that can be keywords, and the combinations of them that recur.

    `tokens` are those of `tokenize(text)`; `share` returns a folded word's share of all words, 0 if unknown.
    """
    runs = list(_runs(text, tokens))
    counts = Counter((one.term, other.term) for run in runs for one, other in pairwise(run))
    pairs = {pair for pair, count in counts.items() if count > 1}
    found = [combination for run in runs for combination in _combinations(run, pairs)]
    words = {occurrence.term: terms for occurrence, terms in found}
    met = Counter(occurrence.term for occurrence, _ in found)
    kept = _recurring(met, words)
    occurrences = sorted(occurrence for occurrence, _ in found if occurrence.term in kept)
    focus = _focus(occurrences, len(text))
    rarity = {term: _rarity(words[term], share) * focus[term] for term in kept}
    for term in kept:
        if met[term] == 1 and len(words[term]) == 1 and not term.isascii() and not share(term):
            rarity[term] *= DOUBTFUL
    return Candidates(text, occurrences, rarity)


def extract_keywords(
    candidates: Candidates, start: int = 0, stop: int | None = None, *, fewest: int = FEWEST, most: int = MOST
) -> tuple[Keyword, ...]:
    """Return five to eight keywords of the passage [start, stop) of the article, heaviest first.

    Fewer where the passage has fewer; none overlaps a heavier one. Beyond the `fewest` come, up to the
    `most`, those that stand out.
    """
    stop = len(candidates.text) if stop is None else stop
    places = _places(candidates, start, stop)
    weights = {term: _weight(spans, candidates.rarity[term], start, stop) for term, spans in places.items()}
    chosen = _choose(weights, places, most)
    best = weights[chosen[0]] if chosen else 1.0
    return tuple(
        Keyword(_written(candidates.text, places[term][0]), weights[term] / best)
        for rank, term in enumerate(chosen)
        if rank < fewest or weights[term] >= STANDING_OUT * best
    )


# Candidates of an article --------------------------------------------------------------------------------


def _runs(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the runs of content words with nothing between them but, in Latin script, a space."""
    run: list[Token] = []
    for token in tokens:
        is_content = _is_content(token.term)
        if run and not (is_content and _adjoin(text, run[-1], token)):
            yield run
            run = []
        if is_content:
            run.append(token)
    if run:
        yield run


def _adjoin(text: str, one: Token, other: Token) -> bool:
    if one.stop == other.start:
        return True
    return text[one.stop : other.start] == " " and one.term.isascii() and other.term.isascii()


@lru_cache(maxsize=65_536)
def _is_content(term: str) -> bool:
    function = load_words("function")
    if term in function or _LETTERS.search(term) is None or _STRUCTURE.fullmatch(term):
        return False
    # Words that jieba's model made up are often a word and a particle: 胜则, 更见.
    return term.isascii() or word_share(term) > 0 or not {term[0], term[-1]} & function


def _combinations(
    run: Sequence[Token], pairs: Set[tuple[str, str]]
) -> Iterator[tuple[Occurrence, tuple[str, ...]]]:
    """Yield the words of the run that could be terms, and up to six together where each of `pairs` recurs."""
    general = load_words("general")
    recurs = [pair in pairs for pair in pairwise(token.term for token in run)]
    for first, token in enumerate(run):
        if token.term in general:
            continue
        if 1 < len(token.term) <= MOST_CHARS:
            yield Occurrence(token.start, token.stop, token.term), (token.term,)
        for last in range(first + 1, min(first + MOST_WORDS, len(run))):
            if not recurs[last - 1]:
                break
            if run[last].term not in general:
                terms = tuple(word.term for word in run[first : last + 1])
                term = "".join(terms)
                if len(term) <= MOST_CHARS:
                    yield Occurrence(token.start, run[last].stop, term), terms


def _recurring(counts: Counter[str], words: dict[str, tuple[str, ...]]) -> set[str]:
    """Return single words, and combinations met twice that are not always part of the same longer one."""
    together = {term for term, count in counts.items() if len(words[term]) > 1 and count > 1}
    parts = {
        "".join(part): counts[term]
        for term in sorted(together, key=lambda term: counts[term])
        for part in (words[term][1:], words[term][:-1])
    }
    whole = {term for term in together if parts.get(term) != counts[term]}
    return whole | {term for term in counts if len(words[term]) == 1}


def _focus(occurrences: Sequence[Occurrence], chars: int) -> dict[str, float]:
    """Return for each term 1 where all parts of the article have it, more the fewer have it."""
    parts: dict[str, set[int]] = {}
    for occurrence in occurrences:
        parts.setdefault(occurrence.term, set()).add(occurrence.start // PART_CHARS)
    every = -(-chars // PART_CHARS)
    return {term: 1 + FOCUS * math.log(every / len(having)) for term, having in parts.items()}


def _rarity(words: tuple[str, ...], share: Share) -> float:
    rarity = sum(-math.log(max(share(word), RAREST)) * (SINGLE if len(word) == 1 else 1.0) for word in words)
    together = TOGETHER if len(words) > 1 else 1.0
    return together * rarity / math.pow(len(words), LENGTH_POWER)


# Keywords of a passage -----------------------------------------------------------------------------------


def _places(candidates: Candidates, start: int, stop: int) -> dict[str, list[tuple[int, int]]]:
    places: dict[str, list[tuple[int, int]]] = {}
    first = bisect_left(candidates.occurrences, (start,))
    for occurrence in islice(candidates.occurrences, first, None):
        if occurrence.start >= stop:
            break
        if occurrence.stop <= stop:
            places.setdefault(occurrence.term, []).append((occurrence.start, occurrence.stop))
    return places


def _weight(spans: Sequence[tuple[int, int]], rarity: float, start: int, stop: int) -> float:
    lead = (stop - spans[0][0]) / (stop - start)
    return math.pow(len(spans), TF_POWER) * rarity * (1 + EARLY * lead)


def _choose(weights: dict[str, float], places: dict[str, list[tuple[int, int]]], most: int) -> list[str]:
    chosen: list[str] = []
    taken: set[int] = set()
    for term in sorted(weights, key=lambda term: (-weights[term], places[term][0], -len(term))):
        if len(chosen) == most:
            break
        if not any(term in other or other in term for other in chosen) and not _overlaps(places[term], taken):
            chosen.append(term)
            taken.update(at for span in places[term] for at in range(*span))
    return chosen


def _overlaps(spans: Sequence[tuple[int, int]], taken: set[int]) -> bool:
    """Return whether half of the spans or more touch characters that are taken."""
    return 2 * sum(not taken.isdisjoint(range(*span)) for span in spans) >= len(spans)


def _written(text: str, span: tuple[int, int]) -> str:
    return " ".join(text[span[0] : span[1]].split())
