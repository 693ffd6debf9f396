"""What SQLite brings along: LIKE, and FTS5 over its own tokens, jieba's words, and pairs of characters."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from content.search.grams import split_terms
from content.tokens import fold
from tests.benchmarks.peers.material import TOP, Material, Search, cut, cut_folded

_WORDS = re.compile(r"[^\W_]+")


def like(material: Material) -> Search:
    """Return a search by LIKE: passages that have all parts between blanks."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE passage (text)")
    _fill(database, material.written)

    def find(query: str) -> list[int]:
        parts = query.split()
        where = " AND ".join(["text LIKE '%' || ? || '%'"] * len(parts))
        return _places(database, f"SELECT rowid FROM passage WHERE {where} LIMIT {TOP}", parts)

    return find


def fts5(material: Material) -> Search:
    """Return a search by FTS5 as it comes: of unicode61's words, all of which must be there."""
    return _finder(_index("unicode61", material.written), _WORDS.findall, " ")


def fts5_trigrams(material: Material) -> Search:
    """Return a search by FTS5's trigrams, of which any may be there."""
    return _finder(_index("trigram", material.written), _trigrams)


def fts5_words(material: Material, *, folded: bool = False) -> Search:
    """Return a search by FTS5 of jieba's words."""
    split = cut_folded if folded else cut
    words = map(split, material.written) if folded else material.words
    return _finder(_index("unicode61", map(" ".join, words)), split)


def fts5_grams(material: Material) -> Search:
    """Return a search by FTS5 of the terms that Rizhi indexes, ranked by FTS5 alone."""
    return _finder(build_grams(material.written), _query_grams)


def build_grams(written: Iterable[str], path: Path | None = None) -> sqlite3.Connection:
    """Return FTS5's index of Rizhi's terms, in a file where a path is given."""
    return _index("unicode61", (" ".join(_grams(each)) for each in written), path)


def open_grams(path: Path) -> Search:
    """Return a search by what `build_grams` left in the file."""
    return _finder(sqlite3.connect(path), _query_grams)


def _index(tokenizer: str, texts: Iterable[str], path: Path | None = None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:")
    database.execute(f"CREATE VIRTUAL TABLE passage USING fts5(text, content='', tokenize='{tokenizer}')")
    _fill(database, texts)
    database.commit()
    return database


def _finder(
    database: sqlite3.Connection, split: Callable[[str], Sequence[str]], joint: str = " OR "
) -> Search:
    def find(query: str) -> list[int]:
        words = dict.fromkeys(split(query))
        match = joint.join(f'"{word}"' for word in words)
        statement = f"SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT {TOP}"
        return _places(database, statement, [match]) if words else []

    return find


def _trigrams(query: str) -> list[str]:
    words = _WORDS.findall(query)
    return [word[at : at + 3] for word in words for at in range(max(1, len(word) - 2))]


def _grams(text: str) -> list[str]:
    return split_terms(fold(text).text)


def _query_grams(query: str) -> list[str]:
    grams = _grams(query)
    return [term for term in grams if len(term) > 1 or term.isascii()] or grams


def _fill(database: sqlite3.Connection, texts: Iterable[str]) -> None:
    database.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", enumerate(texts))


def _places(database: sqlite3.Connection, statement: str, values: Sequence[str]) -> list[int]:
    return [place for (place,) in database.execute(statement, values)]
