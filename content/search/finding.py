"""Search: from a parsed query to a page of hits, in an order that is the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.models import Article, Collection, Document, Passage
from content.search.grams import Pattern, make_pattern
from content.search.hits import Hit, Hits, Order, Place
from content.search.index import engine_of, fold_titles
from content.search.matching import Matches, Postings, find_matches, rarity
from content.search.query import Query, parse_query
from content.search.ranking import Scored, Sought, arrange, longest_part, score
from content.search.scope import find_readable, list_by_date, sort_by_date
from content.search.snippets import make_snippet, merge_spans
from content.search.suggesting import suggest
from content.tokens import Folded, fold

CANDIDATES = 100
"""Passages that are ranked by reading them; further ones follow in the index's own order."""
IDS_AT_ONCE = 500
"""Ids in one statement."""


def search(
    session: Session,
    query: Query,
    *,
    limit: int = 5,
    offset: int = 0,
    visibilities: Sequence[str] = ("public",),
    order: Order = "relevance",
) -> Hits:
    """Return hits `offset` … `offset + limit` of the passages that answer the query, best first,
    or by date where that is the `order`: the latest article first, undated ones last.

    Only the standard cut of visible documents in collections of these visibilities is searched. The order
    is the same on every call, so pages neither repeat nor leave out a hit; of equally good hits the latest
    comes first. A query that only narrows (in:, section:, since:, until:) lists all passages there, the
    latest first. Where nothing answers the query in full, the hits are those that answer a suggestion
    (`Hits.corrected`), or else have parts of it, which are in order of how much they have, whatever `order`
    says; `Hits.relaxed` says so. Nothing is written, and no query
    that `parse_query` returned raises.

    To load a corpus in bulk without the document pipeline, say 100,000 passages for a benchmark:
    `ensure_index(session)`; insert rows of Collection, Document (visible=True), Article and Passage
    (length=STANDARD; keywords may be empty, but are what pinyin and slips are held against) any way you
    like; then `index_passages(session, ids)` with all ids or a part of them, and commit as often as you like.
    """
    if not (query.words or query.phrases):
        return _list(session, query, limit, offset, visibilities)
    postings = Postings(engine_of(session), session)
    readable = find_readable(session, query, visibilities)
    matches = find_matches(postings, query, readable)
    if not matches.relaxed:
        return _answer(session, postings, query, matches, limit, offset, order)
    suggestions = tuple(suggest(postings, query, readable))
    for suggestion in suggestions[:1]:
        corrected = parse_query(suggestion)
        found = find_matches(postings, corrected, readable)
        if not found.relaxed:
            answer = _answer(session, postings, corrected, found, limit, offset, order)
            return replace(
                answer, relaxed=True, missing=matches.missing, suggestions=suggestions, corrected=suggestion
            )
    return replace(_answer(session, postings, query, matches, limit, offset), suggestions=suggestions)


def _answer(
    session: Session,
    postings: Postings,
    query: Query,
    matches: Matches,
    limit: int,
    offset: int,
    order: Order = "relevance",
) -> Hits:
    ranking = _rank(session, postings, matches, _sought(postings, query, matches))
    ids = matches.ids | ranking.scores.keys()
    places = ranking.places() if order == "relevance" else ranking.by_date(session, ids)
    page = islice(places, offset, offset + limit)
    hits = tuple(_hits(session, list(page), _highlighting(query, matches)))
    return Hits(
        total=len(ids),
        documents=_count_documents(session, ids),
        hits=hits,
        relaxed=matches.relaxed and bool(matches.ids),
        missing=matches.missing,
        nearest=_nearest(hits[0].text, query) if hits and matches.relaxed else None,
    )


def _nearest(text: str, query: Query) -> str | None:
    """Return the longest part of the query that the text has, as it stands in the text."""
    folded = fold(text)
    parts = [longest_part(piece, folded.text) for piece in query.pieces]
    longest = max(parts, key=len, default="")
    if len(longest) < 2:
        return None
    at = folded.text.index(longest)
    start, stop = folded.span(at, at + len(longest))
    return text[start:stop]


def _list(session: Session, query: Query, limit: int, offset: int, visibilities: Sequence[str]) -> Hits:
    """Return the passages that a query without words is narrowed to, latest first."""
    ids = list_by_date(session, query, visibilities)
    page = [(passage, 0.0) for passage in ids[offset : offset + limit]]
    return Hits(len(ids), _count_documents(session, frozenset(ids)), tuple(_hits(session, page, ())))


def _sought(postings: Postings, query: Query, matches: Matches) -> Sought:
    counts = postings.engine.frequencies(postings.session, query.grams)
    grams = {gram: rarity(counts.get(gram, 0), postings.size) for gram in query.grams}
    return Sought(matches.patterns, query.grams, query.pieces, {**grams, **matches.rarity})


@dataclass(frozen=True)
class _Ranking:
    """The best passages with their scores, and the others as the index has them."""

    scores: Mapping[int, Scored]
    rest: Iterable[int]

    def places(self) -> Iterator[tuple[int, float]]:
        """Yield (passage, score), best first."""
        for passage in arrange(self.scores):
            yield passage, self.scores[passage].points
        yield from ((passage, 0.0) for passage in self.rest)

    def by_date(self, session: Session, ids: Set[int]) -> Iterator[tuple[int, float]]:
        """Yield (passage, score), the latest first; of one article in the text's order."""
        for passage in sort_by_date(session, ids):
            yield passage, self.scores[passage].points if passage in self.scores else 0.0


def _rank(session: Session, postings: Postings, matches: Matches, sought: Sought) -> _Ranking:
    """Return the order of the matches. Others that the query's parts fit better than any come before them."""
    order = _index_order(postings, matches)
    scores = _scores(session, list(islice(order, CANDIDATES)), sought)
    near = _scores(session, list(islice(matches.near(), CANDIDATES)), sought)
    best = max((scored.points for scored in scores.values()), default=0.0)
    better = {passage: scored for passage, scored in near.items() if scored.points > best}
    return _Ranking({**scores, **better}, order)


def _index_order(postings: Postings, matches: Matches) -> Iterator[int]:
    if matches.coverage:
        return iter(sorted(matches.ids, key=lambda passage: (-matches.coverage[passage], passage)))
    if len(matches.ids) <= CANDIDATES:
        return iter(sorted(matches.ids))
    found = postings.engine.rank(postings.session, matches.patterns)
    return (passage for passage in found if passage in matches.ids)


def _scores(session: Session, passage_ids: Sequence[int], sought: Sought) -> dict[int, Scored]:
    rows = session.execute(
        select(Passage.id, Passage.text, Passage.heading, Passage.article_id)
        .add_columns(Article.title, Article.section, Article.date)
        .join(Article, Article.id == Passage.article_id)
        .where(Passage.id.in_(passage_ids))
    )
    return {
        row.id: Scored(
            score(fold(row.text).text, fold_titles(row.title, row.section, row.heading), sought),
            row.article_id,
            row.date,
        )
        for row in rows
    }


def _count_documents(session: Session, passage_ids: frozenset[int]) -> int:
    documents = select(Passage.document_id).distinct()
    found: set[int] = set()
    for ids in _batches(sorted(passage_ids)):
        found.update(session.scalars(documents.where(Passage.id.in_(ids))))
    return len(found)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + IDS_AT_ONCE] for at in range(0, len(ids), IDS_AT_ONCE))


def _hits(session: Session, page: Sequence[tuple[int, float]], patterns: Sequence[Pattern]) -> Iterator[Hit]:
    rows = session.execute(
        select(Passage, Article, Document.name, Collection.name)
        .join(Article, Article.id == Passage.article_id)
        .join(Document, Document.id == Passage.document_id)
        .join(Collection, Collection.id == Document.collection_id)
        .where(Passage.id.in_([passage for passage, _ in page]))
    )
    found = {row[0].id: row for row in rows}
    for passage_id, points in page:
        passage, article, document, collection = found[passage_id]
        yield Hit(
            passage_id=passage_id,
            score=points,
            collection=collection,
            document=document,
            article=article.title,
            section=article.section,
            heading=passage.heading,
            clause=passage.clause,
            date=article.date,
            source=article.source,
            place=Place(passage.document_id, article.ordinal, passage.start, passage.stop),
            text=passage.text,
            snippet=make_snippet(passage.text, _find_spans(fold(passage.text), patterns)),
        )


def _highlighting(query: Query, matches: Matches) -> list[Pattern]:
    """Return what to mark: whole pieces of the query, its words, and where it was relaxed its parts."""
    return _made([*query.pieces, *query.words, *query.phrases, *(query.grams if matches.relaxed else ())])


def _made(texts: Sequence[str]) -> list[Pattern]:
    made = (make_pattern(each) for each in texts)
    return [pattern for pattern in made if pattern is not None]


def _find_spans(folded: Folded, patterns: Sequence[Pattern]) -> list[tuple[int, int]]:
    """Return the spans of the original text that have the patterns."""
    return [folded.span(*span) for pattern in patterns for span in pattern.spans(folded.text)]


def find_matches_in(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` that have what the query looks for: half-open, in order, apart."""
    patterns = _made([*query.pieces, *query.words, *query.phrases])
    return tuple(merge_spans(_find_spans(fold(text), patterns)))


def find_passages(session: Session, query: Query, visibilities: Sequence[str]) -> frozenset[int]:
    """Return all readable passages of the standard cut that answer the query in full, in no order."""
    if not (query.words or query.phrases):
        return frozenset(list_by_date(session, query, visibilities))
    postings = Postings(engine_of(session), session)
    matches = find_matches(postings, query, find_readable(session, query, visibilities))
    return frozenset() if matches.relaxed else matches.ids


def find_elsewhere(session: Session, terms: Sequence[str], passages: Set[int]) -> Iterator[str]:
    """Yield those of the terms that the texts of other passages than these have as well, in their order.

    Only so many passages are looked up for a term as it takes to know: it may be asked before each digest.
    """
    engine, most = engine_of(session), len(passages) + 1
    for term in terms:
        pattern = make_pattern(fold(term).text)
        if pattern and engine.find(session, pattern, in_titles=False, limit=most) - passages:
            yield term
