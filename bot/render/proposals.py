"""A correction before it is made: its preview, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.docs import article_line, name_of
from bot.render.markup import Html, bold, escape, join
from bot.render.message import Button, Message, press, row, rows
from bot.render.texts import Texts

if TYPE_CHECKING:
    from bot.proposals import ChangedTitle, Preview
    from bot.shelf import OpenDocument


def render_previewing(texts: Texts) -> Message:
    """Return that the preview is being made."""
    return Message(texts.html("docs.previewing"))


def render_preview(preview: Preview, texts: Texts) -> Message:
    """Return what the document would become, with a button to make it so and one to leave it."""
    changes = [_change(change, texts) for change in preview.changes]
    more = texts.html("docs.more_changes", n=preview.more) if preview.more else None
    lines = [*changes, more] if changes else [texts.html("docs.no_change")]
    homeless = texts.html("docs.homeless", n=preview.homeless) if preview.homeless else None
    text = [
        join("\n", [texts.html("docs.preview", name=name_of(preview.name)), _sizes(preview, texts)]),
        join("\n", lines),
        homeless,
        texts.html("docs.ask_apply"),
    ]
    return Message(join("\n\n", text), (_decide(preview.proposal_id, "button.doc_apply", texts),))


def render_applying(proposal_id: int, texts: Texts) -> Message:
    """Return that the correction is being made; the button is for where this was interrupted."""
    again = press(texts("button.retry"), "doc_apply", proposal_id)
    return Message(texts.html("docs.applying"), (row(again),))


def render_applied(opened: OpenDocument, article: int, texts: Texts) -> Message:
    """Return that the correction is made, with ways on: to the article of that ordinal, and to its page."""
    document = opened.shelved
    text = texts.html(
        "docs.applied",
        name=name_of(document.name),
        articles=texts("count.articles", n=document.articles),
        passages=texts("count.passages", n=document.passages),
    )
    here = [entry for entry in opened.entries if entry.ordinal == article]
    look = [
        press(texts("button.doc_see", n=entry.ordinal + 1), "doc_article", document.id, entry.id)
        for entry in here
    ]
    undo = press(texts("button.doc_undo"), "doc_undo", document.id) if document.corrections else None
    return Message(
        text, rows(row(*look, undo), row(press(texts("button.doc"), "doc", document.id, opened.page, 0)))
    )


def render_not_applied(proposal_id: int, texts: Texts) -> Message:
    """Return that making the correction was interrupted, with a button to try again."""
    text = texts.html("docs.not_applied")
    return Message(text, (_decide(proposal_id, "button.retry", texts),))


def render_docs_notice(text: Html, document_id: int | None, texts: Texts) -> Message:
    """Return a text with the way back to the document, or to all of them where it is gone."""
    back = press(texts("button.docs"), "docs", 0)
    if document_id is not None:
        back = press(texts("button.doc"), "doc", document_id, 0, 0)
    return Message(text, (row(back),))


def _decide(proposal_id: int, key: str, texts: Texts) -> tuple[Button, ...]:
    return row(
        press(texts(key), "doc_apply", proposal_id),
        press(texts("button.doc_drop"), "doc_drop", proposal_id),
    )


def _sizes(preview: Preview, texts: Texts) -> Html:
    articles = _became(*(texts("count.articles", n=n) for n in preview.articles))
    passages = _became(*(texts("count.passages", n=n) for n in preview.passages))
    return join(" · ", [articles, passages])


def _became(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _change(change: ChangedTitle, texts: Texts) -> Html:
    sign = "➕" if change.comes else "➖"
    line = article_line(change.number, change.title, change.date)
    said = bold(line) if change.comes else escape(line)
    return join(" · ", [Html(f"{sign} {said}"), texts("count.paragraphs", n=change.paragraphs)])
