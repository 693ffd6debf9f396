"""What people type when asked for a time, a zone or a date → the value, or None where it says none.

Pure: a date is read relative to the `today` that is given. Both languages are read whatever the reader's is.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

FIGURES = "零一二三四五六七八九"
ONE = r"[一二三四五六七八九两兩]"
N = rf"(?:[0-9]{{1,2}}|{ONE}?十{ONE}?|[零〇]?{ONE}|{ONE}?[零〇])"
"""A number up to 99, in Arabic or Chinese figures."""
NO_HOUR = 24
"""Stands for an hour that does not exist or contradicts its part of the day; there is no 24:00."""

CLOCK = re.compile(r"(?:at)?(?P<hour>[0-9]{1,2})(?:[:.]?(?P<minute>[0-9]{2}))?(?:(?P<half>[ap])\.?m\.?)?")
SPOKEN = re.compile(
    r"(?P<part>凌晨|清晨|早晨|早上|上午|早|中午|下午|午后|傍晚|晚上|半夜|夜里|晚|夜)?"
    rf"(?P<hour>{N})[点點时時:]钟?(?P<minute>整|半|一刻|三刻|{N}(?=分|$))?分?"
)
MORNING = ("凌晨", "清晨", "早晨", "早上", "上午", "早")
NIGHT = ("晚上", "半夜", "夜里", "晚", "夜")
QUARTERS = {"整": 0, "一刻": 15, "半": 30, "三刻": 45}


def parse_time(text: str) -> int | None:
    """Return the time of day in minutes after midnight; None where there is none in `text`.

    Reads 7:30, 07：30, 0730, 7.30, 早上7点半, 晚9点, 下午3点一刻, 七点半, 8am, 9:15 pm.
    """
    line = re.sub(r"^每[天日]?", "", _plain(text))
    if match := CLOCK.fullmatch(line):
        hour, minute = _of_half(int(match["hour"]), match["half"]), int(match["minute"] or 0)
    elif match := SPOKEN.fullmatch(line):
        hour = _of_part(_number(match["hour"]), match["part"] or "")
        minute = QUARTERS.get(match["minute"] or "整", -1)
        minute = _number(match["minute"]) if minute < 0 else minute
    else:
        return None
    return hour * 60 + minute if hour < NO_HOUR and minute < 60 else None


def _of_half(hour: int, half: str | None) -> int:
    """Return the hour of 24 for an hour with am or pm (or neither)."""
    if not half:
        return hour
    return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else NO_HOUR


def _of_part(hour: int, part: str) -> int:
    """Return the hour of 24 for an hour of some part of the day."""
    if not part:
        return hour
    if part in MORNING:
        return (0 if part == "凌晨" and hour == 12 else hour) if hour <= 12 else NO_HOUR
    if part in NIGHT and (hour == 12 or hour < 5):
        return hour % 12  # twelve at night, and the small hours
    if hour >= 12 or (part == "中午" and hour >= 10):
        return hour
    return hour + 12


ZONES_BY_CITY = {
    "Asia/Shanghai": "北京 上海 天津 重庆 广州 深圳 杭州 南京 成都 武汉 西安 拉萨 哈尔滨 中国 beijing china",
    "Asia/Urumqi": "乌鲁木齐 新疆",
    "Asia/Hong_Kong": "香港",
    "Asia/Macau": "澳门",
    "Asia/Taipei": "台北 臺北 台湾 taiwan",
    "Asia/Tokyo": "东京 東京 大阪 日本 osaka japan",
    "Asia/Seoul": "首尔 汉城 韩国 korea",
    "Asia/Singapore": "新加坡",
    "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 malaysia",
    "Asia/Bangkok": "曼谷 泰国 thailand",
    "Asia/Ho_Chi_Minh": "胡志明市 河内 越南 hanoi vietnam",
    "Asia/Jakarta": "雅加达",
    "Asia/Manila": "马尼拉 菲律宾 philippines",
    "Asia/Kolkata": "新德里 孟买 印度 delhi newdelhi mumbai india",
    "Asia/Dubai": "迪拜 阿联酋 uae",
    "Europe/Istanbul": "伊斯坦布尔 土耳其 turkey",
    "Europe/Moscow": "莫斯科",
    "Europe/London": "伦敦 英国 uk england",
    "Europe/Paris": "巴黎 法国 france",
    "Europe/Berlin": "柏林 慕尼黑 法兰克福 汉堡 德国 munich frankfurt hamburg germany",
    "Europe/Madrid": "马德里 西班牙 巴塞罗那 spain barcelona",
    "Europe/Rome": "罗马 米兰 意大利 milan italy",
    "Europe/Zurich": "苏黎世 日内瓦 瑞士 geneva switzerland",
    "Europe/Amsterdam": "阿姆斯特丹 荷兰 netherlands",
    "Africa/Cairo": "开罗 埃及 egypt",
    "Australia/Sydney": "悉尼 canberra 堪培拉",
    "Australia/Melbourne": "墨尔本",
    "Pacific/Auckland": "奥克兰 新西兰 newzealand",
    "America/New_York": "纽约 波士顿 华盛顿 boston washington",
    "America/Toronto": "多伦多",
    "America/Chicago": "芝加哥 休斯敦 houston",
    "America/Denver": "丹佛",
    "America/Los_Angeles": "洛杉矶 旧金山 西雅图 硅谷 sanfrancisco seattle",
    "America/Vancouver": "温哥华",
    "America/Sao_Paulo": "圣保罗 巴西 brazil",
    "Pacific/Honolulu": "夏威夷 檀香山 hawaii",
}
"""Names that the IANA database does not have, in the form `_plain` gives them."""
OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>00|30|45))?")
SECTOR = re.compile(rf"(?P<side>[东東西])(?P<hours>{N})[区區]")
REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
"""Where the last part of a name is a city or an island."""
PART_HOUR_ZONES = {
    "+0330": "Asia/Tehran",
    "+0430": "Asia/Kabul",
    "+0530": "Asia/Kolkata",
    "+0545": "Asia/Kathmandu",
    "+0630": "Asia/Yangon",
    "+0930": "Australia/Darwin",
}
"""Offsets of part of an hour have no Etc zone; these places keep them all year."""


def parse_zone(text: str) -> str | None:
    """Return the IANA name of the zone that `text` names; None where there is none.

    Reads IANA names in any case, cities, and offsets such as UTC+8, GMT-5 and 东八区 (as Etc/GMT names,
    whose sign is the other way round).
    """
    line = re.sub(r"(?:标准|標準)?(?:时间|時間|时区|時區|time)$|市$", "", _plain(text))
    named = _zones().get(line) or _zones().get(line + "市")
    match = OFFSET.fullmatch(line) or SECTOR.fullmatch(line)
    return _offset_zone(match.groupdict()) if match and not named else named


def _offset_zone(parts: dict[str, str | None]) -> str | None:
    east = (parts.get("sign") or parts.get("side")) in ("+", "东", "東")
    hours, minutes = _number(parts["hours"] or ""), parts.get("minutes") or "00"
    if minutes != "00":
        return PART_HOUR_ZONES.get(f"{'+' if east else '-'}{hours:02}{minutes}")
    if hours > (14 if east else 12):  # the range of Etc/GMT names
        return None
    return f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "Etc/GMT"


@cache
def _zones() -> dict[str, str]:
    """Return plain name → zone: full names, over them last parts (Tokyo), over them `ZONES_BY_CITY`."""
    names = sorted(available_timezones() - {"Factory", "localtime"}, key=lambda name: (name.count("/"), name))
    full = {_plain(name): name for name in names}
    last = {_plain(name.rpartition("/")[2]): name for name in reversed(names) if name.startswith(REGIONS)}
    cities = {city: zone for zone, listed in ZONES_BY_CITY.items() for city in listed.split()}
    return full | last | cities


NEAR = dict(zip(["大前天", "前天", "昨天", "今天", "明天", "后天", "大后天"], range(-3, 4), strict=True))
NEAR |= {"yesterday": -1, "today": 0, "tomorrow": 1}
"""Days from today."""
DAYS = {"天": 1, "day": 1, "week": 7}
"""Days in what a stretch is counted in; every other word is a week."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HAN_WEEKDAYS = "一二三四五六日"

FULL_DATE = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})[日号號]?")
MONTH_AND_DAY = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})|({N})月({N})[日号號]?")
DAY_OF_MONTH = re.compile(rf"({N})[日号號]")
ENGLISH_DATE = re.compile(
    r"(?P<day>[0-9]{1,2}(?=[a-z]))?(?:st|nd|rd|th)?(?P<month>[a-z]{3,9}?)"
    r"(?:(?P<after>[0-9]{1,2})(?:st|nd|rd|th)?)?(?:,?(?P<year>[0-9]{4}))?"
)
HAN_WEEKDAY = re.compile(rf"(?P<next>下*)[个個这這本]?(?:周|週|星期|礼拜|禮拜)(?P<day>[{HAN_WEEKDAYS}天末])")
ENGLISH_WEEKDAY = re.compile(
    rf"(?P<next>next)?(?:this|on)?(?P<day>{'|'.join(WEEKDAYS)})(?:s|nes|rs|ur)?(?:day)?"
)
NEXT_MONTH = re.compile(r"(下+)个?月初?|(next)month")
STRETCH = re.compile(
    rf"(?:in)?(?P<n>{N}|an?)[个個]?(?P<unit>天|周|週|星期|礼拜|禮拜|day|week)s?(?:以?[后後]|later)?"
)


def parse_date(text: str, today: dt.date) -> dt.date | None:
    """Return the date that `text` names, today or later where it names no year; None where there is none.

    Reads 2026-10-08, 10-8, 8号, 昨天, 明天, 下周一, 3天后, 下个月 (its first day), tomorrow, 8 Oct, a week.
    """
    line = re.sub(r"^(?:直?到|until|till)|(?:为止)$", "", _plain(text))
    if (near := NEAR.get(line.replace("後", "后"))) is not None:
        return today + dt.timedelta(days=near)
    readers = (
        _full_date,
        _month_and_day,
        _day_of_month,
        _next_month,
        _stretch,
        _han_weekday,
        _english_weekday,
        _english_date,
    )
    return next((date for read in readers if (date := read(line, today))), None)


def _full_date(line: str, _today: dt.date) -> dt.date | None:
    match = FULL_DATE.fullmatch(line)
    return _date(*map(int, match.groups())) if match else None


def _month_and_day(line: str, today: dt.date) -> dt.date | None:
    match = MONTH_AND_DAY.fullmatch(line)
    if match is None:
        return None
    month, day = (_number(part) for part in match.groups() if part)
    return _coming(today, month, day)


def _day_of_month(line: str, today: dt.date) -> dt.date | None:
    match = DAY_OF_MONTH.fullmatch(line)
    if match is None:
        return None
    day, months = _number(match[1]), range(today.month - 1, today.month + 2)
    dates = (_date(today.year + month // 12, month % 12 + 1, day) for month in months)
    return next((date for date in dates if date and date >= today), None)


def _next_month(line: str, today: dt.date) -> dt.date | None:
    match = NEXT_MONTH.fullmatch(line)
    years, month = divmod(today.month - 1 + len(match[1] or "1") if match else 0, 12)
    return _date(today.year + years, month + 1, 1) if match else None


def _english_date(line: str, today: dt.date) -> dt.date | None:
    match = ENGLISH_DATE.fullmatch(line)
    month = _english_month(match["month"]) if match else None
    if match is None or month is None or bool(match["day"]) == bool(match["after"]):
        return None
    day = int(match["day"] or match["after"])
    return _date(int(match["year"]), month, day) if match["year"] else _coming(today, month, day)


def _english_month(word: str) -> int | None:
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word)), None)


def _han_weekday(line: str, today: dt.date) -> dt.date | None:
    match = HAN_WEEKDAY.fullmatch(line)
    if match is None:
        return None
    weekday = {"天": 6, "末": 5}.get(match["day"], HAN_WEEKDAYS.find(match["day"]))
    return _weekday(today, weekday, len(match["next"]))


def _english_weekday(line: str, today: dt.date) -> dt.date | None:
    match = ENGLISH_WEEKDAY.fullmatch(line)
    return _weekday(today, WEEKDAYS.index(match["day"]), bool(match["next"])) if match else None


def _stretch(line: str, today: dt.date) -> dt.date | None:
    match = STRETCH.fullmatch(line)
    if match is None:
        return None
    n = 1 if match["n"] in ("a", "an") else _number(match["n"])
    return today + dt.timedelta(days=n * DAYS.get(match["unit"], 7))


def _weekday(today: dt.date, weekday: int, weeks: int) -> dt.date:
    """Return the weekday of the week `weeks` ahead (weeks begin on Monday), or the next one after today."""
    ahead = weekday - today.weekday()
    return today + dt.timedelta(days=ahead + 7 * weeks if weeks else (ahead - 1) % 7 + 1)


def _coming(today: dt.date, month: int, day: int) -> dt.date | None:
    """Return that day in this year, or in the next where it is past."""
    dates = (_date(year, month, day) for year in (today.year, today.year + 1))
    return next((date for date in dates if date and date >= today), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Return the text in half-width, lower case, without blanks and closing marks."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s_]", "", narrow).strip(".。!?,，吧")


def _number(text: str) -> int:
    """Return the number that `N` matched, or digits did."""
    if text.isascii():
        return int(text)
    figures = text.translate(str.maketrans("〇两兩", "零二二"))
    tens, ten, ones = figures.rpartition("十")
    if not ten:
        return int("".join(str(FIGURES.index(figure)) for figure in figures))
    return (FIGURES.index(tens) if tens else 1) * 10 + (FIGURES.index(ones) if ones else 0)
