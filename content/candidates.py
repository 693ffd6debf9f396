"""What an article offers as keywords: its words, and the combinations of them that recur, with their rarity.

No part-of-speech tagging and no model: rarity comes from jieba's dictionary; a corpus's own statistics can
take its place as `share`. An article is looked over once; `keywords` chooses for each passage in each cut.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from content.tokens import Token, word_share, word_tag
from content.word_kinds import LINK, WORDS_KEPT, is_content, is_general
from content.words import load_words

MOST_WORDS = 6
"""Words in the longest term; longer ones are clauses."""
MOST_CHARS = 24
"""Characters in the longest term: it has to fit on a button."""
LENGTH_POWER = 0.5
"""A term's rarity is the sum of its words' ÷ words^0.5; measured on scientific abstracts."""
TOGETHER = 2.0
"""How much more several words weigh together: recurring side by side shows that they belong together."""
SINGLE = 0.5
"""Share of its rarity that a single character brings into a longer term."""
FOCUS = 0.5
"""How much more a term weighs that the rest of the article lacks, for each e-fold of parts without it."""
PART_CHARS = 400
"""Length of the parts of an article over which a term's spread is measured."""
DOUBTFUL = 0.6
"""Share of its weight that a word keeps which the dictionary lacks and the article has once: jieba's model
makes up words (讲山, 编起来) as well as names."""
KINDS = {
    **dict.fromkeys(("nr", "nrt", "nrfg", "ns", "nt", "nz"), 1.5),
    **dict.fromkeys(("v", "vi", "vd", "a", "ad", "b", "z", "s", "t"), 0.7),
    **dict.fromkeys(("m", "mq", "q", "r", "f", "p", "c", "d", "u", "y"), 0.0),
}
"""What single words weigh by their tag in jieba's dictionary: names more, verbs less, numerals nothing."""
LISTED = 2.0
"""How much more a term weighs that the collection's own dictionary has."""
OFTEN = 3
"""So many times a single character of classical Chinese, or a term with 的 in it, has to be met."""
CLASSICAL, MODERN, CLASSICAL_SHARE = "之其者也而矣乎焉曰于乃亦则哉兮", "的了是在们这个", 0.06
"""Characters by which classical Chinese is told and their least share of a text."""
SHORT_CHARS = 120
"""A text below this gives no word that the dictionary lacks and that it has once."""
COMMON = 0.7
"""Share of its weight that a term loses which every article has."""
FEWEST_ARTICLES = 10
"""A smaller collection is weighed as one of so many articles: that three share a term says little."""
RAREST = 5e-8
"""Share of a word that the dictionary does not have: as rare as one met three times in sixty million."""

Share = Callable[[str], float]
TERM = itemgetter(2)
"""The term of an occurrence."""


class Occurrence(NamedTuple):
    """A candidate at one place of the article, its span half-open in code points."""

    start: int
    stop: int
    term: str


@dataclass(frozen=True)
class Candidates:
    """What an article offers: the occurrences of its candidates in order, and each one's rarity."""

    text: str
    occurrences: Sequence[Occurrence]
    rarity: dict[str, float]


@dataclass(frozen=True)
class CorpusStatistics:
    """How many articles there are, and how many of them have each term (folded, blanks left out)."""

    articles: int
    having: Mapping[str, int]

    def novelty(self, term: str) -> float:
        """Return 1 for a term that no article has, down to 0.3 for one that all have."""
        return 1 - COMMON * min(1.0, self.having.get(term, 0) / max(FEWEST_ARTICLES, self.articles))


def weigh_against(candidates: Candidates, *corpora: CorpusStatistics) -> Candidates:
    """Return the candidates of an article, those lighter that most of one corpus or the other has."""
    rarity, novelty = candidates.rarity, dict.fromkeys(candidates.rarity, 1.0)
    for corpus in corpora:
        for term in corpus.having.keys() & rarity.keys():
            novelty[term] = min(novelty[term], corpus.novelty(term))
    return replace(candidates, rarity={term: rare * novelty[term] for term, rare in rarity.items()})


def count_terms(articles: Sequence[Candidates]) -> CorpusStatistics:
    """Return the statistics of articles: of a document's own, or of a collection's."""
    return CorpusStatistics(len(articles), Counter(term for each in articles for term in each.rarity))


def find_candidates(
    text: str,
    tokens: Sequence[Token],
    share: Share = word_share,
    *,
    dictionary: Set[str] = frozenset(),
    stop_words: Set[str] = frozenset(),
) -> Candidates:
    """Return the words of the article that can be keywords, and the combinations of them that recur.

    `tokens` are those of `tokenize(text, dictionary)`; `share` returns a folded word's share of all words, 0
    if unknown. Folded, too: the `dictionary` has a collection's own terms, which weigh more; `stop_words` are
    never keywords of their own, nor at the edge of one.
    """
    if classical := _is_classical(tokens):
        tokens = _without_made_up(tokens, share)
    links = _links(tokens)
    content = set(filter(is_content, {token.term for token in tokens})) | dictionary
    runs = list(_runs(text, tokens, content, links))
    counts = Counter((one.term, other.term) for run in runs for one, other in pairwise(run))
    pairs = {pair for pair, count in counts.items() if count > 1}
    terms = {token.term for run in runs for token in run}
    barred = (set(filter(is_general, terms)) | stop_words) - dictionary
    found: list[Occurrence] = []
    words: dict[str, tuple[str, ...]] = {}
    for run in runs:
        _combine(run, pairs, barred, 1 if classical else 2, found, words)
    met = Counter(map(TERM, found))
    doubted = {
        term
        for term, count in met.items()
        if count == 1 and len(words[term]) == 1 and term not in dictionary and _is_made_up(term, share)
    }
    kept = _recurring(met, words)
    if classical:
        kept = {term for term in kept if len(term) > 1 or met[term] >= OFTEN}
    if classical or len(text) < SHORT_CHARS:
        kept -= doubted
    rarity = {term: rare for term in kept if (rare := _rarity(words[term], share))}
    occurrences = [occurrence for occurrence in found if occurrence.term in rarity]
    for term, focus in _focus(occurrences, len(text)).items():
        rarity[term] *= focus
    for term in doubted & rarity.keys():
        rarity[term] *= DOUBTFUL
    for term in dictionary & rarity.keys():
        rarity[term] *= LISTED
    return Candidates(text, occurrences, rarity)


def _is_classical(tokens: Sequence[Token]) -> bool:
    """Return whether the particles of 文言 are frequent and those of modern Chinese are not."""
    chars = Counter("".join(token.term for token in tokens))
    old = sum(chars[char] for char in CLASSICAL)
    return old >= CLASSICAL_SHARE * chars.total() and old > 2 * sum(chars[char] for char in MODERN)


def _without_made_up(tokens: Sequence[Token], share: Share) -> list[Token]:
    """Return the words with those that jieba's model made up once cut into characters: most are none."""
    counts = Counter(token.term for token in tokens)
    cut: list[Token] = []
    for token in tokens:
        whole = counts[token.term] > 1 or token.term.isascii() or share(token.term) > 0
        if whole or len(token.term) != token.stop - token.start:
            cut.append(token)
        else:
            cut += (Token(char, at, at + 1) for at, char in enumerate(token.term, token.start))
    return cut


def _is_made_up(word: str, share: Share) -> bool:
    """Return whether jieba's model made up the word, and it does not look like a person's name."""
    if word.isascii() or share(word):
        return False
    return not (word[0] in load_words("surnames") and 2 <= len(word) <= 3)


def _links(tokens: Sequence[Token]) -> set[tuple[str, str]]:
    """Return the words around a 的 that recurs between them, and that are seldom met but with it."""
    pairs = Counter(
        (one.term, other.term)
        for one, link, other in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if link.term == LINK and one.stop == link.start and link.stop == other.start
    )
    often = {pair: count for pair, count in pairs.items() if count >= OFTEN}
    if not often:
        return set()
    counts = Counter(token.term for token in tokens)
    return {pair for pair, count in often.items() if 2 * count >= max(map(counts.__getitem__, pair))}


def _runs(
    text: str, tokens: Sequence[Token], content: Set[str], links: Set[tuple[str, str]]
) -> Iterator[list[Token]]:
    """Yield the runs of content words with nothing between them but a link or, in Latin script, a space."""
    run: list[Token] = []
    for at, token in enumerate(tokens):
        belongs = token.term in content or (
            bool(links) and token.term == LINK and _words_around(tokens, at) in links
        )
        if run and not (belongs and (run[-1].stop == token.start or _adjoin(text, run[-1], token))):
            yield run
            run = []
        if belongs:
            run.append(token)
    if run:
        yield run


def _words_around(tokens: Sequence[Token], at: int) -> tuple[str, str]:
    return tokens[max(0, at - 1)].term, tokens[min(at + 1, len(tokens) - 1)].term


def _adjoin(text: str, one: Token, other: Token) -> bool:
    return text[one.stop : other.start] == " " and one.term.isascii() and other.term.isascii()


def _combine(
    run: Sequence[Token],
    pairs: Set[tuple[str, str]],
    barred: Set[str],
    least: int,
    found: list[Occurrence],
    words: dict[str, tuple[str, ...]],
) -> None:
    """Add the words of the run that could be terms, and up to six together where each of `pairs` recurs.

    No term begins or ends with a word of `barred`; a single word has at least `least` characters.
    """
    for first, (term, start, stop) in enumerate(run):
        if term in barred:
            continue
        if least <= len(term) <= MOST_CHARS:
            found.append(Occurrence(start, stop, term))
            words[term] = (term,)
        for last in range(first + 1, min(first + MOST_WORDS, len(run))):
            following, _, end = run[last]
            if (run[last - 1].term, following) not in pairs:
                break
            if following not in barred:
                terms = tuple(token.term for token in run[first : last + 1])
                together = "".join(terms)
                if len(together) <= MOST_CHARS:
                    found.append(Occurrence(start, end, together))
                    words[together] = terms


def _recurring(counts: Counter[str], words: dict[str, tuple[str, ...]]) -> set[str]:
    """Return single words, and combinations met twice that are not always part of the same longer one."""
    together = {term for term, count in counts.items() if len(words[term]) > 1 and count > 1}
    parts = {
        "".join(part): counts[term]
        for term in sorted(together, key=lambda term: counts[term])
        for part in (words[term][1:], words[term][:-1])
    }
    whole = {term for term in together if parts.get(term) != counts[term]}
    return whole | {term for term in counts if len(words[term]) == 1}


def _focus(occurrences: Sequence[Occurrence], chars: int) -> dict[str, float]:
    """Return for each term 1 where all parts of the article have it, more the fewer have it."""
    parts = Counter(term for term, _ in {(term, start // PART_CHARS) for start, _, term in occurrences})
    every = -(-chars // PART_CHARS)
    return {term: 1 + FOCUS * math.log(every / having) for term, having in parts.items()}


@lru_cache(maxsize=WORDS_KEPT)
def _rarity(words: tuple[str, ...], share: Share) -> float:
    rarity = sum(-math.log(max(share(word), RAREST)) * (SINGLE if len(word) == 1 else 1.0) for word in words)
    factor = TOGETHER if len(words) > 1 else KINDS.get(word_tag(words[0]), 1.0)
    return factor * rarity / math.pow(len(words), LENGTH_POWER)
