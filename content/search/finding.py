"""Search: from a parsed query to a page of hits, in an order that is the same every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from content.search import matching
from content.search.entries import join_titles
from content.search.evidence import Sought, examine
from content.search.folding import fold, fold_each
from content.search.grams import make_pattern
from content.search.hits import Hits, Order, Rerank
from content.search.lookup import Lookup
from content.search.matching import CANDIDATES, EACH, Asked, Matches
from content.search.nearest import find_nearest
from content.search.query import Query, parse_query
from content.search.ranking import Scored, arrange, favour_words, is_worth_showing, weigh
from content.search.scope import EVERYWHERE, find_scope, list_by_date, sort_by_date
from content.search.showing import read_hits
from content.search.statements import as_date, fetch, fetch_one, listed
from content.search.suggesting import suggest, suggest_beside

NEAR = 24
"""Passages read beside the matches, where none of these has the query as it was typed."""
RERANKED = 20
"""Passages that a re-ranker looks at: the first pages."""
LITTLE = 3
"""Passages that are so few that something else may have been meant."""
ENOUGH = 0.75
"""Share of the words' weight that a passage must have to answer a sentence."""
MOST_COUNTED = EACH
"""Passages of which the documents are counted, and that are sorted by date: about 5 µs each."""


_TEXTS = """
SELECT passage.id, passage.text, passage.heading, passage.article_id, title, section, date
FROM passage JOIN article ON article.id = passage.article_id WHERE passage.id IN
"""


def search(
    session: Session,
    query: Query,
    *,
    limit: int = 5,
    offset: int = 0,
    visibilities: Sequence[str] = ("public",),
    order: Order = "relevance",
    rerank: Rerank | None = None,
) -> Hits:
    """Return hits `offset` … `offset + limit` of the passages that answer the query, best first,
    or by date where that is the `order`: the latest article first, undated ones last.

    Only the standard cut of visible documents in collections of these visibilities is searched. The order
    is the same on every call, so pages neither repeat nor leave out a hit; of equally good hits the latest
    comes first. A query that only narrows (in:, section:, since:, until:) lists all passages there, the
    latest first. Where nothing answers the query in full, the hits are those that answer a suggestion
    (`Hits.corrected`), or else have parts of it, which are in order of how much they have, whatever `order`
    says; `Hits.relaxed` says so. Where only few passages have letters that may be pinyin, what they may stand
    for is suggested. Nothing is written, and no query that `parse_query` returned raises.

    The best `CANDIDATES` of the matches are ranked by reading them, and of very many matches those that show
    signs of being among the best; further ones follow, the newest first. Where `rerank` is given, it puts the
    first `RERANKED` in a new order; nothing does unless told to. By date, the newest `MOST_COUNTED`
    matches are sorted, and further ones follow in the order of relevance.

    To load a corpus in bulk without the document pipeline, say 100,000 passages for a benchmark: make the
    tables (`content.models.Base.metadata.create_all(engine)`); insert rows of Collection, Document
    (visible=True), Article and Passage (length=STANDARD; keywords are [] or [[term, weight], …]: what pinyin
    and slips are held against, beside titles) any way you like; then `ensure_index(session)`, which indexes
    all that is there, and commit. What is inserted later, `index_passages(session, ids)` adds. A program that
    does so, and what each field must be, is in docs/python.md. Without an index, DBAPIError is raised.
    """
    lookup = Lookup(session, find_scope(session, query, visibilities))
    page = _Page(limit, offset, order, visibilities, rerank)
    if not (query.words or query.phrases):
        return _list(lookup, query, page)
    found = _find(lookup, query)
    if not found.relaxed:
        beside = suggest_beside(lookup, query) if found.total <= LITTLE else ()
        return replace(_show(lookup, query, found, page), suggestions=tuple(beside))
    missing = matching.find_missing(lookup, found.asked)
    suggestions = tuple(suggest(lookup, query))
    for suggestion in suggestions[:1]:
        corrected = parse_query(suggestion)
        instead = _find(lookup, corrected)
        if not instead.relaxed:
            answer = _show(lookup, corrected, instead, page)
            return replace(
                answer, relaxed=True, missing=missing, suggestions=suggestions, corrected=suggestion
            )
    shown = _show(lookup, query, found, page)
    return replace(
        shown,
        relaxed=bool(shown.total),
        missing=missing,
        suggestions=suggestions,
        nearest=find_nearest(shown.hits[0].text, query) if shown.hits else None,
    )


@dataclass(frozen=True)
class _Page:
    limit: int
    offset: int
    order: Order
    visibilities: Sequence[str]
    rerank: Rerank | None


@dataclass(frozen=True)
class _Found:
    """What answers a query: those that were read, the best first, and where the others are."""

    asked: Asked
    scores: dict[int, float]
    """Of those that were read, in order."""
    relaxed: bool
    matches: Matches | None = None
    """All that match, if everything was asked for; some may be among those that were read."""
    others: tuple[int, ...] = ()
    """Otherwise those that were not read, in order."""
    more: int = 0
    """How many there are beside `matches`."""

    @property
    def total(self) -> int:
        return self.more + (self.matches.total if self.matches else len(self.others))


def _find(lookup: Lookup, query: Query) -> _Found:
    asked = matching.examine_query(lookup, query)
    if matches := matching.match_all(lookup, asked):
        return _rank_matches(lookup, query, asked, matches)
    return _rank_parts(lookup, query, asked, matching.match_parts(lookup, asked))


def _rank_matches(lookup: Lookup, query: Query, asked: Asked, matches: Matches) -> _Found:
    """Return the matches. What the query's parts fit better than any of those that were read comes first,
    be it a match or not."""
    candidates = matching.choose_candidates(lookup, asked, matches)
    scores = _read(lookup.session, query, asked, candidates)
    best = max((each.points for each in scores.values()), default=0.0)
    better: dict[int, Scored] = {}
    if not (query.phrases or matching.has_all_as_typed(lookup, asked)):
        near = matching.match_parts(lookup, asked, most=NEAR, but=scores)
        read = _read(lookup.session, query, asked, near)
        better = {passage: each for passage, each in read.items() if each.points > best}
    found = scores | better
    if len(asked.words) <= matching.ALL_WORDS:
        found = favour_words(found, _sought(query, asked))
    more = sum(each.share < 1 for each in better.values())
    return _Found(asked, _arranged(found), relaxed=False, matches=matches, more=more)


def _rank_parts(lookup: Lookup, query: Query, asked: Asked, ids: Sequence[int]) -> _Found:
    """Return those that have enough of the words, and what fits better than any of them; where none has
    enough, those that have parts worth showing."""
    scores = _read(lookup.session, query, asked, ids[:CANDIDATES])
    best = max((each.points for each in scores.values() if each.share >= ENOUGH), default=math.inf)
    answers = {
        passage: each for passage, each in scores.items() if each.share >= ENOUGH or each.points > best
    }
    if answers and len(asked.words) > matching.ALL_WORDS and not query.phrases:
        return _Found(asked, _arranged(answers), relaxed=False, more=len(answers))
    worth = {passage: each for passage, each in scores.items() if each.is_worth_showing}
    others = tuple(passage for passage in ids if passage not in scores) if len(worth) == len(scores) else ()
    return _Found(asked, _arranged(worth), relaxed=True, others=others, more=len(worth))


def _arranged(scores: dict[int, Scored]) -> dict[int, float]:
    return {passage: scores[passage].points for passage in arrange(scores)}


def _read(session: Session, query: Query, asked: Asked, passage_ids: Sequence[int]) -> dict[int, Scored]:
    """Return how well the passages answer, by reading them; those that are gone are left out."""
    sought = _sought(query, asked)
    rows = fetch(session, _TEXTS + listed(passage_ids))
    bodies = fold_each([text for _, text, *_ in rows])
    titles = fold_each([join_titles(title, section, heading) for _, _, heading, _, title, section, _ in rows])
    scores = {}
    for (passage, _, _, article, _, _, date), body, above in zip(rows, bodies, titles, strict=True):
        evidence = examine(body, above, sought)
        points, is_worth = weigh(evidence), is_worth_showing(evidence, sought)
        scores[passage] = Scored(points, evidence.words, article, as_date(date), body, is_worth)
    return scores


def _sought(query: Query, asked: Asked) -> Sought:
    return Sought(asked.patterns, query.grams, query.pieces, asked.rarity)


def _show(lookup: Lookup, query: Query, found: _Found, page: _Page) -> Hits:
    ids = _page_ids(lookup, query, found, page)
    scored = [(passage, found.scores.get(passage, 0.0)) for passage in ids]
    marked = [*query.pieces, *query.words, *query.phrases, *(query.grams if found.relaxed else ())]
    return Hits(
        total=found.total,
        documents=_count_documents(lookup, found),
        hits=tuple(read_hits(lookup.session, scored, marked, query.grams, page.visibilities)),
        is_capped=_is_capped(lookup, found),
    )


def _page_ids(lookup: Lookup, query: Query, found: _Found, page: _Page) -> list[int]:
    """Return the passages of the page: of those that were read, then of the others."""
    first = list(found.scores)
    if page.rerank:
        first = [*_reranked(lookup.session, page.rerank, query.text, first[:RERANKED]), *first[RERANKED:]]
    if page.order == "date" and not found.relaxed:
        first = sort_by_date(lookup.session, {*first, *_newest(found)})
    ids = first[page.offset : page.offset + page.limit]
    left, offset = page.limit - len(ids), max(0, page.offset - len(first))
    if found.matches and left:
        return ids + lookup.newest(found.matches.sought, left, offset=offset, but=first)
    return ids + list(found.others[offset : offset + left])


def _reranked(session: Session, rerank: Rerank, typed: str, passages: Sequence[int]) -> list[int]:
    texts = dict(fetch(session, f"SELECT id, text FROM passage WHERE id IN {listed(passages)}"))
    there = [passage for passage in passages if passage in texts]
    points = dict(zip(there, rerank(typed, [texts[passage] for passage in there]), strict=True))
    return sorted(there, key=lambda passage: -points[passage])


def _newest(found: _Found) -> Sequence[int]:
    """Return the newest of those that match, as many as are counted."""
    return [*found.scores, *found.others][:MOST_COUNTED] if found.matches is None else found.matches.newest


def _count_documents(lookup: Lookup, found: _Found) -> int | None:
    """Return how many documents the passages are in; None where there are too many passages."""
    if found.total > MOST_COUNTED:
        return None
    ids = {*found.scores, *_newest(found)}
    counted = f"SELECT count(DISTINCT document_id) FROM passage WHERE id IN {listed(ids)}"
    return int(fetch_one(lookup.session, counted))


def _is_capped(lookup: Lookup, found: _Found) -> bool:
    """Return whether there may be more passages than are counted."""
    is_all_read = not (found.matches or found.relaxed) and len(found.scores) == CANDIDATES
    return is_all_read or any(map(lookup.is_capped, found.asked.patterns))


def _list(lookup: Lookup, query: Query, page: _Page) -> Hits:
    """Return the passages that a query without words is narrowed to, latest first."""
    ids = list_by_date(lookup.session, query, page.visibilities, page.limit, page.offset)
    total = lookup.count(None)
    return Hits(
        total=total,
        documents=None if total > MOST_COUNTED else lookup.count_documents(None, MOST_COUNTED),
        hits=tuple(read_hits(lookup.session, [(passage, 0.0) for passage in ids], (), (), page.visibilities)),
    )


def find_passages(
    session: Session, query: Query, visibilities: Sequence[str], most: int | None = None
) -> frozenset[int]:
    """Return the readable passages of the standard cut that answer the query in full, in no order.

    All of them, or the newest `most`.
    """
    if not (query.words or query.phrases):
        return frozenset(list_by_date(session, query, visibilities, most, 0))
    lookup = Lookup(session, find_scope(session, query, visibilities))
    found = _find(lookup, query)
    if found.relaxed:
        return frozenset()
    matches = found.matches
    others = lookup.newest(matches.sought, most or matches.total) if matches else ()
    return frozenset(list(dict.fromkeys([*others, *found.scores]))[:most])


def find_elsewhere(session: Session, terms: Iterable[str], passages: Set[int]) -> Iterator[str]:
    """Yield those of the terms that the texts of other passages than these have as well, in their order.

    Only so many passages are looked up for a term as it takes to know: it may be asked before each digest.
    """
    lookup = Lookup(session, EVERYWHERE)
    for term in terms:
        pattern = make_pattern(fold(term).text)
        if pattern and lookup.newest(lookup.in_text(pattern), 1, but=passages):
            yield term
