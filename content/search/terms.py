"""The corpus' own terms, filed under how they sound: keywords of passages, and short titles.

Terms are only ever added; what no readable passage has is left out when it is looked for. A new index
begins with none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.orm import Session

from content.search.grams import split_runs
from content.search.sounds import distance, make_keys, near_keys, read_typed, split_units
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


def find_terms(session: Session, typed: str) -> list[str]:
    """Return the terms that sound like what was typed, or are one character away; nearest first.

    `typed` is folded. Of terms equally near, those come first that share most characters with it.
    """
    readings = read_typed(typed)
    keys = set[str]().union(*map(near_keys, readings))
    near: list[tuple[int, int, str]] = []
    for term in _filed(session, keys):
        units = split_units(term)
        distances = [each for reading in readings if (each := distance(reading, units)) is not None]
        if term != typed and distances:
            near.append((min(distances), -len({*term} & {*typed}), term))
    return [term for _, _, term in sorted(near)[:MOST_TERMS]]


def _filed(session: Session, keys: Set[str]) -> list[str]:
    if not keys:
        return []
    letters = "','".join(sorted(keys))  # and digits: nothing that has a meaning in SQL
    query = f"SELECT DISTINCT term FROM search_term WHERE initials IN ('{letters}')"
    return [term for (term,) in fetch(session, query)]
