"""Makes clean texts in our own words and breaks them into lines as old files have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from content.joints import CHINESE
from content.marks import NEVER_FIRST, PAIRS, em

PLACES = ("东村", "河口镇", "西山乡", "石桥街道", "临江社区", "南湖小学", "青年林场", "北门农贸市场")
PEOPLE = (
    "志愿者",
    "老支书",
    "图书管理员",
    "乡村医生",
    "种粮大户",
    "几位退休教师",
    "年轻的技术员",
    "环卫工人",
)
THINGS = (
    "读书角",
    "雨水管网",
    "“小院议事”",
    "《四季农事手册》",
    "夜校课程",
    "3公里步道",
    "旧水闸",
    "健康档案",
    "“一户一表”台账",
    "移动图书车",
    "排班制度",
    "24小时值守点",
)
DEEDS = (
    "重新商量了办法",
    "把账目一笔一笔摆出来",
    "定下了每周一次的碰头会",
    "请来邻村的师傅手把手教",
    "先试了两个月再推开",
    "把意见分成急办和缓办两类",
    "挨家挨户听了想法",
    "用一个冬天补上了欠账",
)
RESULTS = (
    "大家心里有了底",
    "来往的人明显多了起来",
    "投诉少了四成",
    "孩子们放学后有了去处",
    "汛期没有再积水",
    "每亩地省下65元",
    "晚上七点以后也有人值班",
    "这件事才算真正落了地",
)
TURNS = (
    "起初，",
    "后来，",
    "到了秋天，",
    "今年以来，",
    "与此同时，",
    "按照约定，",
    "",
    "",
    "",
    "说起来容易，做起来难，",
)
SPEAKERS = ("阿宁", "老周", "掌柜的", "小满", "船家", "外婆")
SAYINGS = (
    "水还没退，先别急着过桥",
    "你昨天不是说好了要来吗",
    "我算过，三天足够了",
    "这话我只说一遍",
    "那盏灯一直亮着，我看见的",
    "算了，路上再讲",
    "他信里写的是“等春天”",
    "嗯",
)
MOVES = (
    "{who}把伞收起来，靠在门边，半天没有出声。",
    "屋里静了一会儿，只听见炉子上的水响。",
    "{who}点点头，又摇摇头。",
    "天色暗下来，码头上的人三三两两地散了，{who}还站在原处。",
    "那一年的雪下得早，{who}记得很清楚。",
)
ENGLISH = (
    "The library opened at nine, and by ten every chair was taken.",
    "Nobody had expected so many readers in the middle of a working week.",
    "A volunteer counted 48 visitors before noon.",
    "She wrote the number on a card and pinned it to the board near the door.",
    "Some came for the newspapers; others, I suspect, came for the stove.",
    "Dr. Hale said the lending desk would need a second clerk by spring.",
    "It rained all afternoon.",
    "“You might,” she said, “ask at the mill—they keep the old ones there.”",
    "When the lamps were lit the room looked smaller and a good deal warmer than before.",
)


@dataclass(frozen=True)
class Setting:
    """How a text was set and what became of it on the way to a plain file."""

    width: int
    """Squares in a full line."""
    indent: str
    """kept, lost (first lines are two squares narrower), none."""
    blanks: str
    """Empty lines: none, all (after every line), some (here and there), paragraph (between paragraphs)."""
    trailing: bool
    """A blank is left at the end of each paragraph."""
    pages: str
    """What stands between pages: none, number, feed, head (a running head and a number)."""
    page_lines: int = 24
    kinsoku: str = "hang"
    """Where a closing mark would begin a line: it hangs, carry (takes the character before it along), off."""


def report(random: Random, paragraphs: int) -> list[str]:
    """Return paragraphs of a village paper."""
    return ["".join(_report_sentence(random) for _ in range(random.randint(2, 6))) for _ in range(paragraphs)]


def _report_sentence(random: Random) -> str:
    place, who, thing, deed, result = map(random.choice, (PLACES, PEOPLE, THINGS, DEEDS, RESULTS))
    turn, other = random.choice(TURNS), random.choice(THINGS)
    return random.choice(
        (
            f"{turn}{place}的{who}围绕{thing}{deed}，{result}。",
            f"{turn}{who}说，有了{thing}，{place}{result}；没有{other}，就谈不上{result}。",
            f"{place}把{thing}和{other}放在一起考虑，{deed}，{result}。",
            f"{turn}{result}，靠的是{who}{deed}。",
        )
    )


def dialogue(random: Random, paragraphs: int) -> list[str]:
    """Return paragraphs of a story: short speeches and what is seen between them."""
    return [_dialogue_paragraph(random) for _ in range(paragraphs)]


def _dialogue_paragraph(random: Random) -> str:
    who, saying, other = random.choice(SPEAKERS), random.choice(SAYINGS), random.choice(SAYINGS)
    moves = "".join(random.choice(MOVES).format(who=who) for _ in range(random.randint(1, 3)))
    return random.choice(
        (f"“{saying}。”", f"{who}说：“{saying}。{other}。”", f"“{saying}，”{who}说，“{other}。”", moves)
    )


def english(random: Random, paragraphs: int) -> list[str]:
    """Return paragraphs of English prose."""
    return [" ".join(random.choice(ENGLISH) for _ in range(random.randint(2, 5))) for _ in range(paragraphs)]


def hard_wrap(paragraphs: list[str], setting: Setting, random: Random) -> str:
    """Return the paragraphs as a plain file of lines."""
    lines: list[str] = []
    for paragraph in paragraphs:
        wrapped = list(_lines(paragraph, setting))
        wrapped[-1] += " " if setting.trailing else ""
        lines += wrapped
        if setting.blanks == "paragraph":
            lines.append("")
    return "\n".join(_with_blanks(_with_pages(lines, setting), setting, random))


def _lines(paragraph: str, setting: Setting) -> Iterator[str]:
    first = setting.width - (2 if setting.indent in ("kept", "lost") else 0)
    prefix, room = ("　　" if setting.indent == "kept" else ""), first
    while em(paragraph[: 2 * room + 1]) > room:
        stop = _break(paragraph, room, setting)
        yield prefix + paragraph[:stop].rstrip()
        paragraph, prefix, room = paragraph[stop:].lstrip(), "", setting.width
    if paragraph:
        yield prefix + paragraph


def _break(text: str, room: int, setting: Setting) -> int:
    """Return where a line of the text ends: words stay whole, marks as the setting says."""
    stop = min(len(text) - 1, 2 * room)
    while em(text[:stop]) > room:
        stop -= 1
    while stop > 1 and _joins(text[stop - 1], text[stop]):
        stop -= 1
    return _spare_marks(text, stop, setting.kinsoku)


def _spare_marks(text: str, stop: int, kinsoku: str) -> int:
    """Return the place near `stop` where no mark that closes begins a line, and none that opens ends one."""
    if kinsoku == "off":
        return stop
    if kinsoku == "carry":
        while stop > 2 and (text[stop] in NEVER_FIRST or text[stop - 1] in PAIRS):
            stop -= 1
        return stop
    if text[stop] in NEVER_FIRST:
        stop = stop + 1 if text[stop + 1 : stop + 2] not in tuple(NEVER_FIRST) else stop - 1
    return stop


def _joins(before: str, after: str) -> bool:
    return not CHINESE.match(before) and not CHINESE.match(after) and " " not in before + after


def _with_pages(lines: list[str], setting: Setting) -> Iterator[str]:
    for index, line in enumerate(lines):
        page, place = divmod(index, setting.page_lines)
        if page and not place:
            yield from {
                "none": (),
                "number": (str(page),),
                "feed": (),
                "head": (f"— {page} —", "四乡晚报·合订本"),
            }[setting.pages]
            line = ("\f" if setting.pages == "feed" else "") + line
        yield line


def _with_blanks(lines: Iterator[str], setting: Setting, random: Random) -> Iterator[str]:
    for line in lines:
        yield line
        if setting.blanks == "all" or (setting.blanks == "some" and random.random() < 0.05):
            yield ""
