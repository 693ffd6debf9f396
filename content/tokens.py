"""Words of a text with their places, and the folding under which texts are compared.

This is the only file that imports jieba. It does not decide which words matter (keywords.py) nor what a
query means (search/query.py). Nothing here is read from or written to a cache: building jieba's dictionary
anew takes 0.8 s of CPU, loading its marshalled cache 1.3 s, and a cache in the shared temporary folder can
be planted by anyone.
"""

from __future__ import annotations

import importlib
import logging
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern
from threading import Lock, Thread
from typing import NamedTuple

from content.fold_table import fold_table, joins
from content.garbage import uncollected
from content.rough_words import cut_roughly

FOLD_VERSION = 3
"""Goes up when `fold` changes: an index built under another version is built anew."""

HAN = "々-〇㐀-\u9fff\uf900-\ufaff\U00020000-\U000323af"
SYLLABLES = "ぁ-ヿㄅ-ㄯ가-\ud7a3"
WIDE = HAN + SYLLABLES
"""Characters of scripts in which blanks do not part words, for a regular expression's brackets: Chinese,
kana, bopomofo, and Korean (whose particles cling to words)."""
NARROW = f"[^\\W_{WIDE}]"
"""Regular expression for a letter or digit of any other script."""
_PART = "\uffff"
"""Parts texts: folds to itself, whatever is around it, and stands for no character."""
_DICTIONARY_TOTAL = 60_101_967
"""Sum of the frequencies in jieba 0.42.1's dictionary."""


class Folded(NamedTuple):
    """A folded text, and for each of its characters the span it comes from in the original."""

    text: str
    starts: Sequence[int]
    stops: Sequence[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the span of the original, in code points, that the folded span [start, stop) stands for."""
        if start >= stop:
            raise ValueError("the span is empty")
        return self.starts[start], self.stops[stop - 1]


class Token(NamedTuple):
    """A word: its folded form, and its half-open span in the original text, in code points."""

    term: str
    start: int
    stop: int


def fold(text: str) -> Folded:
    """Return the form of `text` under which it is compared, with the way back to the original.

    Compatibility forms and marks are composed (NFKC), Chinese is simplified character by character (OpenCC
    t2s, then the list `variants`), letters have neither case nor accents, invisible characters are gone,
    blanks collapse to one space or line feed.
    """
    plain, special = _fold_plain(text)
    if special:
        return _collapse(_fold_clusters(text, plain, special))
    return _collapse(Folded(plain, range(len(text)), range(1, len(text) + 1)))


def fold_each(texts: Sequence[str]) -> list[str]:
    """Return the folded form of each text, without the way back: of many short ones in half the time."""
    folded = _fold_text(_PART.join(texts)).split(_PART)
    return folded if len(folded) == len(texts) else [fold(text).text for text in texts]


def _fold_plain(text: str) -> tuple[str, set[str]]:
    """Return the text with what folds to one character each folded, and the other characters that change."""
    table = fold_table()
    unlike = set(table.unlike.findall(text))
    special = table.special(unlike)
    return table.replace(text, unlike - special), special


def _fold_text(text: str) -> str:
    plain, special = _fold_plain(text)
    parts, done = [""], 0
    for start, stop in _clusters(text, special):
        parts += plain[done:start], _fold_cluster(text[start:stop])
        done = stop
    return _collapse_text("".join([*parts, plain[done:]]))


def tokenize(text: str, terms: Collection[str] = ()) -> list[Token]:
    """Return the words of `text` in order, cut once (jieba's accurate mode, HMM on); marks are left out.

    `terms`, folded, are kept whole where they stand: a collection's own dictionary.
    """
    folded = fold(text)
    starts, stops = folded.starts, folded.stops
    words = _words_around(folded.text, terms) if terms else _words(folded.text)
    if isinstance(starts, range):  # nothing has moved
        return list(words)
    return [Token(word, starts[at], stops[end - 1]) for word, at, end in words]


def tokenize_now(text: str) -> list[Token]:
    """Return the words of `text` like `tokenize`, without waiting a second for jieba's dictionary.

    Until it is there (it is loaded meanwhile), Chinese is cut roughly.
    """
    if _loaded or find_spec("rjieba") is not None:
        return tokenize(text)
    Thread(target=_cutter, daemon=True).start()
    folded = fold(text)
    cut = (cut_roughly(run) if run["han"] else [run.span()] for run in _WORD.finditer(folded.text))
    return [Token(folded.text[at:end], *folded.span(at, end)) for words in cut for at, end in words]


def find_alone(words: Collection[str], folded: str) -> set[str]:
    """Return those of the words (Chinese, folded) that are words by themselves where the folded text is cut:
    大学 is only a part of 北京大学. None until jieba's dictionary is there."""
    alone: set[str] = set()
    if _loaded:
        for run in _HAN_RUN.findall(folded):
            if [word for word in words if word in run and word not in alone]:
                alone.update(_loaded[0](run))
    return alone.intersection(words)


def word_share(term: str) -> float:
    """Return the share of `term` among all words of Chinese, by jieba's dictionary; 0 if not in it."""
    return _dictionary().frequencies.get(term, 0) / _DICTIONARY_TOTAL


def word_tag(term: str) -> str:
    """Return the tag that jieba's dictionary gives `term` (n noun, v verb, ns place, …); "" if not in it."""
    return _dictionary().tags.get(term, "")


def warm_up() -> None:
    """Load what folding and cutting need, so that the first search does not wait for it (about a second)."""
    fold_table()
    _cutter()


def _fold_clusters(text: str, plain: str, special: set[str]) -> Folded:
    """Return `plain`, the text with all but the special characters folded, with these folded too."""
    parts: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    done = 0
    for start, stop in [*_clusters(text, special), (len(text), len(text))]:
        form = _fold_cluster(text[start:stop])
        parts += plain[done:start], form
        starts += *range(done, start), *[start] * len(form)
        stops += *range(done + 1, start + 1), *[stop] * len(form)
        done = stop
    return Folded("".join(parts), starts, stops)


def _clusters(text: str, special: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the special characters, with the one before that they join and marks that follow."""
    stop = 0
    for at in fold_table().places(text, special):
        if at < stop:
            continue
        start, stop = at - (joins(text[at]) and at > 0), at + 1
        while stop < len(text) and joins(text[stop]):
            stop += 1
        yield start, stop


def _fold_cluster(cluster: str) -> str:
    table = fold_table()
    return "".join(table[ord(char)] for char in unicodedata.normalize("NFKC", cluster))


_BLANKS = re.compile(r"[ \n]{2,}")


_PAIRS = ("  ", "\n\n", " \n", "\n ")  # are found in less time


def _collapse_text(text: str) -> str:
    has_blanks = any(pair in text for pair in _PAIRS)
    return _BLANKS.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", text) if has_blanks else text


def _collapse(folded: Folded) -> Folded:
    """Return the text with one blank for several: a line feed, if there was one among them."""
    text, starts, stops = folded
    if not any(pair in text for pair in _PAIRS):
        return folded
    kept = [at for at, char in enumerate(text) if not (at and char in " \n" and text[at - 1] in " \n")]
    return Folded(_collapse_text(text), [starts[at] for at in kept], [stops[at] for at in kept])


_WORD = re.compile(
    f"(?P<han>[{HAN}]+)|[{SYLLABLES}]+|{NARROW}+(?:(?:[-'’]|(?<=[0-9])\\.(?=[0-9])){NARROW}+)*"
)
"""A run of Chinese, which jieba cuts; of Japanese or Korean syllables; a word or number (covid-19, 3.14)."""

_HAN_RUN = re.compile(f"[{HAN}]+")

_lock = Lock()
_loaded: list[Callable[[str], Iterable[str]]] = []
"""The cutter, once it is loaded."""


def _words(folded: str, start: int = 0, stop: int | None = None) -> Iterator[Token]:
    """Yield each word of [start, stop), and where it is in the folded text."""
    cut = _cutter()
    for match in _WORD.finditer(folded, start, len(folded) if stop is None else stop):
        at, end = match.span()
        if match.lastgroup is None:
            yield Token(match[0], at, end)
            continue
        for word in cut(match[0]):
            yield Token(word, at, at := at + len(word))


def _words_around(folded: str, terms: Collection[str]) -> Iterator[Token]:
    """Yield the terms as they stand, the longest first, and the words of what is between them."""
    done = 0
    for found in _any_of(frozenset(terms)).finditer(folded):
        yield from _words(folded, done, found.start())
        yield Token(found[0], *found.span())
        done = found.end()
    yield from _words(folded, done)


@lru_cache(maxsize=8)
def _any_of(terms: frozenset[str]) -> re.Pattern[str]:
    ordered = sorted(filter(None, terms), key=lambda term: (-len(term), term))
    letter = re.compile(NARROW)
    each = (
        ("(?<![a-z0-9])" if letter.match(term) else "")
        + re.escape(term)
        + ("(?![a-z0-9])" if letter.match(term[-1]) else "")
        for term in ordered
    )
    return re.compile("|".join(each) or "(?!)")


def _cutter() -> Callable[[str], Iterable[str]]:
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(_rjieba() or _jieba())
    return _loaded[0]


def _rjieba() -> Callable[[str], Iterable[str]] | None:
    """Return rjieba's cut where it is installed (the extra `fast`): the same words, 24 times as fast."""
    if find_spec("rjieba") is None:
        return None
    rjieba = importlib.import_module("rjieba")
    return lambda text: rjieba.cut(text, True)


def _jieba() -> Callable[[str], Iterable[str]]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    with uncollected():  # half a million strings are made and none is thrown away
        jieba.dt.FREQ, jieba.dt.total = jieba.dt.gen_pfdict(jieba.dt.get_dict_file())
        jieba.dt.initialized = True
    return lambda text: jieba.cut(text, HMM=True)


class _Dictionary(NamedTuple):
    """jieba's dictionary: how often each word is met, and what it most often is."""

    frequencies: Mapping[str, int]
    tags: Mapping[str, str]


@cache
def _dictionary() -> _Dictionary:
    """Return jieba's dictionary, read from its file: without loading jieba where rjieba does the cutting."""
    spec = find_spec("jieba")
    folders = spec.submodule_search_locations if spec else None
    assert folders, "jieba is a dependency of this project"
    lines = Path(folders[0], "dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ") for line in lines]
    tags = {word: intern(tag) for word, _, tag in entries}
    if find_spec("rjieba") is None:
        _cutter()
        import jieba

        return _Dictionary(jieba.dt.FREQ, tags)  # the same, and already in memory
    return _Dictionary({word: int(count) for word, count, _ in entries}, tags)
