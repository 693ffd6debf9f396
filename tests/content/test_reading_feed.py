"""Feeds as they are on the web: several formats, encodings and faults, and some that mean harm."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.reading.feed import Entry, find_feeds, parse_feed
from content.reading.html import read_html
from content.reading.stated_fields import state_fields

URL = "https://river.example/news/feed.xml"
PARAGRAPH = "清早的河面上起了一层薄雾，船家把缆绳绕在木桩上，才坐下来喝茶。"
RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>河湾日报</title>
<item><guid>42</guid><title>摆渡</title><link>/a/42</link><pubDate>Mon, 02 Mar 2026 00:30:00 +0800</pubDate>
<description>&lt;p&gt;对岸的集市已经有人摆开了摊子。&lt;a href="map.html"&gt;地图&lt;/a&gt;&lt;/p&gt;
</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>河湾</title><entry><id>u</id>
<title type="text">1 &lt; 2 的证明</title><link href="c.html"/><updated>2026-03-02T00:30:00+08:00</updated>
<summary>开头</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>全文在这里。</p></div>
</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>旧刊</title></channel>
<item rdf:about="y"><title>第一期</title><link>https://river.example/1</link><dc:date>2004-05-06</dc:date></item>
</rdf:RDF>"""


def rss(*items: str, title: str = "河湾日报") -> bytes:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def entries(body: bytes) -> tuple[Entry, ...]:
    feed = parse_feed(body, URL)
    assert feed is not None
    return feed.entries


@pytest.mark.parametrize(
    ("stated", "real"),
    [
        ("gb2312", "gb18030"),
        ("utf-8", "utf-8"),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8"),
        ("big5", "big5hkscs"),
    ],
)
def test_a_feed_is_read_in_its_encoding_also_where_it_states_another(stated: str, real: str) -> None:
    text = RSS.format(encoding=stated)
    if real == "big5hkscs":
        text = text.replace("对岸的集市已经有人摆开了摊子", "對岸的集市已經有人擺開了攤子").replace(
            "湾", "灣"
        )
        text = text.replace("报", "報").replace("摆", "擺").replace("图", "圖")
    feed = parse_feed(text.encode(real), URL)

    assert feed is not None
    assert feed.title in ("河湾日报", "河灣日報")
    [entry] = feed.entries
    assert entry.title in ("摆渡", "擺渡")
    assert entry.text.startswith(("对岸的集市已经", "對岸的集市已經"))


def test_an_entry_has_title_day_and_whole_addresses() -> None:
    [entry] = entries(RSS.format(encoding="utf-8").encode())

    assert (entry.title, entry.link) == ("摆渡", "https://river.example/a/42")
    assert entry.date == dt.date(2026, 3, 2)  # by its own clock; in UTC it is the day before
    assert "https://river.example/news/map.html" in entry.html


def test_the_content_of_an_atom_entry_goes_before_its_summary() -> None:
    [entry] = entries(ATOM.encode())

    assert (entry.title, entry.text, entry.date) == ("1 < 2 的证明", "全文在这里。", dt.date(2026, 3, 2))
    assert entry.link == "https://river.example/news/c.html"


def test_the_oldest_kind_of_feed_is_read() -> None:
    [entry] = entries(RDF.encode())

    assert (entry.title, entry.date, entry.html) == ("第一期", dt.date(2004, 5, 6), "")


def test_what_is_broken_is_read_as_far_as_it_goes() -> None:
    first = "<item><title>一&nbsp;&bad;</title><description>甲 & 乙 <b>丙</description></item>"

    assert entries(rss(first, "<item><description>丁"))[0].html.startswith("甲 &")


def test_an_entry_is_known_by_its_id_or_its_address_or_its_words() -> None:
    first, second, third, fourth = entries(
        rss(
            "<item><guid>1</guid><title>甲</title><description>子</description></item>",
            "<item><link>/1</link><title>甲</title><description>子</description></item>",
            "<item><title>甲</title><description>子</description></item>",
            "<item><title>甲</title><description>丑</description></item>",
        )
    )
    assert len({first.key, second.key, third.key, fourth.key}) == 4
    [renamed] = entries(rss("<item><guid>1</guid><title>乙</title><description>寅</description></item>"))
    assert renamed.key == first.key


def test_an_entry_with_nothing_to_read_is_none_and_twins_are_one() -> None:
    body = rss("<item/>", "<item><title>甲</title></item>", "<item><guid>1</guid><link>/1</link></item>" * 2)

    assert [(entry.link, entry.date, entry.title) for entry in entries(body)] == [
        ("https://river.example/1", None, "")
    ]


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        (f"<p>{PARAGRAPH * 12}</p>", True),
        (f"<p>{PARAGRAPH}</p>", False),
        (f"<p>{PARAGRAPH * 12}……</p>", False),
        (f"<p>{PARAGRAPH * 12}</p><a href='x'>阅读全文</a>", False),
        (f"<p>{PARAGRAPH * 12} [&#8230;]</p>", False),
        ("", False),
    ],
)
def test_it_is_told_whether_a_feed_holds_the_whole_text(html: str, whole: bool) -> None:
    assert Entry("k", "甲", None, None, html).is_whole is whole


@pytest.mark.parametrize(
    "body", [b"", b"/etc/passwd", b"https://river.example/feed", b"\x00\xff" * 50, b"<p>x</p>"]
)
def test_what_is_no_feed_is_none(body: bytes) -> None:
    assert parse_feed(body, URL) is None


def test_a_reference_to_no_character_spoils_no_feed() -> None:
    for reference in ("&#xD800;", "&#57343;", "&#XD83D;&#xDE00;", "&#x110000;", f"&#{'9' * 5_000};"):
        [entry] = entries(rss(f"<item><title>春{reference}天</title><link>/1?a{reference}</link></item>"))
        assert (entry.title, entry.link) == ("春天", "https://river.example/1?a")


def test_references_to_characters_stay() -> None:
    [entry] = entries(rss("<item><title>&#26149;&#x5929;&#x1F33E;</title><link>/1</link></item>"))
    assert entry.title == "春天🌾"


def test_entities_are_not_unfolded() -> None:
    bombs = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    body = rss("<item><title>&b11;</title><description>&b11; &x;</description></item>")
    head = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY b0 "河"><!ENTITY x SYSTEM "file:///etc/passwd">{bombs}]>'
    )

    [entry] = entries(head.encode() + body)

    assert len(entry.html) + len(entry.title) < 100
    assert "root:" not in entry.html


def test_a_page_tells_where_its_feeds_are() -> None:
    page = """<link rel="alternate" type="application/rss+xml" href="/feed.xml">
    <link rel="stylesheet" href="a.css"><link rel=alternate hreflang=en href="/en">
    <link rel="alternate" type="application/atom+xml" href="https://x.example/atom">"""

    assert find_feeds(page.encode(), URL) == ["https://river.example/feed.xml", "https://x.example/atom"]
    assert find_feeds(b"\x00\xff" * 50, URL) == []


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    parse_feed(body, URL)
    feed = parse_feed(b"<rss version='2.0'><channel><item><link>a</link><title>" + body, URL)

    assert feed is not None
    assert all("\0" not in entry.title + feed.title for entry in feed.entries)


def test_fields_are_stated_so_that_the_page_is_read_with_them() -> None:
    page = "<html><head><title>x</title><meta name='pubdate' content='2001-01-01'></head><body><h1>河上</h1>"
    page += f"<p>{PARAGRAPH}</p></body></html>"
    known = {"title": '河"上', "date": "2026-03-02", "source": "河湾 & 日报"}

    stated = read_html(state_fields(page.encode("gb18030"), known)).front_matter

    assert (stated["date"], stated["source"]) == ("2026-03-02", "河湾 & 日报")
    otherwise = read_html(state_fields(page.encode(), {"site": "river.example"})).front_matter
    assert (otherwise["date"], otherwise["source"]) == ("2001-01-01", "river.example")
    named = page.replace("<head>", "<head><meta property='og:site_name' content='河湾网'>")
    assert read_html(state_fields(named.encode(), {"site": "x"})).front_matter["source"] == "河湾网"
