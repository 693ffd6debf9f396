"""What a collection brings to the reading of its documents: its own words, and what it often speaks of.

Pure: `bot.backgrounds` reads it from the database.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from content.candidates import FEWEST_ARTICLES, CorpusStatistics
from content.tokens import fold

RECENT = 1000
"""Articles that a collection is known by, the newest: as many tell what is frequent, however large it is."""
FREQUENT = 0.05
"""Share of the articles below which a term's frequency changes nothing that can be seen."""

NO_STATISTICS = CorpusStatistics(0, {})


@dataclass(frozen=True)
class Background:
    """What is known of a collection before a document of it is read."""

    terms: frozenset[str] = frozenset()
    """Its own dictionary, folded: kept whole, and they weigh more."""
    stop_words: frozenset[str] = frozenset()
    """Folded: never keywords."""
    corpus: CorpusStatistics = NO_STATISTICS
    """In how many of its articles each frequent term is a keyword."""


NO_BACKGROUND = Background()


def fold_words(words: Iterable[str]) -> frozenset[str]:
    """Return the words as they are compared."""
    return frozenset(fold(word).text for word in words)


class RecentArticles:
    """The keywords of a collection's newest articles, counted. Threads may share it."""

    def __init__(self, articles: Iterable[Iterable[str]] = ()) -> None:
        self._articles: deque[frozenset[str]] = deque()
        self._having: Counter[str] = Counter()
        self._lock = Lock()
        for keywords in articles:
            self.add(keywords)

    def add(self, keywords: Iterable[str]) -> None:
        """Count an article with these keywords, as written; the oldest of more than `RECENT` goes."""
        terms = frozenset("".join(term.split()) for term in fold_words(keywords))
        with self._lock:
            self._articles.append(terms)
            self._having.update(terms)
            if len(self._articles) > RECENT:
                self._having.subtract(self._articles.popleft())
                self._having = +self._having

    def statistics(self) -> CorpusStatistics:
        """Return how many articles have each term that is frequent in them."""
        with self._lock:
            least = FREQUENT * max(FEWEST_ARTICLES, len(self._articles))
            frequent = {term: count for term, count in self._having.items() if count >= least}
            return CorpusStatistics(len(self._articles), frequent)
