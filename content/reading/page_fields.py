"""What a web page states about its article for machines: title, date, source, author. Guesses nothing.

A year in a footer is no date: only fields that are named for the day of publication are read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from content.reading.markup import Element
from content.reading.pieces import Piece
from content.reading.plain_text import clean

TITLE_NAMES = ("articletitle", "og:title", "citation_title", "dc.title")
DATE_NAMES = (
    "pubdate",
    "publishdate",
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publish_date",
    "dc.date",
    "dc.date.issued",
    "citation_date",
    "date",
)
SOURCE_NAMES = ("contentsource", "source", "mediaid")
AUTHOR_NAMES = ("author", "article:author", "dc.creator", "citation_author")
SITE_NAMES = ("og:site_name", "sitename", "sitehost")
"""The last is what `stated_fields` adds to a page whose address is known."""

DAY = re.compile(r"((?:1[89]|20)\d{2})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})(?!\d)")
SCRIPTED_DAY = re.compile(
    r"""["']?(?:datePublished|createTime|publish_time)["']?\s*[:=]\s*["']([^"']{8,30})["']"""
)
SCRIPTED_MOMENT = re.compile(r"""\bct\s*=\s*["'](\d{10})["']""")
"""Seconds since 1970 in pages of WeChat, which are dated in China's time."""

DATED_LINE = re.compile(
    r"(?P<day>(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2})日?[\s·|]*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r"[\s·|]+(?P<name>[^\s:：，。|]{2,16})"
)

CHINA = dt.timezone(dt.timedelta(hours=8))
SITE_SUFFIX = re.compile(r"\s*(?:[_|｜]|\s[-–—]\s|——|-(?=[^-]{2,16}$)).*", re.DOTALL)
FIELD_CHARS = 100


def read_fields(root: Element) -> dict[str, str]:
    """Return what is stated of title, date (as 2024-05-06), source and author."""
    metas = _metas(root)
    author = _first(metas, AUTHOR_NAMES)
    source = _first(metas, SOURCE_NAMES) or ("" if author else _first(metas, SITE_NAMES))
    fields = {
        "title": _title(root, metas),
        "date": _date(root, metas),
        "source": source,
        "author": author,
    }
    return {name: value for name, value in fields.items() if value}


def take_dated_line(pieces: Sequence[Piece], fields: Mapping[str, str]) -> tuple[list[Piece], dict[str, str]]:
    """Return the pieces without a line straight under the title that is a day and a name, and both as fields.

    What has labels, and a day alone, stays: that the structure reads.
    """
    found = DATED_LINE.fullmatch(pieces[1].text) if len(pieces) > 1 and pieces[0].level else None
    day = _day(found["day"]) if found else ""
    if found is None or not day:
        return list(pieces), dict(fields)
    return [pieces[0], *pieces[2:]], {"date": day, "source": found["name"], **fields}


def _metas(root: Element) -> dict[str, str]:
    """Return the contents of the page's `meta` elements by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        content = " ".join(clean(meta.get("content", "")).split())
        if content and len(content) <= FIELD_CHARS:
            found.setdefault(name.lower(), content)
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    values = [metas[name] for name in names if name in metas]
    return next((value for value in values if "://" not in value), "")


def _title(root: Element, metas: dict[str, str]) -> str:
    """Return the title: the page's one chief heading, what it states, or its window's title."""
    headings = [text for heading in root.iter("h1") if (text := _text(heading))]
    window = next((_text(title) for title in root.iter("title")), "")
    stated = _first(metas, TITLE_NAMES)
    if (
        len(headings) == 1
        and len(headings[0]) <= FIELD_CHARS
        and (headings[0] in window + stated or not stated)
    ):
        return headings[0]
    return SITE_SUFFIX.sub("", stated or window) or stated or window


def _text(element: Element) -> str:
    return " ".join(clean("".join(element.itertext())).split())


def _date(root: Element, metas: dict[str, str]) -> str:
    for name in DATE_NAMES:
        if day := _day(metas.get(name, "")):
            return day
    named = root.xpath(".//*[@itemprop='datePublished' or @pubdate]")
    times = {day for time in root.iter("time") if (day := _day(time.get("datetime", "")))}
    for text in [*(each.get("datetime") or each.get("content") or _text(each) for each in named), *times]:
        if len(times) <= 1 and (day := _day(text)):
            return day
    return _scripted_date(root)


def _scripted_date(root: Element) -> str:
    scripts = [script.text for script in root.iter("script") if script.text]
    for script in scripts:
        if found := SCRIPTED_DAY.search(script):
            return _day(found[1])
        if moment := SCRIPTED_MOMENT.search(script):
            return dt.datetime.fromtimestamp(int(moment[1]), CHINA).date().isoformat()
    return ""


def _day(text: str) -> str:
    found = DAY.search(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""
