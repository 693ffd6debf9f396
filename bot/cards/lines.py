"""Breaking a text into lines as Chinese books do: pure, for whoever can measure a piece of text.

No line begins with what closes or ends with what opens, words of Latin letters and numbers stay whole, and
the lines are about equally long, with a preference for the ends of clauses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

Measure = Callable[[str], float]
"""Width of a piece of text in pixels."""

NO_START = "，。、；：！？）》」』】〕〉”’…—·～,.;:!?)]}%％℃°"
NO_END = "（《「『【〔〈“‘([{"
AFTER_CLAUSE = "，。；：！？、,;:.!?"
CLOSING = "）》」』】”’)]}"
CLAUSE_BONUS, PART_BONUS = 0.06, 0.4
"""What is taken off the squared gap (a share of the width) of a line that ends with a clause, or with a part
of a Chinese title."""


def break_lines(text: str, width: float, measure: Measure, terms: Sequence[str] = ()) -> list[str]:
    """Return the text in as few lines of at most `width` as it takes, as equally long as they can be.

    The terms are words of the text that stay whole.
    """
    found = _piece(terms).findall(" ".join(text.split()))
    pieces = [part for piece in found for part in _fit(piece, width, measure)]
    starts = _best_starts(pieces, width, measure)
    return ["".join(pieces[start:stop]).strip() for start, stop in pairwise([*starts, len(pieces)])]


def is_wide(text: str) -> bool:
    """Return whether the text is Chinese throughout: blanks in it part phrases, not words."""
    return not re.search(r"[A-Za-z]", text)


def _piece(terms: Sequence[str]) -> re.Pattern[str]:
    """What no line break parts: a word or a character, with what opens before it and what closes after it."""
    whole = "".join(f"{re.escape(term)}|" for term in sorted(terms, key=len, reverse=True) if term)
    return re.compile(
        rf"(?:[{re.escape(NO_END)}]\s*)*"
        rf"(?:{whole}——|……|[A-Za-z0-9À-ɏ][A-Za-z0-9À-ɏ'’._/+&@-]*[%％℃°]?|.)"
        rf"(?:\s*[{re.escape(NO_START)}])*\s*",
        re.DOTALL,
    )


def _fit(piece: str, width: float, measure: Measure) -> Sequence[str]:
    """The piece, or its characters where it is wider than a line: an address, an endless word."""
    return [piece] if measure(piece.rstrip()) <= width else list(piece)


def _best_starts(pieces: Sequence[str], width: float, measure: Measure) -> list[int]:
    """Return where the lines begin: fewest lines first, then the least sum of squared gaps at their ends."""
    best: list[tuple[int, float, list[int]]] = [(0, 0.0, [])]
    for stop in range(1, len(pieces) + 1):
        choices = []
        for start in range(stop - 1, -1, -1):
            line = "".join(pieces[start:stop])
            if (gap := width - measure(line.rstrip())) < 0 and start < stop - 1:
                break
            lines, cost, starts = best[start]
            choices.append(
                (
                    lines + 1,
                    cost + _cost(line, "".join(pieces[stop : stop + 1]), gap / width),
                    [*starts, start],
                )
            )
        best.append(min(choices, key=lambda choice: choice[:2]))
    return best[-1][2]


def _cost(line: str, following: str, gap: float) -> float:
    last = line.rstrip().rstrip(CLOSING)[-1:]
    if line[-1].isspace() and min(last, following[:1]) > "\u2e80":
        return gap * gap - PART_BONUS
    return gap * gap - (CLAUSE_BONUS if last in AFTER_CLAUSE else 0)
