"""A collection's own words and its other articles bear upon the keywords of what comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backgrounds import (
    OwnWords,
    UnfitWord,
    add_words,
    background_of,
    find_collection,
    own_words,
    read_background,
    remove_words,
)
from bot.curation import apply, hold, prepare_anew
from bot.database import Database
from bot.imports import Importer
from content.background import RECENT, RecentArticles
from content.models import STANDARD, Article, Collection, Document, Passage
from content.prepare import prepare_document
from tests.conftest import NOW
from tests.factories import make_collection, make_document

QUARRY = "三叠纪灰云岩露在山脚。老石匠说，三叠纪灰云岩最耐风雨，桥墩都用它。修桥的石匠每年来看一次。"
NEIGHBOURS = ("修堤", "清淤", "植树", "看水", "架桥", "铺路", "养鱼", "种稻", "打井", "晒谷", "磨面", "烧砖")


def words_of(session: Session, name: str = "石料") -> OwnWords:
    collection = find_collection(session, name)
    assert collection is not None
    return own_words(collection)


def keywords_of(database: Database, document: str) -> set[str]:
    """Return the keywords of the document's passages in the standard cut."""
    query = select(Passage.keywords).join(Document, Document.id == Passage.document_id)
    named = query.where(Document.name == document, Passage.length == STANDARD)
    rows = database.run_read(lambda session: session.scalars(named).all())
    return {term for keywords in rows for term, _ in keywords}


def take_in(database: Database, name: str, text: str) -> None:
    outcome = Importer(database, "石料", None, NOW).import_body(name, text.encode())
    assert outcome.status == "imported"


def test_a_word_is_a_term_or_a_stop_word_as_was_said_last(session: Session) -> None:
    collection = make_collection(session, "石料")

    assert add_words(collection, ["灰雲岩", "灰云岩", " 石 匠 "], stop=False) == 2
    assert own_words(collection) == OwnWords(("灰云岩", "石 匠"))
    assert add_words(collection, ["灰雲岩"], stop=True) == 1
    assert own_words(collection) == OwnWords(("石 匠",), ("灰雲岩",))
    assert add_words(collection, ["灰云岩"], stop=True) == 0


def test_words_are_removed_however_they_are_written(session: Session) -> None:
    collection = make_collection(session, "石料")
    add_words(collection, ["灰雲岩", "石匠"], stop=False)
    add_words(collection, ["桥"], stop=True)

    assert remove_words(collection, ["灰云岩", "橋", "木匠"]) == ["木匠"]
    assert own_words(collection) == OwnWords(("石匠",))


@pytest.mark.parametrize(("word", "stop"), [("", True), ("石", False), ("石" * 25, False), (" \n", False)])
def test_what_can_be_no_keyword_is_refused_and_nothing_changes(
    session: Session, word: str, stop: bool
) -> None:
    collection = make_collection(session, "石料")

    with pytest.raises(UnfitWord, match="characters"):
        add_words(collection, ["石匠", word], stop=stop)
    assert own_words(collection) == OwnWords()


def test_documents_are_read_with_the_words_of_their_collection(database: Database) -> None:
    def choose(session: Session) -> None:
        collection = make_collection(session, "石料")
        add_words(collection, ["三疊紀灰雲岩"], stop=False)
        add_words(collection, ["石匠"], stop=True)

    take_in(database, "before.txt", QUARRY)
    database.run_write(choose)
    take_in(database, "after.txt", f"{QUARRY}今年也来。")

    assert "三叠纪灰云岩" in keywords_of(database, "after.txt")
    assert "石匠" in keywords_of(database, "before.txt") - keywords_of(database, "after.txt")


def test_a_document_that_is_cut_anew_is_read_with_them_as_well(database: Database) -> None:
    take_in(database, "quarry.txt", QUARRY)
    database.run_write(lambda session: add_words(make_collection(session, "石料"), ["石匠"], stop=True))
    held = database.run_read(lambda session: hold(session, session.scalars(select(Document.id)).one()))
    assert held is not None

    apply(database, held, prepare_anew(database, held, (), prepare_document), (), NOW)

    assert "石匠" not in keywords_of(database, "quarry.txt")


def test_what_all_articles_of_a_collection_speak_of_does_not_stand_for_one_of_them(
    database: Database,
) -> None:
    for work in NEIGHBOURS:
        take_in(database, f"{work}.txt", f"水库边上{work}。水库的人都来{work}，水库的水位牌也擦亮了。")
    notes = "水库的鹭鸶回来了。水库的孩子数鹭鸶，水库的老人也数。"
    take_in(database, "heron.txt", notes)
    alone = prepare_document("heron.txt", notes.encode()).articles[0].passages[0].keywords
    query = select(Passage.keywords).join(Document, Document.id == Passage.document_id)
    [stored, *_] = database.run_read(
        lambda session: session.scalars(query.where(Document.name == "heron.txt")).all()
    )

    assert alone[0].term == "水库"
    assert stored[0][0] != "水库"


def test_a_document_does_not_count_among_the_articles_that_it_is_weighed_against(session: Session) -> None:
    one, other = make_document(session, articles=3), make_document(session, articles=2)

    assert background_of(session, one.id).corpus.articles == 2
    assert background_of(session, other.id).corpus.having == {"河": 3, "雾": 3}
    assert read_background(session, "河畔")[1].statistics().articles == 5
    assert read_background(session, "无此")[1].statistics().articles == 0


def test_a_collection_is_known_by_its_newest_articles(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_document(session, articles=5)
    newest = select(Article.id).order_by(Article.id.desc()).limit(2)
    rows = session.scalars(select(Passage).where(Passage.article_id.in_(newest.scalar_subquery())))
    for passage in rows.all():
        passage.keywords = [["雾", 1.0]]
    session.flush()
    monkeypatch.setattr("bot.backgrounds.RECENT", 2)

    assert read_background(session, "河畔")[1].statistics().having == {"雾": 2}


@given(st.lists(st.frozensets(st.sampled_from(["河", "霧", "雾 ", "Tea", "茶 叶"]), max_size=4), max_size=30))
def test_the_newest_articles_are_counted_as_they_would_be_at_once(articles: list[frozenset[str]]) -> None:
    fog = sum(bool({"霧", "雾 "} & keywords) for keywords in articles)
    having = RecentArticles(articles).statistics().having

    assert having.get("雾", 0) in ((fog,) if fog >= 0.05 * max(10, len(articles)) else (0,))
    assert having.get("茶叶", 0) == sum("茶 叶" in keywords for keywords in articles)


def test_the_oldest_of_too_many_articles_goes() -> None:
    recent = RecentArticles([["河"]] * 200 + [["雾"]] * RECENT)

    assert recent.statistics().articles == RECENT
    assert recent.statistics().having == {"雾": RECENT}


def test_words_stay_when_their_collection_is_read_again(database: Database) -> None:
    database.run_write(lambda session: add_words(make_collection(session, "石料"), ["石匠"], stop=False))

    assert database.run_read(words_of) == OwnWords(("石匠",))
    assert database.run_read(lambda session: session.scalars(select(Collection.stop_words)).one()) is None
