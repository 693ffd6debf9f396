"""Text to sentences, and how long a text is to read. Knows Chinese and English marks, quotes and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from content.joints import WIDE
from content.marks import FINAL, PAIRS

CHARS_PER_UNIT = 4
"""Text that is neither words nor Chinese still takes room: at least one unit for four characters."""

LINES_KEPT = 1024
"""Lines whose sentences are remembered: the cuts and the summaries of an article ask for the same ones."""

LONGEST_WORD = 20
"""A longer run of letters is no word; it counts as several."""

WIDE_RUN = re.compile(rf"(?:(?!(?<=[A-Za-z])’[A-Za-z]){WIDE.pattern})+")
"""Chinese characters and marks; the apostrophe within a word is none."""

WORD = re.compile(rf"[^\W_][\w\u0300-\u036f'’.-]{{0,{LONGEST_WORD - 1}}}")

QUOTE_ENDS = "”’」』）)\"'"
QUOTES = "”’」』"
GOES_ON = "，、；：的地得和与等说道问答喊叫—,;"
"""After a closing quote: the sentence around it goes on."""

ATTRIBUTION = re.compile(r"[^。！？!?…，、；：“”「『\s]{1,8}[。！？!?…]")
"""A few words after a closing quote that say who spoke, or what came of it, belong to its sentence."""

MARK = re.compile(
    r"[“”‘’「」『』（）《》【】()]|[。！？!?…]+|\.(?=[\s”’\"')]|$)|(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Fig|vs|etc|e\.g|i\.e|cf|al|vol|pp?|Jr|Sr|Inc|Ltd|Co))$"
)
DOT_STOP = re.compile(r"(?<=[\u4e00-\u9fff)）”》%])[.．](?=[^\s\d.．]|$)")
"""A full stop set as a dot, as scientific journals do; a line without 。 that ends in one has them."""
LATIN_START = re.compile(r"\s+[“‘\"'(]*[A-Z0-9]")
PAIR_MARKS = frozenset([*PAIRS, *PAIRS.values()])


def reading_units(text: str) -> int:
    """Return the length in reading units: 1 for a Chinese character or mark, 2 for any other word.

    Blanks are not read, full-width ones neither: a passage is as long as its sentences are together.
    """
    text = text.replace("\u3000", " ")
    return max(sum(map(_units_of_line, text.split("\n"))), len(text) // CHARS_PER_UNIT)


@lru_cache(maxsize=LINES_KEPT)
def _units_of_line(line: str) -> int:
    """Return the units of the line's words and its Chinese; what is neither is left out."""
    rest, runs = WIDE_RUN.subn(" ", line)
    wide = len(line) - len(rest) + runs
    return wide + 2 * len(WORD.findall(rest))


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans of the sentences, in code points, without blanks at their ends.

    A line end ends a sentence. What is quoted or in brackets is not divided, and a quote that ends a sentence
    within it is one, unless the sentence around it goes on.
    """
    return [
        (line.start() + start, line.start() + stop)
        for line in re.finditer(r"[^\n]+", text)
        for start, stop in _sentences_of_line(line[0])
    ]


@lru_cache(maxsize=LINES_KEPT)
def _sentences_of_line(line: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences in a line."""
    spans, begin = [], 0
    marked = DOT_STOP.sub("。", line) if "。" not in line and DOT_STOP.search(line, len(line) - 1) else line
    for end in [*_sentence_ends(marked, 0, len(line)), len(line)]:
        stripped = line[begin:end].strip()
        if stripped:
            first = line.index(stripped, begin)
            spans.append((first, first + len(stripped)))
        begin = end
    return tuple(spans)


def _sentence_ends(text: str, start: int, stop: int) -> Iterator[int]:
    """Yield where sentences end in a line, the line's own end left out."""
    matched = _matched_pairs(text, start, stop)
    depth, reached = 0, start
    for found in MARK.finditer(text, start, stop):
        at, end = found.span()
        if at < reached:
            continue
        if at in matched:
            depth += matched[at]
            if depth == 0 and matched[at] < 0 and _quote_ends_sentence(text, at, stop):
                reached = at + 1
                yield reached
        elif depth == 0 and found[0][0] not in PAIR_MARKS:
            end = _past_closing(text, end, stop, matched)
            if end < stop and _ends_here(text, found[0], at, end, stop):
                reached = end
                yield end


def _matched_pairs(text: str, start: int, stop: int) -> dict[int, int]:
    """Return the places of quotes and brackets whose counterpart is in the line: 1 opens, -1 closes."""
    open_marks: list[tuple[str, int]] = []
    matched: dict[int, int] = {}
    for found in MARK.finditer(text, start, stop):
        mark, place = found[0], found.start()
        if mark in PAIRS:
            open_marks.append((PAIRS[mark], place))
        elif mark in PAIR_MARKS:
            closers = [closer for closer, _ in open_marks[-4:]]
            if mark in closers:
                while open_marks[-1][0] != mark:
                    open_marks.pop()
                matched[open_marks.pop()[1]] = 1
                matched[place] = -1
    return matched


def _quote_ends_sentence(text: str, place: int, stop: int) -> bool:
    """Return whether the closing quote at `place` ends the sentence around it too."""
    if text[place] not in QUOTES or text[place - 1] not in FINAL + ".":
        return False
    after = text[place + 1 : min(place + 2, stop)]
    if not after or after in GOES_ON + FINAL + QUOTE_ENDS:
        return False
    return not ATTRIBUTION.match(text, place + 1, stop)


def _past_closing(text: str, end: int, stop: int, matched: dict[int, int]) -> int:
    """Return the end behind closing marks that nothing in the line has opened."""
    while end < stop and text[end] in QUOTE_ENDS and end not in matched:
        end += 1
    return end


def _ends_here(text: str, mark: str, start: int, end: int, stop: int) -> bool:
    """Return whether the final mark ends a sentence here: not in 3.11, e.g. and a?b."""
    after = text[end]
    if mark == "." and WIDE.match(text[start - 1]):
        return True
    if mark == ".":
        return bool(LATIN_START.match(text, end, stop)) and not ABBREVIATION.search(
            text[max(0, start - 6) : start]
        )
    if mark[-1] in "!?":
        return not after.isascii() or after.isspace()
    return after not in "，、；：,;"
