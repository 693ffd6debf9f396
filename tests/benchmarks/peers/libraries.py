"""Search engines that are libraries (the extra `bench`), over jieba's words: Whoosh, bm25s, tantivy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.material import TOP, Material, Search, cut, need


def whoosh(material: Material) -> Search:
    """Return a search by Whoosh and its BM25F."""
    need("whoosh")
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import STORED, TEXT, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.query import Or, Term

    schema = Schema(place=STORED, body=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for place, words in enumerate(material.words):
        writer.add_document(place=place, body=" ".join(words))
    writer.commit()
    searcher = index.searcher()

    def find(query: str) -> list[int]:
        words = Or([Term("body", word) for word in dict.fromkeys(cut(query))])
        return [hit["place"] for hit in searcher.search(words, limit=TOP)]

    return find


def bm25s(material: Material) -> Search:
    """Return a search by bm25s, with Lucene's BM25 as it comes."""
    library = need("bm25s")
    ranker = library.BM25()
    ranker.index([list(words) for words in material.words], show_progress=False)

    def find(query: str) -> list[int]:
        words = [word for word in cut(query) if word in ranker.vocab_dict]
        if not words:
            return []
        places, scores = ranker.retrieve([words], k=TOP, show_progress=False)
        return [int(place) for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    return find


def tantivy(material: Material) -> Search:
    """Return a search by tantivy and its BM25."""
    return _tantivy(build_tantivy(material.words))


def build_tantivy(words: Iterable[Sequence[str]], folder: Path | None = None) -> Any:
    """Return tantivy's index of passages of these words, in the folder where one is given."""
    library = need("tantivy")
    builder = library.SchemaBuilder()
    builder.add_integer_field("place", stored=True)
    builder.add_text_field("body", index_option="freq")
    if folder is not None:
        folder.mkdir()
    index = library.Index(builder.build(), path=None if folder is None else str(folder))
    writer = index.writer(num_threads=1)
    for place, each in enumerate(words):
        writer.add_document(library.Document(place=place, body=" ".join(each)))
    writer.commit()
    writer.wait_merging_threads()
    return index


def open_tantivy(folder: Path) -> Search:
    """Return a search by what `build_tantivy` left in the folder."""
    return _tantivy(need("tantivy").Index.open(str(folder)))


def _tantivy(index: Any) -> Search:
    from tantivy import Occur, Query

    index.reload()
    searcher = index.searcher()

    def find(query: str) -> list[int]:
        terms = [Query.term_query(index.schema, "body", word) for word in dict.fromkeys(cut(query))]
        any_of = Query.boolean_query([(Occur.Should, term) for term in terms])
        return [searcher.doc(address)["place"][0] for _, address in searcher.search(any_of, TOP).hits]

    return find
