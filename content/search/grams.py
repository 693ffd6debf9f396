"""What is looked up: pairs of neighbouring characters of Chinese, whole words and numbers of Latin script.

A run of n Chinese characters gives its n - 1 pairs. Its last character follows alone where it is needed:
where no pair of the text begins with it, so that any character can be found as the beginning of a term, and
where pairs would otherwise seem to go on into what follows. That is a third of the runs, and saves a tenth
of the index. Everything here takes folded text and is pure; nothing knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, product
from operator import add

from content.search.expressions import Expression, Phrase, either, every
from content.tokens import NARROW, WIDE

TERM_CHARS = 64
"""Characters of a term that are kept: PostgreSQL refuses lexemes over 2 KB, and no word is so long."""
PREFIX_CHARS = 3
"""A Latin word of so many letters also finds longer words that begin with it."""
MOST_RUNS = 5
"""Runs of a pattern that are looked up, in each way they may stand in an index: at most 2⁴."""

_JUNCTION = re.compile(f"(?=([{WIDE}]{NARROW}|{NARROW}[{WIDE}]))")
_LETTER = re.compile(NARROW)
_RUN = re.compile(f"([{WIDE}](?: ?[{WIDE}])*)|({NARROW}+)")

Run = tuple[str, bool]
"""A run's text, and whether it is of a script without blanks."""


@dataclass(frozen=True)
class Pattern:
    """A word or phrase to look for: as terms of the index, and as a regular expression.

    Every text that has the pattern has the terms; where it begins with a single character before a mark, or
    has more than `MOST_RUNS` runs, texts that have its parts apart may have them as well.
    """

    text: str
    ways: tuple[tuple[str, ...], ...]
    """Rows of neighbouring terms, of which a text that has the pattern has one."""
    is_prefix: bool
    """Whether the last term may be the beginning of a longer one."""
    runs: tuple[Run, ...]
    is_word_open: bool
    """Whether the Latin word at its end may go on."""
    beside: tuple[Pattern, ...] = ()
    """What the terms leave out of it, to be found anywhere in the text."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that each text with the pattern has."""
        return self.ways[0]

    def expression(self, mark: str = "") -> Expression:
        """Return what finds the pattern among the terms that begin with the mark."""
        rows = either(Phrase(tuple(mark + term for term in terms), self.is_prefix) for terms in self.ways)
        return every([rows, *(each.expression(mark) for each in self.beside)])

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """Return where the folded text has it."""
        return list(self._places(folded))

    def is_in(self, folded: str) -> bool:
        """Return whether the folded text has it."""
        return next(self._places(folded), None) is not None

    def may_be_in(self, dense: str) -> bool:
        """Return whether a folded text may have it, by the text without its blanks: a glance."""
        return all(run in dense for run, _ in self.runs)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return _compile(self.runs)

    @cached_property
    def _run(self) -> str:
        """The pattern, if it is one run of Chinese: found faster where no blank is within it."""
        return self.runs[0][0] if len(self.runs) == 1 and self.runs[0][1] else ""

    def _places(self, folded: str) -> Iterator[tuple[int, int]]:
        if self._run and folded.count(self._run) == folded.replace(" ", "").count(self._run):
            yield from _find_all(self._run, folded)
            return
        at = 0
        while found := self._regex.search(folded, at):
            at = found.start() + 1
            if self._is_whole(folded, *found.span()):
                yield found.span()
                at = found.end()

    def _is_whole(self, folded: str, start: int, stop: int) -> bool:
        """Return whether no Latin word goes on before or behind the span."""
        begins = self.runs[0][1] or not start or not _LETTER.match(folded, start - 1)
        return begins and (self.runs[-1][1] or self.is_word_open or not _LETTER.match(folded, stop))


def split_terms(folded: str) -> list[str]:
    """Return the terms of a folded text, in order."""
    runs = _runs(folded)
    begun = {*"".join(run[:-1] for run, is_wide in runs if is_wide)}
    terms: list[str] = []
    for (run, is_wide), after in zip(runs, [*runs[1:], None], strict=False):
        if not is_wide:
            terms.append(run[:TERM_CHARS])
            continue
        terms += map(add, run, run[1:])
        if run[-1] not in begun or _needs_end(run, after):
            terms.append(run[-1])
            begun.add(run[-1])
    return terms


def split_junctions(folded: str) -> list[str]:
    """Return the pairs in which Chinese meets a word or number, as 年1 in 1982年13月, each once.

    They find quotations that begin or end within a number.
    """
    return list(dict.fromkeys(_JUNCTION.findall(folded)))


def split_grams(folded: str) -> list[str]:
    """Return the pairs, words and numbers of a folded text; where there are none, its single characters."""
    runs = _runs(folded)
    grams = [gram for run, is_wide in runs for gram in (_pairs(run) if is_wide else [run[:TERM_CHARS]])]
    return [*grams, *split_junctions(folded)] or [run for run, _ in runs]


@lru_cache(maxsize=4096)
def make_gram(gram: str) -> Pattern:
    """Return what finds one of `split_grams`, as it stands in the index."""
    is_junction = len(gram) == 2 and _JUNCTION.match(gram) is not None
    found = None if is_junction else make_pattern(gram)
    return found or Pattern(gram, ((gram,),), is_prefix=False, runs=((gram, True),), is_word_open=False)


@lru_cache(maxsize=4096)
def make_pattern(folded: str, is_exact: bool = False) -> Pattern | None:
    """Return what finds `folded`; None where it has neither letter nor number.

    Marks do not count but keep their place: 初心、使命 finds 初心，使命 and not 初心使命. Unless `is_exact`,
    a Latin word at the end finds longer words too.
    """
    runs = _runs(folded)
    if not runs:
        return None
    last, is_wide = runs[-1]
    is_open = not is_wide and not is_exact and len(last) >= PREFIX_CHARS and last.isalpha()
    before, sought, after = _looked_up(runs)
    is_whole = not after
    beside = (make_pattern(",".join(run for run, _ in part), is_exact) for part in (before, after))
    return Pattern(
        text=folded,
        ways=tuple(tuple(chain.from_iterable(way)) for way in product(*_ways(sought))),
        is_prefix=len(sought[-1][0]) == 1 if sought[-1][1] else is_open and is_whole,
        runs=tuple(runs),
        is_word_open=is_open,
        beside=tuple(filter(None, beside)),
    )


def split_runs(folded: str) -> Iterator[str]:
    """Yield the runs of Chinese, and the words and numbers, between the marks of a folded text."""
    yield from (run for run, _ in _runs(folded))


def _runs(folded: str) -> list[Run]:
    return [
        (wide.replace(" ", "") if " " in wide else wide, True) if wide else (narrow, False)
        for wide, narrow in _RUN.findall(folded)
    ]


def _pairs(run: str) -> list[str]:
    return list(map(add, run, run[1:]))


def _needs_end(run: str, after: Run | None) -> bool:
    """Return whether the last character of a run of Chinese always follows its pairs, by what comes after."""
    return len(run) == 1 or (after is not None and (not after[1] or after[0][0] == run[-1]))


def _looked_up(runs: list[Run]) -> tuple[list[Run], list[Run], list[Run]]:
    """Return the runs of a pattern to look up side by side, between those before and after them.

    In a text, its first may be the end of a longer run.
    """
    is_loose = len(runs) > 1 and runs[0][1] and len(runs[0][0]) == 1 and runs[1][1]
    first = 1 if is_loose else 0
    return runs[:first], runs[first : first + MOST_RUNS], runs[first + MOST_RUNS :]


def _ways(runs: list[Run]) -> Iterator[list[list[str]]]:
    """Yield the rows of terms that each run may give; the first has none that is optional."""
    for (run, is_wide), after in zip(runs, [*runs[1:], None], strict=False):
        if not is_wide:
            yield [[run[:TERM_CHARS]]]
        elif after is None:
            yield [_pairs(run) or [run]]
        elif _needs_end(run, after):
            yield [[*_pairs(run), run[-1]]]
        else:
            yield [_pairs(run), [*_pairs(run), run[-1]]]


def _find_all(run: str, folded: str) -> Iterator[tuple[int, int]]:
    at = folded.find(run)
    while at >= 0:
        yield at, at + len(run)
        at = folded.find(run, at + len(run))


def _compile(runs: Sequence[Run]) -> re.Pattern[str]:
    """Return what finds the runs; whether words are whole is looked at elsewhere: classes compile slowly."""
    parts: list[str] = []
    for at, (run, is_wide) in enumerate(runs):
        if at:
            parts.append(r"[\W_]+" if is_wide == runs[at - 1][1] else r"[\W_]*")
        parts.append(" ?".join(map(re.escape, run)) if is_wide else re.escape(run))
    return re.compile("".join(parts))
