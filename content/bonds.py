"""Which paragraphs of an article belong together: an article of a statute, a question and its answer, a list.

Pure. Says nothing about length: whether such a group is kept whole is for the cutting to decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from content.marks import NUMBER
from content.structure import Paragraph

CLAUSE = re.compile(rf"第[{NUMBER}\d]{{1,6}}条(?:之[{NUMBER}]{{1,3}})?")
ASKED = re.compile(r"(?:问|提问|Q\d*|[^\s，。：:？?“”]{1,12})\s*[：:]")
QUESTION_END = re.compile(r"[？?][”’」』）]?$")
ITEM = re.compile(
    rf"(?P<is>[{NUMBER}]{{1,3}}[是要]|[首其再最][先次后]?，)|(?P<ordinal>第[{NUMBER}]{{1,3}}[，,、])"
    rf"|(?P<paren>[（(](?:[{NUMBER}]{{1,3}}|\d{{1,2}})[)）])|(?P<digits>\d{{1,2}}[、．.)）])|(?P<circle>[①-⑳])"
)
"""What an item of a list begins with; the group names the style."""


def clause_label(text: str) -> str | None:
    """Return 第五条 where the text is the beginning of an article of a statute."""
    found = CLAUSE.match(text)
    after = text[found.end() : found.end() + 1] if found else ""
    return found[0] if found and (not after or not after.isalnum() or after == "\u3000") else None


class Bond(NamedTuple):
    """What a paragraph is bound to."""

    first: int
    """Index of the first paragraph of its group; most paragraphs are groups of their own."""
    firm: bool
    """True for an article of a statute and for a question with its answer."""


def bind(paragraphs: Sequence[Paragraph]) -> list[Bond]:
    """Return for each paragraph the group that it is of."""
    asking = _asking_labels(paragraphs)
    bonds: list[Bond] = []
    for index, paragraph in enumerate(paragraphs):
        if paragraph.is_heading or _opens(paragraph, asking):
            bonds.append(Bond(index, not paragraph.is_heading))
        elif (bonds and bonds[-1].firm) or (index and _lists(paragraphs[index - 1], paragraph)):
            bonds.append(bonds[-1])
        else:
            bonds.append(Bond(index, False))
    return bonds


def _opens(paragraph: Paragraph, asking: set[str]) -> bool:
    """Return whether the paragraph begins an article of a statute or asks a question."""
    label = ASKED.match(paragraph.text)
    return bool(clause_label(paragraph.text) or (label and label[0] in asking))


def _asking_labels(paragraphs: Sequence[Paragraph]) -> set[str]:
    """Return the labels, such as 问： or a name, whose paragraphs are mostly questions."""
    asked: dict[str, list[bool]] = {}
    for paragraph in paragraphs:
        if label := ASKED.match(paragraph.text):
            asked.setdefault(label[0], []).append(bool(QUESTION_END.search(paragraph.text)))
    return {label for label, cases in asked.items() if sum(cases) * 2 > len(cases)}


def _lists(before: Paragraph, after: Paragraph) -> bool:
    """Return whether the two are items of one list, or its lead and its first item."""
    item = ITEM.match(after.text)
    if not item or after.is_heading or before.is_heading:
        return False
    earlier = ITEM.match(before.text)
    return before.text[-1] in "：:" or bool(earlier and earlier.lastgroup == item.lastgroup)
