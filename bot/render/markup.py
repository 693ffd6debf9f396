"""Telegram's HTML: escaping in one place, a few tags, and lengths as Telegram counts them.

Values come in as plain text and leave as `Html`; nothing here knows what a message says.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

TAG = re.compile(r"<[^<>]*>")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\x00-\x1f\x7f]")
"""Zero-width characters, marks that turn the direction of writing, and controls."""
SENTENCE_END = re.compile(r"[。！？；!?;…]+[”’」』）)\"']*|\.(?=\s|$)|\n")
ELLIPSIS = "…"
REMEMBERED_WIDTHS = 8_192
"""Of characters: all that a text is likely to hold."""
UNFINISHED = " ,.;:，、。；：“‘（(《「『【[\u200d\ufe0f"
"""What does not stand before an ellipsis: marks, what opens and does not close, joiners."""


class Html(str):
    """Text in Telegram's HTML: safe to put into a message as it stands."""

    __slots__ = ()


def escape(value: object) -> Html:
    """Return `value` as Html: a plain value escaped, Html unchanged."""
    return value if isinstance(value, Html) else Html(html.escape(str(value), quote=False))


def bold(value: object) -> Html:
    """Return the value in bold."""
    return Html(f"<b>{escape(value)}</b>")


def italic(value: object) -> Html:
    """Return the value in italics: for notes of our own beside a text."""
    return Html(f"<i>{escape(value)}</i>")


def quoted(value: object) -> Html:
    """Return the value as a block quotation."""
    return Html(f"<blockquote>{escape(value)}</blockquote>")


def folded(value: object) -> Html:
    """Return the value as a block quotation that opens at a tap."""
    return Html(f"<blockquote expandable>{escape(value)}</blockquote>")


def moment(at: dt.datetime, wall_clock: str) -> Html:
    """Return a moment that new clients show in the reader's own zone, old ones as `wall_clock`."""
    return Html(f'<tg-time unix="{int(at.timestamp())}" format="wdt">{escape(wall_clock)}</tg-time>')


def join(separator: str, parts: Iterable[object]) -> Html:
    """Return the parts that are not empty, escaped and joined."""
    return Html(escape(separator).join(escape(part) for part in parts if part))


def highlighted(text: str, spans: Sequence[tuple[int, int]], most: int) -> Html:
    """Return `text` with the first `most` spans in bold: code points, half-open, in order."""
    out: list[Html] = []
    end = 0
    for start, stop in spans[:most]:
        start, stop = max(start, end), min(stop, len(text))
        if start < stop:
            out += [escape(text[end:start]), bold(text[start:stop])]
            end = stop
    return Html("".join([*out, escape(text[end:])]))


def utf16_length(text: str) -> int:
    """Return the length of plain text in UTF-16 code units, which is what Telegram's limits count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain_text(markup: Html) -> str:
    """Return what is left of `markup` without its tags."""
    return html.unescape(TAG.sub("", markup))


def visible_length(markup: Html) -> int:
    """Return the length that Telegram will count for `markup`: without tags, in UTF-16 code units."""
    return utf16_length(plain_text(markup))


def is_wider(text: str, units: float) -> bool:
    """Return whether `units_wide(text)` is more; no character is wider than 1."""
    return len(text) > units and units_wide(text) > units


def units_wide(text: str) -> float:
    """Return the width of text on a screen: 1 for a Chinese character, ½ for a Latin one.

    It is at least half the length in UTF-16 code units, so that a limit on the one is a limit on the other.
    """
    return sum(map(_width, text))


@lru_cache(REMEMBERED_WIDTHS)
def _width(character: str) -> float:
    return 1 if character > "\uffff" or unicodedata.east_asian_width(character) in "WF" else 0.5


def shorten(text: str, units: float) -> str:
    """Return one line of text at most `units` wide (see `units_wide`), with … where it was cut."""
    line = " ".join(text.split())
    if not is_wider(line, units):
        return line
    room, stop = units - 1, 0
    while stop < len(line) and (room := room - _width(line[stop])) >= 0:
        stop += 1
    return _whole_words(line, stop) + ELLIPSIS


def _whole_words(line: str, stop: int) -> str:
    """Return `line[:stop]` without a word that has begun: a Latin one, or one short beside the rest."""
    kept, blank = line[:stop], line.rfind(" ", 0, stop)
    in_latin = line[stop].isascii() and line[stop].isalnum()
    if line[stop] != " " and blank > 0 and (in_latin or blank * 2 >= stop):
        kept = kept[:blank]
    return kept.rstrip(UNFINISHED)


def cut_after(text: str, limit: int) -> str:
    """Return the beginning of `text` within `limit` UTF-16 units, to a sentence's end if that keeps half."""
    if utf16_length(text) <= limit:
        return text
    kept = _prefix(text, max(0, limit))
    ends = [match.end() for match in SENTENCE_END.finditer(text) if match.end() <= len(kept)]
    if ends and ends[-1] * 2 >= len(kept):
        return text[: ends[-1]].rstrip()
    return kept[:-1].rstrip() + ELLIPSIS if kept else ""


def cut_before(text: str, limit: int) -> str:
    """Return the end of `text` within `limit` UTF-16 units, from a sentence's start if that keeps half."""
    if utf16_length(text) <= limit:
        return text
    kept = _prefix(text[::-1], max(0, limit))[::-1]
    first, half = len(text) - len(kept), len(text) - len(kept) // 2
    begins = [match.end() for match in SENTENCE_END.finditer(text) if first <= match.end() <= half]
    if begins:
        return text[begins[0] :].lstrip()
    return ELLIPSIS + kept[1:].lstrip() if kept else ""


def _prefix(text: str, limit: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += 1 + (character > "\uffff")
        if used > limit:
            return text[:index]
    return text


def clean_name(name: str, units: float = 16) -> str:
    """Return a person's name on one line, without what is invisible or turns the writing around."""
    return shorten(INVISIBLE.sub("", name), units)
