"""What a curator corrects in the articles that were found: merged, split, given another title or date. Pure.

A correction holds on to the text of a paragraph, not to a number, so that it can be made again in the next
version of the document, or after the rules that find articles were changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from content.reading import Doubt
from content.structure import ArticleDraft, Paragraph
from content.structure.doubts import confidence

ANCHOR_CHARS = 200
"""Visible characters of a paragraph that are kept to find it by."""
ALIKE = 0.7
"""Share of matching characters (difflib's ratio) from which on an edited paragraph is the same one."""

OF_TITLE = ("no_title", "weak_title", "short_article")
OF_DATE = ("guessed_year", "no_date")
"""Doubts that a curator's word settles."""

MERGE, SPLIT, RETITLE, REDATE = "merge", "split", "retitle", "redate"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. Its place is the `repeat`-th paragraph, from 0, that begins like `anchor`."""

    kind: str
    """merge (the article with the one before), split (before the paragraph), retitle or redate."""
    anchor: str
    """The visible characters that the paragraph begins with."""
    repeat: int = 0
    value: str | None = None
    """The new title (split, retitle), or the date in ISO form; None for no date and for a merge."""
    beside: str | None = None
    """What the next paragraph begins with, or the article's title where none follows: it tells paragraphs
    apart that begin alike. None for a correction of before this was kept."""
    alike: int | None = None
    """How many paragraphs began like `anchor`; None as above."""


class NoSuchPlace(Exception):
    """There is no article or paragraph of that number"""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


def merge_article(drafts: Sequence[ArticleDraft], article: int) -> Correction:
    """Return the correction that joins the article (from 0) to the one before. Raises NoSuchPlace."""
    if not 0 < article < len(drafts):
        raise NoSuchPlace
    return _correction(MERGE, drafts, (article, 0))


def split_article(
    drafts: Sequence[ArticleDraft], article: int, paragraph: int, title: str | None
) -> Correction:
    """Return the correction that begins an article of that title at the paragraph (from 1 up to the last).

    A paragraph that is the title itself leaves the text; where none is given, it is. Raises NoSuchPlace.
    """
    if not 0 <= article < len(drafts) or not 0 < paragraph < len(drafts[article].paragraphs):
        raise NoSuchPlace
    return _correction(SPLIT, drafts, (article, paragraph), title)


def retitle_article(drafts: Sequence[ArticleDraft], article: int, title: str) -> Correction:
    """Return the correction that gives the article another title. Raises NoSuchPlace."""
    if not 0 <= article < len(drafts):
        raise NoSuchPlace
    return _correction(RETITLE, drafts, (article, 0), title)


def redate_article(drafts: Sequence[ArticleDraft], article: int, date: dt.date | None) -> Correction:
    """Return the correction that gives the article another date, or takes it away. Raises NoSuchPlace."""
    if not 0 <= article < len(drafts):
        raise NoSuchPlace
    return _correction(REDATE, drafts, (article, 0), date.isoformat() if date else None)


def correct(
    drafts: Sequence[ArticleDraft], corrections: Sequence[Correction]
) -> tuple[list[ArticleDraft], list[Correction]]:
    """Return the articles with the corrections made in their order, and those whose place is gone."""
    articles, homeless, written = list(drafts), [], _lines(drafts)
    for correction in corrections:
        place = _find(articles, correction)
        if place is None or not _CORRECT[correction.kind](articles, *place, correction.value, written):
            homeless.append(correction)
    return articles, homeless


def _lines(drafts: Sequence[ArticleDraft]) -> frozenset[str]:
    """Return the titles and paragraphs that were there before anything was corrected."""
    texts = [text for draft in drafts for text in (draft.title, *(each.text for each in draft.paragraphs))]
    return frozenset(map(_visible, texts))


def _merge(
    articles: list[ArticleDraft], article: int, _paragraph: int, _value: str | None, written: frozenset[str]
) -> bool:
    if article == 0:
        return False
    first, second = articles[article - 1], articles[article]
    articles[article - 1 : article + 1] = [
        replace(
            first,
            date=first.date or second.date,
            source=first.source or second.source,
            paragraphs=(*first.paragraphs, *_heading(second, written), *second.paragraphs),
            closing=second.closing or first.closing,
            last_line=second.last_line,
            **_doubts((*first.doubts, *(each for each in second.doubts if each.kind not in OF_TITLE))),
        )
    ]
    return True


def _heading(draft: ArticleDraft, written: frozenset[str]) -> tuple[Paragraph, ...]:
    """Return the article's title as a heading above its text; none for a title that a split put there.

    Such a one is not among the lines that were written, and no line of the file is its own.
    """
    body = draft.paragraphs[0].first_line if draft.paragraphs else draft.last_line + 1
    if draft.first_line == body and _visible(draft.title) not in written:
        return ()
    return (Paragraph(draft.title, draft.first_line, max(draft.first_line, body - 1), is_heading=True),)


def _split(
    articles: list[ArticleDraft], article: int, paragraph: int, value: str | None, _written: frozenset[str]
) -> bool:
    if paragraph == 0:
        return False
    whole = articles[article]
    rest = whole.paragraphs[paragraph:]
    title = value or rest[0].text
    body = rest[1:] if _visible(rest[0].text) == _visible(title) and len(rest) > 1 else rest
    before = whole.paragraphs[:paragraph]
    line = rest[0].first_line
    above = tuple(doubt for doubt in whole.doubts if doubt.line < line)
    below = tuple(doubt for doubt in whole.doubts if doubt.line >= line and doubt.kind not in OF_TITLE)
    articles[article : article + 1] = [
        replace(whole, paragraphs=before, closing=None, last_line=before[-1].last_line, **_doubts(above)),
        replace(whole, title=title, paragraphs=body, first_line=line, **_doubts(below)),
    ]
    return True


def _retitle(
    articles: list[ArticleDraft], article: int, _paragraph: int, value: str | None, _written: frozenset[str]
) -> bool:
    draft = articles[article]
    doubts = tuple(doubt for doubt in draft.doubts if doubt.kind not in OF_TITLE)
    articles[article] = replace(draft, title=value or draft.title, **_doubts(doubts))
    return True


def _redate(
    articles: list[ArticleDraft], article: int, _paragraph: int, value: str | None, _written: frozenset[str]
) -> bool:
    date = dt.date.fromisoformat(value) if value else None
    doubts = tuple(doubt for doubt in articles[article].doubts if doubt.kind not in OF_DATE)
    articles[article] = replace(articles[article], date=date, **_doubts(doubts))
    return True


def _doubts(left: tuple[Doubt, ...]) -> dict[str, Any]:
    """Return the fields of an article in which these doubts are left."""
    return {"doubts": left, "confidence": confidence(left)}


_CORRECT: dict[str, Callable[[list[ArticleDraft], int, int, str | None, frozenset[str]], bool]] = {
    MERGE: _merge,
    SPLIT: _split,
    RETITLE: _retitle,
    REDATE: _redate,
}


def _correction(
    kind: str, drafts: Sequence[ArticleDraft], place: tuple[int, int], value: str | None = None
) -> Correction:
    """Return the correction with what its paragraph, or an empty article's title, is found by."""
    places = _places(drafts)
    alike = [each for each, text in places.items() if text == places[place]]
    return Correction(kind, places[place], alike.index(place), value, _beside(drafts, place), len(alike))


def _find(drafts: Sequence[ArticleDraft], correction: Correction) -> tuple[int, int] | None:
    """Return article and paragraph where the correction belongs; None where its place is gone or in doubt."""
    places = _places(drafts)
    same = [place for place, text in places.items() if text == correction.anchor]
    if not same:
        return _closest(places, correction.anchor)
    if correction.beside is None:
        return same[min(correction.repeat, len(same) - 1)]
    return _choose(drafts, same, correction)


def _choose(
    drafts: Sequence[ArticleDraft], same: Sequence[tuple[int, int]], correction: Correction
) -> tuple[int, int] | None:
    """Return which of the paragraphs that begin alike is meant: by what is beside it, then by its number."""
    likely = [place for place in same if _beside(drafts, place) == correction.beside]
    if len(likely) == 1:
        return likely[0]
    if len(same) != correction.alike:
        return None
    place = same[correction.repeat]
    return place if place in likely or not likely else None


def _closest(places: dict[tuple[int, int], str], anchor: str) -> tuple[int, int] | None:
    """Return the paragraph that begins most like the anchor; None where none is `ALIKE`."""
    matcher = SequenceMatcher(None, b=anchor, autojunk=False)
    best, found = ALIKE, None
    for place, text in places.items():
        matcher.set_seq1(text)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, found = matcher.ratio(), place
    return found


def _beside(drafts: Sequence[ArticleDraft], place: tuple[int, int]) -> str:
    """Return what the next paragraph begins with, or the article's title where none follows."""
    article, paragraph = place
    after = drafts[article].paragraphs[paragraph + 1 : paragraph + 2]
    return _visible(after[0].text if after else drafts[article].title)[:ANCHOR_CHARS]


def _places(drafts: Sequence[ArticleDraft]) -> dict[tuple[int, int], str]:
    """Return what each paragraph begins with, by article and number in it; an empty article has its title."""
    return {
        (article, number): _visible(text)[:ANCHOR_CHARS]
        for article, draft in enumerate(drafts)
        for number, text in enumerate([each.text for each in draft.paragraphs] or [draft.title])
    }


def _visible(text: str) -> str:
    return "".join(text.split())
