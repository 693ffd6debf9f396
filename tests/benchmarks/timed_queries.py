"""Queries of every kind for measuring time: what is slow in one design or another is all here.

Cut by string matching from the public passages and questions; the same for the same seed, none comes twice.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random

from tests.benchmarks.corpus import ALL, COMMON_WORDS, common_words
from tests.benchmarks.quality import read_lines, read_passages
from tests.benchmarks.query_sets import LATIN, SEED, Maker

QUERIES = int(os.environ.get("RIZHI_QUERIES", "100"))
"""Queries of a kind."""
FREQUENT = 110
"""So many words, those that most passages have of what the questions share with theirs, count as frequent."""
LONG_QUESTION = 60
"""Characters of the longest questions."""


@dataclass(frozen=True)
class Timed:
    """Queries of one kind, and under which visibilities they are asked."""

    name: str
    queries: Sequence[str]
    visibilities: Sequence[str] = ALL


@cache
def make_timed() -> tuple[Timed, ...]:
    """Return the queries of every kind."""
    random = Random(SEED)
    maker = Maker(read_passages(), QUERIES)
    among = range(len(maker.places))
    asked = read_lines("retrieval-queries.jsonl")
    questions = [line["q"] for line in asked]
    names = [each.text for each in maker.names(among)]
    quotes = maker.quotes(among)
    commonest = common_words(COMMON_WORDS)
    words = _frequent(maker)
    chars = [char for char, _ in Counter("".join(maker.texts)).most_common() if "一" <= char <= "鿿"]

    def made(make: Callable[[], str]) -> list[str]:
        return list(islice(dict.fromkeys(make() for _ in range(4 * QUERIES)), QUERIES))

    def several(count: int, among: Sequence[str] = words) -> list[str]:
        return random.sample(among, count)

    return (
        Timed("the ten commonest words", commonest),
        Timed("frequent words", [word for word in words if word not in commonest][:QUERIES]),
        Timed("one character", [*chars[: QUERIES // 2], *random.sample(chars, QUERIES // 2)]),
        Timed("names", names),
        Timed("2-3 words", [each.text for each in maker.word_groups(asked)]),
        Timed("2-3 of the ten commonest", made(lambda: " ".join(several(random.choice((2, 3)), commonest)))),
        Timed("5 frequent words", made(lambda: " ".join(several(5)))),
        Timed("quotes", [each.text for each in quotes]),
        Timed("typing errors", [each.text for each in maker.misspelt(quotes)]),
        Timed("questions", random.sample(questions, QUERIES)),
        Timed("questions of 60 characters", made(lambda: _long(several(6, questions)))),
        Timed("beginnings of Latin words", made(_beginning(maker.texts, random))),
        Timed("phrases", [f'"{each.text}"' for each in quotes]),
        Timed("frequent phrases", [f'"{word}"' for word in words[:QUERIES]]),
        Timed("with -word", made(lambda: "{} -{}".format(*several(2)))),
        Timed("with in:", made(lambda: f"{several(1)[0]} in:第{random.randint(1, 99)}")),
        Timed("with section:", made(lambda: f"{several(1)[0]} section:{random.choice('地人科历艺')}")),
        Timed("with since: and until:", made(lambda: _dated(several(1)[0], random))),
        Timed("only since: and until:", made(lambda: _dated("", random))),
        Timed("frequent words, members' left out", words[:QUERIES], ("public",)),
        Timed("questions, members' left out", random.sample(questions, QUERIES), ("public",)),
        Timed("pinyin", [spell(name) for name in names]),
        Timed("pinyin's first letters", sorted({spell(word, only_first=True) for word in words})[:QUERIES]),
        Timed("what is nowhere", made(lambda: "".join(random.sample(chars, 4)))),
    )


def _frequent(maker: Maker) -> list[str]:
    words = common_words(20 * FREQUENT)
    return sorted(words, key=lambda word: (-len(maker.having(word)), word))[:FREQUENT]


def _long(questions: Sequence[str]) -> str:
    return "".join(questions)[:LONG_QUESTION]


def _beginning(texts: Sequence[str], random: Random) -> Callable[[], str]:
    words = sorted({word for text in texts for word in LATIN.findall(text)})
    return lambda: random.choice(words)[: random.randint(3, 5)]


def _dated(word: str, random: Random) -> str:
    year = random.randint(2000, 2018)
    return f"{word} since:{year}-{random.randint(1, 12):02} until:{year + random.randint(0, 6)}".strip()


def spell(text: str, *, only_first: bool = False) -> str:
    """Return the text in pinyin without tones, or the first letter of each syllable."""
    from pypinyin import lazy_pinyin

    return "".join(syllable[:1] if only_first else syllable for syllable in lazy_pinyin(text))
