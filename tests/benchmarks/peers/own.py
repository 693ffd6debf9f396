"""Rizhi's search of the same passages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from content.models import STANDARD, Article, Collection, Document, Passage
from content.search import ensure_index, index_passages, parse_query, search
from tests.benchmarks.peers.material import TOP, Search
from tests.conftest import NOW


def rizhi(session: Session, texts: Sequence[str], titles: Sequence[str]) -> Search:
    """Return Rizhi's search of the passages, each put into the session as an article of its own."""
    ensure_index(session)
    ids = _load(session, texts, titles)
    places = {passage: place for place, passage in enumerate(ids)}

    def find(query: str) -> list[int]:
        return [places[hit.passage_id] for hit in search(session, parse_query(query), limit=TOP).hits]

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
