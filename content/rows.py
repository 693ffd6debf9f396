"""What was prepared, as the rows that are stored: pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from content.keywords import rounded
from content.prepare import PreparedArticle, PreparedPassage
from content.reading import Doubt


def article_row(document_id: int, ordinal: int, article: PreparedArticle) -> dict[str, object]:
    """Return the values of an Article."""
    draft = article.draft
    return {
        "document_id": document_id,
        "ordinal": ordinal,
        "title": draft.title,
        "section": draft.section,
        "date": draft.date,
        "source": draft.source,
        "text": article.text,
        "closing": draft.closing,
        "first_line": draft.first_line,
        "last_line": draft.last_line,
        "doubts": as_stored(draft.doubts),
        "points": list(article.points),
    }


def passage_row(document_id: int, article_id: int, passage: PreparedPassage) -> dict[str, object]:
    """Return the values of a Passage."""
    draft = passage.draft
    return {
        "article_id": article_id,
        "document_id": document_id,
        "length": passage.length,
        "start": draft.start,
        "stop": draft.stop,
        "text": passage.text,
        "heading": draft.heading,
        "headline": passage.headline,
        "keywords": rounded(passage.keywords),
        "summary": passage.summary,
        "units": draft.units,
        "first_line": draft.first_line,
        "last_line": draft.last_line,
        "clause": draft.clause,
    }


def as_stored(doubts: Sequence[Doubt]) -> list[Any]:
    """Return doubts as they are stored: [[kind, line, text], …]."""
    return [[doubt.kind, doubt.line, doubt.text] for doubt in doubts]
