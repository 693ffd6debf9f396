"""Query sets cut from passages by string matching alone, the same for the same seed.

Nothing here cuts words: what is measured must not have helped to make the questions. Of each kind no query
comes twice. A query's gold is every passage that may come first: the one that was asked of, or all that
have the string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from content.tokens import word_share
from content.words import load_words

SEED = 5
RARE = 10
"""A name is in at most so many passages."""
ORDINARY = 3
"""An ordinary word is in at least so many, and in jieba's dictionary (which is looked into, not cut with)."""
WORD_CHARS = (2, 4)
QUOTE_CHARS = (6, 10)

PARTS_OF_WORDS = frozenset(word for word in load_words("function") if len(word) == 1) - {
    *"的了是在和与哪谁吗几多"
}
"""Function words of one character that are more often a part of another word."""

_HAN = "[\u4e00-\u9fff]"
_NAMED = re.compile(rf"(?<=[《“「])({_HAN}{{2,6}})(?=[》”」])")
_RUN = re.compile(r"[^\W_]{6,}")
_SENTENCE = re.compile(r"[^。！？]+[。！？]")
LATIN = re.compile(r"(?<![0-9A-Za-zÀ-ɏḀ-ỿ])[A-Za-z][A-Za-z0-9]{2,}(?![0-9A-Za-zÀ-ɏḀ-ỿ])")


@dataclass(frozen=True)
class Asked:
    """A query, and the passages (by their place in the list) of which any may come first."""

    text: str
    gold: frozenset[int]


class Maker:
    """Makes query sets of at most `most` queries each from passages of `title` and `text`."""

    def __init__(self, passages: Sequence[Mapping[str, Any]], most: int) -> None:
        self.texts = [str(passage["text"]) for passage in passages]
        self.titles = [str(passage["title"]) for passage in passages]
        self.folded = [unicodedata.normalize("NFKC", text).lower() for text in self.texts]
        self.places = {str(passage["id"]): place for place, passage in enumerate(passages) if "id" in passage}
        self.most = most
        self.random = Random(SEED)

    def having(self, *parts: str) -> frozenset[int]:
        """Return the passages whose text has all the parts, as they stand."""
        return frozenset(
            place for place, text in enumerate(self.texts) if all(part in text for part in parts)
        )

    def _chosen(self, made: Iterable[str]) -> list[str]:
        distinct = sorted({*made})
        return self.random.sample(distinct, min(self.most, len(distinct)))

    def questions(self, lines: Sequence[Mapping[str, Any]]) -> list[Asked]:
        """Return what was asked, with the passages it was asked of, at most `most`."""
        return self._asked(lines)[: self.most]

    def _asked(self, lines: Sequence[Mapping[str, Any]]) -> list[Asked]:
        distinct = {str(line["q"]): [self.places[name] for name in line["gold"]] for line in lines}
        return [Asked(text, frozenset(gold)) for text, gold in distinct.items()]

    def names(self, among: Iterable[int]) -> list[Asked]:
        """Return titles of passages, and what stands in brackets, that at most `RARE` passages have."""
        found = {term for place in among for term in _NAMED.findall(self.texts[place])}
        found |= {title for title in self.titles if re.fullmatch(f"{_HAN}{{2,6}}", title)}
        chosen: list[Asked] = []
        for term in self.random.sample(sorted(found), len(found)):
            gold = self.having(term)
            if 0 < len(gold) <= RARE and term not in load_words("function"):
                chosen.append(Asked(term, gold))
            if len(chosen) == self.most:
                break
        return chosen

    def word_groups(self, lines: Sequence[Mapping[str, Any]]) -> list[Asked]:
        """Return two or three ordinary words that a question and its passage share."""
        made: dict[str, frozenset[int]] = {}
        for asked in self._asked(lines):
            if len(made) == self.most:
                break
            passage = self.texts[min(asked.gold)]
            shared = shared_words(asked.text, passage)
            words = [word for word in shared if word_share(word) and len(self.having(word)) >= ORDINARY]
            if len(words) > 1:
                count = min(len(words), self.random.choice((2, 3)))
                made.setdefault(
                    " ".join(sorted(self.random.sample(words, count), key=words.index)), asked.gold
                )
        return [Asked(text, gold) for text, gold in made.items()]

    def quotes(self, among: Iterable[int]) -> list[Asked]:
        """Return 6–10 characters that stand together without a mark between them."""
        made = []
        for place in among:
            if runs := [match[0] for match in _RUN.finditer(self.texts[place]) if not match[0].isascii()]:
                run = self.random.choice(runs)
                length = self.random.randint(*QUOTE_CHARS)
                start = self.random.randint(0, max(0, len(run) - length))
                made.append(run[start : start + length])
        return [Asked(text, self.having(text)) for text in self._chosen(made)]

    def misspelt(self, quotes: Sequence[Asked]) -> list[Asked]:
        """Return the quotes with one character dropped, swapped with the next, or replaced."""
        letters = sorted({*"".join(self.texts)} & {chr(code) for code in range(0x4E00, 0xA000)})
        made = {self._misspell(asked.text, letters): asked.gold for asked in quotes}
        return [Asked(text, gold) for text, gold in made.items()]

    def _misspell(self, text: str, letters: Sequence[str]) -> str:
        at = self.random.randrange(len(text) - 1)
        return self.random.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + self.random.choice(letters) + text[at + 1 :],
            )
        )

    def forms(self, names: Sequence[Asked], among: Iterable[int]) -> list[Asked]:
        """Return names in the other script, and Latin words in full width and upper case."""
        other = {to_traditional()(asked.text): asked.gold for asked in names}
        scripts = [Asked(text, gold) for text, gold in other.items() if not self.having(text)]
        latin = self._chosen(match for place in among for match in LATIN.findall(self.texts[place]))
        words = [(word, self._having_word(word)) for word in latin]
        wide = [
            Asked(widen(word.upper() if at % 2 else word), gold)
            for at, (word, gold) in enumerate(words)
            if len(gold) <= RARE
        ]
        return [*scripts[: self.most // 2], *wide[: self.most // 2]]

    def _having_word(self, word: str) -> frozenset[int]:
        pattern = re.compile(rf"(?<![0-9a-zÀ-ɏḀ-ỿ]){re.escape(word.lower())}")
        return frozenset(
            place for place, text in enumerate(self.folded) if word.lower() in text and pattern.search(text)
        )


def shared_words(question: str, passage: str) -> list[str]:
    """Return the longest strings of 2–4 Chinese characters that both have, function words cut away."""
    bare = _function().sub(" ", question)
    words: list[str] = []
    for run in re.findall(f"{_HAN}+", bare):
        at = 0
        while at < len(run):
            stop = next((stop for stop in range(len(run), at + 1, -1) if run[at:stop] in passage), at + 1)
            if WORD_CHARS[0] <= stop - at <= WORD_CHARS[1]:
                words.append(run[at:stop])
            at = stop
    return list(dict.fromkeys(words))


@cache
def _function() -> re.Pattern[str]:
    words = sorted(load_words("function") - PARTS_OF_WORDS, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words)))


def recombine(texts: Sequence[str], count: int, chars: int = 300) -> Iterator[str]:
    """Yield `count` passages of about `chars` characters made from sentences of the texts, shuffled."""
    random = Random(SEED)
    sentences = split_sentences(texts)
    for _ in range(count):
        made = ""
        while len(made) < chars:
            made += random.choice(sentences)
        yield made


def split_sentences(texts: Iterable[str]) -> list[str]:
    """Return the distinct sentences of the texts, sorted."""
    return sorted({match[0].strip() for text in texts for match in _SENTENCE.finditer(text)})


@cache
def to_traditional() -> Callable[[str], str]:
    """Return the conversion of a text to traditional characters, phrase by phrase."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def widen(text: str) -> str:
    """Return the text with ASCII characters in their full-width forms."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
