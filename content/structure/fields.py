"""Lines about a text that are not of it: dates, sources, authors, signatures, stock closing lines."""

from __future__ import annotations

import re

from content.marks import BRACKETED, HEADING, ends_sentence
from content.structure.dates import find_date, is_dateline

SOURCE_FIELD = re.compile(
    r"[（(【]?\s*(?:来源|稿件来源|文章来源|摘自|转自|转载自|原载|供稿|供稿单位)\s*[:：]\s*(?P<value>.+?)\s*[)）】]?"
)
AUTHOR_FIELD = re.compile(
    r"[（(]?\s*(?:作者|文|撰稿|编辑|责任编辑|责编|通讯员|记者)\s*[:：]\s*(?P<value>.+?)\s*[)）]?"
)
DATE_FIELD = re.compile(r"[（(]?\s*(?:发布|发表|更新)(?:时间|日期)\s*[:：]\s*(?P<value>.+?)\s*[)）]?")
FIELD_GAP = re.compile(
    r"[\s|]+(?=(?:稿件|文章)?(?:来源|作者|编辑|责任编辑|责编|记者|(?:(?:发布|发表|更新)(?:时间|日期)|日期|时间))\s*[:：]"
    r"|(?:1[89]|20)\d{2}[-/.年])"
)
PLAIN_DATE_FIELD = re.compile(r"[（(]?\s*(?:日期|时间|[发刊]布?日)\s*[:：]\s*(?P<value>.+?)\s*[)）]?")
"""Says when the text is from where it stands with the text's source; in a notice it says when people meet."""

FIELD_CHARS = 60
"""A longer line says more than one thing and stays in the text."""

AGENCY_LEAD = re.compile(
    r"[（(【]?\s*(?P<agency>[\u4e00-\u9fff]{2,10}?(?:网|社|报|客户端))[^，。；：\s]{0,14}[电讯]"
    r"(?=[\s（(，,:：】）)\d—-])"
)
"""A report's first words: 某某网讯, 某某社北京2月23日电."""

OWN_PAPER = "本报"
INLINE_SOURCE = re.compile(r"[（(]\s*(?:来源|摘自|转自|原载)\s*[:：]\s*([^（）()]{2,30})\s*[)）]$")

CLOSING = re.compile(
    r"会议还(?:研究|讨论|审议|听取)(?:了|并研究了)?其他(?:有关)?(?:事项|工作|议题)[。．.]?"
    r"|[（(]?(?:全文)?完[)）]?|[（(]?本文(?:有|略有|作者有)(?:删节|改动)[。]?[)）]?"
    r"|(?:更多|欢迎|敬请|请)[^。]{0,16}(?:关注|扫码|订阅)[^。]{0,20}[。！!]?"
)
"""The line that ends a report on a meeting, or any text, and says nothing about it."""

NOT_SIGNATURES = re.compile(
    r"(?:长时间)?(?:热烈)?(?:鼓掌|掌声|笑声|欢呼)|完|略|全文完|未完待续|待续|下同|节选|摘要|图略"
)
NAME = re.compile(
    r"[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,3}"
)
FIRST_HEADS = re.compile("前言|引言|导语|摘要|序言|序|导读|按语|编者按|目录|概述|简介|背景|总则|开头语")
"""What stands under a title and is nobody's name."""

BY = re.compile(r"(?:[Bb]y|文[:：/]?|□|■|○|◎)\s*(?P<name>[^\s。，].{0,30})")


LABEL = re.compile(
    "(?:会议)?(?:时间|日期|地点|主题|议题|出席|列席|缺席|参加|主持|记录|对象|人员|联系人|电话|附件|主送|抄送)[^：:，。]{0,4}[：:]"
)
"""What a line of minutes or of a notice begins with: it is text, not a title."""

NOTE = re.compile(r"[（(].*[)）]")
REPORTER = re.compile(r"(?:本[报网刊]|特约)?(?:记者|作者|通讯员)[\s:：]+")


def is_dated_note(text: str) -> bool:
    """Return whether the text is in brackets and names a day: when a rule was passed, a speech was given."""
    return bool(NOTE.fullmatch(text) and len(text) <= FIELD_CHARS and find_date(text))


def is_signature(text: str) -> bool:
    """Return whether the text is a name in round brackets, as it stands under an article."""
    found = BRACKETED.fullmatch(text)
    return bool(
        found
        and not find_date(text)
        and not HEADING.match(text)
        and not NOT_SIGNATURES.fullmatch(found[1])
        and not ends_sentence(found[1])
    )


def signature(text: str) -> str:
    """Return the name in the brackets; a label such as 来源： is left out."""
    found = SOURCE_FIELD.fullmatch(text) or AUTHOR_FIELD.fullmatch(text)
    return found["value"] if found else REPORTER.sub("", text.strip("（()） \u3000"), count=1)


def split_fields(text: str) -> list[str]:
    """Return the labelled fields of a line, 来源：… 发布时间：…; none where any of it is not a field."""
    if len(text) > FIELD_CHARS or ends_sentence(text):
        return []
    fields = FIELD_GAP.split(text)
    known = list(map(_is_single_field, fields))
    return fields if any(known) and all(map(_is_field_beside, fields, known)) else []


def _is_field_beside(text: str, known: bool) -> bool:
    return known or plain_date(text) is not None


def plain_date(text: str) -> str | None:
    """Return the date of a line such as 日期：2021-04-05, or None."""
    found = PLAIN_DATE_FIELD.fullmatch(text)
    return found["value"] if found and is_dateline(found["value"]) else None


def _is_single_field(text: str) -> bool:
    if is_dateline(text) or SOURCE_FIELD.fullmatch(text) or AUTHOR_FIELD.fullmatch(text):
        return True
    found = DATE_FIELD.fullmatch(text)
    return bool(found and is_dateline(found["value"]))


def is_byline(text: str) -> bool:
    """Return whether a line straight under a title may be its author's name."""
    return bool(BY.fullmatch(text) or (NAME.fullmatch(text) and not FIRST_HEADS.fullmatch(text)))


def byline(text: str) -> str:
    """Return the name in a byline."""
    found = BY.fullmatch(text)
    return found["name"] if found else text


def agency(text: str) -> str | None:
    """Return the news agency that the first words of a report name, or None."""
    found = AGENCY_LEAD.match(text)
    return found["agency"] if found and not found["agency"].startswith(OWN_PAPER) else None
