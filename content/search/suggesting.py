"""What may have been meant by a query without an answer in full: terms of the corpus near what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import islice

from content.search.grams import make_pattern
from content.search.matching import Postings
from content.search.query import Query, describe
from content.search.terms import find_terms
from content.tokens import fold

MOST_SUGGESTIONS = 3


def suggest(postings: Postings, query: Query, readable: Set[int] | None) -> Iterator[str]:
    """Yield queries in which what stands nowhere is replaced by terms that readable passages have."""
    yield from islice(dict.fromkeys(_suggest(postings, query, readable)), MOST_SUGGESTIONS)


def _suggest(postings: Postings, query: Query, readable: Set[int] | None) -> Iterator[str]:
    wanted = describe(query).wanted
    unknown = [typed for typed in wanted if not _is_there(postings, fold(typed).text, readable)]
    together = " ".join(wanted)
    if len(unknown) > 1 and together.isascii() and together in query.text:
        terms = _near(postings, together.replace(" ", ""), readable)
        yield from (query.text.replace(together, term, 1) for term in terms)
    near = {typed: _near(postings, typed, readable) for typed in unknown}
    known = {typed: terms for typed, terms in near.items() if terms}
    for typed, terms in known.items():
        others = {other: others[0] for other, others in known.items() if other != typed}
        yield from (_replaced(query.text, {**others, typed: term}) for term in terms)


def _near(postings: Postings, typed: str, readable: Set[int] | None) -> Sequence[str]:
    terms = find_terms(postings.session, fold(typed).text)
    return list(islice((term for term in terms if _is_there(postings, term, readable)), MOST_SUGGESTIONS))


def _is_there(postings: Postings, folded: str, readable: Set[int] | None) -> bool:
    """Return whether a readable passage has it as it stands."""
    pattern = make_pattern(folded)
    found = postings.anywhere(pattern) if pattern else set()
    return bool(found if readable is None else found & readable)


def _replaced(text: str, changes: dict[str, str]) -> str:
    return " ".join(changes.get(part, part) for part in text.split(" "))
