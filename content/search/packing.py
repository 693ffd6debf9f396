"""What PostgreSQL keeps of a passage beside its text, so that its terms can be made in SQL from both.

Most texts are folded by exchanging single characters: these are kept (but for capitals of ASCII, which SQL
knows), and the text is not stored a second time. A text that folds otherwise (Ⅱ, ㎞) or has rare scripts is
kept whole, as its runs: Chinese, words and numbers as they stand, a blank between those that anything parts.
Which it is, is tried: the runs must come out the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from content.fold_table import fold_table
from content.search.entries import Entry
from content.search.expressions import Phrase
from content.search.folding import ALIKE, make_alike
from content.search.grams import TERM_CHARS
from content.tokens import NARROW, WIDE

BLANK = " "
"""Parts runs, and terms."""
PLAIN = "0-9a-zæðø-ʯα-ωа-џ"
"""Letters and numbers of texts that are not kept whole, for a regular expression's brackets: Latin with
phonetics, Greek and Cyrillic."""

WRITTEN = "coalesce(body, CASE given WHEN '' THEN text ELSE translate(text, given, formed) END)"
"""The text of a passage in SQL, folded but for capitals and marks; or its runs."""
LOWER = f'lower({WRITTEN} COLLATE "C")'
"""The same, folded but for marks."""
RUNS = f"coalesce(body, regexp_replace({LOWER}, '[^{WIDE}{PLAIN}]+', '{BLANK}', 'g'))"
"""The runs of a passage in SQL."""


def _wide(char: str) -> str:
    """Return whether the character is of a script without blanks, in SQL: of most that is plain at once."""
    common = f"{char} BETWEEN '㐀' AND '鿿' COLLATE \"C\""
    return f"({common} OR {char} > 'z' COLLATE \"C\" AND {char} ~ '[{WIDE}]')"


_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}(wanted bigint) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT COST 100000
BEGIN ATOMIC
"""
READ_TERMS = f"""{_FUNCTION}
    SELECT array_to_tsvector(string_to_array(terms, '{BLANK}')) FROM {{ready}} WHERE passage_id = $1;
END
"""
"""Makes a function that reads the terms where they are ready, which takes a tenth of the time."""
MAKE_TERMS = f"""{_FUNCTION}
    SELECT array_to_tsvector(
        string_to_array(btrim(about, '{BLANK}'), '{BLANK}')
        || ARRAY(
            SELECT this || next FROM unnest(chars, chars[2:]) AS neighbours (this, next)
            WHERE this <> '{BLANK}' AND next <> '{BLANK}' AND ({_wide("this")} OR {_wide("next")}))
        || ARRAY(
            SELECT CASE WHEN {_wide("run")} THEN right(run, 1) ELSE run END
            FROM unnest(parts, parts[2:]) AS neighbours (run, next)
            WHERE NOT {_wide("run")} OR length(run) = 1 OR left(next, 1) = right(run, 1)
                OR NOT {_wide("next")} OR strpos(begun, right(run, 1)) = 0))
    FROM (
        SELECT about, string_to_array(runs, NULL) AS chars,
            regexp_replace(runs, '[{WIDE}]([^{WIDE}]|$)', '{BLANK}', 'g') AS begun,
            array_remove(string_to_array(
                regexp_replace(runs, '[^{WIDE}{BLANK}]+', '{BLANK}\\&{BLANK}', 'g'), '{BLANK}'), '') AS parts
        FROM (
            SELECT about, {RUNS} AS runs FROM {{packed}} JOIN passage ON passage.id = passage_id
            WHERE passage_id = $1 OFFSET 0
        ) AS own
        OFFSET 0
    ) AS split;
END
"""
"""Makes a function that makes the terms of `content.search.entries` from a passage and what is kept of it.
It is bound to its tables, whatever they are renamed to, and is restored after them from a dump.
"""

_INNER = re.compile(f"(?<=[{WIDE}]) (?=[{WIDE}])")
_MARKS = re.compile(f"[^\\w{WIDE}]+")
_NOT_PLAIN = re.compile(f"[^{WIDE}{PLAIN}]+")
_WITHOUT_BLANKS = {" ": "", "\u3000": ""}
"""There are none within Chinese; so this is right for texts that have them nowhere else."""
_CAPITALS = re.compile("[A-Z]+")
_LONG = re.compile(f"{NARROW}{{{TERM_CHARS + 1},}}")
_WIDE = re.compile(f"[{WIDE}]")
_TOLD = re.compile(f"[{WIDE}]|{NARROW}")


class Packed(NamedTuple):
    """What is kept of a passage."""

    about: str
    """The terms that are not its text's own: facts, titles, what is repeated, each between blanks."""
    given: str
    """Characters of the text that are exchanged or left out, …"""
    formed: str
    """… and for what they are exchanged, in the same order."""
    body: str | None
    """The runs of the text; None where they come out of it in SQL."""


def pack(entry: Entry) -> Packed:
    """Return what is kept of the entry."""
    about, runs = BLANK.join(["", *entry.about, ""]), write_runs(entry.folded)
    exchanged = _exchanged(entry.text)
    for changed in (exchanged, exchanged | _WITHOUT_BLANKS):
        if _runs_by_sql(entry.text, changed) == runs:
            return Packed(about, "".join(changed), "".join(changed.values()), None)
    return Packed(about, "", "", runs)


def write_runs(folded: str) -> str:
    """Return the runs of a folded text, words no longer than they are as terms."""
    joined = _INNER.sub("", folded).replace("_", BLANK)
    return _MARKS.sub(BLANK, _LONG.sub(lambda word: word[0][:TERM_CHARS], joined))


def _runs_by_sql(text: str, changed: Mapping[str, str]) -> str:
    """Return what `RUNS` is of a text that is not kept whole."""
    written = text.translate({ord(char): form for char, form in changed.items()}) if changed else text
    return _NOT_PLAIN.sub(BLANK, _CAPITALS.sub(lambda capitals: capitals[0].lower(), written))


def _exchanged(text: str) -> dict[str, str]:
    unlike = {*fold_table().unlike.findall(text), *(char for char, _ in ALIKE if char in text)}
    return {char: form for char in sorted(unlike) if (form := _form(char))}


@lru_cache(maxsize=4096)
def _form(char: str) -> str | None:
    """Return what the character is exchanged for; None where it is not, or terms do not depend on it."""
    form = make_alike(fold_table()[ord(char)])
    is_exchanged = len(form) == 1 and form != char and not _CAPITALS.match(char)
    return form if is_exchanged and (_TOLD.match(char) or _TOLD.match(form)) else None


class Sought(NamedTuple):
    """A phrase as the texts that have it are told."""

    run: str
    """Chinese that every such text has, if the phrase is nothing else; "" otherwise."""
    whole: str
    """A regular expression that finds the phrase in what is kept whole, …"""
    plain: str
    """… and in other texts."""


def seek(phrase: Phrase) -> Sought:
    """Return how a phrase of a text is told: its terms are neighbours there, whatever marks are between."""
    runs = _join_runs(phrase.terms)
    if len(runs) == 1 and _is_wide(runs[0][0]) | _is_wide(runs[0][-1]):
        is_run = _is_wide(runs[0][0]) & _is_wide(runs[0][-1])
        return Sought(runs[0] if is_run else "", runs[0], runs[0])
    whole = _regex(runs, BLANK, f"[{WIDE}{BLANK}]", phrase.is_prefix)
    plain = _regex(runs, f"[^{WIDE}{PLAIN}]", f"[^{PLAIN}]", phrase.is_prefix)
    return Sought("", whole, plain)


def _join_runs(terms: Sequence[str]) -> list[str]:
    """Return the runs that the terms come from: a single character of Chinese ends the one before it."""
    runs: list[str] = []
    end = ""  # of the run that may go on
    for term in terms:
        if end and term[0] == end:
            runs[-1] += term[1:]
        else:
            runs.append(term)
        end = term[1:] if _is_wide(term) else ""
    return runs


def _regex(runs: Sequence[str], between: str, beside: str, is_open: bool) -> str:
    """Return what finds the runs with what parts them `between`, and words whole: with what is no part of one
    `beside` them; `is_open` if the last may go on."""
    first, last = runs[0], runs[-1]
    parts = [first if _is_wide(first) else f"(^|{beside}){first}"]
    for before, run in pairwise(runs):
        parts += between, "+" if _is_wide(before) == _is_wide(run) else "*", run
    return "".join(parts) + ("" if is_open or _is_wide(last) else f"($|{beside})")


def _is_wide(run: str) -> bool:
    return _WIDE.match(run) is not None
