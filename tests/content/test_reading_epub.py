"""E-books are read chapter by chapter, without covers and tables of contents."""

from __future__ import annotations

import io
import zipfile

import pytest

from content.reading import RawDocument, read_document
from content.reading.blocks import Doubt
from tests.content.packages import make_epub, make_page, pack


def read(*chapters: str, **more: str) -> RawDocument:
    return read_document("a.epub", make_epub([make_page(chapter) for chapter in chapters], **more))


def unpack(body: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def blocks(raw: RawDocument) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in raw.blocks]


def test_chapters_come_in_the_order_of_the_spine_and_without_the_contents() -> None:
    raw = read("<h1>春</h1><p>一。</p>", "<h1>夏</h1><p>二。</p>")
    assert blocks(raw) == [(1, "春"), (0, "一。"), (1, "夏"), (0, "二。")]


def test_a_page_of_links_is_a_table_of_contents_and_a_picture_no_text() -> None:
    contents = "<p>目 录</p>" + "".join(
        f'<p><a href="text/chapter{n}.xhtml">第{n}章</a></p>' for n in range(1, 5)
    )
    raw = read('<img src="cover.jpg"/>', contents, "<h1>春</h1><p>一。</p>")
    assert blocks(raw) == [(1, "春"), (0, "一。")]


def test_a_chapter_without_a_heading_has_the_title_of_the_contents() -> None:
    pages = [make_page("<p>一。</p>"), make_page("<p>夏</p><p>二。</p>"), make_page("<h2>秋</h2><p>三。</p>")]
    raw = read_document("a.epub", make_epub(pages, "", ["春", "夏", "别的"]))
    assert blocks(raw) == [(1, "春"), (0, "一。"), (1, "夏"), (0, "二。"), (2, "秋"), (0, "三。")]


def test_an_older_book_names_its_chapters_in_another_file() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>四时</dc:title><dc:creator>周梅</dc:creator><dc:date>2004-05-06</dc:date></metadata><manifest>"
        '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="c" href="a%20b.html" media-type="application/xhtml+xml"/></manifest>'
        '<spine toc="n"><itemref idref="c"/><itemref idref="lost"/></spine></package>'
    )
    contents = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>春</text></navLabel>'
        '<content src="a%20b.html#top"/></navPoint></navMap></ncx>'
    )
    place = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    parts = {
        "META-INF/container.xml": place,
        "b.opf": package,
        "toc.ncx": contents,
        "a b.html": make_page("<p>一。</p>"),
    }
    raw = read_document("a.epub", pack(parts))
    assert blocks(raw) == [(1, "春"), (0, "一。")]
    assert raw.front_matter == {"title": "四时", "author": "周梅", "date": "2004-05-06"}
    assert raw.doubts == (Doubt("chapter_without_text", 2, "lost"),)


def test_chapters_that_cannot_be_read_are_in_doubt_where_they_would_stand() -> None:
    body = make_epub([make_page(f"<p>{text}。</p>") for text in "一二三四"], "", ["春", "夏", "秋"])
    parts = unpack(body)
    del parts["OEBPS/text/chapter2.xhtml"]
    parts["OEBPS/text/chapter4.xhtml"] = bytes(range(256)) * 9

    raw = read_document("a.epub", pack(parts))

    assert blocks(raw) == [(1, "春"), (0, "一。"), (1, "秋"), (0, "三。")]
    assert raw.doubts == (
        Doubt("chapter_without_text", 3, "夏"),
        Doubt("chapter_without_text", 4, "OEBPS/text/chapter4.xhtml"),
    )


def test_a_page_with_nothing_but_a_picture_is_not_in_doubt() -> None:
    assert read('<img src="cover.jpg"/>', "<p>一。</p>").doubts == ()


@pytest.mark.parametrize(
    ("stated", "real", "text"),
    [
        ("UTF-8", "utf-8", "河水涨了。"),
        ("gb2312", "gb18030", "河水漲了，船家把纜繩繞在木樁上。"),
        ("Shift_JIS", "shift_jis", "川の水が増えました。"),
        ("windows-1251", "cp1251", "Вода в реке поднялась."),
        ("iso-8859-1", "utf-8", "河水涨了。"),
        ("zip", "gb18030", "河水涨了，船家把缆绳绕在木桩上。"),
    ],
)
def test_a_chapter_is_read_in_the_encoding_that_it_states_unless_it_cannot_be(
    stated: str, real: str, text: str
) -> None:
    page = make_page(f"<p>{text}</p>").replace("UTF-8", stated, 1).encode(real)
    parts = unpack(make_epub([""]))
    assert blocks(read_document("a.epub", pack({**parts, "OEBPS/text/chapter1.xhtml": page}))) == [(0, text)]


def test_elements_that_xhtml_closes_at_once_swallow_nothing() -> None:
    raw = read_document(
        "a.epub", make_epub(['<html><head><title/></head><body><a id="x"/><p>一。</p></body></html>'])
    )
    assert blocks(raw) == [(0, "一。")]


def test_fonts_in_disguise_lock_no_book() -> None:
    locks = '<x><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></x>'
    assert blocks(read("<p>一。</p>", **{"META-INF__encryption.xml": locks})) == [(0, "一。")]
