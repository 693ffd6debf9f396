"""An organiser's template: checked when it is entered, harmless when it is shown."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.digest import render_digest
from bot.render.template import (
    BLOCKS,
    FIELDS,
    MAX_LINE,
    Template,
    TemplateError,
    check_blocks,
    check_line,
    fill,
)
from tests.bot.render.made import ZH, assert_sendable, hostile_texts, make_digest

POINTS = ("修好水库的堤坝", "挖通灌溉的渠道", "种下防风的树林")


def test_header_and_footer_stand_above_and_below_the_digest() -> None:
    template = Template("{plan}·第 {n} 天 / 共 {total} 天", "摘自《{title}》，{section}，{date}，{source}")
    lines = render_digest(make_digest(template=template), ZH).text.split("\n")

    assert lines[:2] == ["Notes·第 12 天 / 共 64 天", "<b>晨读从一页开始</b>｜12/64"]
    assert lines[-2:] == [
        "📌 2020-02-23 · 读书会简报 · 约 1 分钟",
        "摘自《在读书会成立大会上的讲话》，读书，2020-02-23，读书会简报",
    ]


def test_the_blocks_come_in_the_organisers_order_and_only_those() -> None:
    template = Template(blocks=("keywords", "text", "outline", "citation"))
    text = render_digest(make_digest(template=template, points=POINTS, paragraphs=("早起。",)), ZH).text

    assert text.split("\n\n")[1:] == [
        "🔑 晨读 · 读书会 · 积少成多",
        "早起。",
        "🧭 要点\n1. 修好水库的堤坝\n2. 挖通灌溉的渠道\n3. 种下防风的树林",
        "📌 2020-02-23 · 读书会简报 · 约 1 分钟",
    ]


def test_the_note_that_a_digest_is_late_stays_last() -> None:
    due = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
    digest = make_digest(template=Template("晨读", "晚安"), late_since=due)

    assert "晚安\n<i>⏰" in render_digest(digest, ZH).text


def test_a_line_whose_fields_are_empty_leaves_nothing_dangling() -> None:
    values = dict.fromkeys(FIELDS, "") | {"plan": "晨读"}

    assert fill("{section} · {plan} · {source}", values) == "晨读"
    assert fill("{section} · {source}", values) == ""
    assert fill("—— 河湾读书会 ——", values) == "—— 河湾读书会 ——"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{day}", "there is no field {day}; there are: {plan}, {n}, {total}"),
        ("{plan.__class__}", "there is no field {plan.__class__}"),
        ("{n!r:>99999}", "there is no field {n!r:>99999}"),
        ("{}", "there is no field {}"),
        ("{plan", "a brace stands alone"),
        ("{{plan}}", "a brace stands alone"),
        ("长" * (MAX_LINE + 1), f"at most {MAX_LINE} characters; this one has {MAX_LINE + 1}"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: str, complaint: str) -> None:
    with pytest.raises(TemplateError) as raised:
        check_line(line)

    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["text", "verse"], "there is no block “verse”; there are: outline, text, summary"),
        (["text", "text"], "the block “text” comes more than once"),
        (["summary", "text", "summary"], "the block “summary” comes more than once"),
        (["summary"], "a digest needs the block “text”"),
        ([], "a digest needs the block “text”"),
    ],
)
def test_what_is_wrong_with_the_blocks_is_said(names: list[str], complaint: str) -> None:
    with pytest.raises(TemplateError) as raised:
        check_blocks(names)

    assert complaint in str(raised.value)


def test_a_line_is_one_line() -> None:
    assert check_line(" 晨读\n第 {n} 天 ") == "晨读 第 {n} 天"
    assert check_line("\0晨\u202e读\ud800👩\u200d👧") == "晨读👩\u200d👧"


@given(st.text(max_size=MAX_LINE), hostile_texts)
def test_whatever_an_organiser_enters_is_refused_or_shown_as_plain_text(line: str, value: str) -> None:
    try:
        header = check_line(line)
    except TemplateError:
        return
    digest = make_digest(template=Template(header, header), plan=value, title=value, source=value * 40)

    assert_sendable(render_digest(digest, ZH))


@given(hostile_texts)
def test_markup_in_a_template_or_a_field_stays_text(value: str) -> None:
    digest = make_digest(template=Template("<b>{plan}</b> &amp; <a href='x'>"), plan=value)
    text = assert_sendable(render_digest(digest, ZH))

    assert text.startswith("<b>")
    assert "</b> &amp; <a href='x'>" in text.split("\n")[0]


@given(st.permutations(BLOCKS), st.integers(0, len(BLOCKS)), hostile_texts)
def test_in_any_order_a_digest_can_be_sent_and_keeps_its_text(order: list[str], most: int, line: str) -> None:
    blocks = tuple(name for name in order if name == "text" or order.index(name) < most)
    digest = make_digest(
        template=Template("{title}", "{n}", blocks), paragraphs=(line * 400,), points=(line,) * 9
    )

    assert line * 5 in assert_sendable(render_digest(digest, ZH))
