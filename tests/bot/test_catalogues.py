"""Catalogues: kept in memory, and never out of date."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.catalogues import Shelf, catalogue, count_passages
from bot.database import Database
from bot.models import Plan
from content.models import LENGTHS, STANDARD, Article, Passage
from content.picking import Candidate, Catalogue
from tests.factories import make_document, make_plan


def make_catalogue(document_id: int, passages: int) -> Catalogue:
    return Catalogue([Candidate(document_id, 0, at, at + 1, None) for at in range(passages)], "sequence")


def test_a_catalogue_is_made_once_for_all_connections(database: Database) -> None:
    def set_up(session: Session) -> int:
        make_document(session)
        return make_plan(session).id

    def find(session: Session) -> Catalogue:
        return catalogue(session, session.get_one(Plan, key), STANDARD)

    key = database.run_write(set_up)
    assert database.run_read(find) is database.run_read(find) is database.run_write(find)


def test_each_cut_has_its_own_catalogue(session: Session) -> None:
    make_document(session)
    plan = make_plan(session)
    counts = {cut: len(catalogue(session, plan, cut).candidates) for cut in LENGTHS}
    assert counts == {"short": 6, "standard": 3, "long": 2}


def test_whatever_comes_or_goes_is_noticed(session: Session) -> None:
    first = make_document(session)
    plan = make_plan(session)
    counts = [len(catalogue(session, plan, STANDARD).candidates)]
    hidden = make_document(session, visible=False)
    counts.append(len(catalogue(session, plan, STANDARD).candidates))
    hidden.visible = True
    counts.append(len(catalogue(session, plan, STANDARD).candidates))
    session.delete(first)
    session.flush()
    counts.append(len(catalogue(session, plan, STANDARD).candidates))
    plan.document_ids = [first.id]
    counts.append(len(catalogue(session, plan, STANDARD).candidates))
    assert counts == [3, 3, 6, 3, 0]


def test_other_articles_of_the_same_document_are_noticed(session: Session) -> None:
    document, other = make_document(session, articles=2), make_document(session, visible=False)
    plan = make_plan(session)
    before = len(catalogue(session, plan, STANDARD).candidates)
    session.execute(delete(Article).where(Article.document_id == document.id))
    for table in (Article, Passage):
        session.execute(update(table).where(table.document_id == other.id).values(document_id=document.id))

    assert (before, len(catalogue(session, plan, STANDARD).candidates)) == (6, 3)


def test_passages_are_counted_as_the_catalogue_has_them(session: Session) -> None:
    make_document(session, articles=2)
    chosen = make_document(session)
    make_document(session, collection="山中")
    make_document(session, visible=False)
    plans = [make_plan(session), make_plan(session, "一篇", document_ids=[chosen.id])]
    assert [count_passages(session, plan) for plan in plans] == [9, 3]
    assert [len(catalogue(session, plan, STANDARD).candidates) for plan in plans] == [9, 3]


def test_what_was_unused_the_longest_is_let_go(database: Database) -> None:
    url = database.writer.url
    made = [make_catalogue(key, 4) for key in range(3)]
    shelf = Shelf(most=8)
    for key in (0, 1):
        shelf.keep((url, key, STANDARD), (), made[key])
    assert shelf.find((url, 0, STANDARD), ()) is made[0]
    shelf.keep((url, 2, STANDARD), (), made[2])
    assert [shelf.find((url, key, STANDARD), ()) for key in range(3)] == [made[0], None, made[2]]
    assert shelf.find((url, 2, STANDARD), ("other",)) is None
    huge = make_catalogue(3, 20)
    shelf.keep((url, 3, STANDARD), (), huge)
    assert [shelf.find((url, key, STANDARD), ()) for key in (0, 2, 3)] == [None, None, huge]
