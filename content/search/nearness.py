"""Which terms are near what was typed: what sounds alike, to a southern ear too, or is a slip away.

Pure functions of units (`content.search.sounds`); no function here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice, product
from string import ascii_lowercase

from content.search.sounds import Units, is_han, loosen, make_keys, sounds_of

WORD_CHARS = 4
"""A Latin word of fewer letters is near too many others."""
MOST_LOOSE = 16
"""Ways to confuse n and l in a whole term."""

_CONFUSED = {"n": "nl", "l": "nl"}


def near_keys(units: Units) -> set[str]:
    """Return the keys of terms that may sound like the units to a southern ear, or be one of them away."""
    keys = make_keys(units)
    if len(units) < 2 or all(len(unit) == 1 and unit.isascii() for unit in units):
        return keys
    loose = (product(*(_CONFUSED.get(letter, letter) for letter in key)) for key in keys)
    heard = {"".join(letters) for each in loose for letters in islice(each, MOST_LOOSE)}
    return heard.union(*map(_neighbours, keys))


def _neighbours(key: str) -> Iterator[str]:
    """Yield the keys that one edit or swap of neighbours makes; of two units, none but more and swapped."""
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        yield from (head + letter + tail for letter in ascii_lowercase)
        if len(key) > 2:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in ascii_lowercase)


def distance(typed: Units, term: Units) -> int | None:
    """Return 0 where the units sound alike, 1 where they do so to a southern ear, 2 where one is wrong,
    missing, too many or swapped; else None."""
    if abs(len(typed) - len(term)) > 1:
        return None
    if len(typed) == len(term) == 1 and typed != term:
        return _word_distance(typed[0], term[0])
    if len(typed) == len(term):
        if all(map(_alike, typed, term)):
            return 0
        if all(map(_loosely_alike, typed, term)):
            return 1
    return 2 if len(term) > 1 and len(typed) > 1 and _one_away(typed, term) else None


def may_be_near(typed: Units, terms: Mapping[str, Units]) -> list[str]:
    """Return those of the terms that are not so far away that it is seen at once: all but one of their units,
    or more, sound like some that was typed."""
    spoken = frozenset[str]().union(*map(_spoken_loosely, typed))
    units = {*chain.from_iterable(terms.values())}
    alike = {unit for unit in units if unit in typed or not spoken.isdisjoint(_heard_loosely(unit))}
    return [
        term
        for term, units in terms.items()
        if sum(map(alike.__contains__, units)) >= max(len(typed), len(units)) - 1
    ]


def _word_distance(typed: str, term: str) -> int | None:
    is_near = min(len(typed), len(term)) >= WORD_CHARS and _one_away(typed, term)
    return 2 if is_near else None


def _one_away(some: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether one edit or swap of neighbours makes `some` the `others`."""
    if abs(len(some) - len(others)) > 1:
        return False
    start, shorter = 0, min(len(some), len(others))
    while start < shorter and _alike(some[start], others[start]):
        start += 1
    if start == shorter:
        return True
    one, other = some[start:], others[start:]
    edits = [(one[1:], other), (one, other[1:])]
    if len(some) > 2 or len(some) != len(others):  # of two characters a wrong one leaves too little
        edits.append((one[1:], other[1:]))
    if len(one) > 1 and len(other) > 1:
        edits.append(([one[1], one[0], *one[2:]], other))
    return any(len(left) == len(right) and all(map(_alike, left, right)) for left, right in edits)


def _alike(typed: str, unit: str) -> bool:
    return typed == unit or not _spoken(typed).isdisjoint(_heard(unit))


def _loosely_alike(typed: str, unit: str) -> bool:
    return typed == unit or not _spoken_loosely(typed).isdisjoint(_heard_loosely(unit))


@lru_cache(maxsize=16_384)
def _spoken(typed: str) -> frozenset[str]:
    """Return what may be meant: of a character its readings, of a letter what begins with it."""
    if is_han(typed):
        return frozenset(sounds_of(typed))
    return frozenset({typed, f"{typed}…"} if len(typed) == 1 else {typed})


@lru_cache(maxsize=16_384)
def _heard(unit: str) -> frozenset[str]:
    """Return what a character is meant by: its readings, and the first letter of each."""
    sounds = sounds_of(unit) if is_han(unit) else ()
    return frozenset({*sounds, *(f"{sound[0]}…" for sound in sounds)})


@lru_cache(maxsize=16_384)
def _spoken_loosely(typed: str) -> frozenset[str]:
    return frozenset(map(loosen, _spoken(typed)))


@lru_cache(maxsize=16_384)
def _heard_loosely(unit: str) -> frozenset[str]:
    return frozenset(map(loosen, _heard(unit)))
