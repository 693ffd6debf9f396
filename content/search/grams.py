"""What is looked up: pairs of neighbouring characters of Chinese, whole words and numbers of Latin script.

A run of n Chinese characters gives its n - 1 pairs and then its last character alone, which keeps runs
apart: a phrase of pairs can only match inside one run, and any character can be found as the beginning of
a term. Everything here takes folded text and is pure; nothing knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from content.tokens import NARROW, WIDE

TERM_CHARS = 64
"""Characters of a term that are kept: PostgreSQL refuses lexemes over 2 KB, and no word is so long."""
PREFIX_CHARS = 3
"""A Latin word of so many letters also finds longer words that begin with it."""

_RUN = re.compile(f"(?P<wide>[{WIDE}](?: ?[{WIDE}])*)|{NARROW}+")


@dataclass(frozen=True)
class Pattern:
    """A word or phrase to look for: neighbouring terms of the index, and the same as a regular expression."""

    text: str
    terms: tuple[str, ...]
    is_prefix: bool
    """Whether the last term may be the beginning of a longer one."""
    regex: re.Pattern[str]

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Return where the folded text has it."""
        return [match.span() for match in self.regex.finditer(folded)]


def split_terms(folded: str) -> list[str]:
    """Return the terms of a folded text, in order."""
    return [
        term for run, is_wide in _runs(folded) for term in (_pairs(run) if is_wide else [run[:TERM_CHARS]])
    ]


@lru_cache(maxsize=4096)
def make_pattern(folded: str, is_exact: bool = False) -> Pattern | None:
    """Return what finds `folded`; None where it has neither letter nor number.

    Marks do not count but keep their place: 初心、使命 finds 初心，使命 and not 初心使命. Unless `is_exact`,
    a Latin word at the end finds longer words too.
    """
    runs = list(_runs(folded))
    if not runs:
        return None
    last, is_wide = runs[-1]
    is_open = not is_wide and not is_exact and len(last) >= PREFIX_CHARS and last.isalpha()
    terms = split_terms(folded)
    if is_wide and len(last) > 1:
        terms.pop()  # the lone last character is only there where a run ends
    return Pattern(folded, tuple(terms), is_open or (is_wide and len(last) == 1), _regex(runs, is_open))


def split_runs(folded: str) -> Iterator[str]:
    """Yield the runs of Chinese, and the words and numbers, between the marks of a folded text."""
    yield from (run for run, _ in _runs(folded))


def _runs(folded: str) -> Iterator[tuple[str, bool]]:
    for match in _RUN.finditer(folded):
        is_wide = match.lastgroup is not None
        yield (match[0].replace(" ", "") if is_wide else match[0]), is_wide


def _pairs(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]]


def _regex(runs: list[tuple[str, bool]], is_open: bool) -> re.Pattern[str]:
    parts: list[str] = []
    for at, (run, is_wide) in enumerate(runs):
        if at:
            parts.append(r"[\W_]+" if is_wide == runs[at - 1][1] else r"[\W_]*")
        parts.append(" ?".join(map(re.escape, run)) if is_wide else re.escape(run))
    before = "" if runs[0][1] else f"(?<!{NARROW})"
    after = "" if runs[-1][1] or is_open else f"(?!{NARROW})"
    return re.compile(before + "".join(parts) + after)
