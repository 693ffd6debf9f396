"""The corpus' own terms, filed under how they sound: keywords of passages, and short titles.

Terms are only ever added; what no readable passage has is left out when it is looked for. A new index
begins with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from string import ascii_lowercase

from sqlalchemy import text
from sqlalchemy.orm import Session

from content.search.grams import split_runs
from content.search.nearness import WORD_CHARS, distance, may_be_near, near_keys
from content.search.sounds import Units, likelihood, make_keys, read_typed, split_units
from content.search.statements import fetch

MOST_TERMS = 12
"""Terms that are near what was typed, which are looked up."""


def create_terms(session: Session, suffix: str = "") -> None:
    """Make an empty table, in place of an old one."""
    session.execute(text(f"DROP TABLE IF EXISTS search_term{suffix}"))
    session.execute(
        text(
            f"CREATE TABLE search_term{suffix} (initials VARCHAR(64) NOT NULL, term VARCHAR(200) NOT NULL,"
            " PRIMARY KEY (initials, term))"
        )
    )


def replace_terms(session: Session, suffix: str) -> None:
    """Put the table with the suffix in the place of that without."""
    session.execute(text("DROP TABLE IF EXISTS search_term"))
    session.execute(text(f"ALTER TABLE search_term{suffix} RENAME TO search_term"))


def add_terms(session: Session, folded: Iterable[str], suffix: str = "") -> None:
    """File the terms, each a folded text; long ones and single characters are left out."""
    rows = [
        {"initials": key, "term": term}
        for term in sorted({*folded})
        if 1 < len(term) <= 200
        for key in _keys(term)
    ]
    if rows:
        insert = f"INSERT INTO search_term{suffix} VALUES (:initials, :term) ON CONFLICT DO NOTHING"
        session.execute(text(insert), rows)


@lru_cache(maxsize=16_384)
def _keys(term: str) -> tuple[str, ...]:
    return tuple(sorted(make_keys(split_units(term))))


def split_titles(folded: str) -> Iterator[str]:
    """Yield the stretches of folded titles between marks."""
    for line in folded.split("\n"):
        yield line.strip()
        yield from split_runs(line)


def find_alike(session: Session, typed: str) -> dict[str, float]:
    """Return the terms that sound like what was typed, which is folded, with how likely they do."""
    readings = [reading for reading in read_typed(typed) if len(reading) > 1]
    filed = _filed(session, set[str]().union(*map(make_keys, readings)))
    units = {term: split_units(term) for term in filed if term != typed}
    return {
        term: max(likelihood(reading, units[term]) for reading in alike)
        for term in units
        if (alike := [reading for reading in readings if distance(reading, units[term]) == 0])
    }


def find_near(session: Session, typed: str) -> list[str]:
    """Return the terms that sound like what was typed to a southern ear, or are one unit away; nearest first.

    `typed` is folded. Of terms equally near, those come first that share most characters with it.
    """
    near: dict[str, int] = {}
    for reading in _shortest(read_typed(typed)):
        filed = _filed(session, near_keys(reading)) if len(reading) > 1 else _words(session, reading[0])
        units = {term: split_units(term) for term in filed if term != typed}
        for term in may_be_near(reading, units):
            if (far := distance(reading, units[term])) is not None:
                near[term] = min(far, near.get(term, far))
    nearest = sorted(near, key=lambda term: (near[term], -len({*term} & {*typed}), term))
    return nearest[:MOST_TERMS]


def _shortest(readings: Iterable[Units]) -> list[Units]:
    """Return the readings of one unit, and of the others those of fewest."""
    known = [*readings]
    fewest = min((len(units) for units in known if len(units) > 1), default=0)
    return [units for units in known if len(units) in (1, fewest)]


def _filed(session: Session, keys: Set[str]) -> list[str]:
    if not keys:
        return []
    letters = "','".join(sorted(keys))  # and digits: nothing that has a meaning in SQL
    query = f"SELECT DISTINCT term FROM search_term WHERE initials IN ('{letters}')"
    return [term for (term,) in fetch(session, query)]


def _words(session: Session, typed: str) -> list[str]:
    """Return the words of Latin script that are about as long."""
    if len(typed) < WORD_CHARS:
        return []
    letters = "','".join(ascii_lowercase)
    query = (
        f"SELECT DISTINCT term FROM search_term WHERE initials IN ('{letters}')"
        f" AND length(term) BETWEEN {len(typed) - 1} AND {len(typed) + 1}"
    )
    return [term for (term,) in fetch(session, query)]
