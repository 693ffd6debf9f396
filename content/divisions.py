"""What no cut divides: sentences, and the pieces of those that are longer than any passage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from content.joints import WIDE
from content.sentences import CHARS_PER_UNIT, LINES_KEPT, reading_units, split_sentences

BOUNDS = {"short": (200, 550), "standard": (250, 700), "long": (350, 900)}
"""Least and most reading units of a passage, by the name of the cut. A rest may be shorter."""

LONGEST_SENTENCE = min(most for _, most in BOUNDS.values())
"""A longer sentence, in units, is cut at its lesser marks, alike for all lengths."""

MOST_UNITS_PER_CHAR = 2
"""A word of one letter counts two."""

LESSER_MARKS = (
    re.compile(r"[。！？!?…]+[”’」』）]*"),
    re.compile(r"[；;：]"),
    re.compile(r"[，、]|,(?!\d)"),
    re.compile(r"\s+"),
)
"""Where a sentence that is too long is cut, best first."""

GLUED = re.compile("[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
"""What belongs to the character before it, besides combining marks."""

JOINER = "\u200d"
"""Makes one sign of the two around it."""


@lru_cache(maxsize=LINES_KEPT)
def undivided_spans(text: str) -> tuple[tuple[int, int, int, bool], ...]:
    """Return (start, stop, units, whether a sentence ends there) for what no cut divides."""
    return tuple(
        (start, stop, max(reading_units(text[start:stop]), 1 + (stop - start) // CHARS_PER_UNIT), whole)
        for start, stop, whole in _undivided(text)
    )


def _undivided(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, stop, whether a sentence ends there) for what no cut divides."""
    for start, stop in split_sentences(text):
        while (reach := _reach(text, start, stop)) < stop:
            end = _best_place(text, start, reach)
            yield start, start + len(text[start:end].rstrip()), False
            start = end
            while text[start].isspace():
                start += 1
        yield start, stop, True


def _reach(text: str, start: int, stop: int) -> int:
    """Return how far a piece from `start` on may reach: `stop`, or where the longest sentence is full."""
    if MOST_UNITS_PER_CHAR * (stop - start) <= LONGEST_SENTENCE:
        return stop
    reach = min(stop, start + LONGEST_SENTENCE * CHARS_PER_UNIT - 1)
    while (units := reading_units(text[start:reach])) > LONGEST_SENTENCE:
        reach = min(reach - 1, start + (reach - start) * LONGEST_SENTENCE // units)
    return reach


def _best_place(text: str, start: int, reach: int) -> int:
    """Return where to cut a sentence that is too long: at the last of its best marks, in the second half."""
    half = (start + reach) // 2
    for mark in LESSER_MARKS:
        ends = [found.end() for found in mark.finditer(text, half, reach)]
        if ends:
            return ends[-1]
    return _between_characters(text, half, reach)


def _between_characters(text: str, half: int, reach: int) -> int:
    """Return the last place before `reach` that is inside no word, number or composed character."""
    for place in range(reach, half, -1):
        if not _is_glued(text, place) and not _is_word(text[place - 1 : place + 1]):
            return place
    return next((place for place in range(reach, half, -1) if not _is_glued(text, place)), reach)


def _is_word(pair: str) -> bool:
    return not WIDE.search(pair) and all(char.isalnum() or char in ".,'" for char in pair)


def _is_glued(text: str, place: int) -> bool:
    """Return whether the character at `place` makes one sign with the one before it."""
    char = text[place]
    return bool(unicodedata.combining(char) or GLUED.match(char) or text[place - 1] == JOINER)
