"""Blocks of text to articles: restored paragraphs, each article with title, section, date and source.

Pure: knows neither files nor formats nor the database.
"""

from __future__ import annotations

from content.reading.blocks import RawDocument
from content.structure.articles import divide_by_marks
from content.structure.drafts import ArticleDraft, Paragraph, draft_articles
from content.structure.outline import divide_by_headings, has_outline
from content.structure.paragraphs import restore_paragraphs

__all__ = ["ArticleDraft", "Paragraph", "parse_articles"]


def parse_articles(raw: RawDocument, fallback_title: str) -> list[ArticleDraft]:
    """Return the document's articles in order, at least one.

    `fallback_title` names text for which no title is found and none is given in the file's front matter.
    No visible character is lost but page numbers, running heads, and lines that became fields of an article.
    """
    pieces = restore_paragraphs(raw)
    parts = divide_by_headings(pieces) if has_outline(pieces) else divide_by_marks(pieces)
    return draft_articles(parts, raw.front_matter, raw.front_matter.get("title") or fallback_title)
