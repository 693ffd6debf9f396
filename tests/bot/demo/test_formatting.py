"""What Telegram makes of a text before it stores it: cleaning, trimming, nesting, what it finds by itself."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.entities import Entity, parse_html, utf16_length
from bot.demo.errors import ApiError
from bot.demo.formatting import format_caption, format_text
from bot.demo.markup import write_html

CLEAN = st.characters(
    exclude_categories=["Cs", "Cc"],
    exclude_characters="\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a",
)
WORDS = st.text(CLEAN, min_size=1, max_size=40).map(lambda text: text.strip(" ")).filter(bool)
STYLED = st.lists(
    st.tuples(st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "code", "blockquote"]), WORDS),
    min_size=1,
    max_size=6,
)


def _wrap(tag: str, before: str, inside: str) -> str:
    return f"{before}<{tag}>{inside}</{tag}>"


def places(text: str, mode: str = "HTML") -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in format_text(text, mode, [])[1]]


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("  \n x y \n ", "x y"),
        ("a\r\nb\tc\x01d", "a\nb c d"),
        ("a\u202eb\u2028c", "abc"),
        ("　全角空格", "　全角空格"),
    ],
)
def test_texts_are_cleaned_and_trimmed(given_text: str, stored: str) -> None:
    assert format_text(given_text, "", []) == (stored, ())


def test_entities_move_with_the_text_that_is_trimmed_and_cleaned_away() -> None:
    assert format_text("  \r\n<b>x\r\ny  </b> ", "HTML", []) == ("x\ny", (Entity("bold", 0, 3),))
    assert format_text(" a <i> b</i>", "HTML", []) == ("a  b", (Entity("italic", 2, 2),))


def test_a_space_inside_formatting_at_the_beginning_stays() -> None:
    assert format_text("<b> x</b>", "HTML", []) == (" x", (Entity("bold", 0, 2),))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<b>a</b><b>b</b>", [("bold", 0, 2)]),
        ("<b>a<b>b</b></b>", [("bold", 0, 2)]),
        ("<b>a<i>b</i>c</b>", [("bold", 0, 1), ("bold", 1, 2), ("italic", 1, 1)]),
        ("<code>a<b>b</b></code>", [("code", 0, 2)]),
        ("<b>a<code>b</code>c</b>", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        (
            "<b>a<a href='e.org'>b</a>c</b>",
            [("bold", 0, 1), ("text_link", 1, 1), ("bold", 1, 1), ("bold", 2, 1)],
        ),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [("blockquote", 0, 2)]),
        ("<a href='e.org'>a<blockquote>b</blockquote></a>", [("blockquote", 1, 1)]),
        ("<i><b>a</b></i>", [("bold", 0, 1), ("italic", 0, 1)]),
    ],
)
def test_entities_are_nested_as_telegram_does(markup: str, expected: list[tuple[str, int, int]]) -> None:
    assert places(markup) == expected


def test_no_more_than_100_entities_are_kept() -> None:
    text = " ".join(f"<b>{number}</b>" for number in range(120))
    assert len(places(text)) == 100
    mixed = " ".join(f"<b>{number}</b> <code>{number}</code>" for number in range(80))
    kinds = [kind for kind, _, _ in places(mixed)]
    assert (kinds.count("code"), kinds.count("bold")) == (80, 20)


def test_what_stands_in_a_text_is_found() -> None:
    text = "/today@rizhi_bot 见 @someone #读书笔记 https://example.org/a?b=1。 a.b@example.org"
    found = {kind: text[offset : offset + length] for kind, offset, length in places(text, "")}
    assert found == {
        "bot_command": "/today@rizhi_bot",
        "mention": "@someone",
        "hashtag": "#读书笔记",
        "url": "https://example.org/a?b=1",
        "email": "a.b@example.org",
    }


@pytest.mark.parametrize("text", ["a/b", "</x", "1/2/3", "#123", "a#b", "@ab", "x@y", "https://", "//x"])
def test_what_only_looks_like_something_is_left_alone(text: str) -> None:
    assert places(text, "") == []


def test_nothing_is_found_inside_links_and_code() -> None:
    assert places("<code>/today</code> <a href='e.org'>/next</a>") == [("code", 0, 6), ("text_link", 7, 5)]


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("", "", "Bad Request: message text is empty"),
        (" \n", "", "Bad Request: text must be non-empty"),
        ("<b> </b>", "HTML", "Bad Request: text must be non-empty"),
        ("x" * 4097, "", "Bad Request: message is too long"),
        ("😀" * 2049, "", "Bad Request: message is too long"),
        ("x", "INVALID", "Bad Request: unsupported parse_mode"),
        ("x", "MarkdownV2", "Bad Request: this local server reads HTML, not MarkdownV2"),
        (
            "<p>x</p>",
            "html",
            'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0',
        ),
    ],
)
def test_bad_texts_are_refused(text: str, mode: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(text, mode, [])
    assert (refused.value.code, refused.value.description) == (400, words)


def test_lengths_are_counted_after_the_markup_is_read() -> None:
    assert utf16_length(format_text("<b>" + "😀" * 2048 + "</b>", "HTML", [])[0]) == 4096
    assert format_caption("<b>" + "x" * 1024 + "</b>", "HTML", [])[0] == "x" * 1024
    with pytest.raises(ApiError, match="caption is too long"):
        format_caption("x" * 1025, "", [])


@pytest.mark.parametrize(
    ("offset", "length", "words"),
    [
        (100, 1, "entity begins after the end of the text at UTF-16 offset 100"),
        (0, 100, "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100"),
    ],
)
def test_entities_beyond_the_text_are_refused(offset: int, length: int, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text("hello", "", [{"type": "bold", "offset": offset, "length": length}])
    assert refused.value.description == f"Bad Request: {words}"


@given(WORDS)
def test_escaped_text_is_stored_as_it_is(text: str) -> None:
    assert format_text(escape(text), "HTML", [])[0] == text


@given(STYLED)
def test_stored_formatting_is_where_it_was_put(pieces: list[tuple[str, str]]) -> None:
    text, entities = format_text("".join(f"<{tag}>{escape(t)}</{tag}>" for tag, t in pieces), "HTML", [])
    assert text == "".join(piece for _, piece in pieces)
    units = text.encode("utf-16-le")
    for entity in entities:
        assert units[2 * entity.offset : 2 * entity.stop].decode("utf-16-le")


@given(STYLED)
def test_a_stored_text_written_as_html_reads_the_same_again(pieces: list[tuple[str, str]]) -> None:
    markup = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pieces)
    text, entities = format_text(markup, "HTML", [])
    again, read = parse_html(write_html(text, entities))
    assert again == text
    assert set(read) == {
        entity for entity in entities if write_html(text, [entity]) != escape(text, quote=False)
    }


@given(st.recursive(WORDS.map(escape), lambda inner: st.builds(_wrap, st.sampled_from("biu"), inner, inner)))
def test_nested_formatting_survives_storing_and_writing(markup: str) -> None:
    text, entities = format_text(markup, "HTML", [])
    again, read = parse_html(write_html(text, entities))
    assert again == text
    assert read == [entity for entity in entities if entity.type in ("bold", "italic", "underline")]


def test_a_command_that_reaches_into_bold_text_writes_nothing_twice() -> None:
    text, entities = format_text("/<b>0\ud7a4</b>", "HTML", [])
    assert parse_html(write_html(text, entities))[0] == text


def test_every_kind_of_formatting_is_written_back() -> None:
    markup = (
        '<blockquote expandable>q</blockquote><pre><code class="language-py">p</code></pre><pre>r</pre> '
        '<a href="https://e.org/?a=1&amp;b=2">l</a> <a href="tg://user?id=7">m</a> '
        '<tg-emoji emoji-id="5">☀</tg-emoji> <tg-time unix="1770000000" format="wDT">t</tg-time> &lt;'
    )
    assert write_html(*parse_html(markup)) == markup
