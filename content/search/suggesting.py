"""What may have been meant by a query without an answer in full: terms of the corpus near what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from content.search.expressions import every
from content.search.folding import make_alike
from content.search.grams import make_pattern, split_runs
from content.search.latin import RUN, find_stretches, put_hyphens
from content.search.lookup import Lookup
from content.search.nearness import WORD_CHARS
from content.search.query import Query, describe, parse_query
from content.search.sounds import MOST_UNITS, is_han, read_syllables, split_units, write_v
from content.search.spelling import PAIR, is_word, spell
from content.search.terms import find_alike, find_near
from content.tokens import fold

MOST_SUGGESTIONS = 3
_WORD = "书"
"""Any word."""


def suggest(lookup: Lookup, query: Query) -> Iterator[str]:
    """Yield queries in which what stands nowhere is replaced by terms that readable passages have."""
    suggested = dict.fromkeys(_suggest(lookup, query))
    yield from islice((each for each in suggested if not _repeats(each)), MOST_SUGGESTIONS)


def suggest_beside(lookup: Lookup, query: Query) -> Iterator[str]:
    """Yield queries of what the letters may be pinyin of, though a passage has them as they are: Beijing."""
    together = " ".join(describe(query).wanted)
    written = _written(together)
    is_pinyin = not any(map(is_han, written)) and max(map(len, read_syllables(written)), default=0) >= PAIR
    if is_pinyin and together in query.text:
        there = islice(filter(_is_text, _find_alike(lookup, written.replace(" ", ""))), MOST_SUGGESTIONS)
        yield from (query.text.replace(together, term, 1) for term in there)


def _repeats(text: str) -> bool:
    parts = text.split()
    return len({*parts}) < len(parts)


def _suggest(lookup: Lookup, query: Query) -> Iterator[str]:
    wanted = describe(query).wanted
    unknown = [typed for typed in wanted if _may_be_another(lookup, fold(typed).text)]
    together = " ".join(wanted)
    if unknown and len(wanted) > 1 and not any(map(is_han, together)) and together in query.text:
        terms = _near(lookup, together.replace(" ", ""))
        yield from (query.text.replace(together, term, 1) for term in terms)
        if terms:
            return
    near = {typed: _near(lookup, typed) for typed in unknown}
    known = {typed: terms for typed, terms in near.items() if terms}
    for typed, terms in known.items():
        others = {other: others[0] for other, others in known.items() if other != typed}
        yield from (_replaced(query.text, {**others, typed: term}) for term in terms)


def _near(lookup: Lookup, typed: str) -> Sequence[str]:
    """Return what sounds like what was typed; else what is near it otherwise."""
    written = _written(typed)
    folded = written if read_syllables(written) else fold(typed).text
    for find in (_find_alike, _find_loosely_alike, _find_near, _with_words_near):
        if there := [*islice(filter(_is_text, find(lookup, folded)), MOST_SUGGESTIONS)]:
            return [_as_written(lookup, term) for term in there]
    return []


def _written(typed: str) -> str:
    return fold(write_v(typed)).text


def _find_alike(lookup: Lookup, folded: str) -> Iterator[str]:
    """Yield the terms and other words that sound like what was typed: those that share most characters with
    it first, then the commonest."""
    terms = _weigh_terms(lookup, find_alike(lookup.session, folded))
    is_known = any(len(term) > PAIR and _is_there(lookup, term) for term in terms)
    weights = terms if is_known else terms | spell(lookup, folded)
    shared = {word: len({*word} & {*folded}) for word in weights}
    for word in sorted(weights, key=lambda word: (-shared[word], -weights[word], word)):
        is_there = _is_there if word in terms else is_word
        if is_there(lookup, word):
            yield word


def _weigh_terms(lookup: Lookup, terms: Mapping[str, float]) -> dict[str, float]:
    """Return the terms with the counts of their rarest pairs, as far as they are likely."""
    patterns = {term: pattern for term in terms if (pattern := make_pattern(make_alike(term)))}
    lookup.frequencies({gram for pattern in patterns.values() for gram in pattern.terms})
    return {term: lookup.frequency(pattern) * terms[term] for term, pattern in patterns.items()}


def _find_loosely_alike(lookup: Lookup, folded: str) -> Iterator[str]:
    """Yield the words that sound like what was typed in Latin script, to a southern ear."""
    spelled = {} if any(map(is_han, folded)) else spell(lookup, folded, is_loose=True)
    return (word for word in spelled if is_word(lookup, word))


def _find_near(lookup: Lookup, folded: str) -> Iterator[str]:
    return (term for term in find_near(lookup.session, folded) if _is_there(lookup, term))


def _as_written(lookup: Lookup, folded: str) -> str:
    """Return the term with its words of Latin script as a passage writes them: PyTorch."""
    return RUN.sub(lambda run: lookup.as_written(run[0]) or run[0], folded)


def _with_words_near(lookup: Lookup, folded: str) -> Iterator[str]:
    """Yield what was typed with hyphens, with another word for one of Latin script in it, or as two words."""
    hyphened = put_hyphens(folded)
    if hyphened != folded and _is_there(lookup, hyphened):
        yield hyphened
    changed = (
        folded[:start] + word + folded[stop:]
        for start, stop in find_stretches(folded)
        if _may_be_piece(folded, folded[start:stop]) and not _is_there(lookup, folded[start:stop])
        for word in lookup.words_near(folded[start:stop])[:MOST_SUGGESTIONS]
    )
    yield from (text for text in (*changed, *lookup.two_words(folded)) if _is_together(lookup, text))


def _may_be_piece(folded: str, stretch: str) -> bool:
    """Return whether it says enough: a few letters by themselves are in too many words, W45 is not."""
    return stretch != folded or len(stretch) >= WORD_CHARS or not stretch.isalpha()


def _is_text(term: str) -> bool:
    """Return whether the term is looked for beside another word: a title may begin with a minus or `in:`."""
    beside = parse_query(f"{_WORD} {term}")
    return make_pattern(term) is not None and not (beside.excluded or beside.is_narrowed)


def _may_be_another(lookup: Lookup, folded: str) -> bool:
    """Return whether no readable passage has it; of a sentence, which is no term, whether it has a word of
    Latin script."""
    if len(split_units(folded)) > MOST_UNITS:
        return any(find_stretches(folded))
    return not _is_there(lookup, folded)


def _is_there(lookup: Lookup, folded: str) -> bool:
    """Return whether a readable passage has it as it stands."""
    pattern = make_pattern(make_alike(folded))
    return pattern is not None and lookup.has(pattern)


def _is_together(lookup: Lookup, folded: str) -> bool:
    """Return whether a readable passage has all of it, wherever."""
    patterns = filter(None, map(make_pattern, split_runs(make_alike(folded))))
    return lookup.is_there(every(map(lookup.anywhere, patterns)))


def _replaced(text: str, changes: dict[str, str]) -> str:
    return " ".join(changes.get(part, part) for part in text.split(" "))
