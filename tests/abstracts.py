"""How much of a title a summary says, and what is measured: the lead, and what Rizhi chooses."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from content.candidates import find_candidates
from content.keywords import extract_keywords
from content.passages import split_sentences
from content.summary import choose_sentences
from content.tokens import tokenize

Line = dict[str, Any]
"""An abstract: its id, title, text and keywords."""


def plain(term: str) -> str:
    """Return the term with width, case and blanks aside."""
    return "".join(unicodedata.normalize("NFKC", term).lower().split())


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def rouge_l(chosen: str, gold: str) -> float:
    """Return the F1 of the longest common subsequence of characters, marks left out."""
    chosen, gold = (re.sub(r"[\W_]", "", plain(text)) for text in (chosen, gold))
    row = [0] * (len(gold) + 1)
    for one in chosen:
        diagonal = 0
        for at, other in enumerate(gold, 1):
            diagonal, row[at] = row[at], diagonal + 1 if one == other else max(row[at], row[at - 1])
    return 2 * row[-1] / (len(chosen) + len(gold) or 1)


def sentences_of(line: Line) -> list[str]:
    text = line["text"]
    return [text[start:stop] for start, stop in split_sentences(text)]


def lead_1(line: Line) -> str:
    return sentences_of(line)[0]


def rizhi_sentence(line: Line) -> str:
    text = line["text"]
    keywords = extract_keywords(find_candidates(text, tokenize(text)))
    return "".join(choose_sentences(text, keywords, most=1)) or lead_1(line)
