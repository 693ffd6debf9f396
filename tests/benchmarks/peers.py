"""Searches of the same passages by what SQLite brings along, to compare with; and Rizhi's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Collection, Document, Passage
from content.search import ensure_index, index_passages, parse_query, search
from tests.conftest import NOW

Search = Callable[[str], list[int]]
"""From a query to the places of the first ten passages, best first."""
_WORDS = re.compile(r"[^\W_]+")


def like(texts: Sequence[str]) -> Search:
    """Return a search by LIKE: passages that have all parts between blanks."""
    database = _table("CREATE TABLE passage (text)", texts)

    def find(query: str) -> list[int]:
        parts = query.split()
        where = " AND ".join(["text LIKE '%' || ? || '%'"] * len(parts))
        return _places(database, f"SELECT rowid FROM passage WHERE {where} LIMIT 10", parts)

    return find


def fts5(tokenizer: str, texts: Sequence[str]) -> Search:
    """Return a search by FTS5 and its BM25: of all words, or (trigram) of any three characters."""
    database = _table(f"CREATE VIRTUAL TABLE passage USING fts5(text, tokenize='{tokenizer}')", texts)

    def find(query: str) -> list[int]:
        words = _WORDS.findall(query)
        if tokenizer == "trigram":
            words = [word[at : at + 3] for word in words for at in range(max(1, len(word) - 2))]
        match = (" OR " if tokenizer == "trigram" else " ").join(f'"{word}"' for word in words)
        statement = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 10"
        return _places(database, statement, [match]) if words else []

    return find


def _table(create: str, texts: Sequence[str]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(create)
    database.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(texts))
    return database


def _places(database: sqlite3.Connection, statement: str, values: Sequence[str]) -> list[int]:
    return [place for (place,) in database.execute(statement, values)]


def rizhi(session: Session, texts: Sequence[str], titles: Sequence[str]) -> Search:
    """Return Rizhi's search of the passages, each put into the session as an article of its own."""
    ensure_index(session)
    ids = _load(session, texts, titles)
    places = {passage: place for place, passage in enumerate(ids)}

    def find(query: str) -> list[int]:
        return [places[hit.passage_id] for hit in search(session, parse_query(query), limit=10).hits]

    return find


def _load(session: Session, texts: Sequence[str], titles: Sequence[str]) -> list[int]:
    collection = Collection(name="encyclopedia", created_at=NOW)
    document = Document(
        collection=collection, name="passages", sha256="0", encoding="utf-8", visible=True, added_at=NOW
    )
    session.add(document)
    session.flush()
    passages = [_passage(document.id, text) for text in texts]
    session.add_all(
        _article(document.id, ordinal, title, passage)
        for ordinal, (title, passage) in enumerate(zip(titles, passages, strict=True))
    )
    session.flush()
    ids = [passage.id for passage in passages]
    session.expunge_all()
    index_passages(session, ids)
    return ids


def _article(document_id: int, ordinal: int, title: str, passage: Passage) -> Article:
    return Article(
        document_id=document_id,
        ordinal=ordinal,
        title=title,
        text="",
        first_line=1,
        last_line=1,
        passages=[passage],
    )


def _passage(document_id: int, text: str) -> Passage:
    return Passage(
        document_id=document_id,
        length=STANDARD,
        start=0,
        stop=len(text),
        text=text,
        keywords=[],
        units=len(text),
        first_line=1,
        last_line=1,
    )
