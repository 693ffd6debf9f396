"""PDFs of every make are read as the page shows them, and what cannot be read is said."""

from __future__ import annotations

import threading
from itertools import groupby
from pathlib import Path

import pytest

from content.errors import BloatedDocument, DamagedDocument, EmptyDocument, ProtectedDocument, ScannedDocument
from content.reading import RawDocument, read_document
from content.reading.pdf import read_pdf
from content.reading.pdf.hyphens import find_compounds, join_words
from content.structure import parse_articles
from tests.content.packages import make_docx, word_paragraph
from tests.content.pdfs import (
    BARE_PAGE,
    PAGE,
    TWO_COLUMNS,
    by_chromium,
    by_hand,
    by_office,
    by_weasyprint,
    needs_chromium,
    needs_office,
    show,
    styled,
)
from tests.content.spring_newsletter import SPRING, to_html

EXPECTED = [
    (report.section, report.title, report.date, report.source, report.paragraphs) for report in SPRING.reports
]
LINES = ("the first line of a text that goes on", "and on, so that it fills the page")
PICTURE = "q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n"


def facts(body: bytes) -> list[tuple[object, ...]]:
    drafts = parse_articles(read_document("a.pdf", body), "文件名")
    return [
        (draft.section, draft.title, draft.date, draft.source, tuple(p.text for p in draft.paragraphs))
        for draft in drafts
    ]


def prose(word: str) -> str:
    """Return a page of three lines, the word in each."""
    lines = (f"{word}: {LINES[0]}", f"{word}, {LINES[1]}", f"and ends: {word}.")
    return "".join(show(line, 72, 780 - 16 * number) for number, line in enumerate(lines))


def word_heading(text: str, points: int) -> str:
    return word_paragraph(text, '<w:jc w:val="center"/>', f'<w:sz w:val="{2 * points}"/>')


def word_text(text: str) -> str:
    return word_paragraph(text, '<w:ind w:firstLine="480"/><w:jc w:val="both"/>', '<w:sz w:val="24"/>')


def texts(raw: RawDocument) -> list[str]:
    return [block.text for block in raw.blocks]


def page_of(inside: str, css: str = BARE_PAGE) -> RawDocument:
    return read_pdf(by_weasyprint(styled(f"<html lang=zh><head></head><body>{inside}</body></html>", css)))


@pytest.mark.parametrize("css", ["", PAGE, TWO_COLUMNS], ids=["plain", "indented", "two columns"])
def test_a_newsletter_printed_by_weasyprint_gives_the_same_articles(css: str) -> None:
    assert facts(by_weasyprint(styled(to_html(SPRING), css))) == EXPECTED


@needs_chromium
def test_a_newsletter_printed_by_chromium_gives_the_same_articles() -> None:
    plain, two_columns = by_chromium(to_html(SPRING), styled(to_html(SPRING), TWO_COLUMNS))
    assert facts(plain) == EXPECTED
    assert facts(two_columns) == EXPECTED


@needs_office
def test_a_newsletter_printed_by_libreoffice_gives_the_same_articles(tmp_path: Path) -> None:
    parts: list[str] = []
    for section, reports in groupby(SPRING.reports, key=lambda report: report.section):
        parts.append(word_heading(section, 18))
        for report in reports:
            inner = [report.dateline, *report.paragraphs, report.signature]
            parts += [word_heading(report.title, 15), *map(word_text, inner)]
    docx = make_docx("".join(parts))
    assert facts(by_office(docx, tmp_path)) == EXPECTED


def test_nothing_is_lost_but_running_heads_and_page_numbers() -> None:
    printed = read_pdf(by_weasyprint(styled(to_html(SPRING), PAGE)))
    heads = [SPRING.name, *dict.fromkeys(report.section for report in SPRING.reports)]
    wanted = "".join(heads) + "".join(
        report.title + report.dateline + "".join(report.paragraphs) + report.signature
        for report in SPRING.reports
    )
    assert sorted("".join("".join(texts(printed)).split())) == sorted("".join(wanted.split()))
    assert sum(block.page_break for block in printed.blocks) >= 1


def test_what_nobody_sees_is_not_read() -> None:
    hidden = show("Nobody sees this.", 72, 300, mode=3)
    outside = show("Below the page.", 72, -200) + show("Beside the page.", 700, 300)
    stamp = "BT /F 60 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET\n"
    assert texts(read_pdf(by_hand([prose("plum") + hidden + outside + stamp]))) == texts(
        read_pdf(by_hand([prose("plum")]))
    )


def test_a_recognised_layer_behind_a_picture_is_read() -> None:
    layer = show("Words that a program recognised.", 72, 300, mode=3)
    assert texts(read_pdf(by_hand([PICTURE + layer]))) == ["Words that a program recognised."]


@pytest.mark.parametrize("page", ["/Rotate 90", ""], ids=["turned page", "turned text"])
def test_a_page_that_lies_on_its_side_is_read_in_its_own_direction(page: str) -> None:
    turned = "".join(
        f"BT /F 12 Tf 0 1 -1 0 {100 + 16 * number} 72 Tm ({line}) Tj ET\n"
        for number, line in enumerate(["First it says", "something here", "and then ends."])
    )
    assert " ".join(texts(read_pdf(by_hand([turned], page=page)))) == (
        "First it says something here and then ends."
    )


def test_characters_are_read_by_their_place_and_not_in_the_order_in_which_they_were_written() -> None:
    words = [show("plum", 108, 700), show("The", 72, 700), show("tree", 140, 700)]
    assert texts(read_pdf(by_hand(["".join(words)]))) == ["The plum tree"]


def test_a_word_divided_at_a_line_end_is_whole_again_and_a_compound_keeps_its_hyphen() -> None:
    lines = [
        "We read the same note twice for a good exam-",
        "ple of how one learns; it is a very well-",
        "known way, and well-known ways are old ones.",
    ]
    stream = "".join(show(line, 72, 780 - 16 * number) for number, line in enumerate(lines))
    assert texts(read_pdf(by_hand([stream]))) == [
        "We read the same note twice for a good example of how one learns; it is a very well-known way, "
        "and well-known ways are old ones."
    ]


def test_endless_words_are_joined_all_the_same() -> None:
    endless = "a" * 200_000
    assert find_compounds([endless, "well-known"]) == {"well-known"}
    assert join_words([f"{endless} exam-", "ple"], set()) == f"{endless} example"
    assert join_words([endless, "b"], set()) == f"{endless} b"


def test_ligatures_and_radicals_are_read_as_the_letters_and_characters_they_show() -> None:
    assert texts(page_of("<p>efficient office，户外的人见到了龙。</p>")) == [
        "efficient office，户外的人见到了龙。"
    ]


def test_a_table_is_read_row_by_row() -> None:
    rows = [("村名", "户数", "藏书"), ("上塘", "四十二", "三百册"), ("下塘", "五十六", "二百册")]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<p>三个村的情况如下。</p><table style='width:100%'>{cells}</table>"
    assert texts(page_of(table))[1:] == [" | ".join(row) for row in rows]


def test_a_footnote_does_not_divide_the_paragraph_that_runs_over_the_page() -> None:
    css = BARE_PAGE + "@page{@footnote{margin-top:1em}}i{float:footnote;font-size:8pt;font-style:normal}"
    long = "我们沿着河一直走，看见许多桥，也记下了许多名字，" * 30 + "这才回去。"
    note = "<i>这座桥建于一九三一年，县志里没有写。</i>"
    found = texts(page_of(f"<p>{long[:200]}{note}{long[200:]}</p><p>第二天又去了一次。</p>", css))
    assert [text.replace("1", "") for text in found] == [
        long,
        ". 这座桥建于一九三一年，县志里没有写。",
        "第二天又去了一次。",
    ]


def test_headings_have_levels_by_their_size_and_bracketed_sections_stand_above_them() -> None:
    inside = "".join(
        f"<h2 style='font-size:11pt'>【{section}】</h2><h1>{title}</h1><p>{'读了一页书。' * 30}</p>"
        for section, title in (("要闻", "第一篇的题目"), ("来信", "第二篇的题目"))
    )
    assert [(block.level, block.text[:6]) for block in page_of(inside).blocks if block.level] == [
        (1, "【要闻】"),
        (2, "第一篇的题目"),
        (1, "【来信】"),
        (2, "第二篇的题目"),
    ]


def test_a_paragraph_tells_its_indent_and_the_blanks_above_it() -> None:
    inside = f"<p>{'走了很远的路。' * 20}</p><p style='margin-top:3.4em'>{'又走回来。' * 20}</p>"
    first, second = page_of(inside).blocks
    assert (first.indent, first.blanks_before, second.indent, second.blanks_before) == (4, 0, 4, 2)
    assert (first.first_line, second.first_line) == (1, first.last_line + 1)


def test_three_columns_are_read_one_after_the_other() -> None:
    sentence = "Reading is a habit that grows slowly, and it grows best when nobody counts the pages. "
    css = "@page{size:A4;margin:2cm}main{columns:3;hyphens:auto;font-size:9pt}p{margin:0;text-indent:1.5em}"
    found = texts(page_of("".join(f"<p lang=en>{sentence * times}</p>" for times in (6, 5, 4)), css))
    assert found == [(sentence * times).strip() for times in (6, 5, 4)]


def test_lines_of_verse_and_of_a_signature_stay_apart_and_a_quotation_with_margins_is_one_paragraph() -> None:
    quotation = "引来的话写得很长，" * 14 + "完了。"
    inside = (
        f"<p>{'正文写了许多。' * 15}</p><blockquote><p>{quotation}</p></blockquote>"
        f"<p>{'正文又写了许多。' * 15}</p>"
        "<div style='text-align:center'>一盏灯照着路，<br>两个人慢慢走。</div>"
        "<p style='text-align:right'>南塘文化站</p><p style='text-align:right'>2024年4月6日</p>"
    )
    assert texts(page_of(inside))[1:] == [
        quotation,
        "正文又写了许多。" * 15,
        "一盏灯照着路，",
        "两个人慢慢走。",
        "南塘文化站",
        "2024年4月6日",
    ]


def test_the_outline_gives_levels_to_headings_in_the_size_of_the_text() -> None:
    inside = "".join(
        f"<h1 style='font-size:11pt;bookmark-level:1'>{title}</h1><p>{'读了一页书。' * 30}</p>"
        for title in ("春天的题目", "秋天的题目")
    )
    assert [block.text for block in page_of(inside).blocks if block.level == 1] == [
        "春天的题目",
        "秋天的题目",
    ]


def test_pages_without_text_are_reported_where_others_have_text() -> None:
    raw = read_pdf(by_hand([prose("plum"), PICTURE, prose("pear")]))
    assert [(doubt.kind, doubt.line, doubt.text) for doubt in raw.doubts] == [
        ("page_without_text", 2, "p. 2")
    ]
    assert len(raw.blocks) == 2


def test_a_blank_page_is_no_doubt() -> None:
    assert read_pdf(by_hand([prose("plum"), "", prose("pear")])).doubts == ()


def test_a_scanned_document_says_so() -> None:
    with pytest.raises(ScannedDocument):
        read_pdf(by_hand([PICTURE] * 3))


def test_a_font_that_names_no_characters_is_never_read_as_text() -> None:
    nameless = show("004100420043" * 20, 72, 700, font="G")
    with pytest.raises(ScannedDocument):
        read_pdf(by_hand([nameless]))
    raw = read_pdf(by_hand([prose("plum") + show("00410042", 72, 600, font="G")]))
    assert [doubt.kind for doubt in raw.doubts] == ["broken_characters"]
    assert "A" not in texts(raw)[-1]


def test_a_locked_file_asks_for_one_without_a_password() -> None:
    key = (
        f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({'a' * 32})/U({'b' * 32})>>/ID[({'0' * 16})({'0' * 16})]"
    )
    with pytest.raises(ProtectedDocument):
        read_pdf(by_hand([prose("plum")], trailer=key))


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 and nothing", by_hand([prose("plum")])[:200]])
def test_a_damaged_file_says_so(body: bytes) -> None:
    with pytest.raises(DamagedDocument):
        read_pdf(body)


def test_a_file_of_too_many_pages_is_refused() -> None:
    with pytest.raises(BloatedDocument):
        read_pdf(by_hand([""] * 2001))


def test_a_file_without_anything_holds_no_text() -> None:
    with pytest.raises(EmptyDocument):
        read_document("a.pdf", by_hand([""]))


def test_several_threads_may_read_at_once() -> None:
    body = by_hand(list(map(prose, ("plum", "pear", "fig", "quince"))))
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(texts(read_pdf(body)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 8
