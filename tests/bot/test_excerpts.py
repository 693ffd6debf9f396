"""What is remembered of passages is never said of another."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.excerpts import Excerpts, Extract
from content.models import Document
from tests.conftest import NOW
from tests.factories import make_document


def extract_of(document: Document) -> Extract:
    [article] = document.articles
    return Extract(document.id, article.id, "standard", 0, len(article.text))


def test_a_document_whose_article_has_the_number_of_one_that_is_gone_is_quoted_as_itself(
    session: Session,
) -> None:
    excerpts = Excerpts()
    gone = make_document(session)
    first = extract_of(gone)
    before = excerpts.find(session, first, NOW)
    session.delete(gone)
    session.flush()
    other = make_document(session)
    second = extract_of(other)

    assert second[1:] == first[1:]  # SQLite gives the numbers of what is gone to what comes next
    assert excerpts.find(session, second, NOW).document == other.name != before.document
