"""The points of a long article: its numbered headings, or the 第一…第二…, 一是…二是… of its running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from content.sentences import split_sentences

FEWEST_POINTS, MOST_POINTS = 2, 12
"""Fewer numbers in a row are no outline; more are a list."""
POINT_LEAST, POINT_CHARS = 6, 40
"""A point has at least so many characters, if its sentence has them, and is left out if a clause has more."""

_HAN = "一二三四五六七八九十"
_DIGIT = {char: value for value, char in enumerate(_HAN, 1)}
_POINT = re.compile(
    rf"\s*(?:(?P<chapter>第(?P<n1>[{_HAN}]+|\d+)[章编部讲])\s*|(?P<han>(?P<n2>[{_HAN}]+)[、．.])|"
    rf"(?P<paren>[（(](?P<n3>[{_HAN}]+|\d+)[)）])|(?P<order>第(?P<n4>[{_HAN}]+)[，、,：:])|"
    rf"(?P<being>(?P<n5>[{_HAN}]+)(?:是要?|要))|(?P<digits>(?P<n6>\d{{1,2}})(?:[、．]|\.(?![\d])))|"
    r"(?P<circle>(?P<n7>[①-⑳])))[\s，、]*"
)
_CLAUSE = re.compile(r"[，,；;。！？!?…：:\n]")
_ENDS = "。！？!?；;…：:，,、. "


class _Point(NamedTuple):
    style: str
    number: int
    phrase: str


def outline_points(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the points of an article in order, each in its own words: whole clauses without their numbers.

    They are those of the first way of numbering that counts from one to two or more; empty if there is none.
    """
    points = [point for text in paragraphs for point in _points(text)]
    for style in dict.fromkeys(point.style for point in points):
        counted = _counted([point for point in points if point.style == style])
        if FEWEST_POINTS <= len(counted) <= MOST_POINTS and all(counted):
            return tuple(counted)
    return ()


def _points(text: str) -> Iterator[_Point]:
    """Yield the points that a paragraph's sentences, and their parts up to a semicolon, begin with."""
    for start, stop in split_sentences(text):
        for part in re.split("[；;]", text[start:stop]):
            if found := _POINT.match(part):
                number = next(value for name, value in found.groupdict().items() if name[0] == "n" and value)
                style = next(name for name, value in found.groupdict().items() if name[0] != "n" and value)
                yield _Point(style, _value(number), _phrase(part[found.end() :]))


def _counted(points: Sequence[_Point]) -> list[str]:
    """Return the phrases of the points that count 1, 2, 3, …; those that begin anew end the count."""
    phrases: list[str] = []
    for point in points:
        if point.number == len(phrases) + 1:
            phrases.append(point.phrase)
    return phrases


def _phrase(text: str) -> str:
    """Return the first clause, or as many as it takes to say something; "" if that is long."""
    ends = [found.start() for found in _CLAUSE.finditer(text)] + [len(text)]
    stop = next((end for end in ends if end >= POINT_LEAST), len(text))
    phrase = text[:stop].strip(_ENDS)
    return phrase if len(phrase) <= POINT_CHARS else ""


def _value(number: str) -> int:
    """Return the number that 十二, 12 or ⑫ stands for."""
    if number.isdecimal():
        return int(number)
    if number[0] not in _DIGIT:
        return ord(number) - ord("①") + 1
    tens, ten, ones = number.rpartition("十")
    return 10 * (_DIGIT.get(tens, 1) if ten else 0) + (_DIGIT.get(ones, 0) if ones else 0)
