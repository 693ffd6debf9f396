"""The same newsletter is the same articles and paragraphs in every format."""

from __future__ import annotations

import pytest

from content.reading import read_document
from content.structure import parse_articles
from tests.content.spring_newsletter import SPRING, to_docx, to_epub, to_html, to_md, to_txt


def facts(name: str, body: bytes) -> list[tuple[object, ...]]:
    drafts = parse_articles(read_document(name, body), "文件名")
    return [
        (draft.section, draft.title, draft.date, draft.source, tuple(p.text for p in draft.paragraphs))
        for draft in drafts
    ]


EXPECTED = [
    (report.section, report.title, report.date, report.source, report.paragraphs) for report in SPRING.reports
]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.txt", to_txt(SPRING).encode()),
        ("gb.txt", to_txt(SPRING).encode("gb18030")),
        ("a.md", to_md(SPRING).encode()),
        ("a.html", to_html(SPRING).encode()),
        ("gb.htm", to_html(SPRING).replace("utf-8", "gb2312").encode("gb18030")),
        ("a.docx", to_docx(SPRING)),
        ("a.epub", to_epub(SPRING)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_format_gives_the_same_articles(name: str, body: bytes) -> None:
    assert facts(name, body) == EXPECTED
