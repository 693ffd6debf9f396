"""How terms sound, and how what was typed is read: characters, pinyin in every spelling, first letters.

A term is a row of units: Chinese characters and whole Latin words. Its keys are its units' initials, as in
fgfc for 复工复产, so that what sounds alike is filed together. The readings are pypinyin's table of single
characters, read from its file: importing the package would load 57 MB of phrases as well. No function here
knows a database.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain, islice, product
from pathlib import Path
from string import ascii_lowercase

from content.tokens import HAN
from content.words import load_lines

MOST_UNITS = 8
"""Units of a term that is filed or looked for; longer ones are sentences."""
MOST_READINGS = 3
"""Readings of a character that are used, the commonest first; the others are of old books."""
MOST_KEYS = 4
"""Ways to read a whole term."""
SYLLABLE_CHARS = 6
"""Letters of the longest syllables: zhuang."""
BEHIND, SELDOM = 2_000, 4
"""Places among the commonest by which each further reading of a character comes behind; and how many times
less likely it is than the one before."""

Units = tuple[str, ...]
_UNIT = re.compile(f"[{HAN}]|[a-z0-9]+")
_PIECE = re.compile(f"[{HAN}]|[a-z]+|[0-9]+")
_TONE = re.compile("(?<=[a-z])[1-5](?![0-9])")
"""A tone behind its syllable, as in fu4 gong1."""
_WRITTEN_U = re.compile("(?<=^[jqxy])v|(?<=^[ln])u(?=e$)")
"""What is typed as u or v, and not as the table has it: jv for ju, lue for lve."""

_LOOSE = re.compile("(?<=^[zcs])h|(?<=[aei]n)g$")
"""What many leave out or put in."""


def split_units(folded: str) -> Units:
    """Return the units of a folded text."""
    return tuple(_UNIT.findall(folded))


def make_keys(units: Units) -> set[str]:
    """Return the keys under which the units are filed: several where characters have several readings."""
    if not 0 < len(units) <= MOST_UNITS:
        return set()
    return {"".join(each) for each in islice(product(*map(_initials, units)), MOST_KEYS)}


def read_typed(folded: str) -> list[Units]:
    """Return what a typed word may stand for: its units; its letters as syllables; or as initials."""
    is_short = folded.isascii() and folded.isalpha() and 2 <= len(folded) <= MOST_UNITS
    ways = [split_units(folded), *read_syllables(folded), *([tuple(folded)] if is_short else [])]
    return list(dict.fromkeys(filter(None, ways)))


def read_syllables(folded: str) -> list[Units]:
    """Return the ways to read all letters as pinyin, with or without tones, as they are parted by marks and
    blanks; ü is v, or u where it can be nothing else. Chinese stays as it is. None of what is not pinyin."""
    pieces = _PIECE.findall(_TONE.sub("'", folded))
    if not pieces or any(piece.isdecimal() for piece in pieces):
        return []
    ways = product(*map(_ways, pieces))
    return [tuple(chain.from_iterable(way)) for way in islice(ways, MOST_KEYS)]


def _ways(piece: str) -> list[Units]:
    return [(piece,)] if is_han(piece) else list(islice(_syllables(piece), MOST_KEYS))


def characters_of(syllable: str) -> Mapping[str, float]:
    """Return the characters that are read as the syllable, the commonest first, with how likely each is."""
    return _common_characters().get(syllable, {})


def homophones_of(char: str) -> Mapping[str, float]:
    """Return the character, and those that may sound like it, with how likely each is meant."""
    others = (other for sound in sounds_of(char) for other in characters_of(sound) if other != char)
    return {char: 1.0} | dict.fromkeys(others, 1 / SELDOM)


@lru_cache(maxsize=512)
def characters_like(syllable: str) -> Mapping[str, float]:
    """Return the characters of the syllable, and those of others that sound alike to a southern ear, which
    are as much less likely as a further reading."""
    common, loose = _common_characters(), loosen(syllable)
    places = [
        (place, char, likely if sound == syllable else likely / SELDOM)
        for sound in common
        if loosen(sound) == loose
        for place, (char, likely) in enumerate(common[sound].items())
    ]
    return {char: likely for _, char, likely in sorted(places)}


@cache
def loosen(sound: str) -> str:
    """Return what sounds alike to a southern ear as the same: z and zh, n and l, an and ang; and u and ü."""
    loose = _LOOSE.sub("", sound).replace("v", "u")
    return f"l{loose[1:]}" if sound[0] == "n" and not sound.endswith("…") else loose


def likelihood(reading: Units, units: Units) -> float:
    """Return how likely the units are read so: 1 where each character is as it is mostly read."""
    return math.prod(map(_likely, reading, units))


def _likely(typed: str, unit: str) -> float:
    sounds = sounds_of(unit) if is_han(unit) else ()
    return SELDOM ** -sounds.index(typed) if typed in sounds else 1.0


def _initials(unit: str) -> list[str]:
    """Return the first letters of a unit: of a character's readings, of a word or syllable its own."""
    sounds = sounds_of(unit) if is_han(unit) else ()
    return list(dict.fromkeys(sound[0] for sound in sounds)) or [unit[0]]


def _syllables(letters: str, most: int = MOST_UNITS) -> Iterator[Units]:
    """Yield the ways to cut letters into at most so many syllables of pinyin, longer syllables first."""
    if not letters:
        yield ()
    if len(letters) > most * SYLLABLE_CHARS:
        return  # the ways to cut xianxianxian… double with each
    for size in range(min(SYLLABLE_CHARS, len(letters)), 0, -1):
        syllable = _WRITTEN_U.sub(_other_u, letters[:size])
        if syllable in _known_syllables():
            for rest in _syllables(letters[size:], most - 1):
                yield (syllable, *rest)


def _other_u(written: re.Match[str]) -> str:
    return "u" if written[0] == "v" else "v"


@cache
def _known_syllables() -> frozenset[str]:
    return frozenset(filter(re.compile("[aeiouv]").search, _common_characters()))


@cache
def _common_characters() -> Mapping[str, Mapping[str, float]]:
    """Return syllable → characters of GB 2312, the commonest first (by its levels, as far as nothing else is
    known), with how likely each is read so."""
    codes = product(range(0xB0, 0xF8), range(0xA1, 0xFF))
    known = (bytes(code).decode("gb2312", "ignore") for code in codes)
    ranked = dict.fromkeys(chain("".join(load_lines("characters")), filter(None, known)))
    found: dict[str, list[tuple[int, str]]] = {}
    for rank, char in enumerate(ranked):
        for at, sound in enumerate(sounds_of(char)):
            found.setdefault(sound, []).append((rank + at * BEHIND, char))
    return {sound: {char: _likely(sound, char) for _, char in sorted(found[sound])} for sound in found}


def is_han(unit: str) -> bool:
    """Return whether the unit is a Chinese character."""
    return len(unit) == 1 and unit >= "⺀"


@cache
def sounds_of(char: str) -> tuple[str, ...]:
    """Return the readings of a character without tones, ü as v; none where it is not in the table."""
    readings = _table().get(str(ord(char)), "").split(",")
    return tuple(dict.fromkeys(filter(None, map(_without_tone, readings))))[:MOST_READINGS]


def _without_tone(reading: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", write_v(reading)) if char in ascii_lowercase)


def write_v(typed: str) -> str:
    """Return the letters with v for ü, of which folding would make u."""
    return unicodedata.normalize("NFD", typed.lower()).replace("u\u0308", "v")


@cache
def _table() -> Mapping[str, str]:
    """Return pypinyin's readings: code point in decimal digits → readings with tones, commonest first."""
    spec = find_spec("pypinyin")
    folders = spec.submodule_search_locations if spec else None
    assert folders, "pypinyin is a dependency of this project"
    table: dict[str, str] = json.loads(Path(folders[0], "pinyin_dict.json").read_text(encoding="utf-8"))
    return table
