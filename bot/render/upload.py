"""Documents sent in the chat: the report on one, what it became, and why it could not be read."""

from __future__ import annotations

from bot.render.links import PlanLink, link_url, share_url
from bot.render.markup import INVISIBLE, Html, bold, cut_after, escape, join, quoted, shorten
from bot.render.message import Button, Message, press, row
from bot.render.moments import clock_time
from bot.render.texts import Texts
from bot.render.values import Refused, Rehearsal, Sample, TakenIn

NAME_UNITS = 30
TITLE_UNITS = 30
SAMPLE_CHARS = 120
"""How much of a sample is shown, in UTF-16 units: how it begins."""
SUFFIX_UNITS = 12


def render_rehearsal(report: Rehearsal, texts: Texts) -> Message:
    """Return what the document would bring, with a button to take it in and one to drop it."""
    samples = [_sample(sample) for sample in report.samples]
    parts = [
        join("\n", [texts.html("upload.head", name=_name(report.name)), _found(report, texts)]),
        join("\n", _titles(report, texts)),
        join("\n", _doubts(report, texts)),
        join("\n", [texts.html("upload.samples", n=len(samples)), *samples]),
        texts.html("upload.ask"),
    ]
    cancel = press(texts("button.upload_cancel"), "upload_cancel", report.upload_id)
    return Message(join("\n\n", parts), (row(_take_in(report.upload_id, texts), cancel),))


def render_importing(upload_id: int, name: str, texts: Texts) -> Message:
    """Return that the document is being taken in; the button is for where this was interrupted."""
    text = texts.html("upload.importing", name=_name(name))
    return Message(text, (row(_take_in(upload_id, texts)),))


def render_taken_in(taken: TakenIn, username: str, subscribe_at: int | None, texts: Texts) -> Message:
    """Return that the document can be read now, with ways to its plan.

    `subscribe_at` is the minute of the day that a subscription is offered for, None to who has one.
    """
    text = texts.html(
        "upload.imported" if taken.is_new else "upload.was_there",
        name=_name(taken.name),
        articles=texts("count.articles", n=taken.articles),
        passages=texts("count.passages", n=taken.passages),
        plan=_clean(taken.plan.name, TITLE_UNITS),
    )
    link = link_url(PlanLink(taken.plan.plan_id), username)
    shared = texts("plan.shared", plan=_clean(taken.plan.name, TITLE_UNITS))
    share = Button(texts("button.share"), url=share_url(link, shared))
    return Message(text, (row(_read(taken.plan.plan_id, subscribe_at, texts), share),))


def render_upload_notice(key: str, name: str, texts: Texts, **names: str) -> Message:
    """Return the text of `key` about the file of that name; its other fields are names, too."""
    fields = {field: _clean(other, NAME_UNITS) for field, other in names.items()}
    return Message(texts.html(key, name=_name(name), **fields))


def render_refused(refused: Refused, texts: Texts) -> Message:
    """Return why a document cannot be taken in. Its fields may be what the file is called."""
    fields = {field: _clean(str(value), SUFFIX_UNITS) for field, value in refused.fields.items()}
    return Message(texts.html(refused.key, **fields))


def render_not_imported(upload_id: int, texts: Texts) -> Message:
    """Return that taking the document in failed, with a button to try again."""
    cancel = press(texts("button.upload_cancel"), "upload_cancel", upload_id)
    return Message(texts.html("upload.not_imported"), (row(_take_in(upload_id, texts), cancel),))


def _found(report: Rehearsal, texts: Texts) -> Html:
    articles = texts("count.articles", n=report.articles)
    return join(" · ", [articles, texts("count.passages", n=report.passages), report.encoding.upper()])


def _titles(report: Rehearsal, texts: Texts) -> list[Html]:
    titles = [texts.html("upload.title", title=_clean(title, TITLE_UNITS)) for title in report.titles]
    rest = report.articles - len(report.titles)
    return [*titles, texts.html("upload.more", n=rest)] if rest else titles


def _doubts(report: Rehearsal, texts: Texts) -> list[Html]:
    counts = {
        "untitled": report.untitled,
        "undated": report.undated,
        "unsourced": report.unsourced,
        "short": report.short,
        "long": report.long,
    }
    doubts = [texts.html(f"upload.doubt.{doubt}", n=number) for doubt, number in counts.items() if number]
    return [texts.html("upload.doubts"), *doubts] if doubts else [texts.html("upload.sound")]


def _sample(sample: Sample) -> Html:
    begins = cut_after(INVISIBLE.sub("", " ".join(sample.text.split())), SAMPLE_CHARS)
    headline = bold(_clean(sample.headline, TITLE_UNITS)) if sample.headline else None
    return quoted(join("\n", [headline, begins]))


def _read(plan_id: int, subscribe_at: int | None, texts: Texts) -> Button:
    if subscribe_at is None:
        return press(texts("button.today"), "today", 0)
    return press(texts("button.subscribe", time=clock_time(subscribe_at)), "subscribe", plan_id)


def _take_in(upload_id: int, texts: Texts) -> Button:
    return press(texts("button.upload_import"), "upload_import", upload_id)


def _name(name: str) -> Html:
    return escape(_clean(name, NAME_UNITS))


def _clean(text: str, units: float) -> str:
    return shorten(INVISIBLE.sub("", text), units)
