"""Polling real feeds on a real server: what goes in, what does not come again, and what goes wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.database import Database
from bot.feeds.deciding import MOST_AT_ONCE, MOST_TRIES
from bot.feeds.models import Feed
from bot.feeds.polled import Polled, describe_poll
from bot.feeds.schedule import poll_due, poll_feed, poll_now
from bot.feeds.store import LEASE, add_feed, claim_feed, find_feed, known_entries, remove_feed
from bot.models import Plan, Subscription
from bot.schema import upgrade
from content.ingest import remove_document
from content.models import Article, Document
from tests.conftest import NOW
from tests.factories import make_subscription
from tests.web import NEAR, Answer, Web, serving

LATER = NOW + dt.timedelta(hours=2)
MIST = "清早的河面上起了一层薄雾，船家把缆绳绕在木桩上，才坐下来喝茶。"
FERRY = "摆渡的人把桨收起来，说今年的水位比去年低了两尺。"
RSS = "application/rss+xml"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def item(number: int, text: str = MIST * 12, *, link: bool = True) -> str:
    where = f"<link>/p/{number}</link>" if link else ""
    day = f"<pubDate>{number:02} Mar 2026 00:30:00 +0800</pubDate>" if number < 28 else ""
    return (
        f"<item><guid>{number}</guid><title>河事之{number}</title>{where}{day}"
        f"<description><![CDATA[<p>{text}</p>]]></description></item>"
    )


def put_feed(web: Web, *items: str, **headers: str) -> str:
    body = f'<rss version="2.0"><channel><title>河湾日报</title>{"".join(items)}</channel></rss>'
    return web.put("/feed.xml", body, RSS, **headers)


def follow(database: Database, url: str) -> int:
    return database.run_write(lambda session: add_feed(session, url, "河", "", NOW)).id


def poll(database: Database, feed_id: int, now: dt.datetime = NOW) -> Polled:
    """Poll in this process: what a child does is tested on its own."""
    return poll_feed(database.url, feed_id, now, NEAR)


def articles(database: Database) -> list[Article]:
    query = select(Article).join(Article.document).where(Document.visible).order_by(Article.id)
    return database.run_read(lambda session: list(session.scalars(query)))


def titles(database: Database) -> list[str]:
    return [article.title for article in articles(database)]


def row(database: Database, feed_id: int) -> Feed:
    return database.run_read(lambda session: session.get_one(Feed, feed_id))


def test_entries_become_documents_in_the_order_in_which_they_were_written(
    database: Database, web: Web
) -> None:
    feed = follow(database, put_feed(web, item(3), item(1), item(2)))

    polled = poll(database, feed)

    assert titles(database) == ["河事之1", "河事之2", "河事之3"]
    first = articles(database)[0]
    assert (first.date, first.source) == (dt.date(2026, 3, 1), "河湾日报")
    assert first.text == MIST * 12
    assert describe_poll(row(database, feed).url, polled) == f"{web.url}/feed.xml: 3 imported"


def test_a_feed_that_has_not_changed_is_not_sent_again_and_only_what_is_new_goes_in(
    database: Database, web: Web
) -> None:
    feed = follow(database, put_feed(web, item(1), ETag='"1"'))
    poll(database, feed)

    for _ in range(2):
        assert poll(database, feed, LATER) == Polled()
        assert web.asked[-1][1]["if-none-match"] == '"1"'
    put_feed(web, item(2), item(1, "改过的字句。" * 99), ETag='"2"')
    assert [outcome.status for outcome in poll(database, feed, LATER).outcomes] == ["imported"]
    assert titles(database) == ["河事之1", "河事之2"]
    assert row(database, feed).etag == '"2"'


def test_a_document_that_was_removed_does_not_come_back(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))
    poll(database, feed)
    [article] = articles(database)
    database.run_write(lambda session: remove_document(session, article.document_id))

    assert poll(database, feed, LATER) == Polled()
    assert titles(database) == []


def test_of_a_new_feed_the_newest_go_in_and_the_older_never(database: Database, web: Web) -> None:
    items = [item(number, f"第{number}条。{MIST * 12}", link=False) for number in range(1, 25)]
    feed = follow(database, put_feed(web, *items))

    assert len(poll(database, feed).outcomes) == MOST_AT_ONCE
    assert titles(database)[0] == "河事之5"
    assert poll(database, feed, LATER) == Polled()


def test_an_entry_that_is_only_a_beginning_is_fetched_whole(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1, MIST)))
    page = (
        f"<title>河事之1 - 河湾网</title><nav><a href='/'>首页</a></nav><p>{FERRY * 20}</p><p>{MIST * 5}</p>"
    )
    web.put("/p/1", page.encode("gb18030"), "text/html; charset=big5")

    poll(database, feed)

    [article] = articles(database)
    assert (article.title, article.date, article.source) == ("河事之1", dt.date(2026, 3, 1), "河湾日报")
    assert article.text == f"{FERRY * 20}\n{MIST * 5}"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", 404),
        Answer(b"<div id=app></div>", headers={"Content-Type": "text/html"}),
        Answer(b"\x89PNG", headers={"Content-Type": "image/png"}),
        Answer(b"", 302, {"Location": "http://10.0.0.1/"}),
    ],
)
def test_where_the_page_holds_no_more_the_beginning_goes_in(
    database: Database, web: Web, answer: Answer
) -> None:
    feed = follow(database, put_feed(web, item(1, MIST)))
    web.pages["/p/1"] = answer

    poll(database, feed)

    assert [article.text for article in articles(database)] == [MIST]


def test_a_page_that_cannot_be_reached_is_tried_again_and_the_feed_is_sent_again_for_it(
    database: Database, web: Web
) -> None:
    feed = follow(database, put_feed(web, item(1, MIST), ETag='"1"'))
    web.pages["/p/1"] = Answer(b"", 503)

    assert poll(database, feed) == Polled()
    web.put("/p/1", f"<title>河事之1</title><p>{FERRY * 20}</p>")
    poll(database, feed, LATER)

    assert [article.text for article in articles(database)] == [FERRY * 20]
    assert row(database, feed).etag == '"1"'


def test_after_the_last_try_the_beginning_goes_in_and_what_has_none_is_given_up(
    database: Database, web: Web
) -> None:
    feed = follow(database, put_feed(web, item(1, MIST), item(2, "")))
    web.pages |= {"/p/1": Answer(b"", 503), "/p/2": Answer(b"", 503)}

    outcomes = [poll(database, feed).outcomes for _ in range(MOST_TRIES + 1)]

    assert [len(each) for each in outcomes] == [0, 0, 2, 0]
    assert [(each.status, each.error) for each in outcomes[2]] == [
        ("imported", None),
        ("failed", "127.0.0.1 answers with status 503."),
    ]


def test_an_entry_that_cannot_be_read_spoils_no_poll(database: Database, web: Web) -> None:
    nested = "<div>" * 3_000 + MIST
    feed = follow(database, put_feed(web, item(1, nested), item(2, nested), item(3)))
    web.put("/p/1", f"<title>河事之1</title><p>{FERRY * 20}</p>")
    web.pages["/p/2"] = Answer(b"", 404)

    statuses = [outcome.status for outcome in poll(database, feed).outcomes]

    assert sorted(statuses) == ["failed", "imported", "imported"]
    assert sorted(titles(database)) == ["河事之1", "河事之3"]


def test_an_entry_without_title_date_or_link_goes_in(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, f"<item><description>{MIST * 12}</description></item>"))

    poll(database, feed)

    [article] = articles(database)
    assert (article.title, article.date, article.text) == ("河湾日报", None, MIST * 12)


def test_a_feed_that_has_moved_for_good_is_asked_at_its_new_address(database: Database, web: Web) -> None:
    put_feed(web, item(1))
    web.pages["/old"] = Answer(b"", 301, {"Location": "/feed.xml"})
    feed = follow(database, f"{web.url}/old")

    poll(database, feed)

    assert row(database, feed).url == f"{web.url}/feed.xml"


def test_two_feeds_that_moved_to_one_address_stay_two(database: Database, web: Web) -> None:
    put_feed(web, item(1))
    follow(database, f"{web.url}/feed.xml")
    web.pages["/old"] = Answer(b"", 308, {"Location": "/feed.xml"})
    feed = follow(database, f"{web.url}/old")

    assert poll(database, feed).error is None
    assert row(database, feed).url == f"{web.url}/old"


def test_failures_are_told_and_put_the_next_poll_off(database: Database, web: Web) -> None:
    feed = follow(database, f"{web.url}/feed.xml")
    web.pages["/feed.xml"] = Answer(b"", 503, {"Retry-After": "36000"})

    first = poll(database, feed)
    after_first = row(database, feed)

    assert first.error == after_first.error == "127.0.0.1 answers with status 503."
    assert (after_first.failures, after_first.checked_at) == (1, NOW)
    assert after_first.next_at == NOW + dt.timedelta(hours=10)
    web.pages["/feed.xml"] = Answer(b"", 404)
    poll(database, feed)
    assert row(database, feed).next_at == NOW + dt.timedelta(hours=4)
    put_feed(web, item(1))
    poll(database, feed)
    well = row(database, feed)
    assert (well.error, well.failures, well.next_at) == (None, 0, NOW + dt.timedelta(hours=1))


def test_a_feed_that_is_gone_is_not_asked_again(database: Database, web: Web) -> None:
    feed = follow(database, f"{web.url}/feed.xml")
    web.pages["/feed.xml"] = Answer(b"", 410)

    poll(database, feed)

    gone = row(database, feed)
    assert gone.next_at is None
    assert "gone for good" in (gone.error or "")
    assert database.run_write(lambda session: claim_feed(session, NOW + dt.timedelta(days=99))) is None


def test_a_page_in_the_place_of_a_feed_names_the_feed(database: Database, web: Web) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    feed = follow(database, web.put("/", f"<html><head>{link}</head><body>河湾</body></html>"))

    assert (
        poll(database, feed).error == f"What is at {web.url}/ is no feed; its feed is at {web.url}/feed.xml."
    )


def test_who_had_finished_goes_on_with_what_a_feed_brings(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))
    poll(database, feed)

    def finish(session: Session) -> int:
        plan = session.scalars(select(Plan)).one()
        return make_subscription(session, plan, status="finished", next_due_at=None).id

    subscription = database.run_write(finish)
    put_feed(web, item(2), item(1))
    poll(database, feed, LATER)

    resumed = database.run_read(lambda session: session.get_one(Subscription, subscription))
    assert resumed.status == "active"
    assert resumed.next_due_at is not None


async def test_what_is_due_is_polled_in_a_process_of_its_own(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))
    clock = Clock()
    clock.move_to(NOW)

    await poll_due(database, clock, NEAR)

    assert titles(database) == ["河事之1"]
    assert row(database, feed).next_at == pytest.approx(
        NOW + dt.timedelta(hours=1), abs=dt.timedelta(minutes=5)
    )
    await poll_due(database, clock, NEAR)
    assert web.paths() == ["/feed.xml"]


def test_a_poll_that_kills_its_process_is_recorded(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))

    polled = poll_now(database, feed, NOW, replace(NEAR, is_allowed=raise_in_the_child))

    assert polled.error == row(database, feed).error == "the poll broke off; it is tried again later"
    assert row(database, feed).next_at == NOW + dt.timedelta(hours=2)


def raise_in_the_child(_address: object) -> bool:
    raise RuntimeError("this ends the child")


def test_a_feed_is_claimed_by_one(database: Database) -> None:
    first = follow(database, "https://river.example/1")
    second = follow(database, "https://river.example/2")

    claimed = [database.run_write(lambda session: claim_feed(session, NOW)) for _ in range(3)]

    assert claimed == [first, second, None]
    assert database.run_write(lambda session: claim_feed(session, NOW + LEASE)) == first


def test_a_feed_is_found_by_its_address_or_as_lists_show_it(database: Database) -> None:
    feed = follow(database, "https://river.example/feed?key=s3cret")

    def found(url: str) -> int | None:
        row = database.run_read(lambda session: find_feed(session, url))
        return row.id if row else None

    assert found("https://river.example/feed?key=s3cret") == feed
    assert found("https://river.example/feed?…") == feed
    follow(database, "https://river.example/feed?key=other")
    assert found("https://river.example/feed?…") is None


def test_a_feed_that_is_removed_leaves_nothing_but_its_documents(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))
    poll(database, feed)

    database.run_write(lambda session: remove_feed(session, feed))

    assert database.run_read(lambda session: known_entries(session, feed)) == {}
    assert poll(database, feed) == Polled()
    assert titles(database) == ["河事之1"]


def test_of_two_processes_on_postgresql_each_claims_another_feed(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        upgrade(database)
        ids = [follow(database, f"https://river.example/{number}") for number in range(2)]

        with (
            Session(database.writer) as mine,
            Session(database.writer) as theirs,
        ):  # both transactions are open
            claimed = [claim_feed(mine, NOW), claim_feed(theirs, NOW), claim_feed(theirs, NOW)]

    assert claimed == [*ids, None]


def test_an_entry_never_takes_the_place_of_another_one(database: Database, web: Web) -> None:
    feed = follow(database, put_feed(web, item(1)))
    poll(database, feed)
    stranger = item(2, MIST * 12 + FERRY).replace("/p/2", "/p/1")
    put_feed(web, item(1), stranger)

    [outcome] = poll(database, feed, LATER).outcomes

    assert outcome.status == "imported"
    assert titles(database) == ["河事之1", "河事之2"]
