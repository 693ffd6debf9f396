"""A title that was set on several lines, on one line again: with a space where its editor began a new clause.

No word list is consulted but the words that headlines open with; where in doubt the lines are joined closely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from content.joints import WIDE, joint
from content.structure.lines import Line

CLAUSE_OPENER = re.compile(
    r"不[折麻忘获负]|不断|不失|久久|主动|以|传达|全力|全面|全省|全市|凝聚|切实|创新|办好|加快|加强|努力|助力|勇|动员|化"
    r"|发挥|坚[决持定守]|增强|大力|奋[力进]|学习|安排|审议|守[住牢护]|完善|实施|审慎|对|向|听取|在|培育|落实|强[化调]|引领"
    r"|慎终|打[造好赢响]|扎实|抓[好紧住实]|抢抓|把|持续|推[动进]|提[高升]|携手|擦亮|敢|构[筑建]|深[入化]|清醒|牢[记固牢]"
    r"|用|着力|研究|确保|科学|积极|筑牢|紧[紧扣密]|统筹|继续|维护|聚[焦力]|营造|认真|让|讨论|谱写|进一步|部署|锚定|高举"
    r"|巩固|更[好加]|为|力争|毫不|因[时地势]|弘扬|践行|展现|汇聚|激[发活]|夯实|优化|严[格明防]|压[实紧]|担当|共[同克]"
    r"|分析|指导|督[促导]|号召|要求|通过|同时|解决|保障|促进|建[设立强]|实[现行]|开[展启创]|贯彻|奏响|探索|做[好实]"
)
"""Verbs and prepositions that a clause of a headline begins with."""

OPEN_END = re.compile(
    r"[，、：；,:·“（《‘「『\-—]$|(?:的|和|与|及|暨|在|对|向|以|为|把|被|从|到|于|中|统筹|继续|进一步|不断|持续|全面|深入|加快|推进|推动"
    r"|加强|坚持|坚决|开展|组织|贯彻|落实好|做好|抓好|学习贯彻|研究部署|中央|全国|全省|全市|十[一二三四五六七八九])$"
)
"""What a line ends with when its clause goes on."""

PERSON = re.compile(r"(?:书记|主席|总理|委员|主任|省长|市长|部长|同志)$")
BLANKS = re.compile(r"\s+")


def join_title(lines: Sequence[Line], blank_lines_count: bool) -> str:
    """Return the title on one line; `blank_lines_count` if an empty line tells two clauses apart here."""
    text = lines[0].text
    for before, after in pairwise(lines):
        apart = blank_lines_count and after.block.blanks_before > 0
        text += _title_joint(before.text, after.text, apart) + after.text
    return tidy_title(text)


def tidy_title(text: str) -> str:
    """Return the text with single spaces."""
    return BLANKS.sub(" ", text).strip()


def _title_joint(before: str, after: str, apart: bool) -> str:
    """Return a space where a clause begins with `after`; otherwise what two lines of a text are joined by."""
    if not WIDE.search(before):
        return joint(before, after)
    if (
        OPEN_END.search(before)
        or before.count("“") > before.count("”")
        or before.count("《") > before.count("》")
    ):
        return ""
    if after.startswith("在") and PERSON.search(before):
        return ""
    return " " if apart or CLAUSE_OPENER.match(after) else ""
