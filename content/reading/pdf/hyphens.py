"""Lines of one paragraph to its text: words that were divided at a line's end are whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from content.joints import join_lines

DIVIDED = re.compile(r"([A-Za-z\u00c0-\u024f]+)[-\u2010]$")
REST = re.compile(r"[a-z\u00df-\u024f]+")
HYPHENATED = re.compile(r"(?<![A-Za-z\u00c0-\u024f])[A-Za-z\u00c0-\u024f]+-[A-Za-z\u00c0-\u024f]+")
WORD_CHARS = 60
"""A line's end is looked at as far as the longest words go."""


def find_compounds(texts: Iterable[str]) -> Set[str]:
    """Return the words that are written with a hyphen within lines: these keep it at a line's end too."""
    return {word.lower() for text in texts for word in HYPHENATED.findall(text)}


def join_words(texts: Sequence[str], compounds: Set[str]) -> str:
    """Return the lines as one, without hyphens that only divided a word."""
    joined = list(texts)
    for index, after in enumerate(texts[1:]):
        start, rest = DIVIDED.search(joined[index][-WORD_CHARS:]), REST.match(after)
        if start and rest and f"{start[1]}-{rest[0]}".lower() not in compounds:
            joined[index] = joined[index][:-1] + rest[0]
            joined[index + 1] = after[rest.end() :].lstrip()
    return join_lines(text for text in joined if text)
