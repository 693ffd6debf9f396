"""The digest: one message that reads well on a phone, its first line being the notification."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING

from bot.render.citation import copy_button, origin, titled
from bot.render.markup import (
    SENTENCE_END,
    Html,
    bold,
    cut_after,
    escape,
    folded,
    is_wider,
    italic,
    join,
    shorten,
    visible_length,
)
from bot.render.message import BLANK_LINE, LINE_BREAK, MAX_TEXT, Button, Message, grid, press, row
from bot.render.moments import day_name
from bot.render.template import fill
from bot.render.texts import Texts

if TYPE_CHECKING:
    from bot.digest import Digest

FIRST_LINE_UNITS = 28
"""Width of what stands before ｜12/64: about what a notification shows."""
HEADING_UNITS = 120
NUMBERING_CHARS = 4
"""What may stand before a heading's words, as in （十二）."""
SUMMARY_UNITS = 240
KEYWORD_UNITS = 20
LABEL_UNITS = 10
"""Three labels of this width stand side by side on a phone."""
MAX_KEYWORDS = 8
MAX_KEYWORD_BUTTONS = 3
PLAIN_UNITS = 900
"""A passage wider than so many Chinese characters is folded, so that the chat stays easy to scroll."""
MAX_POINTS = 6
OPEN_POINTS, OPEN_POINTS_UNITS = 4, 90
"""More points, or wider ones together, are folded."""
STANDING_FREE = ("outline", "text")
UNITS_A_MINUTE = 350
"""Reading speed: the middle of 300–400 units a minute."""


def render_digest(digest: Digest, texts: Texts) -> Message:
    """Return the digest, within Telegram's limits; a passage that is too long ends early and says so."""
    blocks = _blocks(digest, texts)
    around = _arrange(digest, blocks)
    room = MAX_TEXT - visible_length(around) - len(BLANK_LINE)
    text = _arrange(digest, blocks | {"text": render_body(digest.paragraphs, room, texts)})
    return Message(text, (*_keyword_rows(digest), _action_row(digest, texts)))


def render_body(paragraphs: tuple[str, ...], room: int, texts: Texts) -> Html:
    """Return the paragraphs, folded if they are long, cut with a note if they exceed `room` UTF-16 units."""
    body = "\n\n".join(paragraphs)
    note = italic(texts("digest.cut"))
    kept = cut_after(body, room)
    if kept != body:
        kept = cut_after(body, room - visible_length(note) - len(LINE_BREAK))
    shown = folded(kept) if is_wider(kept, PLAIN_UNITS) else escape(kept)
    return shown if kept == body else join("\n", [shown, note])


def _blocks(digest: Digest, texts: Texts) -> dict[str, Html]:
    """What there is to arrange; the text itself is left out: how long it may be depends on the rest."""
    template, values = digest.template, _values(digest)
    return {
        "head": join("\n", [fill(template.header, values), _head(digest, texts)]),
        "outline": _outline(digest.points, texts),
        "text": Html(""),
        "summary": Html(f"💡 {escape(summary)}" if (summary := _summary(digest)) else ""),
        "keywords": _keywords(digest),
        "citation": _origin(digest, texts),
        "footer": escape(fill(template.footer, values)),
        "late": join("\n", _remarks(digest, texts)),
    }


def _arrange(digest: Digest, blocks: dict[str, Html]) -> Html:
    """The digest in its plan's order: the text and the outline stand free, the small lines together."""
    order = (*digest.template.blocks, "footer", "late")
    groups = groupby(order, lambda name: name if name in STANDING_FREE else "")
    rest = (join("\n", map(blocks.__getitem__, names)) for _, names in groups)
    return join("\n\n", [blocks["head"], *rest])


def _values(digest: Digest) -> dict[str, str]:
    """What the fields of a header or footer stand for."""
    return {
        "plan": digest.plan,
        "n": str(digest.ordinal),
        "total": str(digest.total),
        "title": digest.title,
        "section": digest.section or "",
        "date": digest.date.isoformat() if digest.date else "",
        "source": digest.source or "",
    }


def _outline(points: tuple[str, ...], texts: Texts) -> Html:
    """The points of the article that begins here, one a line; folded where they are many words."""
    if not points:
        return Html("")
    lines = [f"{number}. {point}" for number, point in enumerate(points[:MAX_POINTS], 1)]
    if len(points) > MAX_POINTS:
        lines.append(texts("digest.more_points", n=len(points)))
    shown = "\n".join(lines)
    is_long = len(lines) > OPEN_POINTS or is_wider(shown, OPEN_POINTS_UNITS)
    return join("\n", [texts("digest.points"), folded(shown) if is_long else shown])


def _head(digest: Digest, texts: Texts) -> Html:
    lead = shorten(digest.headline or title_lead(digest.title), FIRST_LINE_UNITS)
    first = Html(f"{bold(lead)}｜{digest.ordinal}/{digest.total}")
    title = (
        "" if lead == " ".join(digest.title.split()) else titled(shorten(digest.title, HEADING_UNITS), texts)
    )
    return join("\n", [first, join(" ", [title, _heading(digest, lead)])])


def title_lead(title: str) -> str:
    """Return the part of a long title that says most: as many of its last parts as the first line holds.

    Headlines of reports begin with who met (“…召开会议”) and end with what about.
    """
    parts = title.split()
    fitting = (" ".join(parts[start:]) for start in range(len(parts)))
    return next((part for part in fitting if not is_wider(part, FIRST_LINE_UNITS)), "".join(parts[-1:]))


def _summary(digest: Digest) -> str:
    """The summary without what the passage begins with: nobody wants to read the same twice."""
    summary, passage = digest.summary or "", "".join(digest.paragraphs)
    ends = [0, *(end.end() for end in SENTENCE_END.finditer(summary))]
    said = max(end for end in ends if passage.startswith(summary[:end]))
    return shorten(summary[said:], SUMMARY_UNITS)


def _heading(digest: Digest, lead: str) -> str:
    """The heading in force, unless the first line or the passage itself says it."""
    heading = shorten(digest.heading or "", HEADING_UNITS)
    opening = digest.paragraphs[0] if digest.paragraphs else ""
    is_said = heading.endswith(lead) and len(heading) - len(lead) <= NUMBERING_CHARS
    return "" if is_said or opening.startswith(digest.heading or "") else heading


def _keywords(digest: Digest) -> Html:
    keywords = " · ".join(shorten(keyword, KEYWORD_UNITS) for keyword in digest.keywords[:MAX_KEYWORDS])
    return escape(f"🔑 {keywords}" if keywords else "")


def _origin(digest: Digest, texts: Texts) -> Html:
    minutes = texts("digest.minutes", n=max(1, round(digest.units / UNITS_A_MINUTE)))
    return escape("📌 " + " · ".join(filter(None, [origin(digest), minutes])))


def _remarks(digest: Digest, texts: Texts) -> list[Html]:
    """What is out of the ordinary with how it comes."""
    late = italic(_late(digest.late_since, texts)) if digest.late_since else Html("")
    return [late, italic(texts("digest.again")) if digest.is_again else Html("")]


def _late(since: dt.datetime, texts: Texts) -> str:
    """The day is said as well: what comes after midnight was due the day before."""
    return texts("digest.late", time=f"{day_name(since.date(), texts)} {since:%H:%M}")


def _keyword_rows(digest: Digest) -> tuple[tuple[Button, ...], ...]:
    """The heaviest keywords that lead on; a button's number is the keyword's place in the digest."""
    words = [(index, word) for index, word in enumerate(digest.keywords) if word in digest.searchable]
    buttons = [
        press(f"🔍 {shorten(word, LABEL_UNITS)}", "word", digest.delivery_id, index)
        for index, word in words[:MAX_KEYWORD_BUTTONS]
    ]
    return grid(buttons, MAX_KEYWORD_BUTTONS)


def _action_row(digest: Digest, texts: Texts) -> tuple[Button, ...]:
    read = texts("button.is_read" if digest.is_read else "button.read")
    context = press(texts("button.context"), "context", digest.delivery_id)
    return row(
        press(read, "read", digest.delivery_id),
        press(texts("button.next"), "next", digest.delivery_id),
        None if digest.is_whole else context,
        copy_button(digest, texts),
    )
