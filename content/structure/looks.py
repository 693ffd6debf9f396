"""How a line is set apart from the body of its document: what titles of one document have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, auto

from content.structure.paragraphs import Piece
from content.structure.parts import Kind

CENTRED_INDENT = 6
"""Leading blanks, a full-width one counted as 2, from which on a line is no indented paragraph."""

INDENTED = 2


class Look(Enum):
    """What sets a line apart; the first that applies."""

    CENTRED = auto()
    OUTDENTED = auto()
    """At the left edge, in a text whose paragraphs are indented."""
    SPACED = auto()
    """With more empty lines before it than paragraphs have."""


class Looks:
    """What paragraphs of a document look like, and how other lines differ from them."""

    def __init__(self, pieces: Sequence[Piece], kinds: Sequence[Kind]) -> None:
        bodies = [piece.first.block for piece, kind in zip(pieces, kinds, strict=True) if kind is Kind.BODY]
        self.indent = _commonest(block.indent for block in bodies)
        self.gap = _commonest(block.blanks_before for block in bodies[1:])

    def of(self, piece: Piece) -> Look | None:
        """Return what sets the paragraph apart, or None."""
        block = piece.first.block
        if block.indent >= max(CENTRED_INDENT, self.indent + INDENTED):
            return Look.CENTRED
        if self.indent >= INDENTED and block.indent == 0:
            return Look.OUTDENTED
        return Look.SPACED if block.blanks_before > self.gap else None


def _commonest(numbers: Iterable[int]) -> int:
    return next((number for number, _ in Counter(numbers).most_common(1)), 0)
