"""A passage's summary (whole sentences of its own) and its headline (a few words of its own).

Nothing is written anew and no sentence is cut: where no sentence stands out there is no summary, and where
the passage does not begin with what it is about there is no headline.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import islice
from math import fsum

from content.joints import WIDE
from content.keywords import Keyword
from content.passages import reading_units, split_sentences

SHORT_UNITS = 150
"""A passage of so few reading units needs no summary: half a minute of reading."""
SUMMARY_UNITS = 90
"""Longest summary, in reading units: three lines on a phone."""
SENTENCE_UNITS = 12
"""Shortest sentence that can say what a passage is about."""
OUTSTANDING = 1.0
"""A summary's sentence scores more than so many times the mean of the passage's sentences."""
KEYWORD_POWER, KEYWORD_LEAST = 0.7, 0.3
"""A sentence scores (0.3 + the weights of its keywords)^0.7 ÷ its characters × e^(1 ÷ its rank from 1): it
says much in few words, and early. The powers were fitted to ROUGE-L against the titles of abstracts."""
BRIEF = 20
"""Characters below which being shorter still earns nothing."""
AIMED = 2.0
"""How much more a sentence scores that says what is aimed at."""
HEADLINE_CHARS = 24
"""Longest headline; a notification shows about as much."""
LEAD_CHARS = 120
"""A headline is looked for in so many characters: a longer sentence gives at most its first clause."""
HEADLINE_LEAST = 6
"""Fewer characters say little: 过去一年, 同志们."""

DANGLING = re.compile(
    r"(这|那[个些种样里]|此[外时后次]|对此|为此|由此|因此|因而|所以|于是|从而|该|其[中次他它]?|他|她|它|同时|与此同时|另外|"
    r"是(?!非)|亦|均(?!衡|匀)|同[址年月日]|随后|后来|但|然而|不过|而|并|也|又|还|或|以及|即|则|再次|最后|首先|例如|比如|总之|可见|换言之|同样|"
    r"(this|that|these|those|it|its|he|she|they|his|her|their|however|but|and|or|so|also|moreover|furthermore|"
    r"therefore|thus|then|hence|such|besides|meanwhile|for example|for instance)\b)",
    re.IGNORECASE,
)
"""A sentence that begins so leans on the one before it."""
AIM = re.compile(r"提出|强调|探讨|介绍|针对|研究|讨论|目的|旨在|意义")
"""Words by which a text says what it is for; no word of them alone makes a sentence a summary."""
ENUMERATOR = re.compile(
    r"\s*(第?[一二三四五六七八九十百]+(是要?|、|，|,|：|:|．|\.)|第[一二三四五六七八九十百\d]+[章节条]\s*|"
    r"[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、．)）]|\d{1,2}\.(?!\d)|[①-⑳])[\s，、]*"
)
"""一是…, 第一，…, 二、…, （三）…, 4. …: what follows is named by its first words."""
ATTRIBUTION = re.compile(r"[^，。：“]{1,12}(强调|指出|要求|提出|认为|表示)[，：]“?要?")
"""会议强调，要…: who says it is not what it is about."""
ASIDE = re.compile(
    r"在.*[中下时后上里前内间]$|(今年|去年|当前|目前|近期|近年|过去|截至|随着|基于|为此|为了|据|如果|只有|越是|面对|针对|"
    r"由于|尽管)|.*虽然"
)
"""A first clause that only says when or under what circumstances."""

_ENDS = "。！？!?；;…：:，, "
_CLAUSE = re.compile(r"[，,：:；;。！？!?…]")
_PAIRS = ("“”", "‘’", "「」", "『』", "《》", "（）", "()", "【】")


def summarize(text: str, keywords: Sequence[Keyword], title: str) -> str | None:
    """Return one or two whole sentences of `text` that say what it is about, in its order.

    None where the passage is short, or no sentence that can stand alone stands out among the others.
    """
    if reading_units(text) <= SHORT_UNITS:
        return None
    chosen = choose_sentences(text, keywords, title)
    if not chosen:
        return None
    first, *rest = chosen
    joint = "" if WIDE.match(first[-1]) else " "
    return joint.join([first, *rest])


def choose_sentences(
    text: str, keywords: Sequence[Keyword], title: str = "", *, most: int = 2
) -> tuple[str, ...]:
    """Return, in the text's order, the sentences that say best what it is about and can stand alone.

    None where no such sentence stands out among the others.
    """
    sentences = [text[start:stop] for start, stop in split_sentences(text)]
    scores = [_score(sentence, keywords, rank) for rank, sentence in enumerate(sentences)]
    bar = OUTSTANDING * fsum(scores) / max(1, len(scores))
    best = sorted((-score, rank) for rank, score in enumerate(scores) if score > bar)
    # Counting units costs more than all the rest: it is left to the few that come into question.
    usable = (rank for _, rank in best if _stands_alone(sentences[rank], title))
    chosen = sorted(_fitting(list(islice(usable, most)), sentences))
    return tuple(sentences[rank] for rank in chosen)


def make_headline(text: str, keywords: Sequence[Keyword], title: str) -> str | None:
    """Return a few words from the beginning of `text` that name its subject, without their enumerator.

    They are the first clause of an enumerated point or of what someone is said to have stressed, a heading,
    or a short first sentence with a keyword in it; None where that is over 24 characters or repeats `title`.
    """
    line = _first_telling_line(text)
    opening = ENUMERATOR.match(line) or ATTRIBUTION.match(line)
    lead = line[opening.end() if opening else 0 :][:LEAD_CHARS]
    sentence = next((lead[start:stop] for start, stop in split_sentences(lead)), "")
    offers = [sentence, _CLAUSE.split(sentence)[0]] if opening else [sentence]
    headlines = [offer.strip(_ENDS) for offer in offers]
    fitting = (words for words in headlines if _fits(words) and words != title)
    return next((words for words in fitting if opening or _names_subject(words, keywords)), None)


def _first_telling_line(text: str) -> str:
    """Return the first line, or the second where the first only addresses people or announces something."""
    first, _, rest = text.lstrip().partition("\n")
    announces = first.rstrip().endswith(("：", ":")) and not ENUMERATOR.match(first)
    return rest.lstrip().partition("\n")[0] if announces else first


def _score(sentence: str, keywords: Sequence[Keyword], rank: int) -> float:
    weights = fsum(keyword.weight for keyword in keywords if keyword.term in sentence)
    if not weights:
        return 0.0
    length = max(BRIEF, len(sentence))
    aimed = AIMED if AIM.search(sentence) else 1.0
    return aimed * math.pow(KEYWORD_LEAST + weights, KEYWORD_POWER) * math.exp(1 / (1 + rank)) / length


def _stands_alone(sentence: str, title: str) -> bool:
    return (
        sentence[0] not in "（(["
        and sentence[-1] in "。！？!?….”’」』）)"
        and DANGLING.match(sentence) is None
        and ENUMERATOR.match(sentence) is None
        and sentence.strip(_ENDS) != title
        and _is_balanced(sentence)
        and SENTENCE_UNITS <= reading_units(sentence) <= SUMMARY_UNITS
    )


def _fitting(ranks: list[int], sentences: Sequence[str]) -> list[int]:
    """Return both where there is room for two, otherwise the first."""
    fits = sum(reading_units(sentences[rank]) for rank in ranks) <= SUMMARY_UNITS
    return ranks if fits else ranks[:1]


def _fits(words: str) -> bool:
    return (
        HEADLINE_LEAST <= len(words) <= HEADLINE_CHARS and ASIDE.match(words) is None and _is_balanced(words)
    )


def _names_subject(words: str, keywords: Sequence[Keyword]) -> bool:
    return DANGLING.match(words) is None and any(keyword.term in words for keyword in keywords)


def _is_balanced(words: str) -> bool:
    return all(words.count(pair[0]) == words.count(pair[1]) for pair in _PAIRS)
