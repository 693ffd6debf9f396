"""What is shown of passages that were found: where they stand, a snippet, and what to mark in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from content.models import Article, Collection, Document, Passage, readable
from content.search.entries import fold_titles
from content.search.grams import Pattern, make_pattern
from content.search.hits import Hit, Place
from content.search.query import Query
from content.search.snippets import make_snippet, merge_spans
from content.tokens import Folded, fold


def read_hits(
    session: Session,
    page: Sequence[tuple[int, float]],
    marked: Iterable[str],
    visibilities: Sequence[str],
) -> Iterator[Hit]:
    """Yield a hit for each (passage, score) of the page, with the marked texts highlighted.

    Whatever the index says, only passages that are there and may be read.
    """
    patterns = _patterns(marked)
    rows = session.execute(_shown(tuple(visibilities)), {"passages": [passage for passage, _ in page]})
    found = {row.id: row for row in rows}
    for passage, points in page:
        if row := found.get(passage):
            spans = _find_spans(fold(row.text), patterns)
            yield Hit(
                passage_id=passage,
                score=points,
                collection=row.collection,
                document=row.document,
                article=row.title,
                section=row.section,
                heading=row.heading,
                clause=row.clause,
                date=row.date,
                source=row.source,
                place=Place(row.document_id, row.ordinal, row.start, row.stop),
                text=row.text,
                snippet=make_snippet(row.text, spans),
                is_by_title=not spans and _are_in(patterns, fold_titles(row.title, row.section, row.heading)),
            )


@lru_cache(maxsize=16)
def _shown(visibilities: tuple[str, ...]) -> Select[Any]:
    """Return the statement that reads what is shown, of passages that may be read."""
    return (
        select(Passage.id, Passage.document_id, Passage.start, Passage.stop, Passage.text)
        .add_columns(Passage.heading, Passage.clause)
        .add_columns(Article.ordinal, Article.title, Article.section, Article.date, Article.source)
        .add_columns(Document.name.label("document"), Collection.name.label("collection"))
        .join(Article, Article.id == Passage.article_id)
        .join(Document, Document.id == Passage.document_id)
        .join(Collection, Collection.id == Document.collection_id)
        .where(Passage.id.in_(bindparam("passages", expanding=True)), readable(visibilities))
    )


def find_matches_in(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` that have what the query looks for: half-open, in order, apart."""
    patterns = _patterns([*query.pieces, *query.words, *query.phrases])
    return tuple(merge_spans(_find_spans(fold(text), patterns)))


def _patterns(texts: Iterable[str]) -> list[Pattern]:
    made = (make_pattern(each) for each in texts)
    return [pattern for pattern in made if pattern is not None]


def _are_in(patterns: Sequence[Pattern], titles: str) -> bool:
    return any(pattern.is_in(titles) for pattern in patterns)


def _find_spans(folded: Folded, patterns: Sequence[Pattern]) -> list[tuple[int, int]]:
    """Return the spans of the original text that have the patterns; where the whole is there, none that have
    only a part of it: 复产 of 复工复产 stands in 恢复产能 as well."""
    found = {pattern.text: pattern.spans(folded.text) for pattern in patterns}
    there = [text for text, spans in found.items() if spans]
    wholes = [text for text in there if not any(text in other and text != other for other in there)]
    return [folded.span(*span) for text in wholes for span in found[text]]
