"""Newsletters in our own words, made at random and hard-wrapped, with what a reader would find in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from content.marks import em
from tests.content.hard_wrap import PEOPLE, PLACES, THINGS, Setting, hard_wrap, report

BEGINNINGS = ("召开", "推进", "做好", "用好", "管好", "办好")
ENDINGS = ("工作会议", "的几点体会", "让邻里更近", "三个月见成效", "迎来第一百位读者", "的办法与得失")
FIRST_WORDS = (
    "{day}，{place}",
    "近日，{place}",
    "本报讯 {day}，{place}",
    "{place}",
    "四乡新闻网讯（记者 林一舟）{day}，{place}",
)
SECTIONS = ("要闻", "各村动态", "来信", "经验交流", "读书角")
SIGNATURES = ("（文化站）", "（河口镇供稿）", "（记者 林一舟）", "来源：四乡晚报", "摘自：《四乡晚报》", "")
STOCK = "会议还研究了其他事项。"


@dataclass(frozen=True)
class Style:
    """How the articles of a newsletter are set."""

    setting: Setting
    centred: bool
    title_width: int
    """A longer title is broken into lines of this many squares."""
    sections: bool
    signatures: bool
    dates: bool
    """A line with the date stands under the title."""
    gap: int
    """Empty lines before a title."""
    title_gap: int
    """Empty lines after a title."""


@dataclass(frozen=True)
class Newsletter:
    """A file and its articles: titles without white space, and the line in the file where each begins."""

    text: str
    titles: list[str]
    first_lines: list[int]
    paragraphs: list[list[str]]


def any_style(random: Random) -> Style:
    """Return one of the many ways to set a newsletter."""
    setting = Setting(
        width=random.randint(20, 40),
        indent=random.choice(("kept", "kept", "lost", "none")),
        blanks=random.choice(("none", "none", "paragraph")),
        trailing=random.random() < 0.2,
        pages="none",
        kinsoku=random.choice(("hang", "carry", "off")),
    )
    return Style(
        setting=setting,
        centred=random.random() < 0.5,
        title_width=random.choice((12, 16, setting.width - 4)),
        sections=random.random() < 0.5,
        signatures=random.random() < 0.5,
        dates=random.random() < 0.3,
        gap=random.choice((0, 1, 2)),
        title_gap=random.choice((0, 1)),
    )


def any_title(random: Random) -> str:
    """Return a headline."""
    place, who, thing = random.choice(PLACES), random.choice(PEOPLE), random.choice(THINGS)
    return random.choice(
        (
            f"{place}{random.choice(BEGINNINGS)}{thing}{random.choice(ENDINGS)}",
            f"{random.choice(BEGINNINGS)}{thing} {random.choice(BEGINNINGS)}{random.choice(THINGS)}",
            f"{place}：{thing}{random.choice(ENDINGS)}",
            f"{who}和{thing}的故事",
            f"{random.randint(1, 12)}月{random.randint(1, 28)}日{place}召开{thing}会议",
            f"在{place}{thing}座谈会上的讲话",
        )
    )


def newsletter(random: Random, style: Style, articles: int = 6) -> Newsletter:
    """Return a newsletter of so many articles."""
    lines: list[str] = []
    titles: list[str] = []
    starts: list[int] = []
    bodies: list[list[str]] = []
    for number in range(articles):
        if style.sections and number % 2 == 0:
            lines += [*[""] * bool(lines), f"【{random.choice(SECTIONS)}】"]
        lines += [""] * (style.gap if lines else 0)
        title = any_title(random)
        titles.append("".join(title.split()))
        starts.append(len(lines) + 1)
        body = _body(random)
        bodies.append(body)
        lines += [_centre(line, style) for line in _break_title(title, style.title_width)]
        if style.dates:
            lines.append(_centre(f"（2023年{random.randint(1, 12)}月{random.randint(1, 28)}日）", style))
        lines += [""] * style.title_gap
        lines += hard_wrap(body, style.setting, random).rstrip("\n").split("\n")
        if style.signatures and (signature := random.choice(SIGNATURES)):
            lines.append(" " * 2 * max(0, style.setting.width - int(em(signature))) + signature)
    return Newsletter("\n".join(lines) + "\n", titles, starts, bodies)


def _body(random: Random) -> list[str]:
    paragraphs = report(random, random.randint(3, 7))
    day = f"{random.randint(1, 12)}月{random.randint(1, 28)}日"
    lead = random.choice(FIRST_WORDS).format(day=day, place=random.choice(PLACES))
    stock = [STOCK] if random.random() < 0.2 else []
    return [f"{lead}传来消息：{paragraphs[0]}", *paragraphs[1:], *stock]


def _break_title(title: str, width: int) -> list[str]:
    """Return the title on lines of nearly equal length, none of them wider than `width`."""
    count = -(-int(em(title)) // width)
    size = -(-len(title) // count)
    return [title[start : start + size].strip() for start in range(0, len(title), size)]


def _centre(line: str, style: Style) -> str:
    spare = int(style.setting.width - em(line)) if style.centred else 0
    return "　" * max(0, spare // 2) + line


def flat(style: Style) -> Style:
    """Return the style with paragraphs that are not broken into lines."""
    return replace(style, setting=replace(style.setting, width=2000))


def start_scores(found: Sequence[int], wanted: Sequence[int]) -> tuple[int, int, int]:
    """Return how many starts are right, found and wanted."""
    return len(set(found) & set(wanted)), len(found), len(wanted)
