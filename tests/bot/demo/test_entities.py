"""The HTML parser: what Telegram reads, and what it refuses with which words."""

from __future__ import annotations

from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.entities import Entity, EntityError, parse_html, utf16_length

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>加粗</b>字", "加粗字", [Entity("bold", 0, 2)]),
        ("😀<STRONG>x</STRONG >", "😀x", [Entity("bold", 2, 1)]),
        ("<i>a</><em>b</em>", "ab", [Entity("italic", 0, 1), Entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [Entity("underline", 0, 1), Entity("underline", 1, 1)]),
        ("<s>a</s>", "a", [Entity("strikethrough", 0, 1)]),
        ("<strike>a</strike>", "a", [Entity("strikethrough", 0, 1)]),
        ("<del>a</del>", "a", [Entity("strikethrough", 0, 1)]),
        ("<span class='tg-spoiler'>a</span>", "a", [Entity("spoiler", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [Entity("spoiler", 0, 1)]),
        ("<code class='language-py'>a</code>", "a", [Entity("code", 0, 1)]),
        ("<pre>a</pre>", "a", [Entity("pre", 0, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [Entity("pre", 0, 1, language="py")]),
        ('<code class="language-py"><pre>a</pre></code>', "a", [Entity("pre", 0, 1, language="py")]),
        ("<blockquote>a</blockquote>", "a", [Entity("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [Entity("expandable_blockquote", 0, 1)]),
        ('<blockquote expandable="">a</blockquote>', "a", [Entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="42">☀</tg-emoji>', "☀", [Entity("custom_emoji", 0, 1, custom_emoji_id="42")]),
        (
            '<tg-time unix="1770000000" format="wDT">soon</tg-time>',
            "soon",
            [Entity("date_time", 0, 4, unix_time=1770000000, date_time_format="wDT")],
        ),
        (
            '<a href="https://T.me/x?a=1&amp;b=2">l</a>',
            "l",
            [Entity("text_link", 0, 1, url="https://t.me/x?a=1&b=2")],
        ),
        ("<a>example.org</a>", "example.org", [Entity("text_link", 0, 11, url="http://example.org/")]),
        ('<a href="tg://user?id=7">l</a>', "l", [Entity("text_mention", 0, 1, user_id=7)]),
        ('<a href="localhost">l</a>', "l", []),
        ("<b></b>", "", []),
        ("&lt;&gt;&amp;&quot;&#20013;&#x1F600;&lt", '<>&"中😀<', []),
        ("&nbsp;&copy;&#0;&#x110000;&", "&nbsp;&copy;&#0;&#x110000;&", []),
        ("<b>a<i>b</i></b>", "ab", [Entity("bold", 0, 2), Entity("italic", 1, 1)]),
    ],
)
def test_markup_becomes_text_and_entities(markup: str, text: str, entities: list[Entity]) -> None:
    assert parse_html(markup) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("中<script>", 'Unsupported start tag "script" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a ='x'>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">☀</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="1" format="q">x</tg-time>', "Invalid date format used"),
        ("a\0", "Text must not contain null bytes"),
        (
            "&#xD83D;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(markup: str, words: str) -> None:
    with pytest.raises(EntityError) as refused:
        parse_html(markup)
    assert str(refused.value) == words


@given(TEXTS)
def test_escaped_text_comes_back_unchanged(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(TEXTS, TEXTS, TEXTS)
def test_entities_are_counted_in_utf16_units(before: str, inside: str, after: str) -> None:
    text, entities = parse_html(f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}")
    assert text == before + inside + after
    if not inside:
        assert entities == []
        return
    encoded = text.encode("utf-16-le")
    (bold,) = entities
    assert encoded[2 * bold.offset : 2 * bold.stop].decode("utf-16-le") == inside


@given(st.text("<>/abi =\"'&;#xpre", max_size=30))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    try:
        text, entities = parse_html(markup)
    except EntityError:
        return
    assert "<" not in text or "<" in unescape(markup)
    assert all(0 <= entity.offset < entity.stop <= utf16_length(text) for entity in entities)
