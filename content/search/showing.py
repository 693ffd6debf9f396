"""What is shown of passages that were found: where they stand, a snippet, and what to mark in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from content.search.entries import fold_titles
from content.search.folding import fold
from content.search.grams import Pattern, make_gram, make_pattern
from content.search.hits import Hit, Place
from content.search.query import Query
from content.search.snippets import make_snippet, merge_spans
from content.search.statements import as_date, fetch, listed
from content.tokens import Folded

_SHOWN = """
SELECT passage.id, visibility, collection.name, document.name, title, section, heading, clause, date, source,
    passage.document_id, ordinal, start, stop, passage.text
FROM passage JOIN article ON article.id = passage.article_id
    JOIN document ON document.id = passage.document_id JOIN collection ON collection.id = collection_id
WHERE visible AND passage.id IN
"""
"""What is shown of passages, and who may read it; behind it come the passages."""


def read_hits(
    session: Session,
    page: Sequence[tuple[int, float]],
    marked: Iterable[str],
    grams: Iterable[str],
    visibilities: Sequence[str],
) -> Iterator[Hit]:
    """Yield a hit for each (passage, score) of the page, with the marked texts highlighted, or the grams
    where neither the text nor its titles have any of these.

    Whatever the index says, only passages that are there and may be read.
    """
    patterns, parts = _patterns(marked), [*map(make_gram, grams)]
    rows = fetch(session, _SHOWN + listed(passage for passage, _ in page))
    found = {row[0]: row[1:] for row in rows}
    for passage, points in page:
        if passage in found and found[passage][0] in visibilities:
            yield _hit(passage, points, found[passage], patterns, parts)


def _hit(
    passage: int, points: float, row: Sequence[Any], patterns: Sequence[Pattern], parts: Sequence[Pattern]
) -> Hit:
    _, collection, document, title, section, heading, clause, date, source, *place, text = row
    folded = fold(text)
    spans = _find_spans(folded, patterns)
    is_by_title = not spans and _are_in(patterns, fold_titles(title, section, heading))
    if not (spans or is_by_title):
        spans = _find_spans(folded, parts)
    return Hit(
        passage_id=passage,
        score=points,
        collection=collection,
        document=document,
        article=title,
        section=section,
        heading=heading,
        clause=clause,
        date=as_date(date),
        source=source,
        place=Place(*place),
        text=text,
        snippet=make_snippet(text, spans),
        is_by_title=is_by_title,
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
    dense = folded.text.replace(" ", "")
    found = {each.text: each.spans(folded.text) for each in patterns if each.may_be_in(dense)}
    there = [text for text, spans in found.items() if spans]
    wholes = [text for text in there if not any(text in other and text != other for other in there)]
    return [folded.span(*span) for text in wholes for span in found[text]]
