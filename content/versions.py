"""Two versions of a document's texts: where a character of the old one stands in the new one. Pure.

Paragraphs are matched first, those that stand once in both versions before the rest ("patience diff", Bram
Cohen), then the characters of those that were changed. White space does not count. What was moved elsewhere
is found where the whole paragraph was moved and stands there once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

CHANGED_CHARS = 3_000
"""Changed text on either side that is compared by characters; comparing takes time by the square of it."""

COMPARED_PARAGRAPHS = 2_500
"""Pairs of old and new paragraphs between two that were matched, up to which all are compared; comparing
takes up to the cube of their number. Where there are more, equal ones are matched in their order."""

RUN_CHARS = 4
"""Fewer characters in a row that changed texts have in common are chance."""

INSERTED_CHARS = 50
"""More new visible characters than that inside a text are one of their own: who read it has not read them."""


class Spot(NamedTuple):
    """A character of a version: the ordinal of its article and its offset in that article's text."""

    article: int
    offset: int


class Stretch(NamedTuple):
    """Characters of an article, half-open."""

    article: int
    start: int
    stop: int


class _Run(NamedTuple):
    """`chars` visible characters that both versions have, by their numbers in each."""

    old: int
    new: int
    chars: int


class _Change(NamedTuple):
    """What became of old[a:b]: the same as new[c:d], or replaced by it."""

    equal: bool
    a: int
    b: int
    c: int
    d: int


class _Version:
    """The visible characters of a document's articles, numbered through."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.paragraphs: list[str] = []
        self._offsets = array("I")
        self._firsts: list[int] = []
        for text in texts:
            self._firsts.append(len(self._offsets))
            self._offsets.extend(at for at, character in enumerate(text) if not character.isspace())
            self.paragraphs += filter(None, ("".join(paragraph.split()) for paragraph in text.split("\n")))
        self.starts = [0, *accumulate(map(len, self.paragraphs))]

    @property
    def chars(self) -> int:
        """How many visible characters there are."""
        return len(self._offsets)

    def spot(self, number: int) -> Spot:
        """Return where the character of that number stands."""
        return Spot(bisect_right(self._firsts, number) - 1, self._offsets[number])

    def masked(self, hidden: Collection[int], mask: str) -> str:
        """Return the characters, those of the hidden paragraphs replaced by a mask."""
        return "".join(mask * len(text) if n in hidden else text for n, text in enumerate(self.paragraphs))

    def number(self, spot: Spot) -> int:
        """Return the number of the first visible character from there on."""
        first, *after = self._firsts[spot.article : spot.article + 2] or [self.chars]
        return bisect_left(self._offsets, spot.offset, first, after[0] if after else self.chars)


class Moves:
    """Where the characters of one version are in the next one; each is given as its articles' texts.

    Of the old articles the titles may be given, too: one that has become a heading above its text, since the
    article was joined to another, belongs to the span with which that text begins.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str], titles: Sequence[str] = ()) -> None:
        self._titles = titles
        self._texts = new
        self._old, self._new = _Version(old), _Version(new)
        self._runs = sorted(self._match())
        self._starts = [run.old for run in self._runs]

    @property
    def kept(self) -> float:
        """The share of the old visible characters that the new version has; 1 where the old one is empty."""
        chars = self._old.chars
        return sum(run.chars for run in self._runs) / chars if chars else 1.0

    def span(self, article: int, start: int, stop: int) -> Stretch | None:
        """Return where the old span's text is; None where less than half of it is left together.

        Where it is in several pieces now (other articles, or much that is new between them), the largest
        counts.
        """
        first, last = self._old.number(Spot(article, start)), self._old.number(Spot(article, stop))
        piece = max(self._pieces(first, last), key=len, default=[])
        if not piece or 2 * len(piece) < last - first:
            return None
        (most, begin), end = self._new.spot(piece[0]), self._new.spot(piece[-1]).offset
        if start == 0:
            begin -= self._heading_chars(article, self._texts[most][:begin])
        return Stretch(most, begin, end + 1)

    def _pieces(self, first: int, last: int) -> list[list[int]]:
        """Return the new numbers of the old characters `first` to before `last`, by pieces."""
        pieces: list[list[int]] = []
        for number in sorted(self._moved(first, last)):
            if not pieces or not self._is_near(pieces[-1][-1], number):
                pieces.append([])
            pieces[-1].append(number)
        return pieces

    def _is_near(self, before: int, after: int) -> bool:
        """Return whether the new characters stand in one article, with little between them."""
        same = self._new.spot(before).article == self._new.spot(after).article
        return same and after - before - 1 <= INSERTED_CHARS

    def _heading_chars(self, article: int, before: str) -> int:
        """Return the length of the old title with its line feed, if the text before ends with it."""
        heading = f"{self._titles[article]}\n" if article < len(self._titles) else ""
        return len(heading) if before.endswith(heading) else 0

    def end(self, article: int, stop: int) -> Spot | None:
        """Return the end of what was read up to there; None where nothing of it is left."""
        before = self._old.number(Spot(article, stop)) - 1
        at = bisect_right(self._starts, before) - 1
        if at < 0:
            return None
        run = self._runs[at]
        article, offset = self._new.spot(run.new + min(before - run.old, run.chars - 1))
        return Spot(article, offset + 1)

    def _moved(self, first: int, last: int) -> Iterator[int]:
        """Yield the new numbers of the old characters `first` to before `last` that are left."""
        for run in self._runs[max(0, bisect_right(self._starts, first) - 1) :]:
            if run.old >= last:
                return
            for number in range(max(first, run.old), min(last, run.old + run.chars)):
                yield run.new + number - run.old

    def _match(self) -> Iterator[_Run]:
        old, new = self._old, self._new
        changes = list(_paragraph_changes(old.paragraphs, new.paragraphs))
        moved = dict(_moved_paragraphs(old.paragraphs, new.paragraphs, changes))
        for a, c in moved.items():
            yield _Run(old.starts[a], new.starts[c], len(old.paragraphs[a]))
        before, after = old.masked(moved.keys(), "\ue000"), new.masked(moved.values(), "\ue001")
        for equal, a, b, c, d in changes:
            first, stop = (old.starts[a], new.starts[c]), (old.starts[b], new.starts[d])
            if equal:
                yield _Run(*first, stop[0] - first[0])
            elif max(stop[0] - first[0], stop[1] - first[1]) <= CHANGED_CHARS:
                yield from _match_characters(before, after, first, stop)


def _match_characters(
    before: str, after: str, first: tuple[int, int], stop: tuple[int, int]
) -> Iterator[_Run]:
    for a, c, chars in _blocks(before[first[0] : stop[0]], after[first[1] : stop[1]]):
        if chars >= RUN_CHARS:
            yield _Run(first[0] + a, first[1] + c, chars)


def _moved_paragraphs(
    old: Sequence[str], new: Sequence[str], changes: Sequence[_Change]
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of paragraphs that stand elsewhere now, where there is no doubt which."""
    lost = _only([n for equal, a, b, _, _ in changes if not equal for n in range(a, b)], old)
    gained = _only([n for equal, _, _, c, d in changes if not equal for n in range(c, d)], new)
    for paragraph in lost.keys() & gained.keys():
        yield lost[paragraph], gained[paragraph]


def _only(numbers: Sequence[int], paragraphs: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the paragraphs that stand among them once."""
    counts = Counter(paragraphs[number] for number in numbers)
    return {paragraphs[number]: number for number in numbers if counts[paragraphs[number]] == 1}


def _paragraph_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    a = c = 0
    for same_old, same_new in _same_paragraphs(old, new):
        yield _Change(False, a, same_old, c, same_new)
        yield _Change(True, same_old, same_old + 1, same_new, same_new + 1)
        a, c = same_old + 1, same_new + 1
    yield _Change(False, a, len(old), c, len(new))


def _same_paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of paragraphs that are the same, in order."""
    there = _only(range(len(new)), new)
    once = [(a, there[text]) for text, a in _only(range(len(old)), old).items() if text in there]
    a = c = 0
    for stop in _in_order(once):
        yield from _same_between(old, new, (a, c), stop)
        yield stop
        a, c = stop[0] + 1, stop[1] + 1
    yield from _same_between(old, new, (a, c), (len(old), len(new)))


def _same_between(
    old: Sequence[str], new: Sequence[str], first: tuple[int, int], stop: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    before, after = old[first[0] : stop[0]], new[first[1] : stop[1]]
    if len(before) * len(after) <= COMPARED_PARAGRAPHS:
        pairs = [(a + n, c + n) for a, c, size in _blocks(before, after) for n in range(size)]
    else:
        pairs = _in_order(list(_each_with_its_like(before, after)))
    for a, c in pairs:
        yield first[0] + a, first[1] + c


def _each_with_its_like(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first of the equal paragraphs with the first, the second with the second, and so on."""
    left: defaultdict[str, deque[int]] = defaultdict(deque)
    for number, text in enumerate(new):
        left[text].append(number)
    for number, text in enumerate(old):
        if left[text]:
            yield number, left[text].popleft()


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return most of the pairs, which ascend by their first number, so that they ascend by the second, too.

    It is the longest increasing subsequence, found by patience sorting in n log n steps.
    """
    ends: list[int] = []  # the least second number with which a sequence of each length ends
    last: list[int] = []  # and the pair that it ends with
    before: list[int] = []  # of each pair, the one before it in its sequence
    for number, (_, second) in enumerate(pairs):
        at = bisect_left(ends, second)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [second], [number]
    found, number = [], last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield what both have: where it begins in each, and its length."""
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.size:
            yield block.a, block.b, block.size
