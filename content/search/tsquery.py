"""How an expression is asked of PostgreSQL: a `tsquery` for the index, and what is left to check in the text.

The index knows which terms a passage has, not where: of a phrase it is asked for all terms, and the text is
searched for the phrase. What is excluded must not be excluded by the terms of a phrase alone, so
there are two tsqueries of an expression: one finds all that it finds or more, the other no more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from content.search.entries import FACT, REPEATED, TITLE
from content.search.expressions import All, Either, Except, Expression, Phrase
from content.search.packing import BLANK, LOWER, WRITTEN, seek

MANY = 50
"""Facts, one of which is wanted, from which on each is asked for by itself: a tsquery with so many would be
gone through for each passage.
"""


@dataclass
class Question:
    """A condition on a passage `likely.id`, its text and what is kept of it, in SQL, and its parameters."""

    name: str
    """What the names of the parameters begin with."""
    having: str
    """FROM … WHERE …, to which a tsquery is added: the `passage_id`s of those that it finds."""
    values: dict[str, str | list[str]] = field(default_factory=dict)

    def check(self, sought: Expression) -> str | None:
        """Return what is to be checked of the passages that `at_least` finds; None if they are all."""
        match sought:
            case Phrase(terms):
                return self._has(sought) if len(terms) > 1 else None
            case All(parts):
                checks = [check for check in map(self.check, parts) if check]
                return f"({' AND '.join(checks)})" if checks else None
            case Either():
                return None if is_exact(sought) else self._holds(sought)
            case Except(wanted, unwanted):
                without = None if is_exact(unwanted) else f"NOT {self._holds(unwanted)}"
                return " AND ".join(filter(None, [self.check(wanted), without])) or None

    def _holds(self, sought: Expression) -> str:
        match sought:
            case Phrase():
                return self._has(sought)
            case All(parts):
                return f"({' AND '.join(map(self._holds, parts))})"
            case Either(parts) if are_many(parts):
                return self._has_one(parts)
            case Either(parts):
                return f"({' OR '.join(map(self._holds, parts))})"
            case Except(wanted, unwanted):
                return f"({self._holds(wanted)} AND NOT {self._holds(unwanted)})"

    def _has(self, phrase: Phrase) -> str:
        if phrase.terms[0].startswith((FACT, TITLE, REPEATED)):
            about = BLANK.join(["", *phrase.terms, *([] if phrase.is_prefix else [""])])
            return f"strpos(about, :{self._add(about)}) > 0"
        sought = seek(phrase)
        if sought.run:
            return f"strpos({WRITTEN}, :{self._add(sought.run)}) > 0"
        return f"coalesce(body ~ :{self._add(sought.whole)}, {LOWER} ~ :{self._add(sought.plain)})"

    def _has_one(self, facts: Sequence[Expression]) -> str:
        name = self._add([quote(term) for fact in facts if isinstance(fact, Phrase) for term in fact.terms])
        each = f"unnest(CAST(:{name} AS tsquery[])) AS fact"
        found = f"SELECT passage_id FROM {each}, LATERAL (SELECT passage_id {self.having} fact) AS found"
        return f"(likely.id IN ({found})) IS TRUE"  # of all once; IN alone may be looked up for each passage

    def _add(self, value: str | list[str]) -> str:
        name = f"{self.name}_{len(self.values)}"
        self.values[name] = value
        return name


def are_many(parts: Sequence[Expression]) -> bool:
    """Return whether the parts are facts, and many."""
    return len(parts) > MANY and all(
        isinstance(part, Phrase) and part.terms[0].startswith(FACT) for part in parts
    )


def is_exact(sought: Expression) -> bool:
    """Return whether the index alone can tell which passages are found."""
    match sought:
        case Phrase(terms):
            return len(terms) == 1
        case Either(parts) if are_many(parts):
            return False
        case All(parts) | Either(parts):
            return all(map(is_exact, parts))
        case Except(wanted, unwanted):
            return is_exact(wanted) and is_exact(unwanted)


def at_least(sought: Expression) -> str:
    """Return a tsquery that finds what is sought, or more."""
    match sought:
        case Phrase(terms, is_prefix):
            return f"({' & '.join(map(quote, terms))}{':*' if is_prefix else ''})"
        case All(parts):
            asked = [query for query in map(at_least, parts) if query != EVERYTHING]
            return f"({' & '.join(asked)})" if asked else EVERYTHING
        case Either(parts):
            queries = [EVERYTHING] if are_many(parts) else [at_least(part) for part in parts]
            return EVERYTHING if EVERYTHING in queries else f"({' | '.join(queries)})"
        case Except(wanted, unwanted):
            sure = at_most(unwanted)
            return f"({at_least(wanted)} & !{sure})" if sure else at_least(wanted)


def at_most(sought: Expression) -> str | None:
    """Return a tsquery that finds nothing but what is sought; None where that would find nothing."""
    match sought:
        case Phrase(terms):
            return at_least(sought) if len(terms) == 1 else None
        case All(parts):
            sure = [at_most(part) for part in parts]
            return f"({' & '.join(filter(None, sure))})" if all(sure) else None
        case Either(parts) if are_many(parts):
            return None
        case Either(parts):
            some = list(filter(None, map(at_most, parts)))
            return f"({' | '.join(some)})" if some else None
        case Except(wanted, unwanted):
            most = at_most(wanted)
            return f"({most} & !{at_least(unwanted)})" if most else None


def quote(term: str) -> str:
    """Return the term as a tsquery's word; no term has a quotation mark or backslash."""
    return f"'{term}'"


EVERYTHING = f"({quote(f'{FACT}c')}:*)"
"""A tsquery that finds all passages: each is in a collection."""
