"""Two versions of a document's texts: where a character of the old one stands in the new one. Pure.

Paragraphs are matched first, then the characters of those that were changed. White space does not count. What
was moved elsewhere is found where the whole paragraph was moved and stands there once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

CHANGED_CHARS = 3_000
"""Changed text on either side that is compared by characters; comparing takes time by the square of it."""

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
        self.spots: list[Spot] = []
        self.paragraphs: list[str] = []
        for article, text in enumerate(texts):
            self.spots += [Spot(article, at) for at, character in enumerate(text) if not character.isspace()]
            self.paragraphs += filter(None, ("".join(paragraph.split()) for paragraph in text.split("\n")))
        self.starts = [0, *accumulate(map(len, self.paragraphs))]

    def masked(self, hidden: Collection[int], mask: str) -> str:
        """Return the characters, those of the hidden paragraphs replaced by a mask."""
        return "".join(mask * len(text) if n in hidden else text for n, text in enumerate(self.paragraphs))

    def number(self, spot: Spot) -> int:
        """Return the number of the first visible character from there on."""
        return bisect_right(self.spots, (spot.article, spot.offset - 1))


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
        chars = len(self._old.spots)
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
        (most, begin), end = self._new.spots[piece[0]], self._new.spots[piece[-1]].offset
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
        same = self._new.spots[before].article == self._new.spots[after].article
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
        article, offset = self._new.spots[run.new + min(before - run.old, run.chars - 1)]
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
        changes = list(_differences(old.paragraphs, new.paragraphs))
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
    changes = _differences(before[first[0] : stop[0]], after[first[1] : stop[1]])
    for equal, a, b, c, _ in changes:
        if equal and b - a >= RUN_CHARS:
            yield _Run(first[0] + a, first[1] + c, b - a)


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


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield _Change(tag == "equal", a, b, c, d)
