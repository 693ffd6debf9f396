"""What a curator looks at: the documents, one document's articles, one article. Nothing is changed here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from bot.curation import drafts_of, read_doubts
from bot.models import Subscription
from content.models import STANDARD, Article, Collection, Document, Passage, StoredCorrection
from content.reading import Doubt
from content.structure import ArticleDraft
from content.structure.doubts import confidence

DOCUMENTS_PER_PAGE = 6
ARTICLES_PER_PAGE = 8
PARAGRAPHS_PER_PAGE = 8
BEGINNING_CHARS = 20
"""How much of a paragraph tells which it is."""


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
class Shelf:
    """A page of the documents."""

    documents: tuple[Shelved, ...]
    first: int
    """Number of the first of them, from 1."""
    total: int
    page: int
    """From 0."""
    pages: int


@dataclass(frozen=True)
class Entry:
    """An article in a list."""

    id: int
    """Another one whenever the document changes."""
    ordinal: int
    """From 0."""
    title: str
    section: str | None
    date: dt.date | None
    doubts: int


@dataclass(frozen=True)
class OpenDocument:
    """A document with a page of its articles."""

    shelved: Shelved
    doubts: tuple[Doubt, ...]
    """What its format may have lost."""
    entries: tuple[Entry, ...]
    """Of all articles, or of those in doubt."""
    page: int
    pages: int
    doubtful: int
    """Articles in doubt."""
    only_doubtful: bool


@dataclass(frozen=True)
class OpenArticle:
    """An article, for a curator to judge."""

    document: Shelved
    entry: Entry
    source: str | None
    first_line: int
    last_line: int
    page: int
    """Where the document lists it."""
    confidence: float
    doubts: tuple[Doubt, ...]
    text: str
    paragraphs: int
    previous: int | None
    following: int | None
    """The ids of its neighbours."""


@dataclass(frozen=True)
class OpenParagraphs:
    """A page of an article's paragraphs, by how they begin."""

    document_id: int
    entry: Entry
    beginnings: tuple[tuple[int, str], ...]
    """Each paragraph's number in the article, from 0, and its first characters."""
    page: int
    pages: int


@dataclass(frozen=True)
class Known:
    """A document as it stands, whether its original was kept or not."""

    name: str
    drafts: tuple[ArticleDraft, ...]
    doubts: tuple[Doubt, ...]
    """What its format may have lost, and what is in doubt in its articles."""


def read_known(session: Session, document_id: int) -> Known | None:
    """Return the document with all its articles; None where it is not there."""
    document = session.get(Document, document_id)
    if document is None or not document.visible:
        return None
    drafts = drafts_of(document)
    doubts = (*read_doubts(document.doubts), *(doubt for draft in drafts for doubt in draft.doubts))
    return Known(document.name, drafts, doubts)


def list_documents(session: Session, limit: int | None = None, offset: int = 0) -> list[Shelved]:
    """Return the documents, by collection and name."""
    query = (
        select(Document, Collection.name)
        .join(Document.collection)
        .where(Document.visible)
        .order_by(Collection.name, Document.name, Document.id)
    )
    rows = session.execute(query.limit(limit).offset(offset))
    return [_shelved(session, document, collection) for document, collection in rows]


def open_shelf(session: Session, page: int) -> Shelf:
    """Return that page of the documents, or the last one where there are fewer."""
    total = session.scalar(select(func.count(Document.id)).where(Document.visible)) or 0
    page, pages = _paged(page, total, DOCUMENTS_PER_PAGE)
    offset = page * DOCUMENTS_PER_PAGE
    documents = list_documents(session, DOCUMENTS_PER_PAGE, offset)
    return Shelf(tuple(documents), offset + 1, total, page, pages)


def open_document(
    session: Session, document_id: int, page: int = 0, *, only_doubtful: bool = False
) -> OpenDocument | None:
    """Return the document with that page of its articles, or the last one; None where it is not there."""
    document = session.get(Document, document_id)
    if document is None or not document.visible:
        return None
    entries = _entries(session, document_id)
    doubtful = [entry for entry in entries if entry.doubts]
    shown = doubtful if only_doubtful else entries
    page, pages = _paged(page, len(shown), ARTICLES_PER_PAGE)
    return OpenDocument(
        _shelved(session, document, document.collection.name),
        read_doubts(document.doubts),
        tuple(shown[page * ARTICLES_PER_PAGE :][:ARTICLES_PER_PAGE]),
        page,
        pages,
        len(doubtful),
        only_doubtful,
    )


def open_article(session: Session, document_id: int, article_id: int) -> OpenArticle | None:
    """Return the article; None where the document was changed or is gone."""
    article = find_article(session, document_id, article_id)
    if article is None:
        return None
    ids = [entry.id for entry in _entries(session, document_id)]
    at, doubts = ids.index(article_id), read_doubts(article.doubts)
    return OpenArticle(
        _shelved(session, article.document, article.document.collection.name),
        _entry(article),
        article.source,
        article.first_line,
        article.last_line,
        page_of(article.ordinal),
        confidence(doubts),
        doubts,
        article.text,
        article.text.count("\n") + 1,
        ids[at - 1] if at else None,
        ids[at + 1] if at + 1 < len(ids) else None,
    )


def open_paragraphs(session: Session, document_id: int, article_id: int, page: int) -> OpenParagraphs | None:
    """Return that page of the article's paragraphs but the first, which cannot begin another article."""
    article = find_article(session, document_id, article_id)
    if article is None:
        return None
    paragraphs = list(enumerate(article.text.split("\n")))[1:]
    page, pages = _paged(page, len(paragraphs), PARAGRAPHS_PER_PAGE)
    shown = paragraphs[page * PARAGRAPHS_PER_PAGE :][:PARAGRAPHS_PER_PAGE]
    beginnings = tuple((number, text[:BEGINNING_CHARS]) for number, text in shown)
    return OpenParagraphs(document_id, _entry(article), beginnings, page, pages)


def find_article(session: Session, document_id: int, article_id: int) -> Article | None:
    """Return the document's article; None where either is gone, also by a change of the document."""
    article = session.get(Article, article_id)
    if article is None or article.document_id != document_id or not article.document.visible:
        return None
    return article


def count_readers(session: Session, document_id: int) -> int:
    """Return how many subscriptions are in the middle of the document."""
    here = (Subscription.position_document_id == document_id, Subscription.status.in_(("active", "paused")))
    return session.scalar(select(func.count(Subscription.id)).where(*here)) or 0


def page_of(ordinal: int) -> int:
    """Return the page on which the article of that ordinal is listed."""
    return ordinal // ARTICLES_PER_PAGE


def _paged(page: int, total: int, per_page: int) -> tuple[int, int]:
    """Return the page, or the last one, and how many there are, at least one."""
    pages = max(1, -(-total // per_page))
    return min(page, pages - 1), pages


def _entries(session: Session, document_id: int) -> Sequence[Entry]:
    columns = (Article.id, Article.ordinal, Article.title, Article.section, Article.date, Article.doubts)
    query = select(*columns).where(Article.document_id == document_id).order_by(Article.ordinal)
    return [_entry(row) for row in session.execute(query)]


def _entry(row: Row[Any] | Article) -> Entry:
    return Entry(row.id, row.ordinal, row.title, row.section, row.date, len(row.doubts or ()))


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
