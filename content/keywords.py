"""Keywords: the few terms a reader would choose to stand for a passage.

An article's words are looked over once (`find_candidates`); each passage in each cut then takes the best of
those that lie in it (`extract_keywords`). No part-of-speech tagging and no statistics of a corpus: rarity
comes from jieba's dictionary; a corpus's own statistics can take its place as `share`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from content.tokens import Token, word_share, word_tag
from content.words import load_words

MOST_WORDS = 6
"""Words in the longest term; longer ones are clauses."""
MOST_CHARS = 24
"""Characters in the longest term: it has to fit on a button."""
FEWEST, MOST = 5, 8
"""Keywords of a passage, where it has that many."""
STANDING_OUT = 0.45
"""Share of the best weight that a keyword beyond the fewest must reach."""
TF_POWER, LENGTH_POWER = 0.85, 0.5
"""A term weighs count^0.85 × the sum of its words' rarity ÷ words^0.5; measured on scientific abstracts."""
TOGETHER = 2.0
"""How much more several words weigh together: recurring side by side shows that they belong together."""
EARLY = 0.5
"""How much more a term weighs that is met at the very start of the passage."""
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
BARRED = ("r", "p", "c", "u")
"""Tags of words with which no term begins or ends: pronouns, prepositions, conjunctions, particles."""
LISTED = 2.0
"""How much more a term weighs that the collection's own dictionary has."""
LINK = "的"
"""A recurring term may hold it: 新型冠状病毒感染的肺炎疫情."""
OFTEN = 3
"""So many times a single character of classical Chinese, or a term with 的 in it, has to be met."""
CLASSICAL, MODERN, CLASSICAL_SHARE = "之其者也而矣乎焉曰于乃亦则哉兮", "的了是在们这个", 0.06
"""Characters by which classical Chinese is told and their least share of a text."""
SHORT_CHARS = 120
"""A text below this gives no word that the dictionary lacks and that it has once."""
CHARS_PER_KEYWORD = 15
"""A passage has at most one keyword more than these go into it."""
ALONE = 2
"""A term that overlaps heavier ones is a keyword of its own where it stands without them so often, in a
third of its places, or else in most."""
COMMON = 0.7
"""Share of its weight that a term loses which every article has."""
FEWEST_ARTICLES = 10
"""A smaller collection is weighed as one of so many articles: that three share a term says little."""
RAREST = 5e-8
"""Share of a word that the dictionary does not have: as rare as one met three times in sixty million."""

_LETTERS = re.compile(r"[^\W\d_]")
_PARTICLE = re.compile("[了着得不这那每各]|[起出下过上回][来去]$")
_COMPLEMENT = re.compile("[了着得不这那每各起来去出住]")
"""Characters by which a phrase that is no term is told: 不听话; if the dictionary lacks it, 卡住."""
_STRUCTURE = re.compile(
    r"第?[一二三四五六七八九十百千万亿两几零〇半数]+"
    r"[是条章节次个项款年月日号来大届轮级间件句本册根页竖只颗块样户天种张位名家座所场片段首篇套批群层株棵头匹辆艘架台把支枝枚粒滴朵"
    r"束串双对副遍回趟步声眼口尺寸里斤两分秒刻]?"
)
"""Ordinals, and numerals with their measure words: 第三条, 一本, 三十天."""

Share = Callable[[str], float]


class Keyword(NamedTuple):
    """A term as the text writes it, and its weight: 1 for the heaviest of a passage, less for the others."""

    term: str
    weight: float


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


def weigh_against(candidates: Candidates, corpus: CorpusStatistics) -> Candidates:
    """Return the candidates of an article, those lighter that most of the corpus has."""
    rarity = {term: rare * corpus.novelty(term) for term, rare in candidates.rarity.items()}
    return replace(candidates, rarity=rarity)


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
    runs = list(_runs(text, tokens, links, dictionary))
    counts = Counter((one.term, other.term) for run in runs for one, other in pairwise(run))
    pairs = {pair for pair, count in counts.items() if count > 1}
    barred = {term for term in {token.term for token in tokens} if _is_general(term, stop_words)} - dictionary
    found = [combination for run in runs for combination in _combinations(run, pairs, barred, classical)]
    words = {occurrence.term: terms for occurrence, terms in found}
    met = Counter(occurrence.term for occurrence, _ in found)
    doubted = {
        term for term in met if met[term] == 1 and term not in dictionary and _is_made_up(words[term], share)
    }
    kept = _recurring(met, words)
    if classical:
        kept = {term for term in kept if len(term) > 1 or met[term] >= OFTEN}
    if classical or len(text) < SHORT_CHARS:
        kept -= doubted
    rarity = {term: rare for term in kept if (rare := _rarity(words[term], share))}
    occurrences = sorted(occurrence for occurrence, _ in found if occurrence.term in rarity)
    for term, focus in _focus(occurrences, len(text)).items():
        rarity[term] *= focus
    for term in doubted & rarity.keys():
        rarity[term] *= DOUBTFUL
    for term in dictionary & rarity.keys():
        rarity[term] *= LISTED
    return Candidates(text, occurrences, rarity)


def extract_keywords(
    candidates: Candidates,
    start: int = 0,
    stop: int | None = None,
    *,
    fewest: int = FEWEST,
    most: int = MOST,
) -> tuple[Keyword, ...]:
    """Return five to eight keywords of the passage [start, stop) of the article, heaviest first.

    Fewer where the passage is short. One that overlaps heavier ones also stands alone. Beyond the `fewest`
    come, up to the `most`, those that stand out.
    """
    stop = len(candidates.text) if stop is None else stop
    places = _places(candidates, start, stop)
    weights = {term: _weight(spans, candidates.rarity[term], start, stop) for term, spans in places.items()}
    most = min(most, 1 + (stop - start) // CHARS_PER_KEYWORD)
    chosen = _choose(weights, places, most, candidates.text)
    best = weights[chosen[0]] if chosen else 1.0
    return tuple(
        Keyword(_written(candidates.text, places[term][0]), weights[term] / best)
        for rank, term in enumerate(chosen)
        if rank < fewest or weights[term] >= STANDING_OUT * best
    )


# Candidates of an article --------------------------------------------------------------------------------


def _is_classical(tokens: Sequence[Token]) -> bool:
    """Return whether the particles of 文言 are frequent and those of modern Chinese are not."""
    chars = Counter(char for token in tokens for char in token.term)
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


def _is_general(term: str, stop_words: Set[str]) -> bool:
    """Return whether no term begins or ends with this word."""
    return term == LINK or term in stop_words or term in load_words("general") or word_tag(term)[:1] in BARRED


def _is_made_up(words: tuple[str, ...], share: Share) -> bool:
    """Return whether jieba's model made up the word, and it does not look like a person's name."""
    word = words[0]
    if len(words) > 1 or word.isascii() or share(word):
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
    text: str, tokens: Sequence[Token], links: Set[tuple[str, str]], dictionary: Set[str]
) -> Iterator[list[Token]]:
    """Yield the runs of content words with nothing between them but a link or, in Latin script, a space."""
    run: list[Token] = []
    for at, token in enumerate(tokens):
        is_content = (
            _is_content(token.term)
            or token.term in dictionary
            or (bool(links) and token.term == LINK and _words_around(tokens, at) in links)
        )
        if run and not (is_content and _adjoin(text, run[-1], token)):
            yield run
            run = []
        if is_content:
            run.append(token)
    if run:
        yield run


def _words_around(tokens: Sequence[Token], at: int) -> tuple[str, str]:
    return tokens[max(0, at - 1)].term, tokens[min(at + 1, len(tokens) - 1)].term


def _adjoin(text: str, one: Token, other: Token) -> bool:
    if one.stop == other.start:
        return True
    return text[one.stop : other.start] == " " and one.term.isascii() and other.term.isascii()


@lru_cache(maxsize=65_536)
def _is_content(term: str) -> bool:
    function = load_words("function")
    if term in function or _LETTERS.search(term) is None or _STRUCTURE.fullmatch(term):
        return False
    if term.isascii():
        return True
    # Words that jieba's model made up are often a word and a particle: 胜则, 更见.
    if not word_share(term):
        return not {term[0], term[-1]} & function and not _COMPLEMENT.search(term)
    return not (_PARTICLE.search(term) and word_tag(term)[:1] in "valid")


def _combinations(
    run: Sequence[Token], pairs: Set[tuple[str, str]], barred: Set[str], singles: bool
) -> Iterator[tuple[Occurrence, tuple[str, ...]]]:
    """Yield the words of the run that could be terms, and up to six together where each of `pairs` recurs.

    No term begins or ends with a word of `barred`; `singles`: a single character could be one.
    """
    least = 1 if singles else 2
    recurs = [pair in pairs for pair in pairwise(token.term for token in run)]
    for first, token in enumerate(run):
        if token.term in barred:
            continue
        if least <= len(token.term) <= MOST_CHARS:
            yield Occurrence(token.start, token.stop, token.term), (token.term,)
        for last in range(first + 1, min(first + MOST_WORDS, len(run))):
            if not recurs[last - 1]:
                break
            if run[last].term not in barred:
                terms = tuple(word.term for word in run[first : last + 1])
                term = "".join(terms)
                if len(term) <= MOST_CHARS:
                    yield Occurrence(token.start, run[last].stop, term), terms


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
    parts: dict[str, set[int]] = {}
    for occurrence in occurrences:
        parts.setdefault(occurrence.term, set()).add(occurrence.start // PART_CHARS)
    every = -(-chars // PART_CHARS)
    return {term: 1 + FOCUS * math.log(every / len(having)) for term, having in parts.items()}


def _rarity(words: tuple[str, ...], share: Share) -> float:
    rarity = sum(-math.log(max(share(word), RAREST)) * (SINGLE if len(word) == 1 else 1.0) for word in words)
    factor = TOGETHER if len(words) > 1 else KINDS.get(word_tag(words[0]), 1.0)
    return factor * rarity / math.pow(len(words), LENGTH_POWER)


# Keywords of a passage -----------------------------------------------------------------------------------


def _places(candidates: Candidates, start: int, stop: int) -> dict[str, list[tuple[int, int]]]:
    places: dict[str, list[tuple[int, int]]] = {}
    first = bisect_left(candidates.occurrences, (start,))
    for occurrence in islice(candidates.occurrences, first, None):
        if occurrence.start >= stop:
            break
        if occurrence.stop <= stop:
            places.setdefault(occurrence.term, []).append((occurrence.start, occurrence.stop))
    return places


def _weight(spans: Sequence[tuple[int, int]], rarity: float, start: int, stop: int) -> float:
    lead = (stop - spans[0][0]) / (stop - start)
    return math.pow(len(spans), TF_POWER) * rarity * (1 + EARLY * lead)


def _choose(
    weights: dict[str, float], places: dict[str, list[tuple[int, int]]], most: int, text: str
) -> list[str]:
    chosen: list[str] = []
    written: list[str] = []
    taken: set[int] = set()
    order = sorted((-weight, places[term][0], -len(term), term) for term, weight in weights.items())
    for *_, term in order:
        if len(chosen) == most:
            break
        own = _written(text, places[term][0])
        if _is_free(places[term], taken) and not any(are_alike(own, other) for other in written):
            chosen.append(term)
            written.append(own)
            taken.update(at for span in places[term] for at in range(*span))
    return chosen


def _is_free(spans: Sequence[tuple[int, int]], taken: set[int]) -> bool:
    """Return whether enough of the spans touch no characters that are taken."""
    if not taken:
        return True
    free = sum(taken.isdisjoint(range(*span)) for span in spans)
    return 2 * free > len(spans) or (free >= ALONE and 3 * free > len(spans))


def are_alike(one: str, other: str) -> bool:
    """Return whether two terms, as written, are one: a word's plural, a short form, or initials (CNN)."""
    if one[0].lower() != other[0].lower() or one.isascii() != other.isascii():
        return False
    short, long = sorted((one.lower(), other.lower()), key=len)
    if short.isascii():
        initials = "".join(word[0] for word in re.split(r"[\s-]+", long) if word)
        return long in (f"{short}s", f"{short}es") or short.removesuffix("s") == initials
    rest = iter(long)
    return (
        len(short) > 1 and short[0] == long[0] and short not in long and all(char in rest for char in short)
    )


def _written(text: str, span: tuple[int, int]) -> str:
    return " ".join(text[span[0] : span[1]].split())
