"""Plans: what they hold, and who may see them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogues import catalogue
from bot.models import Plan
from bot.plans import add_plan, default_plan, ensure_plan, published_plans, remove_plan
from content.models import Passage
from content.search import ensure_index, index_passages
from tests.conftest import NOW
from tests.factories import make_collection, make_document, make_plan, make_subscription


def test_a_plan_holds_the_visible_documents_of_its_collection_in_one_cut(session: Session) -> None:
    first, second = make_document(session), make_document(session, articles=2)
    make_document(session, collection="山中")
    make_document(session, visible=False)
    plan = make_plan(session)
    places = [candidate[:2] for candidate in catalogue(session, plan, "standard").candidates]
    assert places == [(first.id, 0)] * 3 + [(second.id, 0)] * 3 + [(second.id, 1)] * 3
    assert len(catalogue(session, plan, "short").candidates) == 18


def test_a_plan_of_certain_documents_has_them_in_its_own_order(session: Session) -> None:
    first, _, third = (make_document(session) for _ in range(3))
    plan = make_plan(session, document_ids=[third.id, first.id])
    documents = [candidate.document_id for candidate in catalogue(session, plan, "long").candidates]
    assert documents == [third.id] * 2 + [first.id] * 2


def test_a_plan_with_a_query_holds_what_matches_in_every_cut(session: Session) -> None:
    ensure_index(session)
    document = make_document(session)
    index_passages(session, list(session.scalars(select(Passage.id).where(Passage.length == "standard"))))
    plan = make_plan(session, query="豆腐")
    found = {
        length: [candidate[2:4] for candidate in catalogue(session, plan, length).candidates]
        for length in ("short", "standard", "long")
    }
    assert found == {"short": [(33, 49), (49, 69)], "standard": [(33, 69)], "long": [(0, 49), (49, 105)]}
    assert catalogue(session, make_plan(session, "无", query="飞船"), "standard").candidates == []
    elsewhere = make_plan(session, "别处", query="豆腐", document_ids=[document.id + 1])
    assert catalogue(session, elsewhere, "standard").candidates == []


def test_a_collection_gets_one_plan_of_its_name(session: Session) -> None:
    collection = make_collection(session)
    plan = ensure_plan(session, collection.id, NOW)
    assert ensure_plan(session, collection.id, NOW) is plan
    assert (plan.name, plan.order) == (collection.name, "sequence")


def test_a_plan_of_another_collection_does_not_hide_a_new_one(session: Session) -> None:
    make_plan(session, "山中", "河畔")
    new = make_collection(session, "山中")
    plan = ensure_plan(session, new.id, NOW)
    assert (plan.name, plan.collection_id) == ("山中 (2)", new.id)
    assert ensure_plan(session, new.id, NOW) is plan


def test_a_plan_of_some_documents_is_not_all_of_the_collection(session: Session) -> None:
    collection = make_collection(session)
    make_plan(session, "豆腐", query="豆腐")
    make_plan(session, "一篇", document_ids=[1])
    assert ensure_plan(session, collection.id, NOW).name == collection.name


def test_plans_are_seen_by_the_audience_of_their_collection(session: Session) -> None:
    for name, visibility in (("内部", "members"), ("公开", "public"), ("管理", "admins")):
        make_plan(session, name, make_collection(session, name, visibility).name)
    assert [plan.name for plan in published_plans(session, ("public",))] == ["公开"]
    assert [plan.name for plan in published_plans(session, ("public", "members"))] == ["内部", "公开"]


def test_the_default_plan_is_the_one_named_else_the_first(session: Session) -> None:
    assert default_plan(session, None, ("public",)) is None
    make_plan(session, "甲")
    make_plan(session, "乙")
    found = [default_plan(session, name, ("public",)) for name in (None, "乙", "丙")]
    assert [plan.name for plan in found if plan] == ["甲", "乙", "甲"]


def test_a_plan_that_is_removed_takes_its_subscriptions_along(session: Session) -> None:
    plan = add_plan(session, "甲", make_collection(session).id, NOW, order="shuffled")
    make_subscription(session, plan)
    remove_plan(session, plan)
    assert session.scalars(select(Plan)).all() == []
