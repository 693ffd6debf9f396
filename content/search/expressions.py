"""What is asked of an index: terms and phrases, joined by and, or, not. Engines write it in their own syntax.

Terms hold letters, numbers and the marks of `content.search.entries`; so no syntax of an engine can be in
one, and what a person typed never reaches an engine but as terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """Terms that follow one another; a single one too."""

    terms: tuple[str, ...]
    is_prefix: bool = False
    """Whether the last term may be the beginning of a longer one."""


@dataclass(frozen=True)
class All:
    """What each of the parts finds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Either:
    """What one of the parts finds, or more."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Except:
    """What `wanted` finds and `unwanted` does not."""

    wanted: Expression
    unwanted: Expression


Expression = Phrase | All | Either | Except

NOTHING = Phrase(("∅",))
"""Finds nothing: no text has such a term."""


def every(parts: Iterable[Expression | None]) -> Expression:
    """Return what finds what all of the parts find; None restricts nothing. ValueError for no part."""
    given = tuple(dict.fromkeys(part for part in parts if part is not None))
    if not given:
        raise ValueError("all of nothing is everything, which no index can be asked for")
    return given[0] if len(given) == 1 else All(given)


def either(parts: Iterable[Expression]) -> Expression:
    """Return what finds what any of the parts finds: nothing where there are none."""
    given = tuple(dict.fromkeys(parts))
    return given[0] if len(given) == 1 else Either(given) if given else NOTHING
