"""The numbers that Word sets before paragraphs and does not store in their text: 第一章, （二）, 1., a).

Formats after ECMA-376 part 1, 17.9 and 17.18.59. A number that has no known form is not invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from content.reading.archive import attribute, child, children, local
from content.reading.markup import Element

BULLET = "• "
LEVELS = 9
HIGHEST = 9_999
DIGITS = "零一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
TRADITIONAL_LEGAL_DIGITS = "零壹貳參肆伍陸柒捌玖"
ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
SERIES: Mapping[str, str] = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}
COUNTING = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    }
)
DIGIT_BY_DIGIT = frozenset({"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"})
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PLACE = re.compile(r"%([1-9])")
CLOSED = re.compile(r"[、．，：）〕】]$|^$")
"""After these the text follows at once; after 第一章 and 1. stands a space."""


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts."""

    start: int
    form: str
    text: str
    suffix: str
    legal: bool
    """True where the numbers of all levels are written in digits."""


@dataclass(frozen=True, slots=True)
class _List:
    """What paragraphs of one number refer to."""

    group: str
    """Lists of one group count on from each other."""
    levels: Mapping[int, Level]
    restarts: Mapping[int, int]


class Numbers:
    """Counts through the paragraphs of a document."""

    def __init__(self, root: Element | None, style_lists: Mapping[str, str]) -> None:
        """`style_lists` are the lists of the styles that abstract lists may point to."""
        self.lists = _read_lists(root, style_lists)
        self.counts: dict[str, list[int | None]] = {}
        self.seen: set[tuple[str, int]] = set()

    def next(self, list_id: str, depth: int) -> str | None:
        """Return what Word shows before the next paragraph of the list; None where that is not known."""
        found = self.lists.get(list_id)
        level = found.levels.get(depth) if found else None
        if found is None or level is None:
            return None
        counts = self.counts.setdefault(found.group, [None] * LEVELS)
        if depth in found.restarts and (list_id, depth) not in self.seen:
            counts[depth] = found.restarts[depth] - 1
        self.seen.add((list_id, depth))
        counts[depth] = _counted(counts[depth], level.start)
        counts[depth + 1 :] = [None] * (LEVELS - depth - 1)
        return _shown(found.levels, depth, counts)


def _counted(count: int | None, start: int) -> int:
    return start if count is None else count + 1


def _shown(levels: Mapping[int, Level], depth: int, counts: Sequence[int | None]) -> str | None:
    level = levels[depth]
    if level.form == "bullet":
        return BULLET
    parts = PLACE.split(level.text)
    for index in range(1, len(parts), 2):
        place = int(parts[index]) - 1
        other = levels.get(place)
        count = counts[place] if counts[place] is not None else other.start if other else 1
        form = "decimal" if level.legal else other.form if other else "decimal"
        number = write_number(count or 0, form)
        if number is None:
            return None
        parts[index] = number
    return _suffixed("".join(parts).strip(), level.suffix)


def _suffixed(text: str, suffix: str) -> str:
    apart = suffix == "space" or (suffix != "nothing" and not CLOSED.search(text))
    return text + " " * apart


def write_number(number: int, form: str) -> str | None:
    """Return the number in one of Word's forms; None where the form, or the number in it, is not known."""
    if not 0 <= number <= HIGHEST:
        return None
    if series := SERIES.get(form):
        return series[number - 1] if 1 <= number <= len(series) else None
    if form in COUNTING:
        return _han(number, DIGITS, "十百千").removeprefix("一" if 10 <= number < 20 else "-")
    match form:
        case "decimal" | "decimalHalfWidth":
            return str(number)
        case "decimalZero":
            return f"{number:02}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate(FULL_WIDTH)
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
            return letters.upper() if form == "upperLetter" else letters
        case "lowerRoman" | "upperRoman":
            return _roman(number).upper() if form == "upperRoman" else _roman(number)
        case "chineseLegalSimplified":
            return _han(number, LEGAL_DIGITS, "拾佰仟")
        case "ideographLegalTraditional":
            return _han(number, TRADITIONAL_LEGAL_DIGITS, "拾佰仟")
        case "none":
            return ""
        case _ if form in DIGIT_BY_DIGIT:
            return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
        case _:
            return None


def _han(number: int, digits: str, places: str) -> str:
    """Return the number below 10,000 in words: 205 is 二百零五."""
    text = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + (places[power - 1] if power else "")
        elif text and number % 10**power and not text.endswith(digits[0]):
            text += digits[0]
    return text or digits[0]


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _read_lists(root: Element | None, style_lists: Mapping[str, str]) -> dict[str, _List]:
    abstracts = {attribute(each, "abstractNumId") or "": each for each in children(root, "abstractNum")}
    numbers = {attribute(each, "numId") or "": each for each in children(root, "num")}
    return {
        list_id: _read_list(number, numbers, abstracts, style_lists) for list_id, number in numbers.items()
    }


def _read_list(
    number: Element,
    numbers: Mapping[str, Element],
    abstracts: Mapping[str, Element],
    style_lists: Mapping[str, str],
) -> _List:
    group = attribute(child(number, "abstractNumId"), "val") or ""
    abstract = abstracts.get(group)
    linked = style_lists.get(attribute(child(abstract, "numStyleLink"), "val") or "", "")
    if linked in numbers:
        group = attribute(child(numbers[linked], "abstractNumId"), "val") or group
        abstract = abstracts.get(group)
    levels = dict(map(_read_level, children(abstract, "lvl")))
    restarts: dict[int, int] = {}
    for override in children(number, "lvlOverride"):
        depth = _whole(attribute(override, "ilvl"), 0)
        levels |= dict(map(_read_level, children(override, "lvl")))
        if (start := attribute(child(override, "startOverride"), "val")) is not None:
            restarts[depth] = _whole(start, 1)
    return _List(group, levels, restarts)


def _read_level(level: Element) -> tuple[int, Level]:
    values = {local(each): attribute(each, "val") or "" for each in level}
    return _whole(attribute(level, "ilvl"), 0), Level(
        start=_whole(values.get("start"), 1),
        form=values.get("numFmt", "decimal"),
        text=values.get("lvlText", ""),
        suffix=values.get("suff", "tab"),
        legal="isLgl" in values and values["isLgl"] not in ("0", "false"),
    )


def _whole(text: str | None, otherwise: int) -> int:
    """Return the whole number that the text is, or the other where it is none."""
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else otherwise
