"""What was typed as it sounds, where it is no term of the corpus' own: spelled from pairs that passages have.

The keywords of passages and short titles are filed under how they sound (`content.search.terms`); other words
are not. Of the characters of each syllable those are taken, pair by pair, that stand side by side somewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, product

from content.search.expressions import either
from content.search.folding import make_alike
from content.search.grams import make_pattern, split_runs
from content.search.lookup import Lookup
from content.search.sounds import (
    MOST_UNITS,
    Units,
    characters_like,
    characters_of,
    homophones_of,
    is_han,
    read_syllables,
)
from content.search.statements import fetch, listed
from content.tokens import fold_each, tokenize

LIKELY, POSSIBLE = 60, 300
"""The two characters of a pair have such places among the commonest of their syllables that their product is
no more: so it is with 90 % of the words of an encyclopedia, and with 98 %, which are tried later."""
MOST_BEGINNINGS = 60
"""Beginnings that are gone on with, those of most weight first."""
MOST_SPELLED = 32
"""Longer words of which it is looked whether they stand anywhere as a whole."""
MOST_WORDS, PASSAGES_READ = 8, 3
"""Words of which it is looked, in so many passages that have them, whether they are words there: 生会 in
学生会议 is none."""
PASSAGES_WITH = 16
"""Passages in which it is looked which of some longer words are there."""
PAIR, LONGEST_WORD = 2, 3
"""Characters of the shortest words; and of the longest of which that is looked."""
AROUND = 8
"""Characters on either side that are cut into words with it: all of a passage takes 1 ms."""
_TEXTS = "SELECT text FROM passage WHERE id IN "

_Choice = Mapping[str, float]
"""What may stand in a place, with its weight."""


def spell(lookup: Lookup, typed: str, *, is_loose: bool = False) -> dict[str, float]:
    """Return what pinyin (folded), or Chinese with homophones, may stand for in readable passages, with its
    weight; read as few syllables as it can be. `is_loose`: as pinyin may be typed by a southern ear."""
    ways = [units for units in read_syllables(typed) if PAIR <= len(units) <= MOST_UNITS]
    for size, pairs in product(sorted({*map(len, ways)}), _goes(typed, is_loose)):
        rows = [_row(units, is_loose) for units in ways if len(units) == size]
        spelled = {word: weight for row in rows for word, weight in _spell(lookup, row, pairs).items()}
        spelled = {word: weight for word, weight in spelled.items() if _keeps_some(word, typed)}
        found = _heaviest(spelled, MOST_WORDS) if size == PAIR else _present(lookup, spelled)
        if any(is_word(lookup, word) for word in found):
            return found
    return {}


def _goes(typed: str, is_loose: bool) -> tuple[int, ...]:
    """Return how many pairs are looked up in each go: of Chinese few, for it is seldom mistyped by sound."""
    if is_loose:
        return (POSSIBLE,)
    return (LIKELY,) if all(map(is_han, typed)) else (LIKELY, POSSIBLE)


def _row(units: Units, is_loose: bool) -> list[_Choice]:
    """Return what each unit may stand for: a character for itself, unless nothing else was typed."""
    if all(map(is_han, units)):
        return [*map(homophones_of, units)]
    like = characters_like if is_loose else characters_of
    return [{unit: 1.0} if is_han(unit) else like(unit) for unit in units]


def _keeps_some(spelled: str, typed: str) -> bool:
    """Return whether it is not what was typed, and has some of its characters if it was in Chinese."""
    is_near = not {*spelled}.isdisjoint(typed) or not any(map(is_han, typed))
    return spelled != typed and is_near


def _spell(lookup: Lookup, row: Sequence[_Choice], pairs: int) -> _Choice:
    """Return what may stand there: its weight is the count of the rarest pair in it, as far as the characters
    are likely."""
    beginnings: _Choice = dict.fromkeys(row[0], math.inf)
    for firsts, seconds in pairwise(row):
        weights = _weigh(lookup, {start[-1] for start in beginnings}, firsts, seconds, pairs)
        longer = {
            start + end: min(before, weight) * seconds[end]
            for start, before in beginnings.items()
            for end, weight in weights[start[-1]].items()
        }
        beginnings = _heaviest(longer, MOST_BEGINNINGS)
    return beginnings


def _weigh(
    lookup: Lookup, begun: Iterable[str], firsts: _Choice, seconds: _Choice, pairs: int
) -> dict[str, _Choice]:
    """Return for each character that was begun with what goes on with a pair that passages have."""
    places = {first: place for place, first in enumerate(firsts, 1)}
    ends = {first: [*islice(seconds, pairs // places[first])] for first in begun}
    alike = {char: make_alike(char) for char in (*ends, *seconds)}
    counts = lookup.frequencies({alike[first] + alike[end] for first in ends for end in ends[first]})
    return {
        first: {end: count * likely for end in ends[first] if (count := counts[alike[first] + alike[end]])}
        for first, likely in firsts.items()
        if first in ends
    }


def _heaviest(weights: _Choice, most: int) -> dict[str, float]:
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))[:most]
    return {word: weights[word] for word in heaviest}


def _present(lookup: Lookup, spelled: _Choice) -> dict[str, float]:
    """Return those that some passage has as a whole; the first of them, where there are any."""
    words = [*_heaviest(spelled, MOST_SPELLED)]
    for some in (words[:MOST_WORDS], words[MOST_WORDS:]):
        text = make_alike("\n".join(_read(lookup, some, PASSAGES_WITH)))
        if found := [word for word in some if make_alike(word) in text]:
            return {word: spelled[word] for word in found}
    return {}


def is_word(lookup: Lookup, spelled: str) -> bool:
    """Return whether it is made of words in a passage; what is long enough needs not be."""
    if len(spelled) > LONGEST_WORD:
        return True
    sought = make_alike(spelled)
    around = (each for run in _read(lookup, [spelled], PASSAGES_READ) for each in _around(run, sought))
    cut = ([make_alike(token.term) for token in tokenize(each)] for each in around)
    return any(has_as_words(words, sought) for words in cut)


def _read(lookup: Lookup, spelled: Sequence[str], most: int) -> Iterator[str]:
    """Yield the runs of the newest passages that have any of what is spelled."""
    if not spelled:
        return
    patterns = filter(None, map(make_pattern, map(make_alike, spelled)))
    newest = lookup.newest(either(map(lookup.in_text, patterns)), most)
    for text in fold_each([text for (text,) in fetch(lookup.session, _TEXTS + listed(newest))]):
        yield from split_runs(text)


def _around(run: str, sought: str) -> Iterator[str]:
    """Yield the places of a run that have what is sought, with some characters on either side."""
    alike = make_alike(run)
    at = alike.find(sought)
    while at >= 0:
        yield run[max(0, at - AROUND) : at + len(sought) + AROUND]
        at = alike.find(sought, at + 1)


def has_as_words(words: Sequence[str], spelled: str) -> bool:
    """Return whether one of the words has it, or some make it, one after another, of which not all are single
    characters."""
    if any(spelled in word for word in words):
        return True
    runs = (
        words[start:stop]
        for start in range(len(words))
        for stop in range(start + 2, start + len(spelled))
        if spelled.startswith(words[start])
    )
    return any("".join(run) == spelled for run in runs)
