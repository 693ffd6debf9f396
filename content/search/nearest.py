"""What a passage has that is nearest to a query that no passage has in full: to be said to the asker."""

from __future__ import annotations

import re

from content.search.evidence import ALIKE, longest_part
from content.search.folding import fold
from content.search.query import Query


def find_nearest(text: str, query: Query) -> str | None:
    """Return the longest part of the query that the text has, as it stands there, with what is around it
    where that is the whole but for a slip. None where it has no two characters of it."""
    folded = fold(text)
    parts = [(longest_part(piece, folded.text), piece) for piece in query.pieces]
    part, piece = max(parts, key=lambda pair: len(pair[0]), default=("", ""))
    if len(part) < 2:
        return None
    start, stop = folded.span(*_best_place(part, piece, folded.text))
    return text[start:stop]


def _best_place(part: str, piece: str, body: str) -> tuple[int, int]:
    """Return where the piece would stand around its part, the likest place; else the part's first place.
    Letters say little by themselves: a Latin word is like many."""
    before, chars = piece.index(part), {*piece}
    places = [match.span() for match in re.finditer(re.escape(part), body)]
    starts = [at - before for at, _ in places]
    around = [
        _trimmed(start - more, start + len(piece) + more, chars, body) for more in (0, 1) for start in starts
    ]
    shares = [len(chars.intersection(body[start:stop])) / len(chars) for start, stop in around]
    best = max(shares)
    return around[shares.index(best)] if best >= ALIKE and not piece.isascii() else places[0]


def _trimmed(start: int, stop: int, chars: set[str], body: str) -> tuple[int, int]:
    """Return the span without what stands at its ends and is not one of the characters."""
    there = [at for at in range(max(0, start), min(stop, len(body))) if body[at] in chars]
    return there[0], there[-1] + 1
