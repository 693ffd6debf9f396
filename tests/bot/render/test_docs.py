"""Documents, articles and previews for a curator: whatever they hold, they fit and cannot break markup."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.proposals import ChangedTitle, Preview
from bot.render.docs import (
    render_article,
    render_ask_date,
    render_ask_split_title,
    render_ask_title,
    render_document,
    render_paragraphs,
    render_remove,
    render_shelf,
)
from bot.render.proposals import render_applied, render_preview
from bot.render.texts import LANGUAGES, Language, Texts
from bot.shelf import Entry, OpenArticle, OpenDocument, OpenParagraphs, Shelf, Shelved
from content.reading import Doubt
from tests.bot.render.made import EN, HOSTILE, assert_sendable

LONG = HOSTILE * 40
DAY = dt.date(2026, 3, 2)
DOCUMENT = Shelved(1, LONG, LONG, articles=99, passages=999, doubts=999, corrections=9)
ENTRY = Entry(5, 1, LONG, LONG, DAY, 99)
DOUBTS = (Doubt("no_title", 99_999, LONG),) * 30
ENTRIES = tuple(replace(ENTRY, ordinal=ordinal) for ordinal in range(8))
DOCUMENT_PAGE = OpenDocument(DOCUMENT, DOUBTS, ENTRIES, 1, 13, 40, only_doubtful=False)
ARTICLE = OpenArticle(DOCUMENT, ENTRY, LONG, 1, 99_999, 0, 0.01, DOUBTS, LONG * 9, 99, 4, 6)
CHANGE = ChangedTitle(comes=True, number=99, title=LONG, date=DAY, paragraphs=99)
PREVIEW = Preview(1, 1, LONG, (99, 98), (999, 998), (CHANGE,) * 8, 90, 9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_document_holds_and_is_called_it_can_be_shown(language: Language) -> None:
    texts = Texts(language)
    for message in (
        render_shelf(Shelf((DOCUMENT,) * 6, 7, 99, 1, 17), texts),
        render_document(DOCUMENT_PAGE, texts, texts.html("docs.dropped")),
        render_article(ARTICLE, texts),
        render_paragraphs(OpenParagraphs(1, ENTRY, ((1, LONG[:20]),) * 8, 1, 9), texts),
        render_ask_split_title(1, 5, 2, LONG, False, texts),
        render_ask_title(1, ENTRY, texts),
        render_ask_date(1, ENTRY, texts),
        render_remove(DOCUMENT, 9, texts),
        render_preview(PREVIEW, texts),
        render_applied(DOCUMENT_PAGE, 1, texts),
    ):
        assert "\u202e" not in assert_sendable(message)
        assert not any("\u202e" in button.label for row in message.buttons for button in row)


def test_what_cannot_be_done_has_no_button() -> None:
    first = replace(ARTICLE, entry=replace(ENTRY, ordinal=0), paragraphs=1, previous=None)
    first = replace(first, document=replace(DOCUMENT, corrections=0))
    labels = [button.label for row in render_article(first, EN).buttons for button in row]

    assert labels == ["✏ Title", "📅 Date", "🔄 Cut anew", "1 / 99", "›", "↩ The document"]


def test_an_article_without_a_date_has_none_to_take_away() -> None:
    asked = render_ask_date(1, replace(ENTRY, date=None), EN)

    assert [button.label for row in asked.buttons for button in row] == ["↩ The article"]


def test_a_preview_in_which_no_article_changes_says_what_is_done_then() -> None:
    text = assert_sendable(
        render_preview(Preview(1, 1, "river.md", (4, 4), (9, 8), (), more=0, homeless=1), EN)
    )

    assert text.startswith(
        "👀 Preview river.md\n4 articles · 9 passages → 8 passages\n\n"
        "The articles stay as they are; they are only cut anew, by today's rules.\n\n"
        "⚠ 1 correction finds no place in the text and will do nothing.\n\n"
    )


def test_there_is_a_word_for_an_empty_library() -> None:
    message = render_shelf(Shelf((), 1, 0, 0, 1), EN)

    assert "Send me a file" in message.text
    assert not message.buttons
