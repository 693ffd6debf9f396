"""What stands on a card: chosen from a digest. Nothing is cut, and nothing is shown that the font lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.cards import is_drawable
from bot.digest import Digest
from bot.render.digest import title_lead
from bot.render.markup import shorten, units_wide
from content.keywords import Keyword
from content.sentences import split_sentences
from content.summary import DANGLING, ENUMERATOR, choose_sentences

SENTENCE_UNITS = 90
"""Widest sentence that a card holds in a size that one likes to read."""
SENTENCE_LEAST = 10
"""A narrower one says little."""
TITLE_UNITS = 100
SMALL_UNITS = 22
"""Width of a plan's name or a keyword."""
MAX_KEYWORDS = 4
FOOT_UNITS = 22
"""Width of a line beside the seal: keywords with dots between, or date and source."""
SOURCE_UNITS = 15
DOT = " · "

TERM_UNITS = 7
"""Wider terms may be parted: whole, they would leave holes."""


@dataclass(frozen=True)
class Card:
    """What stands on a card; "" where there is nothing to say."""

    title: str
    sentence: str
    keywords: tuple[str, ...]
    origin: str
    """Date and source; a long source is shortened."""
    plan: str
    place: str
    """12/64."""
    terms: tuple[str, ...] = ()
    """Words that no line break parts."""


def make_card(digest: Digest) -> Card:
    """Return what the card of a digest says."""
    title = _title(digest)
    return Card(
        title=title,
        sentence=choose_sentence(digest, title),
        keywords=_keywords(digest.keywords),
        origin=_origin(digest),
        plan=shorten(_drawable(digest.plan), SMALL_UNITS),
        place=f"{digest.ordinal}/{digest.total}",
        terms=tuple(word for word in digest.keywords if units_wide(word) <= TERM_UNITS),
    )


def choose_sentence(digest: Digest, title: str) -> str:
    """Return the sentence that says most: whole, and able to stand alone.

    It is one of the summary's, else the one that would be the passage's summary, else that with the most
    keywords; where no sentence is right, the heading or the headline; "" where it is no more than the title.
    """
    of_summary, of_text = _sentences([digest.summary or ""]), _sentences(digest.paragraphs)
    richest = sorted(of_text, key=lambda sentence: -_keywords_in(sentence, digest.keywords))
    names = [name for name in (digest.heading, digest.headline) if name and is_drawable(name)]
    offers = [*of_summary, *_summarizing(digest), *richest]
    fitting = [sentence for sentence in offers if _fits(sentence)]
    return next((words for words in fitting + names if words.strip("。") not in title), "")


def _sentences(paragraphs: Iterable[str]) -> list[str]:
    return [text[start:stop].strip() for text in paragraphs for start, stop in split_sentences(text)]


def _summarizing(digest: Digest) -> tuple[str, ...]:
    """The sentence that says best what the passage is about, also where it was too short for a summary."""
    keywords = [Keyword(term, 1 / rank) for rank, term in enumerate(digest.keywords, 1)]
    return choose_sentences("\n".join(digest.paragraphs), keywords, digest.title, most=1)


def _fits(sentence: str) -> bool:
    return (
        SENTENCE_LEAST <= units_wide(sentence) <= SENTENCE_UNITS
        and is_drawable(sentence)
        and DANGLING.match(sentence) is None
        and ENUMERATOR.match(sentence) is None
        and sentence[-1] in "。！？!?.….”’」』"
    )


def _keywords_in(sentence: str, keywords: tuple[str, ...]) -> int:
    return sum(keyword in sentence for keyword in keywords)


def _title(digest: Digest) -> str:
    """The article's title, else (where the font lacks some of it) what else the passage is known by."""
    title = _drawable(digest.title)
    names = [title, _drawable(digest.headline or ""), _drawable(digest.section or ""), _drawable(digest.plan)]
    chosen = next(filter(None, names), "")
    return chosen if units_wide(chosen) <= TITLE_UNITS else shorten(title_lead(chosen), TITLE_UNITS)


def _origin(digest: Digest) -> str:
    date = digest.date.isoformat() if digest.date else ""
    return DOT.join(filter(None, [date, shorten(_drawable(digest.source or ""), SOURCE_UNITS)]))


def _keywords(keywords: tuple[str, ...]) -> tuple[str, ...]:
    """The heaviest that can be drawn, as many as stand on a line."""
    chosen: list[str] = []
    for word in filter(is_drawable, keywords):
        if units_wide(DOT.join([*chosen, word])) <= FOOT_UNITS and len(chosen) < MAX_KEYWORDS:
            chosen.append(word)
    return tuple(chosen)


def _drawable(text: str) -> str:
    """The text on one line without emoji and other symbols that the font lacks; "" where it lacks letters."""
    kept = "".join(each for each in text if is_drawable(each) or unicodedata.category(each)[0] not in "SCMZ")
    return " ".join(kept.split()) if is_drawable(kept) else ""
