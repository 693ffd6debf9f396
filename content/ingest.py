"""Taking documents in and out: the one place that writes the corpus and its index.

What costs time is computed before, by `prepare`; here it is written in small transactions, and
becomes visible to readers by one last flag. A crash in between leaves an invisible rest, which the next
import clears away. One process imports at a time: the caller holds a lock.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from functools import partial
from itertools import pairwise
from typing import Protocol, TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from content.corrections import Correction
from content.models import STANDARD, Article, Collection, Document, Original, Passage, StoredCorrection
from content.prepare import PreparedArticle, PreparedDocument
from content.rows import article_row, as_stored, passage_row
from content.search import index_passages, unindex_passages

T = TypeVar("T")

PIECE_CHARS = 40_000
"""Text written in one transaction: well under 200 ms with its index, so that no other writer waits long."""

AT_ONCE = {"render_nulls": True}
"""Rows are inserted together, whichever of their fields are empty."""
DRAFT = "draft:"
"""Before the hash of what is written to be put in the place of another version."""


class Transact(Protocol):
    """Runs work in a transaction of its own and commits it; `bot.database.Database.run_write` is one."""

    def __call__(self, work: Callable[[Session], T], /) -> T:
        """Return what `work` returns."""
        ...


def ensure_collection(session: Session, name: str, visibility: str | None, now: dt.datetime) -> Collection:
    """Return the collection of that name, made where there is none; `visibility` where given is set."""
    collection = session.scalar(select(Collection).where(Collection.name == name))
    if collection is None:
        collection = Collection(name=name, visibility=visibility or "public", created_at=now)
        session.add(collection)
    elif visibility is not None:
        collection.visibility = visibility
    session.flush()
    return collection


def find_document(session: Session, sha256: str) -> Document | None:
    """Return the document with these bytes; None where there is none that is visible."""
    return session.scalar(select(Document).where(Document.sha256 == sha256, Document.visible))


def import_document(
    transact: Transact,
    document: PreparedDocument,
    body: bytes,
    collection_id: int,
    added_at: dt.datetime,
    settle: Callable[[Session], None],
) -> int:
    """Write the document in pieces of at most 200 ms, make it visible with the last, and return its id.

    `settle` does, in that last transaction, what is to be done elsewhere.
    """

    def show(session: Session, document_id: int) -> None:
        session.execute(update(Document).where(Document.id == document_id).values(visible=True))
        settle(session)

    return _write(transact, document, document.sha256, body, collection_id, added_at, show)


def replace_document(
    transact: Transact,
    document_id: int,
    document: PreparedDocument,
    body: bytes,
    take_along: Callable[[Session], None],
) -> None:
    """Put other articles in the place of the document's own: of a new version, or corrected ones.

    Its id and its corrections stay. Readers see the old articles until one last transaction puts the new ones
    in their place; `take_along` moves, in the same one, the places that are stored elsewhere.
    """
    row = transact(lambda session: session.get_one(Document, document_id))
    sha256 = f"{DRAFT}{document.sha256}"[:64]

    def put_in_place(session: Session, draft_id: int) -> None:
        _swap(session, document_id, draft_id, document)
        take_along(session)

    _write(transact, document, sha256, body, row.collection_id, row.added_at, put_in_place)


def find_earlier(session: Session, collection: str, name: str) -> int | None:
    """Return the id of the collection's document of that name, the newest; None where there is none."""
    query = select(Document.id).join(Document.collection)
    same = query.where(Collection.name == collection, Document.name == name, Document.visible)
    return session.scalar(same.order_by(Document.id.desc()).limit(1))


def texts_of(session: Session, document_id: int) -> list[str]:
    """Return the texts of the document's articles, in order."""
    query = select(Article.text).where(Article.document_id == document_id)
    return list(session.scalars(query.order_by(Article.ordinal)))


def original_of(session: Session, document_id: int) -> bytes | None:
    """Return the document's bytes as they came; None where they were not kept yet when it came."""
    row = session.get(Original, document_id)
    return zlib.decompress(row.body) if row else None


def keep_original(session: Session, document_id: int, body: bytes) -> None:
    """Keep the bytes of a document that came before originals were kept; those that are kept stay."""
    if session.get(Original, document_id) is None:
        session.add(Original(document_id=document_id, body=zlib.compress(body)))


def corrections_of(session: Session, document_id: int) -> list[Correction]:
    """Return the document's corrections, in the order in which they were made."""
    query = select(StoredCorrection).where(StoredCorrection.document_id == document_id)
    rows = session.scalars(query.order_by(StoredCorrection.id))
    return [Correction(*(getattr(row, field.name) for field in fields(Correction))) for row in rows]


def record_corrections(
    session: Session, document_id: int, corrections: Sequence[Correction], now: dt.datetime
) -> None:
    """Keep these as the document's corrections, in place of those it has."""
    session.execute(delete(StoredCorrection).where(StoredCorrection.document_id == document_id))
    session.add_all(
        StoredCorrection(document_id=document_id, created_at=now, **asdict(each)) for each in corrections
    )


def remove_document(session: Session, document_id: int) -> None:
    """Delete the document, its passages and their index entries."""
    _remove_articles(session, document_id)
    for table in (Original, StoredCorrection):
        session.execute(delete(table).where(table.document_id == document_id))
    session.execute(delete(Document).where(Document.id == document_id))


def _remove_articles(session: Session, document_id: int) -> None:
    unindex_passages(session, _passages_of(session, document_id))
    session.execute(delete(Passage).where(Passage.document_id == document_id))
    session.execute(delete(Article).where(Article.document_id == document_id))


def _passages_of(session: Session, document_id: int) -> Sequence[int]:
    return session.scalars(select(Passage.id).where(Passage.document_id == document_id)).all()


def _write(
    transact: Transact,
    document: PreparedDocument,
    sha256: str,
    body: bytes,
    collection_id: int,
    added_at: dt.datetime,
    finish: Callable[[Session, int], None],
) -> int:
    """Write the document under this hash, invisible until `finish`; return its id. Drafts are not indexed.

    It is one transaction a piece, so one in all for most: each costs a wait for the disk.
    """
    row = Document(
        collection_id=collection_id,
        name=document.name,
        sha256=sha256,
        encoding=document.encoding,
        doubts=as_stored(document.doubts),
        added_at=added_at,
    )
    pieces = list(_pieces(document.articles))

    def write(session: Session, at: int) -> None:
        if at == 0:
            remove_rests(session)
            _add_document(session, row, body)
        added = _add_articles(session, row.id, *pieces[at])
        index_passages(session, added if row.sha256 == document.sha256 else ())
        if at == len(pieces) - 1:
            finish(session, row.id)

    for at in range(len(pieces)):
        transact(partial(write, at=at))
    return row.id


def remove_rests(session: Session) -> None:
    """Delete what an import left that did not come to its end."""
    for document_id in session.scalars(select(Document.id).where(~Document.visible)).all():
        remove_document(session, document_id)


def _add_document(session: Session, row: Document, body: bytes) -> None:
    session.add(row)
    session.flush()
    keep_original(session, row.id, body)


def _swap(session: Session, document_id: int, draft_id: int, document: PreparedDocument) -> None:
    """Give the draft's articles to the document, in place of its own; the draft is gone then."""
    _remove_articles(session, document_id)
    passages = _passages_of(session, draft_id)
    unindex_passages(session, passages)  # an index that was built anew meanwhile has them as the draft's
    session.execute(delete(Original).where(Original.document_id == document_id))
    for table in (Article, Passage, Original):
        of_draft = update(table).where(table.document_id == draft_id)
        session.execute(of_draft.values(document_id=document_id))
    session.execute(delete(Document).where(Document.id == draft_id))
    row = session.get_one(Document, document_id)
    row.name, row.sha256, row.encoding = document.name, document.sha256, document.encoding
    row.doubts = as_stored(document.doubts)
    index_passages(session, passages)  # here, because the index says whose they are


def _pieces(articles: tuple[PreparedArticle, ...]) -> Iterator[tuple[int, tuple[PreparedArticle, ...]]]:
    """Yield runs of articles of about PIECE_CHARS characters, each with the ordinal of its first."""
    bounds, chars = [0], 0
    for ordinal, article in enumerate(articles):
        if chars and chars + len(article.text) > PIECE_CHARS:
            bounds.append(ordinal)
            chars = 0
        chars += len(article.text)
    for start, stop in pairwise([*bounds, len(articles)]):
        yield start, articles[start:stop]


def _add_articles(
    session: Session, document_id: int, first: int, articles: tuple[PreparedArticle, ...]
) -> Sequence[int]:
    rows = [article_row(document_id, first + n, article) for n, article in enumerate(articles)]
    added = insert(Article).returning(Article.id, sort_by_parameter_order=True)
    article_ids = session.scalars(added, rows, execution_options=AT_ONCE).all()
    passages = [
        passage_row(document_id, article_id, passage)
        for article_id, article in zip(article_ids, articles, strict=True)
        for passage in article.passages
    ]
    if passages:
        session.execute(insert(Passage), passages, execution_options=AT_ONCE)
    standard = select(Passage.id).where(Passage.article_id.in_(article_ids), Passage.length == STANDARD)
    return session.scalars(standard).all()
