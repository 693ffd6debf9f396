"""The query language: words, "exact phrases", -exclusions and in:place; everything else is taken literally.

Nothing a person types is an error but a query with nothing to look for. This module knows no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.errors import EmptyQuery
from content.search.grams import make_pattern, split_terms
from content.tokens import Token, fold, tokenize
from content.words import load_words

QUERY_CHARS = 256
"""Characters of a query that are used; nobody types more, and what is pasted is found by its beginning."""
MOST_TERMS = 32
"""Words of a query that are used."""
QUOTE_CHARS = 12
"""What is typed without a blank and no longer is a name or a quotation as often as a question."""

_PART = re.compile(
    r"""(?:(?<!\S)(?P<minus>[-－]))?
    (?:(?<!\S)(?P<place>in[:：]))?
    (?: "(?P<straight>[^"]+)" | “(?P<curly>[^”]+)” | ＂(?P<full>[^＂]+)＂
      | 「(?P<corner>[^」]+)」 | 『(?P<white>[^』]+)』
      | (?P<bare>[^\s"“＂「『]+|\S) )""",
    re.VERBOSE | re.IGNORECASE,
)


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
    pieces: tuple[str, ...] = ()
    """What was typed between blanks, phrases too: the longer a part found as it stands, the better."""
    grams: tuple[str, ...] = ()
    """Terms of the pieces outside function words: they find what is misspelt or cut otherwise."""
    truncated: bool = False
    """Whether more was typed than is used."""

    @property
    def is_common(self) -> bool:
        """Whether there are only function words to look for, which nearly every passage has."""
        return not self.phrases and all(map(_is_function, self.words))


@dataclass(frozen=True)
class _Part:
    """One part of a query: a bare run of characters or a quoted one."""

    text: str
    is_quoted: bool
    is_excluded: bool
    is_place: bool


def parse_query(text: str) -> Query:
    """Return what `text` asks for. Raises EmptyQuery where there is no letter or number to look for."""
    typed = " ".join(text.split())
    used = typed[:QUERY_CHARS]
    parts = list(_split(used))
    wanted = [part for part in parts if not (part.is_excluded or part.is_place)]
    pieces = _unique(part.text for part in wanted)
    phrases = _unique(part.text for part in wanted if part.is_quoted)
    bare = [part.text for part in wanted if not part.is_quoted]
    words = _content_words(bare, has_phrase=bool(phrases))
    if not words and not phrases:
        raise EmptyQuery
    return Query(
        text=used,
        words=words,
        phrases=phrases,
        excluded=_unique(part.text for part in parts if part.is_excluded),
        places=_unique(part.text for part in parts if part.is_place),
        pieces=pieces,
        grams=_unique(gram for piece in pieces for gram in _content_grams(piece)),
        truncated=len(typed) > QUERY_CHARS,
    )


def _split(text: str) -> Iterator[_Part]:
    """Yield the parts of the query that have a letter or a number."""
    for match in _PART.finditer(text):
        is_quoted = match["bare"] is None
        chunk = match["bare"] or next(
            filter(None, match.group("straight", "curly", "full", "corner", "white"))
        )
        folded = fold(chunk).text.strip()
        if make_pattern(folded) is not None:
            yield _Part(folded, is_quoted, match["minus"] is not None, match["place"] is not None)


def _content_words(pieces: list[str], *, has_phrase: bool) -> tuple[str, ...]:
    words = [token.term for piece in pieces for token in tokenize(piece)]
    content = [word for word in words if not _is_function(word)]
    return _unique(content if content or has_phrase else words)


def _content_grams(piece: str) -> list[str]:
    """Return the terms of the piece: of a longer one those outside its function words, if it has others."""
    if len(piece) <= QUOTE_CHARS:
        return _grams(piece)
    tokens = tokenize(piece)
    gaps = [token for token in tokens if _is_function(token.term)]
    grams = [gram for run in _without(piece, gaps) for gram in _grams(run)]
    return grams or _grams(piece)


def _without(piece: str, gaps: list[Token]) -> Iterator[str]:
    at = 0
    for gap in gaps:
        yield piece[at : gap.start]
        at = gap.stop
    yield piece[at:]


def _grams(run: str) -> list[str]:
    pairs = [term for term in split_terms(run) if len(term) > 1 or term.isascii()]
    return pairs or split_terms(run)


def _is_function(word: str) -> bool:
    return word in load_words("function")


def _unique(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:MOST_TERMS]
