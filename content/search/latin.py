"""Words of Latin script near what was typed: with a slip, with the whole of it inside, or with both.

What was typed may be a part of a word, cut out of it with its text, and a Chinese character in it a slip.
No function here knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from content.search.grams import PREFIX_CHARS
from content.search.nearness import WORD_CHARS, distance
from content.tokens import NARROW, WIDE

INNER_CHARS = 5
"""Letters from which on a slip is looked for inside longer words: with fewer it is in too many."""
LEAST_CHARS = 2
"""Letters of a word that was written together with another."""
MOST_CHARS = 32
"""Letters of what is held against words; what is longer is none."""

RUN = re.compile(f"{NARROW}+")
"""Finds words and numbers of Latin script."""
_BROKEN = re.compile(f"{NARROW}+[{WIDE}]{NARROW}+")
_LETTER = re.compile(f"[^\\W\\d_{WIDE}]")
"""A stretch without one is a number or a date, and near no word."""
_WIDE = re.compile(f"[{WIDE}]")
_MEETING = re.compile("(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")


def find_stretches(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that may be words of Latin script: runs, and two with a character between."""
    for match in (*RUN.finditer(folded), *_BROKEN.finditer(folded)):
        if _LETTER.search(match[0]):
            yield match.span()


def put_hyphens(folded: str) -> str:
    """Return the text with a hyphen wherever letters meet a number: b52 is b-52 as well."""
    return _MEETING.sub("-", folded)


def split_slip(typed: str) -> tuple[str, ...]:
    """Return parts of a stretch, of which each word with it has one, whatever single slip is in it; no part
    has Chinese, which no word has.

    None where too little was typed to be a part of a word.
    """
    letters = len(re.findall(NARROW, typed))
    if typed.isdecimal() or letters < PREFIX_CHARS or len(typed) > MOST_CHARS:
        return ()
    if letters < WORD_CHARS:
        return () if _WIDE.search(typed) else (typed,)
    half = len(typed) // 2
    middle = typed[half - 2] + typed[half] + typed[half - 1] + typed[half + 1 : half + 2]
    return tuple(part for part in (typed[:half], typed[half:], middle) if not _WIDE.search(part))


def split_in_two(typed: str) -> list[tuple[str, str]]:
    """Return the ways to cut letters in two words, the evenest first: the blank between may be missing."""
    if not (typed.isascii() and typed.isalpha()) or len(typed) > MOST_CHARS:
        return []
    cuts = range(LEAST_CHARS, len(typed) - LEAST_CHARS + 1)
    evenest = sorted(cuts, key=lambda at: (abs(2 * at - len(typed)), at))
    return [(typed[:at], typed[at:]) for at in evenest]


def choose_near(typed: str, words: Iterable[str]) -> list[str]:
    """Return those of the words that are a slip away; else those that have all of it; else with a slip."""
    known = [*words]
    inside = _slip_inside(typed) if len(typed) >= INNER_CHARS else None
    return (
        [word for word in known if distance((typed,), (word,))]
        or [word for word in known if typed in word]
        or [word for word in known if inside and inside.search(word)]
    )


def _slip_inside(typed: str) -> re.Pattern[str]:
    """Return what finds the typed letters with one left out, put in, replaced, or swapped with the next."""
    halves = [(typed[:at], typed[at:]) for at in range(len(typed))]
    ways = [f"{head}(?:.?{tail[1:]}|.{tail}|{tail[1::-1]}{tail[2:]})" for head, tail in halves]
    return re.compile("|".join(ways))
