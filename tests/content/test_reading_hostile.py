"""Files that are broken or mean harm are read or refused with a reason, never with another error."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import BloatedDocument, DamagedDocument, DocumentError, EmptyDocument, ProtectedDocument
from content.reading import read_document
from tests.content.packages import CONTAINER, make_docx, make_epub, make_page, pack, word_paragraph, word_xml
from tests.content.spring_newsletter import SPRING, to_docx, to_epub, to_html

VALID = {"a.docx": to_docx(SPRING), "a.epub": to_epub(SPRING), "a.html": to_html(SPRING).encode()}
NAMES = st.sampled_from(sorted(VALID))


@given(NAMES, st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, body: bytes) -> None:
    with contextlib.suppress(DocumentError):
        assert read_document(name, body).blocks


@given(st.sampled_from(["a.docx", "a.epub"]), st.data())
def test_a_mutated_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    body = bytearray(VALID[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body) - 1))
        body[start : start + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    with contextlib.suppress(DocumentError):
        assert read_document(name, bytes(body)).blocks


@given(st.sampled_from(["a.docx", "a.epub"]), st.floats(0, 0.99))
def test_a_file_that_is_cut_off_is_damaged(name: str, share: float) -> None:
    with pytest.raises(DamagedDocument):
        read_document(name, VALID[name][: int(len(VALID[name]) * share)])


WORD_TAGS = (
    "p r t tbl tr tc pPr rPr numPr numId ilvl outlineLvl pStyle sdt sdtContent ins del br tab ruby"
    " footnoteReference jc sz b drawing txbxContent"
)
PARTS = st.recursive(
    st.text(max_size=10).map(lambda text: text.replace("&", "").replace("<", "")),
    lambda inside: st.builds(
        lambda tag, attributes, parts: f"<w:{tag} {attributes}>{''.join(parts)}</w:{tag}>",
        st.sampled_from(WORD_TAGS.split()),
        st.sampled_from(
            ["", 'w:val="1"', 'w:val=""', 'w:val="-1"', 'w:val="九"', 'w:id="1"', 'w:val="99999999999"']
        ),
        st.lists(inside, max_size=4),
    ),
    max_leaves=30,
)


@given(PARTS, PARTS, PARTS)
def test_any_word_xml_is_read_or_refused(inside: str, styles: str, numbering: str) -> None:
    with contextlib.suppress(DocumentError):
        read_document("a.docx", make_docx(inside, styles, numbering=numbering))


@given(st.text(alphabet="<>/=\"' &;#!-abdeilnoprstvxé。，读\n", max_size=200))
def test_any_markup_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(DocumentError):
        read_document("a.html", text.encode())


def test_a_bomb_is_refused_by_the_size_it_states() -> None:
    bomb = pack({"word/document.xml": b"0" * 201_000_000})
    with pytest.raises(BloatedDocument, match="200 MB"):
        read_document("a.docx", bomb)


def test_a_part_larger_than_memory_allows_is_refused() -> None:
    body = word_paragraph("字") * 10
    with pytest.raises(BloatedDocument):
        read_document("a.docx", make_docx(body + " " * 45_000_000))


def test_a_bomb_that_lies_about_its_size_is_damaged() -> None:
    bomb = bytearray(pack({"word/document.xml": b"0" * 50_000_000}))
    true_size, small = struct.pack("<I", 50_000_000), struct.pack("<I", 10)
    assert bomb.count(true_size) == 2
    with pytest.raises(DamagedDocument):
        read_document("a.docx", bytes(bomb.replace(true_size, small)))


def test_an_archive_of_too_many_parts_is_refused() -> None:
    with pytest.raises(BloatedDocument):
        read_document("a.epub", pack({f"{number}.xhtml": "" for number in range(10_001)}))


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("外面的秘密", encoding="utf-8")
    entities = f'<!ENTITY inside "里面的秘密"><!ENTITY outside SYSTEM "{secret.as_uri()}">'
    text = word_xml(
        "document",
        f"<w:body>{word_paragraph('前。')}<w:p><w:r><w:t>字&inside;&outside;</w:t></w:r></w:p></w:body>",
    )
    part = f"<!DOCTYPE w:document [{entities}]>" + text.partition("?>")[2]
    found = "".join(block.text for block in read_document("a.docx", pack({"word/document.xml": part})).blocks)
    assert found == "前。字"


def test_a_billion_laughs_are_not_heard() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    part = f'<!DOCTYPE x [<!ENTITY a0 "哈">{laughs}]><x y="&a11;">&a11;</x>'
    for name in ("a.docx", "a.epub"):
        with pytest.raises(DamagedDocument):
            read_document(name, pack({"word/document.xml": part, "META-INF/container.xml": part}))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.html", b"<div>" * 100_000 + "正文。".encode() + b"</div>" * 100_000),
        ("a.docx", make_docx("<w:ins>" * 3_000 + word_paragraph("正文。") + "</w:ins>" * 3_000)),
        ("a.epub", make_epub([make_page("<div>" * 10_000 + "正文。" + "</div>" * 10_000)])),
    ],
    ids=["html", "docx", "epub"],
)
def test_what_is_nested_too_deep_is_damaged(name: str, body: bytes) -> None:
    with pytest.raises(DamagedDocument):
        read_document(name, body)


def test_endless_attributes_do_not_hold_up_the_reader() -> None:
    attributes = " ".join(f"a{number}=1" for number in range(300_000))
    raw = read_document("a.html", f"<p {attributes}>河水涨了。</p>".encode())
    assert [block.text for block in raw.blocks] == ["河水涨了。"]


def test_endless_names_of_elements_do_not_hold_up_the_reader() -> None:
    raw = read_document("a.html", ("<p>河水涨了。" + f"<{'a' * 16_000}>" * 100).encode())
    assert [block.text for block in raw.blocks] == ["河水涨了。"]


def test_what_pages_put_behind_a_line_does_not_hold_up_the_reader() -> None:
    lines = [f"风：{'阅读' + '次数' * 60}。", f"云：{'字体【' * 60}。", f"雨：{'　' * 200_000}。"]
    page = "<nav>站</nav>" + "".join(f"<p>河水涨了。{line}</p>" for line in lines)
    raw = read_document("a.html", page.encode())
    assert [block.text[:7] for block in raw.blocks] == ["河水涨了。风：", "河水涨了。云：", "河水涨了。雨："]


def test_pictures_inside_a_page_are_left_out_before_it_is_read() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 2_000_000
    raw = read_document("a.html", f"<p>河水涨了。<img src='{picture}'></p>".encode())
    assert [block.text for block in raw.blocks] == ["河水涨了。"]


def test_one_endless_line_is_read() -> None:
    [block] = read_document("a.html", ("<p>" + "河" * 3_000_000).encode()).blocks
    assert len(block.text) == 3_000_000


@pytest.mark.parametrize(
    "reference", ["../../../../etc/passwd", "/etc/passwd", "a\0b", "%2e%2e/%2e%2e/etc/passwd"]
)
def test_names_that_lead_out_of_the_archive_lead_nowhere(reference: str) -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f'<item id="c" href="{reference.replace(chr(0), "")}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    parts = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package,
        reference: make_page("<p>密</p>"),
    }
    with contextlib.suppress(EmptyDocument):
        assert [block.text for block in read_document("a.epub", pack(parts)).blocks] == ["密"]


def test_a_file_that_office_locked_asks_for_one_without_a_password() -> None:
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    with pytest.raises(ProtectedDocument):
        read_document("a.docx", locked)


def test_an_old_word_file_under_a_new_name_is_damaged() -> None:
    with pytest.raises(DamagedDocument):
        read_document("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))


def test_a_book_with_rights_management_is_protected() -> None:
    locks = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
        '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
    )
    book = make_epub([make_page("<p>正文。</p>")], **{"META-INF__encryption.xml": locks})
    with pytest.raises(ProtectedDocument):
        read_document("a.epub", book)


def test_an_archive_locked_with_a_password_is_protected() -> None:
    body = bytearray(to_docx(SPRING))
    with zipfile.ZipFile(io.BytesIO(bytes(body))) as archive:
        offset = archive.start_dir
    while (offset := body.find(b"PK\x01\x02", offset)) >= 0:
        body[offset + 8] |= 1
        offset += 4
    with pytest.raises(ProtectedDocument):
        read_document("a.docx", bytes(body))


@pytest.mark.parametrize(("name", "other"), [("a.docx", "a.epub"), ("a.epub", "a.docx")])
def test_an_archive_of_another_kind_is_damaged(name: str, other: str) -> None:
    with pytest.raises(DamagedDocument):
        read_document(name, VALID[other])
