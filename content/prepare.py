"""A file's bytes to all that an import will write, computed: read, corrected, cut, with keywords and summary.

Touches no database; `ingest` stores what comes out. It takes long, and files that nobody vouches for are to
be prepared in a process of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from content.background import NO_BACKGROUND, Background
from content.candidates import Candidates, count_terms, find_candidates, weigh_against
from content.corrections import Correction, correct
from content.garbage import uncollected
from content.keywords import Keyword, extract_keywords
from content.models import STANDARD
from content.passages import PassageDraft, split_in_all_lengths
from content.points import outline_points
from content.reading import Doubt, RawDocument, read_document
from content.structure import ArticleDraft, parse_articles
from content.summary import make_headline, summarize
from content.tokens import tokenize


@dataclass(frozen=True)
class PreparedPassage:
    """A passage with what is stored beside its text."""

    length: str
    draft: PassageDraft
    text: str
    headline: str | None
    keywords: tuple[Keyword, ...]
    summary: str | None


@dataclass(frozen=True)
class PreparedArticle:
    """An article and its passages in all three cuts."""

    draft: ArticleDraft
    text: str
    points: tuple[str, ...]
    passages: tuple[PreparedPassage, ...]

    @property
    def keywords(self) -> frozenset[str]:
        """The keywords of its passages in the standard cut, as written."""
        standard = (passage for passage in self.passages if passage.length == STANDARD)
        return frozenset(keyword.term for passage in standard for keyword in passage.keywords)


@dataclass(frozen=True)
class PreparedDocument:
    """All that an import will write, computed."""

    name: str
    sha256: str
    encoding: str
    articles: tuple[PreparedArticle, ...]
    homeless: tuple[Correction, ...] = ()
    """Corrections whose place this version does not have."""
    doubts: tuple[Doubt, ...] = ()
    """What its format may have lost; each article's own are in its draft."""


def document_hash(body: bytes) -> str:
    """Return the SHA-256 by which a document is known, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def draft_articles(
    raw: RawDocument, name: str, corrections: Sequence[Correction] = ()
) -> tuple[list[ArticleDraft], list[Correction]]:
    """Return the articles of a document that was read, corrected, and the corrections that have no place."""
    return correct(parse_articles(raw, PurePath(name).stem), corrections)


def prepare_document(
    name: str, body: bytes, corrections: Sequence[Correction] = (), background: Background = NO_BACKGROUND
) -> PreparedDocument:
    """Return the document read, corrected, cut and summarised; nothing is stored. Raises DocumentError.

    `background` is what its collection brings to it.
    """
    return prepare_read(read_document(name, body), name, document_hash(body), corrections, background)


def prepare_read(
    raw: RawDocument,
    name: str,
    sha256: str,
    corrections: Sequence[Correction] = (),
    background: Background = NO_BACKGROUND,
) -> PreparedDocument:
    """Return a document that was read, corrected, cut and summarised."""
    with uncollected():
        drafts, homeless = draft_articles(raw, name, corrections)
        candidates = [_find_candidates(draft.text, background) for draft in drafts]
        own = count_terms(candidates)
        articles = tuple(
            prepare_article(draft, weigh_against(found, own, background.corpus))
            for draft, found in zip(drafts, candidates, strict=True)
        )
    return PreparedDocument(name, sha256, raw.encoding, articles, tuple(homeless), raw.doubts)


def _find_candidates(text: str, background: Background) -> Candidates:
    tokens = tokenize(text, background.terms)
    return find_candidates(text, tokens, dictionary=background.terms, stop_words=background.stop_words)


def prepare_article(draft: ArticleDraft, candidates: Candidates) -> PreparedArticle:
    """Return the article with its passages. Its text was cut into words once, for all three cuts."""
    text = draft.text
    cuts = split_in_all_lengths(draft.paragraphs)
    # Many passages are alike in two cuts or in all three.
    different = {passage for cut in cuts.values() for passage in cut}
    told = {passage: _tell(text, candidates, draft.title, passage) for passage in different}
    passages = tuple(
        PreparedPassage(length, passage, *told[passage]) for length, cut in cuts.items() for passage in cut
    )
    points = outline_points([paragraph.text for paragraph in draft.paragraphs])
    return PreparedArticle(draft, text, points, passages)


def _tell(
    text: str, candidates: Candidates, title: str, draft: PassageDraft
) -> tuple[str, str | None, tuple[Keyword, ...], str | None]:
    """Return the passage's text, headline, keywords and summary."""
    own_text = text[draft.start : draft.stop]
    keywords = extract_keywords(candidates, draft.start, draft.stop)
    headline = make_headline(own_text, keywords, title)
    return own_text, headline, keywords, summarize(own_text, keywords, title)
