"""What a passage is indexed under: the terms of its text and titles, what it says often, and where it stands.

All of it is in one row of terms, told apart by marks that no folded text holds: so a filter is a term like
any other, and one expression on either engine says what is sought, where, and from when.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Document, Passage
from content.search.expressions import Phrase
from content.search.folding import fold
from content.search.grams import split_junctions, split_terms

TITLE = "¶"
"""Before a term of the titles."""
REPEATED = "²"
"""Before a term that the text has `OFTEN` times or more."""
OFTEN = 3
FREQUENT = 1_000
"""Passages that have a term, from which on it counts as frequent."""
LEAST_IN_BATCH = 3
"""Passages of a batch that have a term, from which on it may be a frequent one."""
FACT = "§"
"""Before what is known of a passage: where it stands, and of when it is."""


class Entry(NamedTuple):
    """A passage, and what it is found by."""

    passage_id: int
    text: str
    """As it is written."""
    folded: str
    about: list[str]
    """The terms that are not the text's own: facts, those of titles, those that it repeats."""
    said: list[str]
    """The terms of the text: where scripts meet, and then all others in order."""

    @property
    def terms(self) -> list[str]:
        """All terms."""
        return [*self.about, *self.said]


def may_be_frequent(counts: Counter[str], size: int) -> set[str]:
    """Return the terms that may be frequent among `size` passages, by the counts of a batch of them."""
    least = max(LEAST_IN_BATCH, FREQUENT * counts[""] / max(1, size))
    return {term for term, count in counts.items() if count >= least and term}


def read_entries(session: Session, passage_ids: Sequence[int]) -> list[Entry]:
    """Return the entries of those of the passages that are of the standard cut."""
    rows = session.execute(
        select(Passage.id, Passage.text, Passage.heading, Passage.document_id)
        .add_columns(Article.title, Article.section, Article.date, Document.collection_id)
        .join(Article, Article.id == Passage.article_id)
        .join(Document, Document.id == Passage.document_id)
        .where(Passage.id.in_(passage_ids), Passage.length == STANDARD)
        .order_by(Passage.id)
    )
    return [
        make_entry(
            row.id,
            _facts(row.collection_id, row.document_id, row.section, row.date),
            fold_titles(row.title, row.section, row.heading),
            row.text,
        )
        for row in rows
    ]


def make_entry(passage_id: int, facts: Sequence[str], titles: str, text: str) -> Entry:
    """Return the entry of a passage; its titles are folded."""
    folded = fold(text).text
    terms = split_terms(folded)
    repeated = [REPEATED + term for term, count in Counter(terms).items() if count >= OFTEN and len(term) > 1]
    about = [*facts, *_titles(titles), *repeated]
    return Entry(passage_id, text, folded, about, [*split_junctions(folded), *terms])


@lru_cache(maxsize=128)
def fold_titles(*titles: str | None) -> str:
    """Return the titles under which a passage is found, folded, one a line."""
    return fold(join_titles(*titles)).text


def join_titles(*titles: str | None) -> str:
    """Return the titles that there are, one a line."""
    return "\n".join(filter(None, titles))


@lru_cache(maxsize=128)
def _titles(folded: str) -> tuple[str, ...]:
    return tuple(TITLE + term for term in split_terms(folded))


def _facts(collection_id: int, document_id: int, section: str | None, date: dt.date | None) -> list[str]:
    named = [in_section(section)] if section else []
    dated = [in_month(date), on_day(date)] if date else [UNDATED]
    facts = [in_collection(collection_id), in_document(document_id), *named, *dated]
    return [fact.terms[0] for fact in facts]


def _fact(kind: str, value: str) -> Phrase:
    return Phrase((f"{FACT}{kind}{value}",))


def in_collection(collection_id: int) -> Phrase:
    """Return what finds the passages of a collection."""
    return _fact("c", str(collection_id))


def in_document(document_id: int) -> Phrase:
    """Return what finds the passages of a document."""
    return _fact("d", str(document_id))


def in_section(section: str) -> Phrase:
    """Return what finds the passages of all sections of this name, by 32 bits of its SHA-256."""
    return _fact("s", sha256(section.encode()).hexdigest()[:8])


def in_month(day: dt.date) -> Phrase:
    """Return what finds the passages of articles of that month."""
    return _fact("m", f"{day:%Y%m}")


def on_day(day: dt.date) -> Phrase:
    """Return what finds the passages of articles of that day."""
    return _fact("t", f"{day:%Y%m%d}")


UNDATED = _fact("u", "")
"""Finds the passages of articles without a date."""
