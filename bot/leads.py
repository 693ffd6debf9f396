"""What a digest says about its passage: what is new in it, its keywords, its summary. Read, never stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.render.digest import MAX_KEYWORD_BUTTONS
from bot.render.markup import units_wide
from content.models import STANDARD, Article, Passage
from content.search import find_elsewhere

UNITS_A_KEYWORD = 50
"""A text bears one keyword, and one more for so many reading units: of a short one, every word is picked,
and words that the dictionary lacks come out in pieces."""
LEADING_WORDS = 3
LEADING_UNITS = 24
"""Keywords in place of a headline, and their width together: what a notification shows beside 12/64."""
LONG_ARTICLE = 3
"""Passages, and points, that an article has at least to be worth an outline."""
DOT = " · "
BRACKETED = re.compile(r"[（(][^（()）]*[)）]$")


@dataclass(frozen=True)
class Lead:
    """What is said about a passage, as far as there is something to say."""

    headline: str | None = None
    heading: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    """Heaviest first; the fewer, the shorter the passage."""
    searchable: tuple[str, ...] = ()
    """The heaviest of the keywords that other passages have as well: as many as have a button."""
    clause: str | None = None
    """Of a statute the articles that it touches; None where it is not cut there any more."""
    points: tuple[str, ...] = ()
    """Of the article, where it begins here and is long; none that the reader sees anyway."""


def find_lead(session: Session, article: Article, length: str, start: int, stop: int) -> Lead:
    """Return what is said about that span of the article, by the stored passage that overlaps it most."""
    passage = _best_passage(session, article, length, start, stop)
    if passage is None:
        return Lead()
    keywords = _keywords(passage)[: 1 + passage.units // UNITS_A_KEYWORD]
    return Lead(
        choose_headline(passage, _previous(session, passage), article.title),
        passage.heading,
        passage.summary,
        keywords,
        _searchable(session, keywords, _indexed(session, article, start, stop)),
        passage.clause if (passage.start, passage.stop) == (start, stop) else None,
        _points(session, article, passage),
    )


def _points(session: Session, article: Article, passage: Passage) -> tuple[str, ...]:
    if not article.points or article.text[: passage.start].strip():
        return ()
    cut = select(func.count()).where(Passage.article_id == article.id, Passage.length == passage.length)
    return choose_points(article.points, session.scalar(cut) or 0, passage.text + (passage.summary or ""))


def choose_points(points: Sequence[str], passages: int, said: str) -> tuple[str, ...]:
    """Return the points of an article of so many passages that are worth showing where it begins.

    None of a short article, of one with few points, or where half of them are `said` there anyway.
    """
    new = [point for point in points if point not in said]
    is_worth = min(passages, len(points)) >= LONG_ARTICLE and len(new) * 2 > len(points)
    return tuple(points) if is_worth else ()


def _searchable(session: Session, keywords: Sequence[str], own: frozenset[int]) -> tuple[str, ...]:
    try:
        with session.begin_nested():
            return tuple(islice(find_elsewhere(session, keywords, own), MAX_KEYWORD_BUTTONS))
    except DatabaseError:  # the index is damaged: the passage comes all the same
        return ()


def choose_headline(passage: Passage, previous: Passage | None, title: str) -> str | None:
    """Return the words that say what is new in a passage after the `previous` one of its article.

    They are its own headline, a heading that begins here, or the keywords that the previous one lacks. None
    where the title says most: at the article's beginning, and where there is nothing else.
    """
    if passage.headline and not _is_said(passage.headline, previous, title):
        return passage.headline
    if previous is None:
        return None
    if passage.heading and passage.heading != previous.heading:
        return passage.heading
    return DOT.join(_leading(passage, previous)) or None


def _is_said(headline: str, previous: Passage | None, title: str) -> bool:
    """Return whether the reader knows the words already: from the last passage, or from the title."""
    said, name = "".join(headline.split()), "".join(title.split())
    if previous is None and said.lstrip("《").startswith(_bare(name)):
        return True  # “X，Y人，生于……” says X, and less well
    return headline == (previous.headline if previous else None) or said in name


def _bare(title: str) -> str:
    """Return the title without what tells it from others of its name, and without its marks."""
    return BRACKETED.sub("", title).strip("《》") or title


def _leading(passage: Passage, previous: Passage) -> Iterator[str]:
    """Yield the heaviest keywords that are new, as many as a line holds; where none is, the heaviest."""
    old, room = _keywords(previous), float(LEADING_UNITS)
    words = [word for word in _keywords(passage) if word not in old] or _keywords(passage)[:1]
    for word in words[:LEADING_WORDS]:
        room -= units_wide(word + DOT)
        if room >= 0:
            yield word


def _keywords(passage: Passage) -> tuple[str, ...]:
    return tuple(term for term, _ in passage.keywords)


def _best_passage(session: Session, article: Article, length: str, start: int, stop: int) -> Passage | None:
    """Return the stored passage that overlaps most with the span: of this cut, else of the standard one."""
    query = select(Passage).where(
        Passage.article_id == article.id,
        Passage.length.in_({length, STANDARD}),
        Passage.start < stop,
        Passage.stop > start,
    )

    def fit(passage: Passage) -> tuple[bool, int, int]:
        overlap = min(stop, passage.stop) - max(start, passage.start)
        return passage.length == length, overlap, -passage.start

    return max(session.scalars(query), key=fit, default=None)


def _previous(session: Session, passage: Passage) -> Passage | None:
    """Return the passage of the article before this one, in the same cut."""
    before = select(Passage).where(
        Passage.article_id == passage.article_id,
        Passage.length == passage.length,
        Passage.start < passage.start,
    )
    return session.scalars(before.order_by(Passage.start.desc()).limit(1)).first()


def _indexed(session: Session, article: Article, start: int, stop: int) -> frozenset[int]:
    """Return the passages of the indexed cut that the span touches."""
    touching = select(Passage.id).where(
        Passage.article_id == article.id,
        Passage.length == STANDARD,
        Passage.start < stop,
        Passage.stop > start,
    )
    return frozenset(session.scalars(touching))
