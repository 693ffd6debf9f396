"""What readers call a document: its title, where one can be told, else its name. Operators see names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, func, select
from sqlalchemy.orm import Session

from content.models import Article, Document
from content.tokens import WIDE

_HASH = re.compile(r"(?=[0-9a-f]*[0-9])[0-9a-f]{6,}", re.IGNORECASE)
_SPEAKING = re.compile(rf"[{WIDE}]|[^\W\d_]{{3}}")
"""A character of Chinese, or three letters."""


def title_documents(session: Session, document_ids: Sequence[int] | None = None) -> dict[int, str]:
    """Return the title of each of the documents that are there, by id; where two have the same, their names.
    Without ids, of all.

    A document's title is that of its only article, or the section that all of its articles stand in, as under
    a Markdown file's first heading; where there is neither, its name without folders and suffix. Where that
    says nothing to a reader, as 4ad0c1d776a1, it is the title of the first of so many articles.
    """
    query = (
        select(Document.id, Document.name, func.count(Article.id).label("articles"))
        .add_columns(func.count(Article.section).label("in_sections"))
        .add_columns(func.count(Article.section.distinct()).label("sections"))
        .add_columns(func.min(Article.title).label("title"), func.min(Article.section).label("section"))
        .outerjoin(Article, Article.document_id == Document.id)
        .group_by(Document.id, Document.name)
    )
    if document_ids is not None:
        query = query.where(Document.id.in_(_inline(document_ids)))
    rows = session.execute(query).all()
    names = _speaking_names(session, rows)
    titles = {row.id: _title(row) or names[row.id] for row in rows}
    alike = Counter(titles.values())
    return {row.id: titles[row.id] if alike[titles[row.id]] == 1 else names[row.id] for row in rows}


def _speaking_names(session: Session, rows: Sequence[Row[Any]]) -> dict[int, str]:
    stems = {row.id: PurePath(row.name).stem for row in rows}
    mute = [row.id for row in rows if row.articles and not _SPEAKING.search(_HASH.sub("", stems[row.id]))]
    firsts = select(Article.document_id, Article.title).where(
        Article.document_id.in_(_inline(mute)), Article.ordinal == 0
    )
    counts = {row.id: row.articles for row in rows}
    said = {number: f"{title} (1/{counts[number]})" for number, title in session.execute(firsts)}
    return stems | said


def _title(row: Row[Any]) -> str | None:
    if row.articles == 1:
        return str(row.title)
    is_whole = row.sections == 1 and row.in_sections == row.articles
    return str(row.section) if is_whole else None


def _inline(document_ids: Sequence[int]) -> BindParameter[Any]:
    """Return the ids to be written into the statement: there may be more than a statement has parameters."""
    return bindparam(None, list(document_ids), expanding=True, literal_execute=True)
