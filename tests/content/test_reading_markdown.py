"""Markdown loses its marks and none of its text."""

from __future__ import annotations

import pytest

from content.reading import read_document


def blocks(text: str) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in read_document("a.md", text.encode()).blocks]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# 春耕\n\n## 备种 ##\n正文。", [(1, "春耕"), (2, "备种"), (0, "正文。")]),
        ("春耕\n====\n\n正文。", [(1, "春耕"), (0, "正文。")]),
        ("有**重点**、*语气*、`代码`和[链接](https://example.org)。", [(0, "有重点、语气、代码和链接。")]),
        ("~~划去~~的也是字。", [(0, "划去的也是字。")]),
        ("- 甲\n- 乙\n  - 丙", [(0, "• 甲"), (0, "• 乙"), (0, "• 丙")]),
        ("3. 三\n4. 四", [(0, "3. 三"), (0, "4. 四")]),
        ("> 引文一。\n>\n> 引文二。", [(0, "引文一。"), (0, "引文二。")]),
        ("| 村 | 户 |\n|---|---|\n| 东 | 12 |", [(0, "村 | 户"), (0, "东 | 12")]),
        ("```\na = 1\n\n  b\n```", [(0, "a = 1"), (0, "  b")]),
        ("![河边的渡口](a.png)", [(0, "河边的渡口")]),
        ("<div>块里的<b>字</b></div>\n\n<!-- 不见 -->", [(0, "块里的字")]),
        ("上一行<br>下一行", [(0, "上一行"), (0, "下一行")]),
        ("硬换行  \n另一段", [(0, "硬换行"), (0, "另一段")]),
        ("这一段被折\n成了两行。", [(0, "这一段被折成了两行。")]),
        ("This was folded\nonto two lines.", [(0, "This was folded onto two lines.")]),
        ("第一段话说完了。\n第二段也说完了。", [(0, "第一段话说完了。"), (0, "第二段也说完了。")]),
        ("一\n\n---\n\n二", [(0, "一"), (0, "二")]),
        ("a &amp; b \\* c", [(0, "a & b * c")]),
    ],
)
def test_marks_go_and_text_stays(markdown: str, expected: list[tuple[int, str]]) -> None:
    assert blocks(markdown) == expected


def test_front_matter_gives_fields_and_is_no_text() -> None:
    raw = read_document("a.md", '---\ntitle: "小河"\nDate: 2021-03-04\n---\n# 一\n正文。'.encode())
    assert dict(raw.front_matter) == {"title": "小河", "date": "2021-03-04"}
    assert [(block.text, block.first_line) for block in raw.blocks] == [("一", 5), ("正文。", 6)]


def test_two_rules_around_text_are_no_front_matter() -> None:
    assert blocks("---\n\n正文。\n\n---\n尾声。") == [(0, "正文。"), (0, "尾声。")]


def test_blocks_know_their_lines() -> None:
    raw = read_document("a.md", "# 一\n\n甲\n乙\n\n- 丙\n- 丁\n".encode())
    assert [(block.first_line, block.last_line) for block in raw.blocks] == [(1, 1), (3, 4), (6, 6), (7, 7)]


def test_a_long_file_is_read_piece_by_piece_with_the_same_result() -> None:
    paragraph = "渡口的钟敲了三下，雾还没有散。" * 20
    raw = read_document("a.md", "\n\n".join([paragraph] * 1000).encode())
    assert [block.text for block in raw.blocks] == [paragraph] * 1000
    assert [block.first_line for block in raw.blocks] == list(range(1, 2001, 2))


def test_code_in_a_long_file_stays_code() -> None:
    code = "```\n" + "x = 1  # one\n\n" * 20_000 + "```\n\n"
    raw = read_document("a.md", (code * 2 + "# 尾声\n").encode())
    assert [block.level for block in raw.blocks] == [0] * 40_000 + [1]


def test_comments_that_never_end_are_read_as_text() -> None:
    [block] = read_document("a.md", b"a " + b"<!-- " * 20_000).blocks
    assert block.text.startswith("a <!--")
