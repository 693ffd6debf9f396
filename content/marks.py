"""How a line looks: its width, how it ends, what kind of heading it begins with."""

from __future__ import annotations

import re

from content.joints import WIDE

FINAL = "。！？!?…"
"""Marks that end a sentence."""

CLOSING = "”’」』）)》〉】]\"'"
"""Marks that may follow the mark that ends a sentence."""

NOTE_ENDS = tuple("]］①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
NOTE_MARK = re.compile(r"(?:[\[［]\d{1,3}[\]］]|[①-⑳])+$")

NEVER_FIRST = "，。、；：！？”’」』）》〉】…—·,.;:!?)]}%"
"""Marks that typesetters keep from the start of a line."""

PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "《": "》", "〈": "〉", "【": "】", "(": ")"}

LATIN_STOP = re.compile(r"[A-Za-z0-9%)\]”\"'’]\.$")

HAN_STOP = re.compile(r"[\u4e00-\u9fff][)）”\]]?\.$")

NUMBER = "一二三四五六七八九十百千零〇两"
HEADING = re.compile(
    rf"(?P<paren>[（(](?:[{NUMBER}]{{1,4}}|\d{{1,3}})[)）])"
    rf"|(?P<han>[{NUMBER}]{{1,4}}[、．.])"
    rf"|(?P<chapter>第[{NUMBER}\d]{{1,6}}[章节编部篇回卷讲课])"
    rf"|(?P<clause>第[{NUMBER}\d]{{1,6}}条)"
    r"|(?P<digits>\d{1,2}(?:\.\d{1,2}){0,3}[、．.](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s)"
    rf"|(?P<bare>[{NUMBER}]{{1,3}}$)"
    r"|(?P<circle>[①-⑳])"
    r"|(?P<bullet>[•●■◆▪]\s?)"
    r"|(?P<english>(?:Chapter|Part|Section)\s+(?:\d+|[IVXLC]+)\b)"
)
"""What a numbered heading, or a numbered item, begins with; the group names the style."""

SECTION = re.compile(r"[【\[［〖]\s*([^【】\[\]［］〖〗]{1,24}?)\s*[】\]］〗]")
"""A line that is a section's name in square brackets."""

BRACKETED = re.compile(r"[（(]\s*([^（）()]{2,24}?)\s*[)）]")
"""A line in round brackets, as signatures are."""

HEADING_EM = 45
"""A numbered line that is wider is a paragraph."""


def em(text: str) -> float:
    """Return the width of the text in squares: 1 for a wide character, a half for a narrow one."""
    return len(text) - len(WIDE.sub("", text)) / 2


def ends_sentence(text: str) -> bool:
    """Return whether the text ends with a final mark; closing marks and marks of notes, [1] or ①, aside."""
    if text[-1:] in NOTE_ENDS:
        text = NOTE_MARK.sub("", text)
    end = text.rstrip(CLOSING + " ")[-1:]
    if end == ".":
        text = text.rstrip("”’\"') ")
        return bool(HAN_STOP.search(text)) or (bool(LATIN_STOP.search(text)) and " " in text)
    return end != "" and end in FINAL


def heading_style(text: str) -> str | None:
    """Return the style of the number that the text begins with, or None."""
    found = HEADING.match(text)
    return found.lastgroup if found else None


def looks_like_heading(text: str) -> bool:
    """Return whether a paragraph that consists of the text may be a numbered sub-heading."""
    return (
        heading_style(text) is not None
        and not ends_sentence(text)
        and em(text) <= HEADING_EM
        and text[-1] not in "：:；;，,、"
    )
