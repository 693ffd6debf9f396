"""Pinyin of what is no term of the corpus' own: spelled from pairs of characters that passages have.

The keywords of passages and short titles are filed under how they sound (`content.search.terms`); other words
are not. Of a syllable's common characters those are taken, pair by pair, that stand side by side somewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from content.search.folding import make_alike
from content.search.grams import make_pattern
from content.search.lookup import Lookup
from content.search.sounds import Units, characters_of, read_syllables
from content.search.statements import fetch, listed
from content.tokens import tokenize

MOST_SYLLABLES = 6
"""Longer ones are sentences."""
MOST_BEGINNINGS = 40
"""Beginnings that are gone on with, the most frequent first."""
MOST_WORDS, PASSAGES_READ = 8, 3
"""Words of which it is looked, in so many passages that have them, whether they are words there: 生会 in
学生会议 is none. To cut a passage takes 1 ms."""
_TEXTS = "SELECT text FROM passage WHERE id IN "


def spell(lookup: Lookup, typed: str, most: int) -> list[str]:
    """Return at most so many words that letters of pinyin (folded) stand for in readable passages, the
    commonest first."""
    ways = [way for way in read_syllables(typed) if 1 < len(way) <= MOST_SYLLABLES]
    spelled = {word: count for way in ways for word, count in _spell(lookup, way).items()}
    commonest = sorted(spelled, key=lambda word: (-spelled[word], word))[:MOST_WORDS]
    return list(islice((word for word in commonest if _is_made_of_words(lookup, word)), most))


def _spell(lookup: Lookup, syllables: Units) -> dict[str, int]:
    """Return what the syllables may stand for, with the count of the rarest pair in it."""
    beginnings = dict.fromkeys(characters_of(syllables[0]), 0)
    for at, syllable in enumerate(syllables[1:]):
        beginnings = dict(_going_on(lookup, beginnings, characters_of(syllable), is_first=at == 0))
    return beginnings


def _going_on(
    lookup: Lookup, beginnings: dict[str, int], ends: Collection[str], *, is_first: bool
) -> Iterator[tuple[str, int]]:
    """Yield the commonest of what goes on with a pair that passages have."""
    alike = {char: make_alike(char) for char in (*ends, *(beginning[-1] for beginning in beginnings))}
    counts = lookup.frequencies({alike[one[-1]] + alike[end] for one in beginnings for end in ends})
    longer = {
        beginning + end: count if is_first else min(count, before)
        for beginning, before in beginnings.items()
        for end in ends
        if (count := counts[alike[beginning[-1]] + alike[end]])
    }
    yield from sorted(longer.items(), key=lambda each: (-each[1], each[0]))[:MOST_BEGINNINGS]


def _is_made_of_words(lookup: Lookup, spelled: str) -> bool:
    sought = make_alike(spelled)
    pattern = make_pattern(sought)
    assert pattern is not None, spelled
    newest = lookup.newest(lookup.in_text(pattern), PASSAGES_READ)
    cut = (tokenize(text) for (text,) in fetch(lookup.session, _TEXTS + listed(newest)))
    return any(has_as_words([make_alike(token.term) for token in words], sought) for words in cut)


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
