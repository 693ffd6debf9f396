"""Chinese cut into something like words without a dictionary: for as long as that is being loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from content.words import load_words

WORD_CHARS = 4
"""Characters between function words that are taken for one word; more are cut into pairs."""


def cut_roughly(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of a run of Chinese: function words, and what stands between; long ones as pairs."""
    at = run.start()
    for gap in [*_any_function_word().finditer(run.string, *run.span()), None]:
        stop = gap.start() if gap else run.end()
        starts = range(at, stop - 1) if stop - at > WORD_CHARS else ()
        yield from ((start, start + 2) for start in starts)
        if not starts and at < stop:
            yield at, stop
        if gap:
            yield gap.span()
            at = gap.end()


@cache
def _any_function_word() -> re.Pattern[str]:
    words = sorted(load_words("function"), key=lambda word: (-len(word), word))
    apart = [
        word for word in words if len(word) > 1 or word in "的了吗呢吧"
    ]  # others are parts of words, too
    return re.compile("|".join(map(re.escape, apart)))
