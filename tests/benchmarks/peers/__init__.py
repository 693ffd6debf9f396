"""Searches of the same passages by what people use for this today, to compare with; and Rizhi's own.

Each peer is set up as its users do it: the best of what it ranks by, the words that jieba cuts joined by OR,
and no folding but of case, except where its name says so.
"""

from tests.benchmarks.peers.libraries import bm25s, tantivy, whoosh
from tests.benchmarks.peers.material import Material, NotInstalled, Search
from tests.benchmarks.peers.own import rizhi
from tests.benchmarks.peers.postgres import ts_rank
from tests.benchmarks.peers.sqlite import fts5, fts5_grams, fts5_trigrams, fts5_words, like

__all__ = [
    "Material",
    "NotInstalled",
    "Search",
    "bm25s",
    "fts5",
    "fts5_grams",
    "fts5_trigrams",
    "fts5_words",
    "like",
    "rizhi",
    "tantivy",
    "ts_rank",
    "whoosh",
]
