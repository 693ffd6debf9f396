"""Text to sentences, and an article to passages of the length that a reader chose.

All cuts of all lengths fall on the same places: the ends of sentences, and inside a sentence that is longer
than any passage the best of its lesser marks. Which of them are used is decided for the whole article at once
(dynamic programming), so that passages come near their target, end with paragraphs, and never with a heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from content.bonds import Bond, bind, clause_label
from content.divisions import BOUNDS, LONGEST_SENTENCE, undivided_spans
from content.marks import ends_sentence, looks_like_heading
from content.models import LENGTHS
from content.sentences import reading_units, split_sentences
from content.structure import Paragraph

INSIDE_PARAGRAPH = 1.5
INSIDE_SENTENCE = 3.0
AFTER_UNFINISHED = 1.0
AT_PARAGRAPH = 0.1
AFTER_HEADING = 5000.0
TOO_SHORT = 1000.0
INSIDE_FIRM_GROUP = 3000.0
INSIDE_LIST = 2.0
INSIDE_LONG_GROUP = 0.4
"""Costs of a cut. A length at its bounds costs about 1 (see DISTANCE_SHARE)."""

DISTANCE_SHARE = 0.5
"""A passage that is this share of the target off it costs 1."""


__all__ = [
    "BOUNDS",
    "PassageDraft",
    "reading_units",
    "split_in_all_lengths",
    "split_passages",
    "split_sentences",
]


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A stretch of an article's text, before it has a place in the corpus."""

    start: int
    stop: int
    """Half-open span in the article's text, in code points, without blanks at its ends."""
    heading: str | None
    """The sub-heading in force where the passage starts; its own first paragraph where that is one."""
    units: int
    """Length in reading units."""
    first_line: int
    last_line: int
    """Lines in the file of the paragraphs that it touches, from 1, both included."""
    clause: str | None = None
    """Of a statute the articles that it touches: 第五条, or 第五条至第七条."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """What no cut divides: a sentence, or a piece of one that is too long."""

    start: int
    stop: int
    units: int
    paragraph: int
    cost: float
    """Cost of a cut after it."""


@dataclass(frozen=True, slots=True)
class _Article:
    """What all cuts of an article share."""

    text: str
    paragraphs: Sequence[Paragraph]
    segments: Sequence[_Segment]
    headings: Sequence[str | None]
    """For each paragraph the heading in force."""
    clauses: Sequence[str | None]
    """For each paragraph the article of the statute that it is of."""


def split_passages(text: Sequence[Paragraph] | str, length: str) -> list[PassageDraft]:
    """Return the passages of an article in order; `length` is a key of LENGTHS.

    Together they cover the text but for blanks between them. Their units are within BOUNDS, or fewer where
    a passage can join no neighbour. Spans are places in the paragraphs joined by one line feed.
    """
    return _cut(_lay_out(_paragraphs_of(text) if isinstance(text, str) else text), length)


def split_in_all_lengths(paragraphs: Sequence[Paragraph]) -> dict[str, list[PassageDraft]]:
    """Return `split_passages(paragraphs, length)` for each length of LENGTHS."""
    article = _lay_out(paragraphs)
    return {length: _cut(article, length) for length in LENGTHS}


def _lay_out(paragraphs: Sequence[Paragraph]) -> _Article:
    return _Article(
        text="\n".join(paragraph.text for paragraph in paragraphs),
        paragraphs=paragraphs,
        segments=_segments(paragraphs),
        headings=_headings_in_force(paragraphs),
        clauses=_clauses_in_force(paragraphs),
    )


def _cut(article: _Article, length: str) -> list[PassageDraft]:
    segments = article.segments
    cuts = _best_cuts(segments, LENGTHS[length], *BOUNDS[length])
    return [_passage(article, segments[first], segments[last - 1]) for first, last in pairwise(cuts)]


def _passage(article: _Article, first: _Segment, last: _Segment) -> PassageDraft:
    named = [clause for clause in article.clauses[first.paragraph : last.paragraph + 1] if clause]
    return PassageDraft(
        start=first.start,
        stop=last.stop,
        heading=article.headings[first.paragraph],
        units=reading_units(article.text[first.start : last.stop]),
        first_line=article.paragraphs[first.paragraph].first_line,
        last_line=article.paragraphs[last.paragraph].last_line,
        clause="至".join(dict.fromkeys((named[0], named[-1]))) if named else None,
    )


def _paragraphs_of(text: str) -> list[Paragraph]:
    """Return the lines of a text as paragraphs; numbered headings are known by their looks."""
    return [
        Paragraph(line, number, number, bool(line.strip()) and looks_like_heading(line.strip()))
        for number, line in enumerate(text.split("\n"), start=1)
    ]


def _headings_in_force(paragraphs: Sequence[Paragraph]) -> list[str | None]:
    """Return for each paragraph the last heading up to it."""
    in_force: list[str | None] = []
    for paragraph in paragraphs:
        last = in_force[-1] if in_force else None
        in_force.append(paragraph.text if paragraph.is_heading else last)
    return in_force


def _clauses_in_force(paragraphs: Sequence[Paragraph]) -> list[str | None]:
    """Return for each paragraph the article of the statute that it is of."""
    in_force: list[str | None] = []
    for paragraph in paragraphs:
        last = in_force[-1] if in_force and not paragraph.is_heading else None
        in_force.append(clause_label(paragraph.text) or last)
    return in_force


def _segments(paragraphs: Sequence[Paragraph]) -> list[_Segment]:
    """Return what no cut divides, with the cost of a cut after each."""
    segments: list[_Segment] = []
    offset = 0
    spans = [undivided_spans(paragraph.text) for paragraph in paragraphs]
    bonds = bind(paragraphs)
    costs = _bond_costs(spans, bonds)
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        bound = following is not None and bonds[index + 1].first == bonds[index].first
        for place, (start, stop, units, whole) in enumerate(spans[index]):
            cost = (INSIDE_PARAGRAPH if whole else INSIDE_SENTENCE) + costs[index]
            if place == len(spans[index]) - 1:
                cost = _paragraph_cost(paragraph, following) + costs[index] * bound
            segments.append(_Segment(offset + start, offset + stop, units, index, cost))
        offset += len(paragraph.text) + 1
    return segments


def _bond_costs(spans: Sequence[Sequence[tuple[int, int, int, bool]]], bonds: Sequence[Bond]) -> list[float]:
    """Return for each paragraph what it costs to cut the group that it is of: most where that fits."""
    units: Counter[int] = Counter()
    members = Counter(bond.first for bond in bonds)
    for bond, own in zip(bonds, spans, strict=True):
        units[bond.first] += sum(segment[2] for segment in own)
    return [_bond_cost(bond, members[bond.first], units[bond.first]) for bond in bonds]


def _bond_cost(bond: Bond, members: int, units: int) -> float:
    if units > LONGEST_SENTENCE or not (bond.firm or members > 1):
        return INSIDE_LONG_GROUP if members > 1 else 0.0
    return INSIDE_FIRM_GROUP if bond.firm else INSIDE_LIST


def _paragraph_cost(paragraph: Paragraph, following: Paragraph | None) -> float:
    """Return the cost of a cut after the paragraph, whatever it is bound to."""
    if paragraph.is_heading:
        return AFTER_HEADING
    if following is None or following.is_heading:
        return 0.0
    return AT_PARAGRAPH if ends_sentence(paragraph.text) else AFTER_UNFINISHED


def _best_cuts(segments: Sequence[_Segment], target: int, least: int, most: int) -> list[int]:
    """Return the indices where passages begin, and the number of segments, for the least cost in all."""
    count = len(segments)
    units = [0, *accumulate(segment.units for segment in segments)]
    by_units = _length_costs(target, least, most)
    costs, origins = [0.0] * (count + 1), [0] * (count + 1)
    low = 0
    for stop in range(1, count + 1):
        total = units[stop]
        while total - units[low] > most:
            low += 1
        options = [
            cost + by_units[total - before]
            for cost, before in zip(costs[low:stop], units[low:stop], strict=True)
        ]
        best = min(options)
        costs[stop] = best + (segments[stop - 1].cost if stop < count else 0.0)
        origins[stop] = low + options.index(best)
    cuts = [count]
    while cuts[-1] > 0:
        cuts.append(origins[cuts[-1]])
    return cuts[::-1]


@cache
def _length_costs(target: int, least: int, most: int) -> list[float]:
    """Return the cost of a passage by its units, from 0 to `most`."""
    distances = [((units - target) / (DISTANCE_SHARE * target)) ** 2 for units in range(most + 1)]
    return [distance + TOO_SHORT * (units < least) for units, distance in enumerate(distances)]
