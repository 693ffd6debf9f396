"""Taking documents in and out: the one place that joins reading, structure, passages, words and the index.

What costs time is computed outside transactions (`prepare_document`); it is then written in small pieces, and
becomes visible to readers by one last flag. A crash in between leaves an invisible rest, which the next
import of the same bytes clears away.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from content.keywords import Candidates, Keyword, extract_keywords, find_candidates
from content.models import LENGTHS, Article, Collection, Document, Passage
from content.passages import PassageDraft, split_passages
from content.reading import read_document
from content.search import index_passages, unindex_passages
from content.structure import ArticleDraft, parse_articles
from content.summary import make_headline, summarize
from content.tokens import tokenize

T = TypeVar("T")

PIECE_CHARS = 40_000
"""Text written in one transaction: well under 200 ms with its index, so that no other writer waits long."""


class Transact(Protocol):
    """Runs work in a transaction of its own and commits it; `bot.database.Database.run_write` is one."""

    def __call__(self, work: Callable[[Session], T], /) -> T:
        """Return what `work` returns."""
        ...


@dataclass(frozen=True)
class PreparedPassage:
    """A passage with what is stored beside its text."""

    length: str
    draft: PassageDraft
    text: str
    headline: str | None
    keywords: tuple[Keyword, ...]
    summary: str | None


@dataclass(frozen=True)
class PreparedArticle:
    """An article and its passages in all three cuts."""

    draft: ArticleDraft
    text: str
    passages: tuple[PreparedPassage, ...]


@dataclass(frozen=True)
class PreparedDocument:
    """All that an import will write, computed."""

    name: str
    sha256: str
    encoding: str
    articles: tuple[PreparedArticle, ...]


def document_hash(body: bytes) -> str:
    """Return the SHA-256 by which a document is known, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def prepare_document(name: str, body: bytes) -> PreparedDocument:
    """Return the document read, cut and summarised; nothing is stored. Raises DocumentError."""
    raw = read_document(name, body)
    drafts = parse_articles(raw, PurePath(name).stem)
    articles = tuple(prepare_article(draft) for draft in drafts)
    return PreparedDocument(name, document_hash(body), raw.encoding, articles)


def prepare_article(draft: ArticleDraft) -> PreparedArticle:
    """Return the article with its passages. Its text is cut into words once, for all three cuts."""
    text = draft.text
    candidates = find_candidates(text, tokenize(text))
    passages = tuple(
        prepare_passage(text, candidates, draft.title, length, passage)
        for length in LENGTHS
        for passage in split_passages(draft.paragraphs, length)
    )
    return PreparedArticle(draft, text, passages)


def prepare_passage(
    text: str, candidates: Candidates, title: str, length: str, draft: PassageDraft
) -> PreparedPassage:
    """Return the passage with its keywords, its summary and its headline."""
    own_text = text[draft.start : draft.stop]
    keywords = extract_keywords(candidates, draft.start, draft.stop)
    return PreparedPassage(
        length,
        draft,
        own_text,
        make_headline(own_text, keywords, title),
        keywords,
        summarize(own_text, keywords, title),
    )


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
    transact: Transact, document: PreparedDocument, collection_id: int, added_at: dt.datetime
) -> int:
    """Write the document in pieces of at most 200 ms, make it visible, and return its id."""
    transact(lambda session: _remove_rest(session, document.sha256))
    document_id = transact(lambda session: _add_document(session, document, collection_id, added_at))
    for first, piece in _pieces(document.articles):
        transact(partial(_add_articles, document_id=document_id, first=first, articles=piece))
    transact(lambda session: _show(session, document_id))
    return document_id


def remove_document(session: Session, document_id: int) -> None:
    """Delete the document, its passages and their index entries."""
    passages = select(Passage.id).where(Passage.document_id == document_id)
    unindex_passages(session, list(session.scalars(passages)))
    session.execute(delete(Passage).where(Passage.document_id == document_id))
    session.execute(delete(Article).where(Article.document_id == document_id))
    session.execute(delete(Document).where(Document.id == document_id))


def _remove_rest(session: Session, sha256: str) -> None:
    rest = session.scalar(select(Document.id).where(Document.sha256 == sha256, ~Document.visible))
    if rest is not None:
        remove_document(session, rest)


def _add_document(
    session: Session, document: PreparedDocument, collection_id: int, added_at: dt.datetime
) -> int:
    row = Document(
        collection_id=collection_id,
        name=document.name,
        sha256=document.sha256,
        encoding=document.encoding,
        added_at=added_at,
    )
    session.add(row)
    session.flush()
    return row.id


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
) -> None:
    rows = [_article_row(document_id, first + n, article) for n, article in enumerate(articles)]
    session.add_all(rows)
    session.flush()
    index_passages(session, [passage.id for row in rows for passage in row.passages])


def _article_row(document_id: int, ordinal: int, article: PreparedArticle) -> Article:
    draft = article.draft
    return Article(
        document_id=document_id,
        ordinal=ordinal,
        title=draft.title,
        section=draft.section,
        date=draft.date,
        source=draft.source,
        text=article.text,
        closing=draft.closing,
        first_line=draft.first_line,
        last_line=draft.last_line,
        passages=[_passage_row(document_id, passage) for passage in article.passages],
    )


def _passage_row(document_id: int, passage: PreparedPassage) -> Passage:
    draft = passage.draft
    return Passage(
        document_id=document_id,
        length=passage.length,
        start=draft.start,
        stop=draft.stop,
        text=passage.text,
        heading=draft.heading,
        headline=passage.headline,
        keywords=rounded(passage.keywords),
        summary=passage.summary,
        units=draft.units,
        first_line=draft.first_line,
        last_line=draft.last_line,
    )


def rounded(keywords: Sequence[Keyword]) -> list[Any]:
    """Return keywords as they are stored and shown to programs: [[term, weight], …], four decimals."""
    return [[keyword.term, round(keyword.weight, 4)] for keyword in keywords]


def _show(session: Session, document_id: int) -> None:
    session.execute(update(Document).where(Document.id == document_id).values(visible=True))
