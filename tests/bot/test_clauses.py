"""A statute is cited by its articles wherever its passages are shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.digest import Digest, Finished, make_digest
from bot.imports import Importer
from bot.models import Plan
from bot.passages import find_passage, open_passage
from bot.render.citation import citation
from bot.render.digest import render_digest
from bot.render.markup import plain_text
from bot.render.passage import render_passage
from bot.render.results import ResultsView
from bot.render.search import render_hits
from bot.render.texts import Texts
from bot.render.values import Part, PassageView
from content.models import STANDARD, VISIBILITIES, Passage
from content.search import Hit, describe, parse_query, search
from tests.conftest import NOW
from tests.factories import make_delivery, make_subscription

ZH = Texts("zh-Hans")
RULE = "骑车的人应当慢行，遇到行人先让行人，天黑以后要开灯，铃声不宜太响。"
STATUTE = "园区骑行办法\n\n" + "\n\n".join(f"第{n}条　{RULE * 6}" for n in "一二三四")


@pytest.fixture
def statute(database: Database) -> Database:
    """A database with a statute of four articles, two to a passage."""
    outcome = Importer(database, "规章", None, NOW).import_body("rules.txt", STATUTE.encode())
    assert outcome.status == "imported"
    return database


def test_a_passage_of_a_statute_is_stored_with_the_articles_that_it_touches(statute: Database) -> None:
    clauses = select(Passage.clause).where(Passage.length == STANDARD).order_by(Passage.start)
    stored = statute.run_read(lambda session: session.scalars(clauses).all())

    assert stored == ["第一条至第二条", "第三条至第四条"]


def test_a_hit_and_the_passage_that_it_opens_name_the_articles(statute: Database) -> None:
    def find(session: Session) -> tuple[Hit, PassageView]:
        [hit] = search(session, parse_query('"第三条"')).hits
        passage = find_passage(session, hit.passage_id, VISIBILITIES)
        assert passage is not None
        return hit, open_passage(session, passage)

    hit, view = statute.run_read(find)
    results = ResultsView(1, describe(parse_query("第三条")), 0, 1, 1, (hit,), {hit.passage_id: Part(2, 2)})
    found = plain_text(render_hits(results, ZH).text)

    assert "1 第三条至第四条 " in found
    assert "/2 段" not in found
    assert plain_text(render_passage(view, "bot", ZH).text).endswith("📌 第三条至第四条")
    assert citation(view, ZH) == "《园区骑行办法》第三条至第四条"


def test_a_digest_names_the_articles_unless_its_text_is_not_cut_there_any_more(statute: Database) -> None:
    def deliver(session: Session) -> list[Digest | Finished | None]:
        passage = session.scalars(select(Passage).where(Passage.length == STANDARD)).first()
        assert passage is not None
        subscription = make_subscription(session, session.scalars(select(Plan)).one())
        place = {"document_id": passage.document_id, "article": 0, "start": passage.start}
        stops = enumerate((passage.stop, passage.stop - 9))
        rows = [make_delivery(session, subscription, **place, stop=stop, slot=slot) for slot, stop in stops]
        return [make_digest(session, row.id) for row in rows]

    whole, short = statute.run_write(deliver)

    assert isinstance(whole, Digest)
    assert isinstance(short, Digest)
    assert citation(whole, ZH) == "《园区骑行办法》第一条至第二条"
    assert "📌 第一条至第二条 · " in plain_text(render_digest(whole, ZH).text)
    assert citation(short, ZH) == "《园区骑行办法》，第 1 自然段"
