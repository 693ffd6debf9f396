"""Bytes become blocks: encodings, line ends, limits, and the formats."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import (
    DamagedDocument,
    DocumentError,
    DocumentTooLarge,
    EmptyDocument,
    OfficeDocument,
    UndecodableDocument,
    UnsupportedFormat,
)
from content.reading import LIMIT_BYTES, Doubt, read_document

SIMPLIFIED = "清晨的河面上有薄雾，摆渡的人把船系在老柳树下，等第一班客人。"
TRADITIONAL = "清晨的河面上有薄霧，擺渡的人把船繫在老柳樹下，等第一班客人。"
SHORT = "学习与思考的方法"


def texts(name: str, body: bytes) -> list[str]:
    return [block.text for block in read_document(name, body).blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, SHORT, SIMPLIFIED * 200])
def test_chinese_text_is_read_in_every_encoding_that_is_in_use(encoding: str, text: str) -> None:
    assert texts("a.txt", text.encode(encoding)) == [text]


@pytest.mark.parametrize("text", [TRADITIONAL, "學習與思考的方法", TRADITIONAL * 200])
def test_traditional_text_is_read_in_big5(text: str) -> None:
    raw = read_document("a.txt", text.encode("big5hkscs"))
    assert ([block.text for block in raw.blocks], raw.encoding) == ([text], "big5hkscs")


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides_and_is_not_text(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert texts("a.txt", mark + "好".encode(encoding)) == ["好"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le"])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_in_mid_character_keeps_all_whole_characters(encoding: str, cut: int) -> None:
    text = TRADITIONAL * 3
    [found] = texts("a.txt", text.encode(encoding)[:-cut])
    assert found == text[:-1]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_cut_in_mid_character_says_where_it_ends(name: str, encoding: str) -> None:
    body = f"{SHORT}\n\n{SIMPLIFIED}".encode(encoding)

    assert read_document(name, body).doubts == ()
    assert read_document(name, body[:-1]).doubts == (Doubt("cut_off", 3, SIMPLIFIED[:-1]),)


def test_one_damaged_byte_does_not_refuse_a_long_file() -> None:
    body = (SIMPLIFIED * 100).encode()
    damaged = body[:3000] + b"\xff" + body[3001:]
    raw = read_document("a.txt", damaged)
    [found], [doubt] = [block.text for block in raw.blocks], raw.doubts
    assert found.count("\ufffd") <= 3
    assert (doubt.kind, doubt.line, len(doubt.text)) == ("broken_characters", 1, 40)
    assert "\ufffd" in doubt.text
    assert found.startswith(SIMPLIFIED)
    assert found.endswith(SIMPLIFIED)


def test_plain_english_is_utf_8() -> None:
    assert read_document("a.txt", b"Nothing but letters.\n").encoding == "utf-8"


@pytest.mark.parametrize(
    "body",
    [
        b"plain\x00text\x00with\x00nuls",
        bytes((i * 197 + i // 7) % 256 for i in range(5000)),
        b"\x01\x02\x03\x04\x05" * 20,
    ],
    ids=["nul", "noise", "controls"],
)
def test_what_is_no_text_is_refused(body: bytes) -> None:
    with pytest.raises(UndecodableDocument):
        read_document("a.txt", body)


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\n" + b"text " * 50, b"PK\x03\x04" + b"\x00" * 60, b"\x89PNG\r\n\x1a\n" + bytes(range(256))],
    ids=["pdf", "zip", "png"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(DamagedDocument, match=name[1:]):
        read_document(name, body)


@pytest.mark.parametrize(
    "body", [b"", b" \n\t\r\n", "\u3000\u200b\ufeff\n".encode(), b"\xef\xbb\xbf", b"\f\n"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_document_of_blanks_is_empty(name: str, body: bytes) -> None:
    with pytest.raises(EmptyDocument):
        read_document(name, body)


def test_a_file_over_the_limit_is_refused_with_its_size() -> None:
    with pytest.raises(DocumentTooLarge, match="51 MB; the limit is 50 MB"):
        read_document("a.txt", b"a" * (LIMIT_BYTES + 1))


@pytest.mark.parametrize("name", ["a.xlsx", "a", "txt", ".txt", "a.txt.exe"])
def test_an_unknown_suffix_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedFormat):
        read_document(name, b"text")


@pytest.mark.parametrize("name", ["a.doc", "b.WPS", "c.rtf", "d.odt"])
def test_an_office_format_is_refused_with_advice(name: str) -> None:
    with pytest.raises(OfficeDocument, match=r"save it as \.docx"):
        read_document(name, b"text")


def test_suffixes_are_known_in_capitals_too() -> None:
    assert texts("学习 资料.TXT", b"a") == ["a"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85"])
def test_every_kind_of_line_end_ends_a_line(end: str) -> None:
    assert texts("a.txt", f"一{end}二{end}三".encode()) == ["一", "二", "三"]


def test_line_numbers_are_those_of_an_editor() -> None:
    blocks = read_document("a.txt", "一\r\n\r\n二\u2028三\r\n四".encode()).blocks
    assert [(block.text, block.first_line) for block in blocks] == [
        ("一", 1),
        ("二", 3),
        ("三", 3),
        ("四", 4),
    ]


def test_a_form_feed_begins_a_page() -> None:
    blocks = read_document("a.txt", "一\n\f二\n三\f四\n\f\n五".encode()).blocks
    assert [block.text for block in blocks if block.page_break] == ["二", "四", "五"]


def test_indents_blanks_and_empty_lines_are_told() -> None:
    [first, second] = read_document("a.txt", "　　甲 \n\n\n\u00a0\u00a0乙".encode()).blocks
    assert (first.indent, first.trailing_blank, first.blanks_before) == (4, True, 0)
    assert (second.indent, second.trailing_blank, second.blanks_before) == (2, False, 2)


def test_original_glyphs_stay_and_what_has_no_glyph_goes() -> None:
    assert texts("a.txt", "Ａ１ﬁ①㈱　é\u200b好\ufeff\u00ad👩\u200d🌾".encode()) == ["Ａ１ﬁ①㈱　é好👩\u200d🌾"]


@given(st.text())
def test_whatever_is_written_as_utf_8_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        blocks = read_document("a.txt", text.encode("utf-8", "surrogatepass")).blocks
    except (EmptyDocument, UndecodableDocument):
        return
    assert all(block.text == block.text.strip() != "" for block in blocks)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_read_or_refused_with_a_reason(body: bytes, name: str) -> None:
    with contextlib.suppress(DocumentError):
        assert read_document(name, body).blocks


@given(st.lists(st.sampled_from(SIMPLIFIED), min_size=8, max_size=60, unique=True).map("".join))
def test_common_characters_are_told_from_eight_on(text: str) -> None:
    assert texts("a.txt", text.encode("gb18030")) == [text]
