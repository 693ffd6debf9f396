"""A curator's work on a document: what is in doubt, what a correction would make of it, and making it so.

Every correction reads the original anew and makes all corrections in their order, so that one path serves new
corrections, taking one back, and cutting by newer rules. Nothing reaches readers before `apply`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import starmap
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.imports import settle_collection
from bot.places import move_places
from content.corrections import Correction
from content.ingest import (
    corrections_of,
    original_of,
    record_corrections,
    remove_document,
    replace_document,
    texts_of,
)
from content.models import STANDARD, Article, Collection, Document, Passage, StoredCorrection
from content.prepare import PreparedDocument
from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph
from content.structure.doubts import confidence
from content.versions import Moves


@dataclass(frozen=True)
class Shelved:
    """A document of the corpus, in a list."""

    id: int
    name: str
    collection: str
    articles: int
    passages: int
    doubts: int
    corrections: int


@dataclass(frozen=True)
class Held:
    """What is needed to read a document anew."""

    id: int
    name: str
    sha256: str
    collection_id: int
    body: bytes
    corrections: tuple[Correction, ...]
    drafts: tuple[ArticleDraft, ...]
    """Its articles as they stand."""
    doubts: tuple[Doubt, ...]
    """What its format may have lost, and what is in doubt in its articles."""


@dataclass(frozen=True)
class Change:
    """An article that comes (or goes), and its number among the new (or the old) ones, from 1."""

    comes: bool
    number: int
    draft: ArticleDraft


class ChangedMeanwhile(Exception):
    """The document was changed by somebody else meanwhile; look at it again"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def list_documents(session: Session) -> list[Shelved]:
    """Return all documents, by collection and name."""
    query = (
        select(Document, Collection.name)
        .join(Document.collection)
        .where(Document.visible)
        .order_by(Collection.name, Document.name, Document.id)
    )
    return [_shelved(session, document, collection) for document, collection in session.execute(query)]


def hold(session: Session, document_id: int) -> Held | None:
    """Return the document to work on; None where it is not there, or came before originals were kept."""
    document = session.get(Document, document_id)
    body = original_of(session, document_id) if document is not None and document.visible else None
    if document is None or body is None:
        return None
    drafts = tuple(_draft(article) for article in document.articles)
    doubts = [*_doubts(document.doubts), *(doubt for draft in drafts for doubt in draft.doubts)]
    corrections = tuple(corrections_of(session, document_id))
    return Held(
        document_id,
        document.name,
        document.sha256,
        document.collection_id,
        body,
        corrections,
        drafts,
        tuple(doubts),
    )


def apply(
    database: Database,
    held: Held,
    prepared: PreparedDocument,
    corrections: Sequence[Correction],
    now: dt.datetime,
) -> None:
    """Make the document what was prepared from it with these corrections. Raises ChangedMeanwhile."""
    with database.lock("import"):
        old = database.run_read(lambda session: _texts_of_unchanged(session, held))
        moves = Moves(old, [article.text for article in prepared.articles])

        def take_along(session: Session) -> None:
            move_places(session, held.id, moves)
            record_corrections(session, held.id, corrections, now)

        replace_document(database.run_write, held.id, prepared, held.body, take_along)
    database.run_write(lambda session: settle_collection(session, held.collection_id, now))


def take_out(database: Database, held: Held) -> None:
    """Remove the document from the corpus."""
    with database.lock("import"):
        database.run_write(lambda session: remove_document(session, held.id))


def find_changes(before: Sequence[ArticleDraft], after: Sequence[ArticleDraft]) -> list[Change]:
    """Return the articles that go and those that come, in order; nothing of what stays as it is."""
    old, new = ([(draft.title, draft.date, draft.text) for draft in drafts] for drafts in (before, after))
    changes = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            changes += [Change(False, number, before[number - 1]) for number in range(a + 1, b + 1)]
            changes += [Change(True, number, after[number - 1]) for number in range(c + 1, d + 1)]
    return changes


def _texts_of_unchanged(session: Session, held: Held) -> list[str]:
    document = session.get(Document, held.id)
    if document is None or (document.sha256, corrections_of(session, held.id)) != (
        held.sha256,
        list(held.corrections),
    ):
        raise ChangedMeanwhile
    return texts_of(session, held.id)


def _shelved(session: Session, document: Document, collection: str) -> Shelved:
    def number(*conditions: object) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    articles = select(Article.doubts).where(Article.document_id == document.id)
    doubts = [len(each or ()) for each in session.scalars(articles)]
    return Shelved(
        document.id,
        document.name,
        collection,
        len(doubts),
        number(Passage.document_id == document.id, Passage.length == STANDARD),
        sum(doubts) + len(document.doubts or ()),
        number(StoredCorrection.document_id == document.id),
    )


def _draft(row: Article) -> ArticleDraft:
    """Return the article as it stands; on which lines each paragraph stood is not kept."""
    paragraphs = row.text.split("\n") if row.text else []
    doubts = _doubts(row.doubts)
    return ArticleDraft(
        row.title,
        row.section,
        row.date,
        row.source,
        tuple(Paragraph(text, row.first_line, row.last_line) for text in paragraphs),
        row.closing,
        row.first_line,
        row.last_line,
        confidence(doubts),
        doubts,
    )


def _doubts(stored: list[Any] | None) -> tuple[Doubt, ...]:
    return tuple(starmap(Doubt, stored or ()))
