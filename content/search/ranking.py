"""How well a passage answers a query, by what speaks for it, and the order in which people see passages.

The candidates come from the index in any order; this decides, the same on every engine.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from operator import mul
from typing import NamedTuple

from content.search.evidence import ALIKE, SLIP, Evidence, Sought
from content.tokens import find_alone

MOST_OF_PIECE, MUCH_OF_GRAMS = 2 / 3, 0.4
"""Part of a piece, in one or in pairs by rarity, that is worth showing without the rest."""
TOP, TOP_OF_ONE = 5, 3
"""The first page, and how many passages of one article may stand there where there are others."""
CUT, ALONE = 10, 0.15
"""How many passages are cut into words, and what it counts beside `WEIGHTS` where all stand by themselves."""
SCORE_DIGITS = 9
"""Decimals that count where scores are compared."""

WEIGHTS = Evidence(
    grams=0.31, words=0.01, bm25=0.10, together=0.10, order=0.06, title=0.14, piece=0.05, near=0.23
)
"""What each kind of evidence counts for; found on natural questions, names, quotes and misspellings."""


class Scored(NamedTuple):
    """A passage's score, and what else its place in the order depends on."""

    points: float
    share: float
    """Share of the words' rarity that text and titles have."""
    article: int
    date: dt.date | None
    body: str
    """Its text, folded."""
    is_worth_showing: bool
    """Where nothing answers in full."""


def favour_words(scores: Mapping[int, Scored], sought: Sought) -> dict[int, Scored]:
    """Return the scores, of the best few raised where the words stand as words by themselves.

    Only of a few, since the text around the words is cut for it.
    """
    best = sorted(scores, key=lambda passage: (*_by_score(scores[passage]), passage))[:CUT]
    raised = {passage: ALONE * _share_alone(scores[passage].body, sought) for passage in best}
    return {
        passage: scored._replace(points=(scored.points + raised.get(passage, 0.0)) / (1 + ALONE))
        for passage, scored in scores.items()
    }


def _share_alone(body: str, sought: Sought) -> float:
    alone = find_alone([word.run for word in sought.words if word.run], body)
    counted = [word.weight for word in sought.words if not word.run or word.run in alone]
    return sum(counted) / sought.words_weight


def arrange(scores: Mapping[int, Scored]) -> list[int]:
    """Return the passages, best first; of equals the latest, undated ones last.

    Of one article at most `TOP_OF_ONE` are among the first `TOP`, unless there are no others: the further
    ones come right behind.
    """
    order = sorted(scores, key=lambda passage: (*_by_score(scores[passage]), passage))
    top: list[int] = []
    articles: Counter[int] = Counter()
    for passage in order:
        article = scores[passage].article
        if len(top) < TOP and articles[article] < TOP_OF_ONE:
            articles[article] += 1
            top.append(passage)
    return [*top, *(passage for passage in order if passage not in top)]


def _by_score(scored: Scored) -> tuple[float, int]:
    """Scores are rounded, so that what differs by the order of adding up is equal."""
    return -round(scored.points, SCORE_DIGITS), -scored.date.toordinal() if scored.date else 0


def is_worth_showing(evidence: Evidence, sought: Sought) -> bool:
    """Return whether the passage has a word or much of what was typed, or all but a slip, and not just two
    characters of it that belong to other words. Of letters and numbers any part may tell."""
    has_much = evidence.piece >= MOST_OF_PIECE or evidence.grams >= MUCH_OF_GRAMS
    has_all_but_a_slip = evidence.near >= SLIP * ALIKE**3
    return evidence.words > 0 or has_much or has_all_but_a_slip or not sought.is_chinese


def weigh(evidence: Evidence) -> float:
    """Return how well the passage answers, from 0 to 1."""
    return math.fsum(map(mul, WEIGHTS, evidence))
