"""Documents sent in the chat: the report on one, what it became, and why it could not be read."""

from __future__ import annotations

from bot.render.docs import name_of
from bot.render.doubts import doubt_lines
from bot.render.links import PlanLink, link_url, share_url
from bot.render.markup import INVISIBLE, Html, bold, cut_after, escape, join, quoted, shorten
from bot.render.message import Button, Message, press, row
from bot.render.moments import clock_time
from bot.render.texts import Texts
from bot.render.values import NewVersion, Refused, Rehearsal, Sample, TakenIn

NAME_UNITS = 30
TITLE_UNITS = 30
SAMPLE_CHARS = 120
"""How much of a sample is shown, in UTF-16 units: how it begins."""
SUFFIX_UNITS = 12
SAID = {"imported": "upload.imported", "updated": "upload.updated", "duplicate": "upload.was_there"}
"""What to say of what became of a document, by `TakenIn.status`."""


def render_rehearsal(report: Rehearsal, texts: Texts) -> Message:
    """Return what the document would bring, with a button to take it in and one to drop it."""
    samples = [_sample(sample) for sample in report.samples]
    parts = [
        join("\n", [texts.html("upload.head", name=_name(report.name)), _found(report, texts)]),
        _version(report.version, texts),
        join("\n", _titles(report, texts)),
        join("\n", doubt_lines(report.doubts, report.doubtful, texts) or [texts.html("upload.sound")]),
        join("\n", [texts.html("upload.samples", n=len(samples)), *samples]),
        texts.html("upload.ask_update" if report.version else "upload.ask"),
    ]
    take_in = texts("button.upload_update" if report.version else "button.upload_import")
    return Message(join("\n\n", parts), (_decide(report.upload_id, take_in, texts),))


def render_importing(upload_id: int, name: str, texts: Texts) -> Message:
    """Return that the document is being taken in; the button is for where this was interrupted."""
    text = texts.html("upload.importing", name=_name(name))
    return Message(text, (row(press(texts("button.retry"), "upload_import", upload_id)),))


def render_taken_in(taken: TakenIn, username: str, subscribe_at: int | None, texts: Texts) -> Message:
    """Return that the document can be read now, with ways to its plan.

    `subscribe_at` is the minute of the day that a subscription is offered for, None to who has one.
    """
    text = texts.html(
        SAID[taken.status],
        name=_name(taken.name),
        articles=texts("count.articles", n=taken.articles),
        passages=texts("count.passages", n=taken.passages),
        plan=_clean(taken.plan.name, TITLE_UNITS),
    )
    link = link_url(PlanLink(taken.plan.plan_id), username)
    shared = texts("plan.shared", plan=_clean(taken.plan.name, TITLE_UNITS))
    share = Button(texts("button.share"), url=share_url(link, shared))
    check = press(texts("button.doc_review"), "doc", taken.document_id, 0, 0)
    return Message(text, (row(check), row(_read(taken.plan.plan_id, subscribe_at, texts), share)))


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
    return Message(texts.html("upload.not_imported"), (_decide(upload_id, texts("button.retry"), texts),))


def _found(report: Rehearsal, texts: Texts) -> Html:
    articles = texts("count.articles", n=report.articles)
    return join(" · ", [articles, texts("count.passages", n=report.passages), report.encoding.upper()])


def _titles(report: Rehearsal, texts: Texts) -> list[Html]:
    titles = [texts.html("upload.title", title=_clean(title, TITLE_UNITS)) for title in report.titles]
    rest = report.articles - len(report.titles)
    return [*titles, texts.html("upload.more", n=rest)] if rest else titles


def _version(version: NewVersion | None, texts: Texts) -> Html | None:
    """Return of which document this is a new version, and what it changes."""
    if version is None:
        return None
    counts = {"added": version.added, "removed": version.removed, "changed": version.changed}
    changes = [texts(f"upload.version.{change}", n=n) for change, n in counts.items() if n]
    corrected = version.kept + version.homeless
    return join(
        "\n",
        [
            texts.html("upload.version", name=name_of(version.name)),
            join(" · ", changes or [texts("upload.version.same")]),
            texts.html("upload.version.kept", n=version.kept) if corrected else None,
            texts.html("upload.version.homeless", n=version.homeless) if version.homeless else None,
            texts.html("upload.version.readers"),
        ],
    )


def _sample(sample: Sample) -> Html:
    begins = cut_after(INVISIBLE.sub("", " ".join(sample.text.split())), SAMPLE_CHARS)
    headline = bold(_clean(sample.headline, TITLE_UNITS)) if sample.headline else None
    return quoted(join("\n", [headline, begins]))


def _read(plan_id: int, subscribe_at: int | None, texts: Texts) -> Button:
    if subscribe_at is None:
        return press(texts("button.today"), "today", 0)
    return press(texts("button.subscribe", time=clock_time(subscribe_at)), "subscribe", plan_id)


def _decide(upload_id: int, take_in: str, texts: Texts) -> tuple[Button, ...]:
    cancel = press(texts("button.upload_cancel"), "upload_cancel", upload_id)
    return row(press(take_in, "upload_import", upload_id), cancel)


def _name(name: str) -> Html:
    return escape(_clean(name, NAME_UNITS))


def _clean(text: str, units: float) -> str:
    return shorten(INVISIBLE.sub("", text), units)
