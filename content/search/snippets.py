"""The part of a passage that shows why it was found. Markup is the edge's business: a snippet has spans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from content.tokens import tokenize_now

SNIPPET_CHARS = 60
"""Characters of the passage in a snippet: three lines on a phone; of a text in Latin script twice as many."""
PAUSE_CHARS = 12
"""So near to where a snippet would begin or end, a pause of the sentence or a blank is preferred."""
PAUSE = re.compile(r"[，、；：。！？,.;:!?\s]")
BLANK = re.compile(r"\s")
ELLIPSIS = "…"

Span = tuple[int, int]


@dataclass(frozen=True)
class Snippet:
    """Text with the matches in it: half-open spans of code points, in order, none touching another."""

    text: str
    highlights: tuple[Span, ...]


def make_snippet(text: str, spans: Sequence[Span], length: int = SNIPPET_CHARS) -> Snippet:
    """Return at most `length` characters of `text` around the densest matches, and ellipses; twice as many of
    Latin script, which is half as wide. It begins and ends between clauses or words, where one is near.

    `spans` are half-open in `text`; without any, the snippet is the beginning. Blanks become single spaces,
    one for one, so that the spans stay right.
    """
    merged = merge_spans(spans)
    start, stop = _window(text, merged, length)
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if stop < len(text) else ""
    shown = BLANK.sub(" ", text[start:stop])
    shift = len(before) - start
    highlights = tuple(
        (max(first, start) + shift, min(last, stop) + shift)
        for first, last in merged
        if first < stop and last > start
    )
    return Snippet(before + shown + after, highlights)


def merge_spans(spans: Sequence[Span]) -> list[Span]:
    """Return the spans in order, those that overlap or touch joined, empty ones left out."""
    merged: list[Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _window(text: str, spans: Sequence[Span], length: int) -> Span:
    """Return the span of `text` to show: all of it where short, else what is around the best matches."""
    length = 2 * length if _is_latin(text) else length
    if len(text) <= length:
        return 0, len(text)
    first, last = _best_group(text, spans, length)
    start = max(0, min((first + last - length) // 2, len(text) - length))
    start = _begin(text, min(start, first), first)
    return start, _end(text, min(len(text), start + length), last)


def _is_latin(text: str) -> bool:
    return 2 * len(text.encode("ascii", "ignore")) > len(text)


def _best_group(text: str, spans: Sequence[Span], length: int) -> Span:
    """Return the bounds of the spans within `length` that show most: different matches before repeated ones;
    the first such."""
    best, most = (0, 0), (0, 0)
    for at, (start, _) in enumerate(spans):
        group = [span for span in spans[at:] if span[1] <= start + length] or [spans[at]]
        matches = [text[first:stop].lower() for first, stop in group]
        shown = sum(map(len, {*matches})), sum(map(len, matches))
        if shown > most:
            best, most = (start, group[-1][1]), shown
    return best


def _begin(text: str, start: int, first: int) -> int:
    """Return where the sentence of the first match begins, if that is near and after `start`; else where a
    clause or word begins soon after it; else `start`."""
    ends = [at for mark in "。！？；\n" if (at := text.rfind(mark, start, first)) >= 0]
    if ends and first - max(ends) <= SNIPPET_CHARS // 2:
        return max(ends) + 1
    pause = PAUSE.search(text, start - 1, min(first, start + PAUSE_CHARS)) if start else None
    return pause.end() if pause else _word_edge(text, start, first)


def _word_edge(text: str, start: int, first: int) -> int:
    """Return where the next word begins, if that is near and not after the match; else `start`."""
    if not start:
        return start
    before = max(0, start - PAUSE_CHARS)
    words = tokenize_now(text[before : min(first, start + PAUSE_CHARS)])
    return next((before + word.start for word in words if before + word.start >= start), start)


def _end(text: str, stop: int, last: int) -> int:
    """Return where the last clause or word before `stop` ends, if that is near and after the matches."""
    if stop == len(text):
        return stop
    pauses = PAUSE.finditer(text, max(last, stop - PAUSE_CHARS), stop + 1)
    return max((pause.start() for pause in pauses), default=stop)
