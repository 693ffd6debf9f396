"""Lines break as in Chinese books, whatever the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cards.lines import NO_END, NO_START, break_lines
from bot.render.markup import units_wide

texts = st.text(
    st.sampled_from("，。（）《》“”、；—…·:,. 一丁七万的the2024%"), min_size=1, max_size=60
).filter(lambda text: text == " ".join(text.split()) != "")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        (
            "不积跬步，无以至千里；不积小流，无以成江海。",
            12,
            ["不积跬步，无以至千里；", "不积小流，无以成江海。"],
        ),
        ("早起读一页，天天如此。", 6, ["早起读一页，", "天天如此。"]),
        ("他在会上说：“早起读书，天天如此。”", 8, ["他在会上说：", "“早起读书，", "天天如此。”"]),
        ("读书会在 Riverside 举行", 7, ["读书会在", "Riverside 举行"]),
        ("共有 23.5% 的人读完", 8, ["共有 23.5%", "的人读完"]),
        ("总结会议 讨论来年怎样读书", 11, ["总结会议", "讨论来年怎样读书"]),
        ("Antidisestablishmentarianism", 7, ["Antidisestabli", "shmentarianism"]),
        ("一页", 10, ["一页"]),
    ],
)
def test_a_text_is_broken_where_a_compositor_would(text: str, width: float, lines: list[str]) -> None:
    assert break_lines(text, width, units_wide) == lines


def test_lines_are_about_equally_long() -> None:
    lines = break_lines("一" * 25, 12, units_wide)

    assert sorted(map(len, lines)) == [8, 8, 9]


def test_a_term_stays_whole() -> None:
    text = "我们要学会保护个人信息"

    assert break_lines(text, 8, units_wide) == ["我们要学会保", "护个人信息"]
    assert break_lines(text, 8, units_wide, ["个人信息", "保护"]) == ["我们要学会", "保护个人信息"]


@given(texts, st.integers(8, 30))
@example("0000、、0《 《0、", 8)
def test_nothing_is_lost_no_line_is_too_wide_and_marks_stay_where_they_belong(text: str, width: int) -> None:
    lines = break_lines(text, width, units_wide)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(lines)
    assert all(units_wide(line) <= width for line in lines)
    if not re.search(rf"[{re.escape(NO_START + NO_END)}\s]{{{width // 2},}}", text):  # wider than a line
        assert not any(line[0] in NO_START for line in lines[1:])
        assert not any(line[-1] in NO_END for line in lines[:-1])


@given(texts, st.integers(8, 30))
def test_words_of_latin_letters_stay_whole(text: str, width: int) -> None:
    words = {word for word in re.findall(r"[A-Za-z]+", text) if len(word) <= width}
    unbroken = set(re.findall(r"[A-Za-z]+", "\n".join(break_lines(text, width, units_wide))))

    assert words <= unbroken or re.search(r"[a-z]['’._/+&@%，。-]*[a-z0-9]", text)
