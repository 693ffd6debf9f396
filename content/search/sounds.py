"""How terms sound, and which of them are near what was typed: a wrong character, a homophone, pinyin.

A term is a row of units: Chinese characters and whole Latin words. Its keys are its units' initials, as in
fgfc for 复工复产, so that what sounds alike is filed together. The readings are pypinyin's table of single
characters, read from its file: importing the package would load 57 MB of phrases as well. No function here
knows a database.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase

from content.tokens import HAN

MOST_UNITS = 8
"""Units of a term that is filed or looked for; longer ones are sentences."""
MOST_READINGS = 3
"""Readings of a character that are used, the commonest first; the others are of old books."""
MOST_KEYS = 4
"""Ways to read a whole term."""
SYLLABLE_CHARS = 6
"""Letters of the longest syllables: zhuang."""
WORD_CHARS = 4
"""A Latin word of fewer letters is near too many others."""

Units = tuple[str, ...]
_UNIT = re.compile(f"[{HAN}]|[a-z0-9]+")


def split_units(folded: str) -> Units:
    """Return the units of a folded text."""
    return tuple(_UNIT.findall(folded))


def make_keys(units: Units) -> set[str]:
    """Return the keys under which the units are filed: several where characters have several readings."""
    if not 0 < len(units) <= MOST_UNITS:
        return set()
    return {"".join(each) for each in islice(product(*map(_initials, units)), MOST_KEYS)}


def read_typed(folded: str) -> list[Units]:
    """Return what a typed word may stand for: its units; of letters, also syllables, or initials."""
    if not (folded.isascii() and folded.isalpha()):
        return [split_units(folded)]
    initials = [tuple(folded)] if 2 <= len(folded) <= MOST_UNITS else []
    return [(folded,), *read_syllables(folded), *initials]


def read_syllables(folded: str) -> list[Units]:
    """Return the ways to read letters as pinyin; none of what is not."""
    return list(islice(_syllables(folded), MOST_KEYS)) if folded.isascii() and folded.isalpha() else []


def characters_of(syllable: str) -> Sequence[str]:
    """Return the common characters that are read so, in the order of code points."""
    return _common_characters().get(syllable, ())


def near_keys(units: Units) -> set[str]:
    """Return the keys of terms that may be one unit away, or none."""
    keys = make_keys(units)
    if len(units) < 2 or all(len(unit) == 1 and unit.isascii() for unit in units):
        return keys | ({*ascii_lowercase} if units and len(units[0]) >= WORD_CHARS else set())
    return keys.union(*map(_neighbours, keys))


def distance(typed: Units, term: Units) -> int | None:
    """Return 0 where the units sound alike, 1 where one is wrong, missing, too many or swapped; else None."""
    if abs(len(typed) - len(term)) > 1:
        return None
    if len(typed) == len(term) == 1 and typed != term:
        return _word_distance(typed[0], term[0])
    if len(typed) == len(term) and all(map(_alike, typed, term)):
        return 0
    return 1 if len(term) > 1 and len(typed) > 1 and _one_away(typed, term) else None


def _word_distance(typed: str, term: str) -> int | None:
    is_near = min(len(typed), len(term)) >= WORD_CHARS and _one_away(typed, term)
    return 1 if is_near else None


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


@lru_cache(maxsize=16_384)
def _spoken(typed: str) -> frozenset[str]:
    """Return what may be meant: of a character its readings, of a letter what begins with it."""
    if _is_han(typed):
        return frozenset(_sounds(typed))
    return frozenset({typed, f"{typed}…"} if len(typed) == 1 else {typed})


@lru_cache(maxsize=16_384)
def _heard(unit: str) -> frozenset[str]:
    """Return what a character is meant by: its readings, and the first letter of each."""
    sounds = _sounds(unit) if _is_han(unit) else ()
    return frozenset({*sounds, *(f"{sound[0]}…" for sound in sounds)})


def _initials(unit: str) -> list[str]:
    """Return the first letters of a unit: of a character's readings, of a word or syllable its own."""
    sounds = _sounds(unit) if _is_han(unit) else ()
    return list(dict.fromkeys(sound[0] for sound in sounds)) or [unit[0]]


def _neighbours(key: str) -> Iterator[str]:
    """Yield the keys that one edit or swap of neighbours makes."""
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail[1:]
            yield head + letter + tail


def _syllables(letters: str, most: int = MOST_UNITS) -> Iterator[Units]:
    """Yield the ways to cut letters into at most so many syllables of pinyin, longer syllables first."""
    if not letters:
        yield ()
    if len(letters) > most * SYLLABLE_CHARS:
        return  # the ways to cut xianxianxian… double with each
    for size in range(min(SYLLABLE_CHARS, len(letters)), 0, -1):
        if letters[:size] in _known_syllables():
            for rest in _syllables(letters[size:], most - 1):
                yield (letters[:size], *rest)


@cache
def _known_syllables() -> frozenset[str]:
    common = map(chr, range(0x4E00, 0x9FA6))
    return frozenset(sound for char in common for sound in _sounds(char) if len(sound) > 1 or sound in "aeo")


@cache
def _common_characters() -> Mapping[str, Sequence[str]]:
    """Return syllable → characters, of those that GB 2312 has in its first level, for they are common."""
    found: dict[str, list[str]] = {}
    for high, low in product(range(0xB0, 0xD8), range(0xA1, 0xFF)):
        char = bytes((high, low)).decode("gb2312", "ignore")
        for sound in _sounds(char) if char else ():
            found.setdefault(sound, []).append(char)
    return {sound: sorted(chars) for sound, chars in found.items()}


def _is_han(unit: str) -> bool:
    return len(unit) == 1 and not unit.isascii()


@cache
def _sounds(char: str) -> tuple[str, ...]:
    """Return the readings of a character without tones, ü as v; none where it is not in the table."""
    readings = _table().get(str(ord(char)), "").split(",")
    return tuple(dict.fromkeys(filter(None, map(_without_tone, readings))))[:MOST_READINGS]


def _without_tone(reading: str) -> str:
    marked = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(char for char in marked if char in ascii_lowercase)


@cache
def _table() -> Mapping[str, str]:
    """Return pypinyin's readings: code point in decimal digits → readings with tones, commonest first."""
    spec = find_spec("pypinyin")
    folders = spec.submodule_search_locations if spec else None
    assert folders, "pypinyin is a dependency of this project"
    table: dict[str, str] = json.loads(Path(folders[0], "pinyin_dict.json").read_text(encoding="utf-8"))
    return table
