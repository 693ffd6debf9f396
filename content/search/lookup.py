"""Looking things up in the index: counts, the newest passages, those that have most of what is sought.

Every statement is written for both engines, and reads a bounded number of rows, however many passages there
are; only counting reads all, and that is done inside the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from content.search.entries import REPEATED, TITLE
from content.search.expressions import Either, Expression, Phrase, either, every
from content.search.folding import fold
from content.search.grams import Pattern, make_pattern
from content.search.index import engine_of
from content.search.latin import choose_near, split_in_two, split_slip
from content.search.scope import EVERYWHERE, Scope
from content.search.statements import fetch, fetch_one, listed

MOST_BEGUN = 5_000
"""Passages that have a term with a given beginning, of whose terms all are looked up; of more only the most
frequent: bringing the places of all together takes about 1 µs each."""
MOST_ENDINGS = 8
"""Terms that are looked up instead."""
MOST_WITH = 5_000
"""Words with a part of what was typed that are held against it: about a microsecond each."""


class Lookup:
    """The index, as far as the scope lets it be seen. What was counted once is not counted again."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.session = session
        self.scope = scope
        self.engine = engine_of(session)
        self.engine.hasten(session)
        self._frequencies: dict[str, int] = {}
        self._endings: dict[str, Sequence[Phrase]] = {}
        self._found: dict[tuple[Expression, int], list[int]] = {}

    @property
    def size(self) -> int:
        """How many passages the index has."""
        return self.frequencies([""]).get("", 0)

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return in how many passages each term stands; 0 for those that stand nowhere."""
        new = {term for term in terms if term not in self._frequencies}
        if new:
            self._frequencies |= dict.fromkeys(new, 0) | self.engine.frequencies(self.session, new)
        return {term: self._frequencies[term] for term in terms}

    def frequency(self, pattern: Pattern) -> int:
        """Return in how many passages the rarest of the pattern's terms stands."""
        return min(self.frequencies(pattern.terms).values())

    def in_text(self, pattern: Pattern) -> Expression:
        """Return what finds the passages whose text has the pattern."""
        return self._affordable(pattern, "")

    def in_titles(self, pattern: Pattern) -> Expression:
        """Return what finds the passages whose titles have the pattern."""
        return self._affordable(pattern, TITLE)

    def anywhere(self, pattern: Pattern) -> Expression:
        """Return what finds the passages that have the pattern in text or titles."""
        return either([self.in_text(pattern), self.in_titles(pattern)])

    def repeated(self, pattern: Pattern) -> Expression:
        """Return what finds the passages that have all terms of the pattern again and again."""
        return every(Phrase((REPEATED + term,), pattern.is_prefix) for term in pattern.terms)

    def is_capped(self, pattern: Pattern) -> bool:
        """Return whether so many terms begin with the pattern that not all are looked for."""
        return isinstance(self.in_text(pattern), Either) and len(pattern.ways) == 1

    def _affordable(self, pattern: Pattern, mark: str) -> Expression:
        """Return the pattern's expression; of very many terms that begin as its only one, the commonest."""
        whole = pattern.expression(mark)
        if not (isinstance(whole, Phrase) and whole.is_prefix and len(whole.terms) == 1):
            return whole
        endings = self._dear_endings(whole.terms[0])
        return either([Phrase(whole.terms), *endings]) if endings else whole

    def is_dear(self, pattern: Pattern) -> bool:
        """Return whether very many places end several terms that may begin with the last of the pattern's."""
        return pattern.is_prefix and len(pattern.terms) > 1 and bool(self._dear_endings(pattern.terms[-1]))

    def _dear_endings(self, beginning: str) -> Sequence[Phrase]:
        """Return the commonest terms that begin so, where these are in very many passages."""
        if beginning not in self._endings:
            begun = self.engine.begun(self.session, beginning, MOST_ENDINGS)
            is_dear = sum(passages for _, passages in begun) > MOST_BEGUN
            self._endings[beginning] = [Phrase((term,)) for term, _ in begun] if is_dear else []
        return self._endings[beginning]

    def words_near(self, typed: str) -> list[str]:
        """Return words of Latin script a slip away, or else with what was typed inside: those that begin like
        it first, then the most frequent."""
        parts = split_slip(typed)
        words = self.engine.words_with(self.session, parts, MOST_WITH) if parts else []
        near = choose_near(typed, words)
        counts = self.frequencies({*near})
        return sorted(near, key=lambda word: (word[0] != typed[0], -counts[word], word))

    def two_words(self, typed: str) -> list[str]:
        """Return the ways to cut letters into two words that there are, the evenest first."""
        cuts = split_in_two(typed)
        counts = self.frequencies({word for cut in cuts for word in cut})
        return [" ".join(cut) for cut in cuts if all(counts[word] for word in cut)]

    def as_written(self, word: str) -> str | None:
        """Return the word as the newest passage writes it that has it in its text; None where none has."""
        pattern = make_pattern(word, is_exact=True)
        if pattern is None or not (there := self.newest(self.in_text(pattern), 1)):
            return None
        original = fetch_one(self.session, f"SELECT text FROM passage WHERE id = {there[0]}") or ""
        folded = fold(original)
        return next((original[slice(*folded.span(*span))] for span in pattern.spans(folded.text)), None)

    def count(self, sought: Expression | None) -> int:
        """Return how many passages there are; None seeks all that is in the scope."""
        found = self.engine.found(self.scope.limit(sought), "sought")
        return int(fetch_one(self.session, f"SELECT count(*) FROM ({found.sql}) AS found", found.values))

    def is_there(self, sought: Expression) -> bool:
        """Return whether there is a passage."""
        found = self.engine.found(self.scope.limit(sought), "sought")
        return bool(fetch_one(self.session, f"SELECT EXISTS ({found.sql})", found.values))

    def has(self, pattern: Pattern) -> bool:
        """Return whether a passage has the pattern, in text or titles."""
        is_counted = self.scope == EVERYWHERE and len(pattern.ways) == len(pattern.terms) == 1
        if is_counted and self.frequency(pattern):
            return True
        return self._may_be_there(pattern) and self.is_there(self.anywhere(pattern))

    def _may_be_there(self, pattern: Pattern) -> bool:
        """Return whether what goes before an open end is there: to bring together all that begins is dear."""
        before = [terms[:-1] for terms in pattern.ways if pattern.is_prefix and len(terms) > 1]
        marks = ("", TITLE) if before else ()
        whole = [Phrase(tuple(mark + term for term in terms)) for mark in marks for terms in before]
        return not whole or self.is_there(either(whole))

    def newest(
        self, sought: Expression, most: int, *, offset: int = 0, but: Collection[int] = ()
    ) -> list[int]:
        """Return passages, the one that was added last first, without those of `but`."""
        if not (offset or but):
            return self._newest(sought, most)
        found = self.engine.newest(self.scope.limit(sought), "sought", offset + most + len(but))
        statement = (
            f"SELECT id FROM ({found.sql}) AS found WHERE id NOT IN {listed(but)}"
            f" ORDER BY id DESC LIMIT {most} OFFSET {offset}"
        )
        return [passage for (passage,) in fetch(self.session, statement, found.values)]

    def _newest(self, sought: Expression, most: int) -> list[int]:
        if (sought, most) not in self._found:
            (ids,) = self._listed([self.scope.limit(sought)], most)
            self._found[sought, most] = sorted(map(int, ids), reverse=True)
        return self._found[sought, most]

    def weigh(
        self,
        parts: Sequence[tuple[Expression, float]],
        *,
        each: int,
        most: int,
        among: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        """Return (passage, sum of the weights of the parts that find it), the heaviest first, of equals the
        newest, at most `most`.

        Only those `among`, if it is given: they are known to be in the scope. Of each part the newest `each`
        passages are looked at. Weights are added up in thousandths, so that sums are the same in whatever
        order.
        """
        if not parts:
            return []
        scope = self.scope if among is None else EVERYWHERE
        weights: dict[str, int] = {}
        found = self._listed([scope.limit(part) for part, _ in parts], each)
        for ids, (_, weight) in zip(found, parts, strict=True):
            thousandths = round(weight * 1000)
            for passage in ids:
                weights[passage] = weights.get(passage, 0) + thousandths
        if among is not None:
            weights = {passage: weights[passage] for passage in map(str, among) if passage in weights}
        return [(passage, weight / 1000) for passage, weight in _heaviest(weights, most)]

    def _listed(self, sought: Sequence[Expression], most: int) -> list[list[str]]:
        """Return the newest that each finds, the ids as text: rows take ten times as long to hand over."""
        found = [self.engine.newest(each, f"part{at}", most) for at, each in enumerate(sought)]
        joined = (f"(SELECT {self.engine.joined_ids} FROM ({newest.sql}) AS part)" for newest in found)
        values = {name: value for newest in found for name, value in newest.values.items()}
        (row,) = fetch(self.session, f"SELECT {', '.join(joined)}", values)
        return [ids.split(",") if ids else [] for ids in row]

    def count_documents(self, sought: Expression | None, most: int) -> int:
        """Return how many documents the newest `most` passages are in."""
        newest = self.engine.newest(self.scope.limit(sought), "sought", most)
        counted = f"SELECT count(DISTINCT document_id) FROM passage JOIN ({newest.sql}) AS found USING (id)"
        return int(fetch_one(self.session, counted, newest.values))


def _heaviest(weights: Mapping[str, int], most: int) -> list[tuple[int, int]]:
    bar = min(sorted(weights.values(), reverse=True)[:most], default=0)
    heavy = [(weight, int(passage)) for passage, weight in weights.items() if weight >= bar]
    return [(passage, weight) for weight, passage in sorted(heavy, reverse=True)[:most]]
