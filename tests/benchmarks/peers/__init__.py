"""Searches of the same passages by what people use for this today, to compare with; and Rizhi's own.

Each peer is set up as its users do it: the best of what it ranks by, the words that jieba cuts joined by OR,
and no folding but of case, except where its name says so.
"""

from tests.benchmarks.peers.libraries import bm25s, build_tantivy, open_tantivy, tantivy, whoosh
from tests.benchmarks.peers.material import Material, NotInstalled, Search
from tests.benchmarks.peers.own import rizhi
from tests.benchmarks.peers.postgres import ts_rank
from tests.benchmarks.peers.sqlite import (
    build_grams,
    fts5,
    fts5_grams,
    fts5_trigrams,
    fts5_words,
    like,
    open_grams,
)

__all__ = [
    "Material",
    "NotInstalled",
    "Search",
    "bm25s",
    "build_grams",
    "build_tantivy",
    "fts5",
    "fts5_grams",
    "fts5_trigrams",
    "fts5_words",
    "like",
    "open_grams",
    "open_tantivy",
    "rizhi",
    "tantivy",
    "ts_rank",
    "whoosh",
]
