"""Facets on both engines: what a search can be narrowed to, and that narrowing finds as much as was said."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from content.search import UNDATED, Facets, count_facets, facets, narrow, parse_query, search
from tests.content.search.conftest import AddPassages

PUBLIC = ("public",)


@pytest.fixture
def ponds(corpus: Session, add_passages: AddPassages) -> Session:
    """Passages of ponds: three in a document of 2021 and four years of its own, one in each of two others."""
    add_passages("池塘一。", "池塘二。", "池塘三。", document="甲.txt", date=dt.date(2021, 3, 1))
    add_passages("池塘四。", "井。", document="乙.txt", date=dt.date(2019, 12, 31))
    add_passages("池塘五。", document="丙.txt")
    add_passages("池塘六。", document="丁.txt", collection="内部", visibility="admins")
    return corpus


def counted(session: Session, query: str) -> Facets:
    return count_facets(session, parse_query(query), PUBLIC)


def test_passages_are_counted_by_document_the_fullest_first_and_by_year_the_undated_last(
    ponds: Session,
) -> None:
    found = counted(ponds, "池塘")

    assert [(name, passages) for _, name, passages in found.documents] == [
        ("甲.txt", 3),
        ("丙.txt", 1),
        ("乙.txt", 1),
    ]
    assert found.years == ((2021, 3), (2019, 1), (None, 1))
    assert not found.is_capped
    assert counted(ponds, "鲸鱼") == Facets((), ())


def test_narrowing_to_a_facet_finds_as_many_as_it_said(ponds: Session) -> None:
    query = parse_query("池塘")
    found = count_facets(ponds, query, PUBLIC)

    for document_id, name, passages in found.documents:
        hits = search(ponds, narrow(query, document_id), limit=9)
        assert (hits.total, {hit.document for hit in hits.hits}) == (passages, {name})
    for year, passages in found.years:
        hits = search(ponds, narrow(query, year=year or UNDATED), limit=9)
        assert hits.total == passages
        assert {hit.date.year if hit.date else None for hit in hits.hits} == {year}


def test_a_narrowed_search_is_counted_within_what_it_is_narrowed_to(ponds: Session) -> None:
    found = count_facets(ponds, narrow(parse_query("池塘"), year=2019), PUBLIC)

    assert [(name, passages) for _, name, passages in found.documents] == [("乙.txt", 1)]
    assert found.years == ((2019, 1),)


def test_a_year_narrows_what_was_typed_and_does_not_replace_it() -> None:
    query = parse_query("池塘 since:2020-03 until:2021-06")

    assert (narrow(query, year=2020).since, narrow(query, year=2020).until) == (
        dt.date(2020, 3, 1),
        dt.date(2020, 12, 31),
    )
    assert narrow(query, year=2021).until == dt.date(2021, 6, 30)
    assert narrow(narrow(query, 7), year=2021).documents == (7,)


def test_the_undated_have_nothing_within_days(ponds: Session) -> None:
    dated = parse_query("池塘 since:2019")

    assert search(ponds, narrow(dated, year=UNDATED)).total == 0


def test_a_query_without_words_has_facets_too(ponds: Session) -> None:
    assert counted(ponds, "since:2019 until:2019").years == ((2019, 2),)


def test_of_very_many_passages_a_sample_is_counted_and_that_is_said(
    ponds: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST_COUNTED", 3)

    found = counted(ponds, "池塘")

    assert found.is_capped
    assert sum(passages for _, passages in found.years) == 3
    assert len(found.documents) > 1


def test_of_a_sentence_as_many_are_counted_as_are_found(corpus: Session, add_passages: AddPassages) -> None:
    sentence = "村里的池塘边种着柳树和荷花，夏天有人钓鱼"
    add_passages(
        sentence, "村里的池塘边种着柳树和荷花，夏天热。", "钓鱼的人多。", "柳树。", document="甲.txt"
    )

    total = search(corpus, parse_query(sentence), limit=9).total

    assert total == sum(document.passages for document in counted(corpus, sentence).documents) > 0
