"""Parts to articles: takes out the lines that are about the text, and reads date and source from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from content.marks import em
from content.reading.blocks import Doubt
from content.structure.dates import (
    WrittenDate,
    find_date,
    full_dates,
    is_dateline,
    latest_year,
    lead_date,
    nearest_year,
)
from content.structure.doubts import confidence, find_doubts
from content.structure.fields import (
    AUTHOR_FIELD,
    CLOSING,
    INLINE_SOURCE,
    LABEL,
    SOURCE_FIELD,
    agency,
    byline,
    is_byline,
    is_signature,
    plain_date,
    signature,
    split_fields,
)
from content.structure.paragraphs import Piece
from content.structure.parts import SIGN_OFF_EM, Kind, Part, find_headings, kind_of

CLOSING_DEPTH = 3
"""A stock closing line may be followed by who else was present."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article's text."""

    text: str
    first_line: int
    last_line: int
    """Its lines in the file, from 1, both included."""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as it was found, before it has a place in the corpus."""

    title: str
    section: str | None
    date: dt.date | None
    source: str | None
    paragraphs: tuple[Paragraph, ...]
    closing: str | None
    """The stock closing lines that were left out of the paragraphs."""
    first_line: int
    last_line: int
    confidence: float = 1.0
    """Roughly the chance that title, beginning and end are right, from 0 to 1; see doubts.py."""
    doubts: tuple[Doubt, ...] = ()
    """What a person should look at, in the order of their kinds."""

    @property
    def text(self) -> str:
        """The paragraphs, joined by one line feed."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(slots=True)
class _Found:
    """What was found in a part."""

    part: Part
    body: list[Piece]
    dateline: WrittenDate | None = None
    lead: WrittenDate | None = None
    published: WrittenDate | None = None
    signed: str | None = None
    stated: str | None = None
    author: str | None = None
    closing: str | None = None

    @property
    def date(self) -> WrittenDate | None:
        return self.dateline or self.lead or self.published

    @property
    def known_day(self) -> dt.date | None:
        """A day of the part whose year is written, be it only when the text was published."""
        days = [date.known() for date in (self.dateline, self.lead, self.published) if date]
        return next((day for day in days if day), None)

    @property
    def source(self) -> str | None:
        return self.signed or self.stated or self.author

    @property
    def pieces(self) -> list[Piece]:
        """All that belongs to the part: title and body, with the lines that were taken out."""
        return self.part.title_pieces + self.part.body


def draft_articles(
    parts: Sequence[Part], front: Mapping[str, str], fallback_title: str
) -> list[ArticleDraft]:
    """Return one article for each part.

    `front` holds fields that the file states before its text: they fill in what the parts do not say. A year
    that is not written comes from the other dates of the document.
    """
    found = [_examine(part) for part in parts]
    stated = find_date(front.get("date", ""))
    stated_day = stated.known() if stated else None
    if stated_day:
        for each in found:  # a day in passing, without its year, says less than the file itself
            each.lead = each.lead if each.lead and each.lead.year else None
    dates = [day or stated_day for day in _complete_dates(found, stated_day)]
    source = front.get("source") or front.get("author")
    dated = 2 * sum(day is not None for day in dates) > len(dates)
    drafts = []
    years: set[int] = set()
    for each, day in zip(found, dates, strict=True):
        guessed = day is not None and each.date is not None and not each.date.year and day.year not in years
        years.update([day.year] if day and guessed else [])
        doubts = find_doubts(each.part, each.body, is_dated=day is not None or not dated, guessed=guessed)
        if each.part.title is None and front.get("title"):
            doubts = tuple(doubt for doubt in doubts if doubt.kind != "no_title")
        drafts.append(_draft(each, day, each.source or source, fallback_title, doubts))
    return drafts


def _draft(
    found: _Found, date: dt.date | None, source: str | None, fallback_title: str, doubts: tuple[Doubt, ...]
) -> ArticleDraft:
    paragraphs = tuple(
        Paragraph(piece.text, piece.first.block.first_line, piece.lines[-1].block.last_line, is_heading)
        for piece, is_heading in zip(found.body, find_headings(found.body), strict=True)
    )
    return ArticleDraft(
        title=found.part.title or fallback_title,
        section=found.part.section,
        date=date,
        source=source,
        paragraphs=paragraphs,
        closing=found.closing,
        first_line=found.pieces[0].first.block.first_line,
        last_line=found.pieces[-1].lines[-1].block.last_line,
        confidence=confidence(doubts),
        doubts=doubts,
    )


def _examine(part: Part) -> _Found:
    found = _Found(part, list(part.body or part.title_pieces))
    _take_head(found)
    _take_tail(found)
    _take_closing(found)
    if kind_of(found.body[0]) is Kind.NOTE:
        found.dateline = found.dateline or find_date(found.body[0].text)
    lead = next((piece.text for piece in found.body if kind_of(piece) is Kind.BODY), "")
    inline = INLINE_SOURCE.search(found.body[-1].text)
    found.lead = lead_date(lead)
    found.stated = found.stated or agency(lead) or (inline[1] if inline else None)
    return found


def _take_head(found: _Found) -> None:
    """Take the lines under the title that say when and by whom."""
    while len(found.body) > 1 and not found.body[0].first.block.level:
        text = found.body[0].text
        if fields := split_fields(text):
            _read_fields(found, fields)
        elif (day := plain_date(text)) and not LABEL.match(found.body[1].text):
            found.dateline = found.dateline or find_date(day)
        elif found.part.title and found.author is None and is_byline(text):
            found.author = byline(text)
        else:
            return
        del found.body[0]


def _take_tail(found: _Found) -> None:
    """Take the lines under the text: a signature, 来源：…, an office and a date."""
    dated = False
    while len(found.body) > 1:
        text = found.body[-1].text
        if fields := split_fields(text):
            _read_fields(found, fields)
            dated = dated or is_dateline(text)
        elif (day := plain_date(text)) and split_fields(found.body[-2].text):
            found.dateline = found.dateline or find_date(day)
        elif is_signature(text) and found.signed is None:
            found.signed = signature(text)
        elif (
            dated
            and found.signed is None
            and kind_of(found.body[-1]) is Kind.DISPLAY
            and em(text) <= SIGN_OFF_EM
        ):
            found.signed = text
        else:
            return
        del found.body[-1]


def _read_fields(found: _Found, fields: Sequence[str]) -> None:
    for text in fields:
        if stated := SOURCE_FIELD.fullmatch(text):
            found.stated = found.stated or stated["value"]
        elif author := AUTHOR_FIELD.fullmatch(text):
            found.author = found.author or author["value"]
        elif is_dateline(text) or plain_date(text):
            found.dateline = found.dateline or find_date(text)
        else:
            found.published = found.published or find_date(text)


def _take_closing(found: _Found) -> None:
    taken = [piece for piece in found.body[-CLOSING_DEPTH:] if CLOSING.fullmatch(piece.text)]
    if taken and len(taken) < len(found.body):
        found.closing = "\n".join(piece.text for piece in taken)
        found.body = [piece for piece in found.body if piece not in taken]


def _complete_dates(found: Sequence[_Found], stated: dt.date | None) -> list[dt.date | None]:
    """Return the parts' dates, each in the year that is written or that the nearest one makes likely."""
    known = {index: day for index, each in enumerate(found) if (day := each.known_day)}
    elsewhere = stated or _last_day_named(found)
    return [_complete(each, index, known, elsewhere) for index, each in enumerate(found)]


def _complete(
    each: _Found, index: int, known: Mapping[int, dt.date], elsewhere: dt.date | None
) -> dt.date | None:
    date = each.date
    if date is None or date.year:
        return date.known() if date else None
    nearest = min(known, key=lambda other: abs(other - index), default=None)
    anchor = elsewhere if nearest is None else known[nearest]
    return nearest_year(date, anchor) if anchor else None


def _last_day_named(found: Sequence[_Found]) -> dt.date | None:
    """Return the last day with its year that the text names, unless the text also names a later year."""
    texts = [piece.text for each in found for piece in each.pieces]
    last = max((day for text in texts for day in full_dates(text)), default=None)
    year = max((year for text in texts if (year := latest_year(text))), default=None)
    return last if last and year and last.year >= year else None
