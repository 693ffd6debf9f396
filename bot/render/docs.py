"""Documents as a curator sees them in the chat: the list, one document, one article, and its paragraphs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.render.doubts import doubt_lines
from bot.render.markup import INVISIBLE, Html, bold, cut_after, cut_before, join, quoted, shorten
from bot.render.message import Button, Message, grid, press, row, rows
from bot.render.texts import Texts

if TYPE_CHECKING:
    from bot.shelf import Entry, OpenArticle, OpenDocument, OpenParagraphs, Shelf, Shelved

Turn = Callable[[int], tuple[Any, ...]]
"""The action, and its numbers, that turns to a page."""

NAME_UNITS = 30
TITLE_UNITS = 26
"""One line on a phone, with its number."""
WHOLE_TITLE_UNITS = 120
NUMBERS_IN_ROW = 4
DOUBTS = 6
EXCERPT_CHARS = 140
"""How much of an article's beginning and of its end is shown, in UTF-16 units."""
SURE = 1.0


def render_shelf(shelf: Shelf, texts: Texts) -> Message:
    """Return a page of the documents, with their numbers as buttons and a pager."""
    if not shelf.documents:
        return Message(texts.html("docs.none"))
    numbered = list(enumerate(shelf.documents, shelf.first))
    head = texts.html("docs.head", documents=texts("count.documents", n=shelf.total))
    listed = [join("\n", [join(". ", [n, name_of(each.name)]), _about(each, texts)]) for n, each in numbered]
    numbers = [press(str(number), "doc", each.id, 0, 0) for number, each in numbered]
    pager = pager_row(shelf.page, shelf.pages, lambda page: ("docs", page))
    return Message(join("\n\n", [head, *listed]), rows(*grid(numbers, NUMBERS_IN_ROW), pager))


def render_document(opened: OpenDocument, texts: Texts, note: Html | None = None) -> Message:
    """Return a document with a page of its articles, a note above it, and what can be done with it."""
    document = opened.shelved
    head = join("\n", [texts.html("docs.name", name=name_of(document.name)), _about(document, texts)])
    lost = doubt_lines(opened.doubts[:DOUBTS], len(opened.doubts), texts)
    listed = [_listed(entry, texts) for entry in opened.entries]
    numbers = [
        press(str(entry.ordinal + 1), "doc_article", document.id, entry.id) for entry in opened.entries
    ]
    only = int(opened.only_doubtful)
    pager = pager_row(opened.page, opened.pages, lambda page: ("doc", document.id, page, only))
    return Message(
        join("\n\n", [note, head, join("\n", lost), join("\n", listed)]),
        rows(
            *grid(numbers, NUMBERS_IN_ROW),
            pager,
            row(_choice(opened, texts)),
            whole_document(document, texts),
            row(
                press(texts("button.doc_remove"), "doc_remove", document.id),
                press(texts("button.docs"), "docs", 0),
            ),
        ),
    )


def render_article(opened: OpenArticle, texts: Texts) -> Message:
    """Return an article with what is in doubt, and what can be corrected."""
    document, entry = opened.document, opened.entry
    doubts = doubt_lines(opened.doubts[:DOUBTS], len(opened.doubts), texts)
    text = [_heading(entry), _facts(opened, texts), join("\n", doubts), _excerpt(opened.text)]
    place = document.id, entry.id
    merge = press(texts("button.doc_merge"), "doc_merge", *place) if entry.ordinal else None
    split = press(texts("button.doc_split"), "doc_paragraphs", *place, 0) if opened.paragraphs > 1 else None
    return Message(
        join("\n\n", text),
        rows(
            row(merge, split),
            row(
                press(texts("button.doc_retitle"), "doc_retitle", *place),
                press(texts("button.doc_redate"), "doc_redate", *place),
            ),
            whole_document(document, texts),
            _neighbours(opened),
            row(press(texts("button.doc"), "doc", document.id, opened.page, 0)),
        ),
    )


def render_paragraphs(opened: OpenParagraphs, texts: Texts) -> Message:
    """Return the paragraphs that another article can begin at, as buttons."""
    place = opened.document_id, opened.entry.id
    choices = [
        row(press(f"{number + 1}. {_line(text)}", "doc_split", *place, number))
        for number, text in opened.beginnings
    ]
    pager = pager_row(opened.page, opened.pages, lambda page: ("doc_paragraphs", *place, page))
    text = texts.html("docs.split", title=_title(opened.entry.title, TITLE_UNITS))
    return Message(text, rows(*choices, pager, row(_to_article(*place, texts))))


def render_ask_split_title(
    document_id: int, article_id: int, number: int, text: str, is_title: bool, texts: Texts
) -> Message:
    """Return the question for the title of the article that begins at the paragraph of that number and text.

    `is_title` says that the text is short enough to be the title itself.
    """
    place = document_id, article_id
    here = press(texts("button.doc_split_here"), "doc_split_here", *place, number) if is_title else None
    asked = texts.html("docs.ask_split_title", text=quoted(cut_after(_line(text), EXCERPT_CHARS)))
    back = press(texts("button.doc_paragraphs"), "doc_paragraphs", *place, 0)
    return Message(asked, rows(row(here), row(back)))


def render_ask_title(document_id: int, entry: Entry, texts: Texts) -> Message:
    """Return the question for another title."""
    text = texts.html("docs.ask_title", title=_title(entry.title, WHOLE_TITLE_UNITS))
    return Message(text, (row(_to_article(document_id, entry.id, texts)),))


def render_ask_date(document_id: int, entry: Entry, texts: Texts) -> Message:
    """Return the question for another date, with a button to have none."""
    place = document_id, entry.id
    dated = texts.html("docs.ask_date", date=entry.date) if entry.date else texts.html("docs.ask_first_date")
    undate = press(texts("button.doc_undate"), "doc_undate", *place) if entry.date else None
    return Message(dated, rows(row(undate), row(_to_article(*place, texts))))


def render_remove(document: Shelved, readers: int, texts: Texts) -> Message:
    """Return the question whether to remove the document, and what that does to its readers."""
    asked = texts.html(
        "docs.remove",
        name=name_of(document.name),
        articles=texts("count.articles", n=document.articles),
        passages=texts("count.passages", n=document.passages),
    )
    at_it = texts.html("docs.remove_readers", n=readers) if readers else None
    now = press(texts("button.doc_remove_now"), "doc_remove_now", document.id)
    keep = press(texts("button.doc"), "doc", document.id, 0, 0)
    return Message(
        join("\n\n", [asked, join("\n", [texts.html("docs.remove_means"), at_it])]), (row(now, keep),)
    )


def whole_document(document: Shelved, texts: Texts) -> tuple[Button, ...]:
    """Return the buttons for reading the document anew: without its last correction, and as it is."""
    undo = press(texts("button.doc_undo"), "doc_undo", document.id) if document.corrections else None
    return row(undo, press(texts("button.doc_recut"), "doc_recut", document.id))


def name_of(name: str) -> Html:
    """Return a document's name, in bold: its end, where it has folders in it and is long."""
    clean = INVISIBLE.sub("", name)
    return bold(shorten(clean if len(clean) <= NAME_UNITS else clean.rpartition("/")[2], NAME_UNITS))


def pager_row(page: int, pages: int, turn: Turn) -> tuple[Button, ...]:
    """Return the buttons that turn the pages; none where there is one page."""
    if pages < 2:
        return ()
    back = press("‹", *turn(page - 1)) if page else None
    on = press("›", *turn(page + 1)) if page + 1 < pages else None
    return row(back, press(f"{page + 1} / {pages}", "page", page + 1, pages), on)


def article_line(number: int, title: str, date: dt.date | None) -> str:
    """Return an article in one line: its number, its title and its date."""
    return " · ".join(filter(None, [f"{number}. {_title(title, TITLE_UNITS)}", str(date or "")]))


def _about(document: Shelved, texts: Texts) -> Html:
    counts = [
        texts("count.articles", n=document.articles),
        texts("count.passages", n=document.passages),
        texts("docs.corrected", n=document.corrections) if document.corrections else "",
        texts("docs.doubts", n=document.doubts) if document.doubts else "",
    ]
    return join(" · ", [shorten(INVISIBLE.sub("", document.collection), NAME_UNITS), *counts])


def _listed(entry: Entry, texts: Texts) -> Html:
    doubts = texts("docs.doubts", n=entry.doubts) if entry.doubts else ""
    return join(" · ", [article_line(entry.ordinal + 1, entry.title, entry.date), doubts])


def _choice(opened: OpenDocument, texts: Texts) -> Button | None:
    """Return the button that leaves only those articles that are in doubt, or brings back all."""
    document = opened.shelved
    if opened.only_doubtful:
        return press(texts("button.doc_all", n=document.articles), "doc", document.id, 0, 0)
    if 0 < opened.doubtful < document.articles:
        return press(texts("button.doc_doubtful", n=opened.doubtful), "doc", document.id, 0, 1)
    return None


def _heading(entry: Entry) -> Html:
    return bold(f"{entry.ordinal + 1}. {_title(entry.title, WHOLE_TITLE_UNITS)}")


def _facts(opened: OpenArticle, texts: Texts) -> Html:
    entry = opened.entry
    of = [_title(part, TITLE_UNITS) for part in (entry.section, opened.source) if part]
    sure = texts("docs.sure", percent=round(opened.confidence * 100)) if opened.confidence < SURE else ""
    where = texts("docs.lines", first=opened.first_line, last=opened.last_line)
    paragraphs = texts("count.paragraphs", n=opened.paragraphs)
    return join(
        "\n",
        [
            name_of(opened.document.name),
            join(" · ", [*of, str(entry.date) if entry.date else texts("docs.no_date")]),
            join(" · ", [where, paragraphs, sure]),
        ],
    )


def _excerpt(text: str) -> Html:
    """Return how the text begins and how it ends."""
    clean = INVISIBLE.sub("", text.replace("\n", " "))
    if len(clean) <= 2 * EXCERPT_CHARS:
        return quoted(cut_after(clean, 4 * EXCERPT_CHARS))
    return join("\n", [quoted(cut_after(clean, EXCERPT_CHARS)), quoted(cut_before(clean, EXCERPT_CHARS))])


def _neighbours(opened: OpenArticle) -> tuple[Button, ...]:
    document = opened.document
    if document.articles < 2:
        return ()
    back = press("‹", "doc_article", document.id, opened.previous) if opened.previous else None
    on = press("›", "doc_article", document.id, opened.following) if opened.following else None
    number = opened.entry.ordinal + 1
    middle = press(f"{number} / {document.articles}", "page", number, document.articles)
    return row(back, middle, on)


def _to_article(document_id: int, article_id: int, texts: Texts) -> Button:
    return press(texts("button.doc_article"), "doc_article", document_id, article_id)


def _title(title: str, units: float) -> str:
    return shorten(INVISIBLE.sub("", title), units)


def _line(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())
