"""Word files are read as Word shows them: headings, numbers, rows, notes, without what was deleted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from content.reading import RawDocument, read_document
from content.structure import parse_articles
from tests.content.packages import HEADINGS, make_docx, pack, word_paragraph, word_xml
from tests.content.spring_newsletter import SPRING, to_docx, to_html

CHAPTERS = [("chineseCountingThousand", "第%1章"), ("chineseCounting", "%2、"), ("chineseCounting", "（%3）")]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return word_paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def lists(levels: list[tuple[str, str]], more: str = "") -> str:
    inside = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{inside}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


def read(inside: str, styles: str = HEADINGS, **parts: str) -> RawDocument:
    return read_document("a.docx", make_docx(inside, styles, **parts))


def blocks(inside: str, styles: str = HEADINGS, **parts: str) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in read(inside, styles, **parts).blocks]


def texts(inside: str, **parts: str) -> list[str]:
    return [text for _, text in blocks(inside, **parts)]


@pytest.mark.parametrize(
    ("style", "level"),
    [
        ('<w:name w:val="heading 2"/>', 2),
        ('<w:name w:val="标题 3"/>', 3),
        ('<w:name w:val="公文正文"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>', 2),
        ('<w:name w:val="大标题"/><w:basedOn w:val="1"/>', 1),
        ('<w:name w:val="heading 9"/>', 6),
        ('<w:name w:val="正文"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>', 0),
        ('<w:name w:val="圈"/><w:basedOn w:val="x"/>', 0),
    ],
)
def test_headings_are_known_by_their_style_in_any_language(style: str, level: int) -> None:
    styles = HEADINGS + f'<w:style w:type="paragraph" w:styleId="x">{style}</w:style>'
    text = word_paragraph("春耕", '<w:pStyle w:val="x"/>') + word_paragraph("正文。")
    assert blocks(text, styles) == [(level, "春耕"), (0, "正文。")]


def test_the_title_of_a_document_stands_above_its_headings() -> None:
    styles = HEADINGS + '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="Title"/></w:style>'
    text = word_paragraph("简报", '<w:pStyle w:val="a"/>') + word_paragraph("春耕", '<w:pStyle w:val="1"/>')
    assert blocks(text, styles) == [(1, "简报"), (2, "春耕")]


def test_titles_that_only_look_like_titles_divide_a_document() -> None:
    inside = "".join(
        word_paragraph(report.title, '<w:jc w:val="center"/>', "<w:b/>")
        + "".join(map(word_paragraph, report.paragraphs))
        for report in SPRING.reports
    )
    drafts = parse_articles(read(inside), "文件名")
    assert [draft.title for draft in drafts] == [report.title for report in SPRING.reports]


def test_numbers_that_word_counts_are_written_out() -> None:
    inside = "".join(
        numbered(text, depth)
        for text, depth in [("总则", 0), ("目的", 1), ("原则", 1), ("公开", 2), ("管理", 0), ("人员", 1)]
    )
    assert texts(inside, numbering=lists(CHAPTERS)) == [
        "第一章 总则",
        "一、目的",
        "二、原则",
        "（一）公开",
        "第二章 管理",
        "一、人员",
    ]


@pytest.mark.parametrize(
    ("form", "text", "count", "expected"),
    [
        ("decimal", "%1.", 12, "12. 字"),
        ("decimal", "%1、", 3, "3、字"),
        ("chineseCounting", "第%1条", 10, "第十条 字"),
        ("chineseCounting", "第%1条", 11, "第十一条 字"),
        ("japaneseCounting", "%1、", 21, "二十一、字"),
        ("chineseCountingThousand", "%1、", 105, "一百零五、字"),
        ("chineseCountingThousand", "%1、", 110, "一百一十、字"),
        ("ideographTraditional", "%1、", 4, "丁、字"),
        ("ideographDigital", "%1、", 20, "二〇、字"),
        ("chineseLegalSimplified", "%1、", 3, "叁、字"),
        ("lowerLetter", "%1)", 28, "bb) 字"),
        ("upperRoman", "%1.", 14, "XIV. 字"),
        ("decimalEnclosedCircle", "%1", 5, "⑤ 字"),
        ("decimalFullWidth", "%1．", 7, "７．字"),
        ("decimalZero", "%1.", 7, "07. 字"),
        ("bullet", "\uf06c", 2, "• 字"),
    ],
)
def test_every_form_of_number_is_written_as_word_shows_it(
    form: str, text: str, count: int, expected: str
) -> None:
    assert texts(numbered("字") * count, numbering=lists([(form, text)]))[-1] == expected


def test_a_number_may_name_the_levels_above_it_and_begin_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    inside = numbered("甲") + numbered("乙", 1) + numbered("丙", 1) + numbered("丁") + numbered("戊", 0, 2)
    numbering = lists([("decimal", "%1."), ("decimal", "%1.%2.")], again)
    assert texts(inside, numbering=numbering) == ["1. 甲", "1.1. 乙", "1.2. 丙", "2. 丁", "1. 戊"]


def test_a_style_numbers_its_paragraphs_and_a_paragraph_may_refuse() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    inside = word_paragraph("总则", '<w:pStyle w:val="1"/>') + word_paragraph(
        "附则", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert blocks(inside, styles, numbering=lists(CHAPTERS)) == [(1, "第一章 总则"), (1, "附则")]


def test_a_number_that_cannot_be_restored_is_doubted() -> None:
    raw = read(word_paragraph("前") + numbered("字"), numbering=lists([("hebrew1", "%1.")]))
    assert [(doubt.kind, doubt.line, doubt.text) for doubt in raw.doubts] == [("numbering_lost", 2, "字")]
    assert not read(numbered("字"), numbering=lists(CHAPTERS)).doubts


def test_what_was_deleted_is_out_and_what_was_inserted_is_in() -> None:
    inside = (
        f"<w:p>{run('河水')}<w:del><w:r><w:delText>没有</w:delText></w:r></w:del><w:ins>{run('已经')}</w:ins>"
        f"<w:moveFrom>{run('昨天')}</w:moveFrom>{run('涨了。')}</w:p>"
    )
    assert texts(inside) == ["河水已经涨了。"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    inside = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('河水')}</w:p><w:p>{run('涨了。')}</w:p>"
    assert texts(inside) == ["河水涨了。"]


def test_what_word_does_not_print_is_left_out() -> None:
    contents = '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="toc 1"/></w:style>'
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    inside = (
        word_paragraph("总则 1", '<w:pStyle w:val="t"/>')
        + f"<w:p>{run('见')}{run('不见', '<w:vanish/>')}{field}"
        + "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert blocks(inside, HEADINGS + contents) == [(0, "见")]


def test_rows_of_a_table_are_lines_and_a_laid_out_page_is_text() -> None:
    cell = "<w:tc>{}</w:tc>".format
    table = "<w:tbl><w:tr>{}</w:tr></w:tbl>".format
    facts = table(cell(word_paragraph("东村")) + cell(word_paragraph("12 户")))
    page = table(cell(word_paragraph("左栏的字。" * 60)) + cell(word_paragraph("右栏。")))
    assert texts(facts + page) == ["东村 | 12 户", "左栏的字。" * 60, "右栏。"]


def test_notes_follow_their_paragraph() -> None:
    inside = (
        f'<w:p>{run("水渠")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("通了。")}</w:p>'
        + word_paragraph("后文。")
    )
    notes = (
        '<w:footnote w:id="0" w:type="separator"/><w:footnote w:id="2">'
        + word_paragraph(" 见县志。")
        + "</w:footnote>"
    )
    assert texts(inside, footnotes=notes) == ["水渠通了。", "* 见县志。", "后文。"]


def test_text_boxes_follow_their_paragraph_once() -> None:
    box = f"<w:txbxContent>{word_paragraph('框里的字。')}</w:txbxContent>"
    inside = (
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r>'
        "<mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict>"
        f"</mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('正文。')}</w:p>"
    )
    assert texts(inside) == ["正文。", "框里的字。"]


def test_breaks_tabs_links_and_readings_are_read() -> None:
    inside = (
        f"<w:p>{run('一')}<w:r><w:br/></w:r>{run('二')}<w:r><w:tab/></w:r><w:hyperlink>{run('三')}"
        f"</w:hyperlink>"
        f"<w:r><w:ruby><w:rt>{run('hàn')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert texts(inside) == ["一", "二 三漢"]


@pytest.mark.parametrize(
    ("stated", "kept"), [("南塘简报", True), ("Microsoft Word - 文档1", False), ("文档1", False)]
)
def test_a_title_that_somebody_gave_is_taken(stated: str, kept: bool) -> None:
    core = f'<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{stated}</dc:title></x>'
    body = pack(
        {
            "word/document.xml": word_xml("document", f"<w:body>{word_paragraph('字。')}</w:body>"),
            "docProps/core.xml": core,
        }
    )
    assert read_document("a.docx", body).front_matter == ({"title": stated} if kept else {})


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("source", ["html", "docx"])
def test_a_file_that_libreoffice_wrote_gives_the_same_articles(source: str, tmp_path: Path) -> None:
    given = tmp_path / f"given.{source}"
    given.write_bytes(to_docx(SPRING) if source == "docx" else to_html(SPRING).encode())
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(given)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    raw = read_document("given.docx", (tmp_path / "out" / "given.docx").read_bytes())
    drafts = parse_articles(raw, "文件名")
    found = [(d.section, d.title, d.date, d.source, tuple(p.text for p in d.paragraphs)) for d in drafts]
    assert found == [(r.section, r.title, r.date, r.source, r.paragraphs) for r in SPRING.reports]
