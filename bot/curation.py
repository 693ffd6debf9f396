"""A curator's work on a document: what is in doubt, what a correction would make of it, and making it so.

Every correction reads the original anew and makes all corrections in their order, so that one path serves new
corrections, taking one back, and cutting by newer rules. Nothing reaches readers before `apply`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import starmap
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backgrounds import background_of
from bot.database import Database
from bot.imports import Prepare, settle_collection
from bot.places import move_places
from bot.typed import parse_date
from content.corrections import Correction
from content.errors import DocumentError
from content.ingest import (
    corrections_of,
    original_of,
    record_corrections,
    remove_document,
    replace_document,
    texts_of,
)
from content.models import Article, Collection, Document
from content.prepare import PreparedDocument
from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph
from content.structure.doubts import SHARES, confidence
from content.versions import Moves


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
    version: int
    """Another one after every change of the document, and never again one that was."""


@dataclass(frozen=True)
class Change:
    """An article that comes (or goes), and its number among the new (or the old) ones, from 1."""

    comes: bool
    number: int
    draft: ArticleDraft


class Difference(NamedTuple):
    """How many articles of a new version are new, gone and changed."""

    added: int
    removed: int
    changed: int


LOST = 0.5
"""What a format may have lost weighs as much as a missing title."""


class ChangedMeanwhile(Exception):
    """The document was changed by somebody else meanwhile; look at it again"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def hold(session: Session, document_id: int) -> Held | None:
    """Return the document to work on; None where it is not there, or came before originals were kept."""
    document = session.get(Document, document_id)
    body = original_of(session, document_id) if document is not None and document.visible else None
    if document is None or body is None:
        return None
    drafts = drafts_of(document)
    doubts = [*read_doubts(document.doubts), *(doubt for draft in drafts for doubt in draft.doubts)]
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
        document.articles[0].id,
    )


def drafts_of(document: Document) -> tuple[ArticleDraft, ...]:
    """Return the document's articles as they stand."""
    return tuple(_draft(article) for article in document.articles)


def prepare_anew(
    database: Database, held: Held, corrections: Sequence[Correction], prepare: Prepare
) -> PreparedDocument:
    """Return the document prepared from its original with these corrections. Raises DocumentError."""
    background = database.run_read(lambda session: background_of(session, held.id))
    return prepare(held.name, held.body, corrections, background)


def apply(
    database: Database,
    held: Held,
    prepared: PreparedDocument,
    corrections: Sequence[Correction],
    now: dt.datetime,
    take_along: Callable[[Session], None] = lambda session: None,
) -> None:
    """Make the document what was prepared from it with these corrections. Raises ChangedMeanwhile.

    `take_along` does in the same transaction what else is to be done then, or not at all.
    """
    old = database.run_read(lambda session: _texts_of_unchanged(session, held))
    titles = [draft.title for draft in held.drafts]
    moves = Moves(old, [article.text for article in prepared.articles], titles)

    def settle(session: Session) -> None:
        move_places(session, held.id, moves)
        record_corrections(session, held.id, corrections, now)
        settle_collection(session, held.collection_id, now)
        take_along(session)

    with database.lock("import"):
        if database.run_read(lambda session: _texts_of_unchanged(session, held)) != old:
            raise ChangedMeanwhile
        replace_document(database.run_write, held.id, prepared, held.body, settle)


def documents_in(session: Session, collection: str) -> Sequence[int]:
    """Return the ids of the collection's documents, in the order in which they came."""
    query = select(Document.id).join(Document.collection).where(Collection.name == collection)
    return session.scalars(query.where(Document.visible).order_by(Document.id)).all()


def recut(database: Database, document_id: int, prepare: Prepare, now: dt.datetime) -> str | None:
    """Read and cut the document anew with its corrections; return None, or why it stays as it is."""
    held = database.run_read(lambda session: hold(session, document_id))
    if held is None:
        return "it is gone, or came before originals were kept"
    try:
        prepared = prepare_anew(database, held, held.corrections, prepare)
        apply(database, held, prepared, held.corrections, now)
    except (DocumentError, ChangedMeanwhile) as error:
        return str(error)
    return None


def take_out(database: Database, document_id: int) -> str | None:
    """Remove the document from the corpus and return its name; None where it is not there."""

    def remove(session: Session) -> str | None:
        document = session.get(Document, document_id)
        if document is None or not document.visible:
            return None
        name = document.name
        remove_document(session, document_id)
        return name

    with database.lock("import"):
        return database.run_write(remove)


def find_changes(before: Sequence[ArticleDraft], after: Sequence[ArticleDraft]) -> list[Change]:
    """Return the articles that go and those that come, in order; nothing of what stays as it is."""
    old, new = ([(draft.title, draft.date, draft.text) for draft in drafts] for drafts in (before, after))
    changes = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            changes += [Change(False, number, before[number - 1]) for number in range(a + 1, b + 1)]
            changes += [Change(True, number, after[number - 1]) for number in range(c + 1, d + 1)]
    return changes


def difference(changes: Sequence[Change]) -> Difference:
    """Return how many articles are new, gone and changed: one that keeps its title or its text is changed."""
    gone = [change.draft for change in changes if not change.comes]
    come = [change.draft for change in changes if change.comes]
    changed = 0
    for same in (attrgetter("title"), attrgetter("text")):
        for draft in list(gone):
            twin = next((each for each in come if same(each) == same(draft)), None)
            if twin is not None:
                gone.remove(draft)
                come.remove(twin)
                changed += 1
    return Difference(len(come), len(gone), changed)


def typed_date(typed: str, today: dt.date, near: dt.date | None = None) -> dt.date | None:
    """Return the date that was typed for an article; None where it is none.

    A day without a year is that of the year of `near`, or without that the last one up to today.
    """
    date, elsewhere, last_year = (parse_date(typed, today - dt.timedelta(days)) for days in (0, 100, 365))
    if date is None or elsewhere is None or date == last_year:
        return date
    if near and (date.month, date.day) == (elsewhere.month, elsewhere.day):  # it does not go by today
        return parse_date(typed, dt.date(near.year, 1, 1))
    return date if date <= today else last_year


def worst(doubts: Sequence[Doubt]) -> list[Doubt]:
    """Return the doubts, those first that make an article least sure, or the document incomplete."""
    return sorted(doubts, key=lambda doubt: (SHARES.get(doubt.kind, LOST), doubt.line))


def _texts_of_unchanged(session: Session, held: Held) -> list[str]:
    document = session.get(Document, held.id)
    if document is None or (document.sha256, corrections_of(session, held.id)) != (
        held.sha256,
        list(held.corrections),
    ):
        raise ChangedMeanwhile
    return texts_of(session, held.id)


def _draft(row: Article) -> ArticleDraft:
    """Return the article as it stands; on which lines each paragraph stood is not kept."""
    paragraphs = row.text.split("\n") if row.text else []
    doubts = read_doubts(row.doubts)
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


def read_doubts(stored: list[Any] | None) -> tuple[Doubt, ...]:
    """Return doubts that are stored as [[kind, line, text], …], or not at all."""
    return tuple(starmap(Doubt, stored or ()))
