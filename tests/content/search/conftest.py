"""A session with an empty index on each engine, and a way to put passages into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from content.models import Article, Base, Collection, Document, Passage
from content.search import ensure_index, index_passages
from tests.conftest import NOW

AddPassages = Callable[..., list[int]]
numbers = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def corpus(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on either engine, with the schema and an empty index."""
    if request.param == "sqlite":
        session = request.getfixturevalue("session")
        ensure_index(session)
        yield session
        return
    engine = create_engine(request.getfixturevalue("postgres_url"))
    with Session(engine) as session:
        Base.metadata.create_all(session.connection())
        ensure_index(session)
        yield session
    engine.dispose()


@pytest.fixture
def add_passages(corpus: Session) -> AddPassages:
    """Adds a document, one article and passage for each text; returns the passages' ids."""

    def add(
        *texts: str,
        title: str = "无题",
        document: str = "文集",
        collection: str = "藏书",
        visibility: str = "public",
        visible: bool = True,
        length: str = "standard",
        section: str | None = None,
        date: dt.date | None = None,
        keywords: Sequence[str] = (),
    ) -> list[int]:
        row = Document(
            collection=_collection(corpus, collection, visibility),
            name=document,
            sha256=f"{next(numbers):064x}",
            encoding="utf-8",
            visible=visible,
            added_at=NOW,
        )
        corpus.add(row)
        corpus.flush()
        passages = [_passage(row.id, text, length, keywords) for text in texts]
        row.articles = [
            _article(ordinal, title, section, date, passage) for ordinal, passage in enumerate(passages)
        ]
        corpus.flush()
        ids = [passage.id for passage in passages]
        index_passages(corpus, ids)
        return ids

    return add


def _collection(session: Session, name: str, visibility: str) -> Collection:
    found = session.query(Collection).filter_by(name=name).one_or_none()
    return found or Collection(name=name, visibility=visibility, created_at=NOW)


def _passage(document_id: int, text: str, length: str, keywords: Sequence[str]) -> Passage:
    return Passage(
        document_id=document_id,
        length=length,
        start=0,
        stop=len(text),
        text=text,
        keywords=[[keyword, 1.0] for keyword in keywords],
        units=len(text),
        first_line=1,
        last_line=1,
    )


def _article(
    ordinal: int, title: str, section: str | None, date: dt.date | None, passage: Passage
) -> Article:
    return Article(
        ordinal=ordinal,
        title=title,
        section=section,
        date=date,
        text=passage.text,
        first_line=1,
        last_line=1,
        passages=[passage],
    )
