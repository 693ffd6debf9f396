"""What readers call a document: its title, where one can be told, else its name. Operators see names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from content.models import Article, Document
from content.search.scope import inline


def title_documents(session: Session, document_ids: Sequence[int]) -> dict[int, str]:
    """Return the title of each of the documents that are there, by id; where two have the same, their names.

    A document's title is that of its only article, or the section that all of its articles stand in, as under
    a Markdown file's first heading; where there is neither, its name without folders and suffix.
    """
    query = (
        select(Document.id, Document.name, func.count(Article.id).label("articles"))
        .add_columns(func.count(Article.section).label("in_sections"))
        .add_columns(func.count(Article.section.distinct()).label("sections"))
        .add_columns(func.min(Article.title).label("title"), func.min(Article.section).label("section"))
        .outerjoin(Article, Article.document_id == Document.id)
        .where(Document.id.in_(inline("documents", document_ids)))
        .group_by(Document.id, Document.name)
    )
    rows = session.execute(query).all()
    titles = {row.id: _title(row) or _stem(row.name) for row in rows}
    alike = Counter(titles.values())
    return {row.id: titles[row.id] if alike[titles[row.id]] == 1 else _stem(row.name) for row in rows}


def _title(row: Row[Any]) -> str | None:
    if row.articles == 1:
        return str(row.title)
    is_whole = row.sections == 1 and row.in_sections == row.articles
    return str(row.section) if is_whole else None


def _stem(name: str) -> str:
    return PurePath(name).stem
