"""The query language: words, "exact phrases", -exclusions, where to search; all else is taken literally.

Where to search is in:collection-or-document, section:name, since:date and until:date, before a value that
they fit; a colon anywhere else is text, as in 8:30. A date that is in no calendar restricts nothing. Nothing
a person types is an error but a query with nothing to look for. This module knows no database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.errors import EmptyQuery
from content.search.dates import read_period, seems_date
from content.search.folding import fold, make_alike
from content.search.grams import make_pattern, split_grams
from content.tokens import Token, tokenize_now
from content.words import load_words

QUERY_CHARS = 256
"""Characters of a query that are used; nobody types more, and what is pasted is found by its beginning."""
MOST_TERMS = 32
"""Words of a query that are used."""
UNDATED = 0
"""The year of articles whose date is not known."""
NAME_CHARS = 4
"""Characters of a name that no dictionary has."""
QUOTE_CHARS = 11
"""What is typed without a blank and no longer is a name or a quotation as often as a question."""

_PART = re.compile(
    r"""(?:(?<!\S)(?P<minus>[-－﹣−–]))?
    (?:(?<![^\s\-－﹣−–])(?P<filter>[a-zａ-ｚ]{2,7})[:：])?
    (?P<value>
      "(?P<straight>[^"]+)" | [“”](?P<curly>[^“”]+)[“”] | ＂(?P<full>[^＂]+)＂
      | 「(?P<corner>[^」]+)」 | 『(?P<white>[^』]+)』
      | (?P<bare>[^\s"“＂「『]+|\S) )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED = ("straight", "curly", "full", "corner", "white")
_NAMES, _DATES = ("in", "section"), ("since", "until")
_BLANK = re.compile(r"(?<!\S)(-?(?:(?:in|section)[:：]|(?:since|until)[:：](?= [0-9]{4}))) ", re.IGNORECASE)
"""Before what is blank behind a filter's colon, where keyboards put one."""
_EDGES = "\"'“”‘’「」『』《》〈〉【】()[],;:!?。、… "
"""Marks around what is meant, and not a part of it, as in 《论语》."""


@dataclass(frozen=True)
class Query:
    """What a person looks for. All texts but `text` are folded."""

    text: str
    """What was typed, as far as it is used."""
    words: tuple[str, ...] = ()
    """Words with a meaning; where there are only function words, those."""
    phrases: tuple[str, ...] = ()
    """To be found as they stand."""
    excluded: tuple[str, ...] = ()
    """Words and phrases that must not be there."""
    places: tuple[str, ...] = ()
    """Parts of the names of collections or documents to search in; all where empty."""
    sections: tuple[str, ...] = ()
    """Parts of the names of sections to search in; all where empty."""
    excluded_places: tuple[str, ...] = ()
    excluded_sections: tuple[str, ...] = ()
    """The same, of where not to search."""
    since: dt.date | None = None
    until: dt.date | None = None
    """First and last day of the articles to search in. Where either is given, articles without a date are
    left out: nobody knows when they are from."""
    pieces: tuple[str, ...] = ()
    """What was typed between blanks, phrases too: the longer a part found as it stands, the better. Function
    words that stand by themselves, as in an English question, only where there is nothing else."""
    grams: tuple[str, ...] = ()
    """Terms of the pieces outside function words: they find what is misspelt or cut otherwise."""
    truncated: bool = False
    """Whether more was typed than is used."""
    documents: tuple[int, ...] = ()
    """Documents to search in, by id; all where empty. Not typed, but chosen: `narrow`."""
    is_undated: bool = False
    """Whether only articles without a date are searched in. Chosen, too."""

    @property
    def is_common(self) -> bool:
        """Whether there are only function words to look for, which nearly every passage has."""
        return bool(self.words) and not self.phrases and all(map(_is_function, self.words))

    @property
    def is_narrowed(self) -> bool:
        """Whether it says what to search in."""
        dated = self.since or self.until or self.is_undated
        return bool(self.places or self.sections or self.documents or dated)


@dataclass(frozen=True)
class Description:
    """What a query asks for, in the asker's own characters: to be shown back."""

    wanted: tuple[str, ...]
    """What was typed between blanks."""
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]
    places: tuple[str, ...]
    sections: tuple[str, ...]
    since: dt.date | None
    until: dt.date | None
    unknown_dates: tuple[str, ...] = ()
    """What was given as a date and is in no calendar, as 2020-13: it restricts nothing."""


@dataclass(frozen=True)
class _Part:
    """One part of a query: a bare run of characters or a quoted one."""

    typed: str
    text: str
    """The same, folded."""
    is_quoted: bool
    is_excluded: bool
    filter: str | None

    @property
    def is_wanted(self) -> bool:
        return not (self.is_excluded or self.filter)


def parse_query(text: str) -> Query:
    """Return what `text` asks for. Raises EmptyQuery where there is nothing to look for or to list."""
    typed = " ".join(text.split())
    used = typed[:QUERY_CHARS]
    parts = _split(used)
    wanted = [part for part in parts if part.is_wanted]
    pieces = _unique(_meant(wanted))
    phrases = _unique(part.text for part in wanted if part.is_quoted)
    bare = [part for part in wanted if not part.is_quoted]
    query = Query(
        text=used,
        words=_content_words(bare, has_phrase=bool(phrases)),
        phrases=phrases,
        excluded=_unique(part.text for part in parts if part.is_excluded and not part.filter),
        places=_filtered(parts, "in"),
        sections=_filtered(parts, "section"),
        excluded_places=_filtered(parts, "in", is_excluded=True),
        excluded_sections=_filtered(parts, "section", is_excluded=True),
        since=max((first for first, _ in _periods(parts, "since")), default=None),
        until=min((last for _, last in _periods(parts, "until")), default=None),
        pieces=pieces,
        grams=_unique(gram for piece in pieces for gram in _content_grams(piece)),
        truncated=len(typed) > QUERY_CHARS,
    )
    if not (query.words or query.phrases or query.is_narrowed):
        raise EmptyQuery
    return query


def narrow(query: Query, document_id: int | None = None, year: int | None = None) -> Query:
    """Return the query within one document, and within the articles of one year (`UNDATED`: without a date).

    What it was narrowed to before stays: a year outside of its days has nothing.
    """
    documents = query.documents if document_id is None else (document_id,)
    if year is None or year == UNDATED:
        return replace(query, documents=documents, is_undated=query.is_undated or year == UNDATED)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    since, until = max(query.since or first, first), min(query.until or last, last)
    return replace(query, documents=documents, since=since, until=until)


def describe(query: Query) -> Description:
    """Return what the query asks for as it was typed, to be shown back to the asker."""
    parts = _split(query.text)
    return Description(
        wanted=tuple(part.typed for part in parts if part.is_wanted and not part.is_quoted)[:MOST_TERMS],
        phrases=_unique(part.typed for part in parts if part.is_wanted and part.is_quoted),
        excluded=_unique(part.typed for part in parts if part.is_excluded),
        places=_unique(part.typed for part in parts if part.filter == "in" and not part.is_excluded),
        sections=_unique(part.typed for part in parts if part.filter == "section" and not part.is_excluded),
        since=query.since,
        until=query.until,
        unknown_dates=_unique(
            part.typed for part in parts if part.filter in _DATES and read_period(part.text) is None
        ),
    )


def _filtered(parts: list[_Part], name: str, *, is_excluded: bool = False) -> tuple[str, ...]:
    return _unique(part.text for part in parts if (part.filter, part.is_excluded) == (name, is_excluded))


def _periods(parts: list[_Part], name: str) -> Iterator[tuple[dt.date, dt.date]]:
    return filter(None, (read_period(part.text) for part in parts if part.filter == name))


def _split(text: str) -> list[_Part]:
    """Return the parts of the query that have a letter or a number. Where all would be left out, the minus is
    a mark: of a quotation that begins with a dash."""
    parts = [part for part in map(_part, _PART.finditer(_BLANK.sub(r"\1", text))) if make_pattern(part.text)]
    if all(part.is_excluded and not part.filter for part in parts):
        return [replace(part, is_excluded=False) for part in parts]
    return parts


def _part(match: re.Match[str]) -> _Part:
    value = match["bare"] or next(filter(None, match.group(*_QUOTED)))
    name = fold(match["filter"] or "").text
    is_date = name in _DATES and not match["minus"] and seems_date(_folded(value))
    is_filter = name in _NAMES or is_date
    whole = f"{match['filter']}:{match['value']}"  # a colon in ordinary text, but for a filter
    if match["filter"] and not is_filter:
        value = whole
    return _Part(
        typed=whole if is_filter and match["minus"] else value,
        text=_folded(value),
        is_quoted=match["bare"] is None and (is_filter or not match["filter"]),
        is_excluded=match["minus"] is not None,
        filter=name if is_filter else None,
    )


def _meant(wanted: list[_Part]) -> list[str]:
    """Return the parts that are quoted or more than a function word; all where none is."""
    meant = [part.text for part in wanted if part.is_quoted or not _is_function(part.text)]
    return meant or [part.text for part in wanted]


def _folded(text: str) -> str:
    return fold(text).text.rstrip(".").strip(_EDGES)


def _content_words(parts: list[_Part], *, has_phrase: bool) -> tuple[str, ...]:
    cut = [(part.text, [make_alike(token.term) for token in tokenize_now(part.typed)]) for part in parts]
    content = [word for piece, words in cut for word in _meaningful(piece, words)]
    if content or has_phrase:
        return _unique(content)
    return _unique([word for _, words in cut for word in words])


def _meaningful(piece: str, words: list[str]) -> list[str]:
    """Return the words with a meaning; of what is cut into single characters the whole: a name, as 里人."""
    content = [word for word in words if not _is_function(word)]
    is_name = content and max(map(len, content)) == 1 < len(piece) <= NAME_CHARS and not piece.isascii()
    return [piece] if is_name else content


def _content_grams(piece: str) -> list[str]:
    """Return the terms of the piece: of a longer one those outside its function words, if it has others."""
    if len(piece) <= QUOTE_CHARS:
        return split_grams(piece)
    tokens = tokenize_now(piece)
    gaps = [token for token in tokens if _is_function(token.term)]
    grams = [gram for run in _without(piece, gaps) for gram in split_grams(run)]
    return grams or split_grams(piece)


def _without(piece: str, gaps: list[Token]) -> Iterator[str]:
    at = 0
    for gap in gaps:
        yield piece[at : gap.start]
        at = gap.stop
    yield piece[at:]


def _is_function(word: str) -> bool:
    return word in load_words("function")


def _unique(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:MOST_TERMS]
