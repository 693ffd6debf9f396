"""Names of what comes from the web."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web_names import NAME_CHARS, is_url, name_page, show_url, site_of, suffix_of


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/news/2026/spring.html", "www.example.org/news/2026/spring.html"),
        ("https://example.org/a.shtml", "example.org/a.shtml.html"),
        ("https://example.org/", "example.org.html"),
        ("https://example.org/%E6%98%A5%E5%A4%A9/", "example.org/春天.html"),
        ("https://xn--fiq228c.cn/a", "中文.cn/a.html"),
        ("https://example.org/show?id=12&page=3", "example.org/show/12 3.html"),
        (
            "https://example.org/show?id=12&utm_source=x",
            "example.org/show/12.html",
        ),
        ("https://example.org/a%00%E2%80%AEb", "example.org/a\ufffd\ufffdb.html"),
    ],
)
def test_a_document_is_named_by_host_and_path_as_people_write_them(url: str, name: str) -> None:
    assert name_page(url, ".html") == name


def test_a_file_keeps_the_suffix_of_its_kind() -> None:
    assert name_page("https://example.org/report.pdf", ".pdf") == "example.org/report.pdf"
    assert name_page("https://example.org/report.pdf?dl=1", ".html") == "example.org/report/1.html"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("read?key=101", "read?key=102"),
        ("read?101", "read?102"),
        ("read?page=" + "a" * 60, "read?page=" + "b" * 60),
        ("a" * 250 + "1", "a" * 250 + "2"),
        ("read", "read?key=101"),
    ],
)
def test_pages_that_differ_in_what_is_not_shown_have_names_of_their_own(one: str, other: str) -> None:
    names = [name_page(f"https://example.org/{path}", ".html") for path in (one, other)]

    assert names[0] != names[1]
    assert names[0] == name_page(f"https://example.org/{one}", ".html")
    assert not any("101" in name.removeprefix("example.org/read") for name in names)


def test_a_secret_is_not_in_a_name() -> None:
    name = name_page("https://example.org/show?id=12&access_token=s3cret&sign=q", ".html")

    assert name.startswith("example.org/show/12 ")
    assert "s3cret" not in name


@given(st.text(max_size=400), st.text(max_size=100))
def test_a_name_is_bounded_printable_and_has_its_suffix(path: str, query: str) -> None:
    name = name_page(f"https://example.org/{quote(path)}?q={quote(query)}", ".html")

    assert name.endswith(".html")
    assert len(name) <= NAME_CHARS
    assert name.isprintable()


def test_messages_show_no_query_no_user_and_no_password() -> None:
    shown = show_url("https://me:secret@example.org/f%E6%98%A5?key=s3cret#part")

    assert shown == "https://example.org/f春?…"
    assert show_url("http://[::1") == "http://[::1"


def test_a_site_is_called_by_its_host() -> None:
    assert site_of("https://www.example.org/a") == "example.org"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("https://example.org", True),
        ("HTTP://x", True),
        ("ftp://x", False),
        ("notes.md", False),
        ("http:/x", False),
    ],
)
def test_what_begins_with_http_is_an_address(text: str, verdict: bool) -> None:
    assert is_url(text) is verdict


@pytest.mark.parametrize(
    ("body", "kind", "url", "suffix"),
    [
        (b"%PDF-1.7", "text/html", "https://x/a", ".pdf"),
        (b"hello", "text/html; charset=gbk", "https://x/a.php", ".html"),
        (b"hello", "text/plain", "https://x/README.md", ".md"),
        (b"PK\x03\x04", "application/octet-stream", "https://x/a.DOCX", ".docx"),
        (b"<!-- a --><!DOCTYPE HTML>", "", "https://x/a", ".html"),
        (b"<rss>", "application/rss+xml", "https://x/a", ".xml"),
        (b"\x89PNG", "image/png", "https://x/a", ""),
        (b"hello", "", "https://x/a", ""),
    ],
)
def test_the_kind_is_told_by_first_bytes_by_type_or_by_the_address(
    body: bytes, kind: str, url: str, suffix: str
) -> None:
    assert suffix_of(body, kind, url) == suffix


def test_a_page_is_known_behind_its_comments_and_many_of_them_are_soon_passed_over() -> None:
    comments = b"<!---->\n<!-- a -- b -> c -->" * 60

    assert suffix_of(comments + b"<html>", "", "https://example.org/a") == ".html"
    assert suffix_of(comments + b"x", "", "https://example.org/a") == ""
