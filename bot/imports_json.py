"""An import's outcome as the JSON object that other programs read. Its keys are a promise: see the README."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.imports import Outcome
from content.ingest import find_document
from content.keywords import rounded
from content.models import STANDARD, Article
from content.prepare import PreparedArticle
from content.structure import ArticleDraft


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
    standard = [passage for passage in row.passages if passage.length == STANDARD]
    return article_object(
        row, row.text, [passage_object(p.id, p.text, p.keywords, p.summary) for p in standard]
    )


def prepared_article(article: PreparedArticle) -> dict[str, Any]:
    """Return one article that was prepared but not stored: its passages have no ids."""
    standard = [passage for passage in article.passages if passage.length == STANDARD]
    passages = [passage_object(None, p.text, rounded(p.keywords), p.summary) for p in standard]
    return article_object(article.draft, article.text, passages)


def article_object(
    article: Article | ArticleDraft, text: str, passages: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return an article as other programs read it."""
    return {
        "title": article.title,
        "section": article.section,
        "date": article.date.isoformat() if article.date else None,
        "source": article.source,
        "paragraphs": text.split("\n"),
        "passages": passages,
    }


def passage_object(
    passage_id: int | None, text: str, keywords: list[Any], summary: str | None
) -> dict[str, Any]:
    """Return a passage as other programs read it."""
    return {"id": passage_id, "text": text, "keywords": keywords, "summary": summary}
