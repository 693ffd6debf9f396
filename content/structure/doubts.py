"""Where a person should look: what is in doubt about an article, and how far it can be relied on.

The confidence is a rough chance that title, beginning and end are those that a reader would give. Each kind
of doubt takes its share of it; they are set so that of the articles at 0.8 and above hardly any is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from content.marks import em
from content.reading.blocks import Doubt
from content.structure.paragraphs import Piece
from content.structure.parts import Kind, Part, kind_of

DOUBT_CHARS = 40

SHARES = {
    "no_title": 0.5,
    "weak_title": 0.6,
    "short_article": 0.6,
    "title_in_body": 0.75,
    "long_paragraph": 0.85,
    "torn_paragraph": 0.95,
    "guessed_year": 0.95,
    "no_date": 0.95,
}
"""For each kind of doubt, the share of the confidence that it leaves."""

WEAK_EVIDENCE = 2
"""Points of evidence for a title that are just enough."""

SHORT_CHARS = 60
LONG_CHARS = 1200
"""A paragraph that is longer fills more than one passage; its ends may have been lost."""

TITLE_EM = (8, 60)
MOST_OF_A_KIND = 3
"""More of one kind in an article tell nothing new."""


def confidence(doubts: Sequence[Doubt]) -> float:
    """Return 1 for an article without doubts, less for each kind of doubt; never 0."""
    return round(math.prod(SHARES[kind] for kind in {doubt.kind for doubt in doubts}), 2)


def find_doubts(part: Part, body: Sequence[Piece], is_dated: bool, guessed: bool) -> tuple[Doubt, ...]:
    """Return what is in doubt about the part; `is_dated` is false where only its neighbours have dates."""
    head = (part.title_pieces or part.body)[0]
    title = part.title or head.text
    doubts = [*_of_title(part, head), *_of_body(body)]
    if sum(len(piece.text) for piece in body) < SHORT_CHARS:
        doubts.append(_doubt("short_article", head, title))
    if guessed:
        doubts.append(_doubt("guessed_year", head, title))
    if not is_dated:
        doubts.append(_doubt("no_date", head, title))
    return tuple(doubts)


def _of_title(part: Part, head: Piece) -> Iterator[Doubt]:
    if part.title is None:
        yield _doubt("no_title", head, head.text)
    elif part.evidence <= WEAK_EVIDENCE:
        yield _doubt("weak_title", head, part.title)


def _of_body(body: Sequence[Piece]) -> Iterator[Doubt]:
    kinds = [kind_of(piece) for piece in body]
    titles = [body[index] for index in range(1, len(body) - 1) if _may_be_title(body, kinds, index)]
    yield from (_doubt("title_in_body", piece, piece.text) for piece in titles[:MOST_OF_A_KIND])
    long_ones = [piece for piece in body if len(piece.text) > LONG_CHARS]
    yield from (_doubt("long_paragraph", piece, piece.text) for piece in long_ones[:MOST_OF_A_KIND])
    torn = [line for piece in body for line in piece.torn]
    yield from (
        Doubt("torn_paragraph", line.block.first_line, line.text[:DOUBT_CHARS])
        for line in torn[:MOST_OF_A_KIND]
    )


def _may_be_title(body: Sequence[Piece], kinds: Sequence[Kind], index: int) -> bool:
    least, most = TITLE_EM
    return (
        kinds[index - 1 : index + 2] == [Kind.BODY, Kind.DISPLAY, Kind.BODY]
        and not body[index].first.block.level
        and least <= em(body[index].text) <= most
    )


def _doubt(kind: str, piece: Piece, text: str) -> Doubt:
    return Doubt(kind, piece.first.block.first_line, text[:DOUBT_CHARS])
