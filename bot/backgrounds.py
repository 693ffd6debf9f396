"""A collection's own words, and what its documents are read against. A session goes in, a value comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from content.background import NO_BACKGROUND, RECENT, Background, RecentArticles, fold_words
from content.candidates import MOST_CHARS
from content.models import STANDARD, Article, Collection, Document, Passage
from content.tokens import fold


class UnfitWord(ValueError):
    """A word that can be no keyword: the message says which and why."""


@dataclass(frozen=True)
class OwnWords:
    """A collection's own dictionary and its stop words, as written, in the order in which they came."""

    terms: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()


def own_words(collection: Collection) -> OwnWords:
    """Return the collection's own words."""
    return OwnWords(tuple(collection.terms or ()), tuple(collection.stop_words or ()))


def find_collection(session: Session, name: str) -> Collection | None:
    """Return the collection of that name with its words; None where there is none."""
    query = select(Collection).where(Collection.name == name)
    return session.scalar(query.options(undefer(Collection.terms), undefer(Collection.stop_words)))


def add_words(collection: Collection, words: Iterable[str], *, stop: bool) -> int:
    """Take the words into the dictionary, or with `stop` among the stop words, and return how many are new.

    A word is one or the other: the later wish counts, and the later spelling. Raises UnfitWord.
    """
    wanted = [_fit(word, stop=stop) for word in words]
    before = own_words(collection)
    _keep(collection, _without(before, wanted))
    kept = own_words(collection)
    more = tuple({fold(word).text: word for word in wanted}.values())
    after = (
        replace(kept, stop_words=kept.stop_words + more) if stop else replace(kept, terms=kept.terms + more)
    )
    _keep(collection, after)
    return len(fold_words(more) - fold_words(before.stop_words if stop else before.terms))


def remove_words(collection: Collection, words: Sequence[str]) -> list[str]:
    """Take the words out of both lists, and return those that are in neither."""
    before = own_words(collection)
    known = fold_words(before.terms + before.stop_words)
    _keep(collection, _without(before, words))
    return [word for word in words if fold(word).text not in known]


def read_background(session: Session, name: str, but: int | None = None) -> tuple[Background, RecentArticles]:
    """Return a collection's own words, and its newest articles without those of a document `but`.

    Both are empty where there is no collection of that name (yet).
    """
    collection = find_collection(session, name)
    if collection is None:
        return NO_BACKGROUND, RecentArticles()
    words = own_words(collection)
    folded = Background(fold_words(words.terms), fold_words(words.stop_words))
    return folded, recent_articles(session, collection.id, but)


def background_of(session: Session, document_id: int) -> Background:
    """Return what a stored document is read anew with: its collection's words, and the other articles."""
    named = select(Collection.name).join(Document, Document.collection_id == Collection.id)
    name = session.scalar(named.where(Document.id == document_id))
    words, recent = read_background(session, name or "", document_id)
    return replace(words, corpus=recent.statistics())


def recent_articles(session: Session, collection_id: int, but: int | None = None) -> RecentArticles:
    """Return the keywords of the collection's newest articles; of a document `but` none are counted."""
    newest = (
        select(Article.id)
        .join(Article.document)
        .where(Document.collection_id == collection_id, Document.visible, Document.id != (but or 0))
        .order_by(Article.id.desc())
        .limit(RECENT)
    )
    query = select(Passage.article_id, Passage.keywords).where(
        Passage.article_id.in_(newest.scalar_subquery()), Passage.length == STANDARD
    )
    articles: dict[int, set[str]] = {}
    for article_id, keywords in session.execute(query.order_by(Passage.article_id)):
        articles.setdefault(article_id, set()).update(term for term, _ in keywords)
    return RecentArticles(articles.values())


def _without(words: OwnWords, gone: Iterable[str]) -> OwnWords:
    folded = fold_words(gone)
    lists = (words.terms, words.stop_words)
    return OwnWords(*(tuple(word for word in each if fold(word).text not in folded) for each in lists))


def _keep(collection: Collection, words: OwnWords) -> None:
    collection.terms, collection.stop_words = list(words.terms) or None, list(words.stop_words) or None


def _fit(word: str, *, stop: bool) -> str:
    """Return the word in one line; UnfitWord for one that is empty or too long, and for a term of one."""
    word = " ".join(word.split())
    least = 1 if stop else 2
    if not least <= len(fold(word).text) <= MOST_CHARS:
        raise UnfitWord(f"“{word}” has not {least} to {MOST_CHARS} characters")
    return word
