"""An import's outcome as the JSON object that other programs read. Its keys are a promise: see the README."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.imports import Outcome
from content.ingest import PreparedArticle, find_document
from content.models import Article


def outcome_as_json(outcome: Outcome, database: Database | None) -> dict[str, Any]:
    """Return the object. Articles come from the database, with ids, or from what was prepared."""
    if outcome.sha256 is None:
        articles = []
    elif database is not None:
        sha256 = outcome.sha256
        articles = database.run_read(lambda session: stored_articles(session, sha256))
    else:
        prepared = outcome.prepared.articles if outcome.prepared else ()
        articles = [prepared_article(article) for article in prepared]
    return {
        "document": outcome.name,
        "status": outcome.status,
        "error": outcome.error,
        "articles": articles,
    }


def stored_articles(session: Session, sha256: str) -> list[dict[str, Any]]:
    """Return the articles of the document with these bytes, passages with their ids."""
    document = find_document(session, sha256)
    if document is None:
        return []
    rows = session.scalars(
        select(Article).where(Article.document_id == document.id).order_by(Article.ordinal)
    )
    return [stored_article(row) for row in rows]


def stored_article(row: Article) -> dict[str, Any]:
    """Return one stored article; its passages are those of the standard cut."""
    passages = [
        {"id": p.id, "text": p.text, "keywords": p.keywords, "summary": p.summary}
        for p in row.passages
        if p.length == "standard"
    ]
    return {
        "title": row.title,
        "section": row.section,
        "date": row.date.isoformat() if row.date else None,
        "source": row.source,
        "paragraphs": row.text.split("\n"),
        "passages": passages,
    }


def prepared_article(article: PreparedArticle) -> dict[str, Any]:
    """Return one article that was prepared but not stored: its passages have no ids."""
    draft = article.draft
    passages = [
        {
            "id": None,
            "text": p.text,
            "keywords": [[keyword.term, round(keyword.weight, 4)] for keyword in p.keywords],
            "summary": p.summary,
        }
        for p in article.passages
        if p.length == "standard"
    ]
    return {
        "title": draft.title,
        "section": draft.section,
        "date": draft.date.isoformat() if draft.date else None,
        "source": draft.source,
        "paragraphs": article.text.split("\n"),
        "passages": passages,
    }
