"""How an expression is asked of PostgreSQL: a `tsquery` for the index, and what is left to check in the text.

The index knows which terms a passage has, not where: of a phrase it is asked for all terms, and the packed
text is searched for the phrase. What is excluded must not be excluded by the terms of a phrase alone, so
there are two tsqueries of an expression: one finds all that it finds or more, the other no more than that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from content.search.expressions import All, Either, Except, Expression, Phrase
from content.search.packing import pack_phrase, shorten


@dataclass
class Question:
    """A condition on a passage's packed terms, in SQL, and its parameters."""

    name: str
    """What the names of the parameters begin with."""
    values: dict[str, str] = field(default_factory=dict)

    def check(self, sought: Expression) -> str | None:
        """Return what is to be checked of the passages that `at_least` finds; None if they are all."""
        match sought:
            case Phrase(terms):
                return self._has(sought) if len(terms) > 1 else None
            case All(parts):
                checks = [check for check in map(self.check, parts) if check]
                return f"({' AND '.join(checks)})" if checks else None
            case Either(parts):
                return None if all(map(is_exact, parts)) else self._holds(sought)
            case Except(wanted, unwanted):
                without = None if is_exact(unwanted) else f"NOT {self._holds(unwanted)}"
                return " AND ".join(filter(None, [self.check(wanted), without])) or None

    def _holds(self, sought: Expression) -> str:
        match sought:
            case Phrase():
                return self._has(sought)
            case All(parts):
                return f"({' AND '.join(map(self._holds, parts))})"
            case Either(parts):
                return f"({' OR '.join(map(self._holds, parts))})"
            case Except(wanted, unwanted):
                return f"({self._holds(wanted)} AND NOT {self._holds(unwanted)})"

    def _has(self, phrase: Phrase) -> str:
        about, body = pack_phrase(phrase)
        name = f"{self.name}_{len(self.values)}"
        self.values[name] = about or body
        return f"strpos({'about' if about else 'body'}, :{name}) > 0"


def is_exact(sought: Expression) -> bool:
    """Return whether the index alone can tell which passages are found."""
    match sought:
        case Phrase(terms):
            return len(terms) == 1
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
            return f"({' & '.join(map(at_least, parts))})"
        case Either(parts):
            return f"({' | '.join(map(at_least, parts))})"
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
        case Either(parts):
            some = list(filter(None, map(at_most, parts)))
            return f"({' | '.join(some)})" if some else None
        case Except(wanted, unwanted):
            most = at_most(wanted)
            return f"({most} & !{at_least(unwanted)})" if most else None


def quote(term: str) -> str:
    """Return the term as a tsquery's word; the short alphabet has neither quotation mark nor backslash."""
    return f"'{shorten(term)}'"
