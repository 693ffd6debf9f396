"""Tables of the corpus: collections, documents, articles, passages.

A passage is derived from its article's text and can be cut anew; whatever must outlive a new cut
(positions, ledger rows, readings) stores a place: document, ordinal of the article, character span.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from collections.abc import Collection as Group
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

VISIBILITIES = ("public", "members", "admins")
"""Who may read a collection: everyone; those the operator allowed; the operator's admins."""

LENGTHS = {"short": 350, "standard": 450, "long": 600}
"""Target length of a passage in reading units, by the name of the cut."""
STANDARD = "standard"
"""The cut that is indexed, and that everybody gets who chooses no other."""

NAMES_A_SECTION = "length(section) <= 500"
"""Of articles, in SQL. No row of an index on PostgreSQL may be longer than 2,704 bytes."""

REMEMBERED_MOMENTS = 64


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment: aware in Python, UTC in the database (SQLite keeps no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what makes a moment a parameter. It remembers: many rows are written with the same few."""
        process = super().bind_processor(dialect)
        return process and lru_cache(REMEMBERED_MOMENTS)(process)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment in UTC; ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment as an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """The one schema, with predictable names for constraints so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        dt.datetime: UtcDateTime,
        dt.date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Collection(Base):
    """Documents that belong together."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    created_at: Mapped[dt.datetime]
    terms: Mapped[list[Any] | None] = mapped_column(deferred=True)
    """Its own dictionary, as written: terms that are kept whole and weigh more; null where it has none."""
    stop_words: Mapped[list[Any] | None] = mapped_column(deferred=True)
    """As written: words that are never keywords here; null where there are none."""


class Document(Base):
    """One imported file, known by the SHA-256 of its bytes. `id` is never used again."""

    __tablename__ = "document"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"), index=True)
    name: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    encoding: Mapped[str] = mapped_column(String(20))
    visible: Mapped[bool] = mapped_column(default=False)
    """False until the last piece of the import is written; what is not visible does not exist for readers."""
    doubts: Mapped[list[Any] | None]
    """[[kind, line, text], …]: what its format may have lost, as `content.reading.Doubt`. Null where the
    document came before doubts were kept."""
    added_at: Mapped[dt.datetime]

    collection: Mapped[Collection] = relationship()
    articles: Mapped[list[Article]] = relationship(
        back_populates="document",
        order_by="Article.ordinal",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Original(Base):
    """The bytes of a document as they came, for reading it anew after a correction."""

    __tablename__ = "original"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """Compressed by zlib."""


class StoredCorrection(Base):
    """What a curator corrected in a document's articles: a row of `content.corrections.Correction`."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    anchor: Mapped[str] = mapped_column(Text)
    repeat: Mapped[int]
    value: Mapped[str | None] = mapped_column(Text)
    beside: Mapped[str | None] = mapped_column(Text)
    alike: Mapped[int | None]
    created_at: Mapped[dt.datetime]


class Article(Base):
    """A titled part of a document. `text` is the restored text: paragraphs joined by one line feed."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("document_id", "ordinal"),
        Index("ix_article_date", "date"),
        Index(
            "ix_article_section",
            "section",
            sqlite_where=text(NAMES_A_SECTION),
            postgresql_where=text(NAMES_A_SECTION),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    """Position in the document, from 0."""
    title: Mapped[str] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(Text)
    date: Mapped[dt.date | None]
    source: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    closing: Mapped[str | None] = mapped_column(Text)
    """Stock closing lines that were left out of `text`."""
    first_line: Mapped[int]
    last_line: Mapped[int]
    """The article's lines in the raw file, from 1, both included."""
    doubts: Mapped[list[Any] | None]
    """[[kind, line, text], …]: where a curator should look; null as in `Document`."""
    points: Mapped[list[Any] | None]
    """In order, as `content.points` finds them; null where the article came before they were kept."""

    document: Mapped[Document] = relationship(back_populates="articles")
    passages: Mapped[list[Passage]] = relationship(
        back_populates="article", order_by="Passage.start", cascade="all, delete-orphan", passive_deletes=True
    )


class Passage(Base):
    """What is indexed and sent: `article.text[start:stop]`, in one of the three cuts."""

    __tablename__ = "passage"
    __table_args__ = (
        UniqueConstraint("article_id", "length", "start"),
        Index("ix_passage_document_id_length", "document_id", "length"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    length: Mapped[str] = mapped_column(String(10))
    start: Mapped[int]
    stop: Mapped[int]
    """Half-open span in the article's text, in code points."""
    text: Mapped[str] = mapped_column(Text)
    heading: Mapped[str | None] = mapped_column(Text)
    """The sub-heading in force where the passage starts, e.g. 二、…"""
    headline: Mapped[str | None] = mapped_column(Text)
    """A few words of the passage that say what it is about; null where none stand out."""
    keywords: Mapped[list[Any]]
    """[[term, weight], …], heaviest first."""
    summary: Mapped[str | None] = mapped_column(Text)
    units: Mapped[int]
    """Length in reading units."""
    first_line: Mapped[int]
    last_line: Mapped[int]
    clause: Mapped[str | None] = mapped_column(Text)
    """Of a statute the articles that it touches: 第五条, or 第五条至第七条."""

    article: Mapped[Article] = relationship(back_populates="passages")


def readable(visibilities: Group[str]) -> ColumnElement[bool]:
    """Return the condition for documents that exist for a reader of these visibilities.

    Goes into a query that joins Document and Collection.
    """
    return and_(Document.visible, Collection.visibility.in_(visibilities))
