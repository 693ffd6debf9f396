"""One newsletter in every format that is read: what a reader makes of each can be compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from content.marks import NEVER_FIRST, em
from tests.content.packages import make_docx, make_epub, make_page, word_paragraph


@dataclass(frozen=True)
class Report:
    """An article of the newsletter."""

    section: str
    title: str
    date: dt.date
    source: str
    paragraphs: tuple[str, ...]

    @property
    def dateline(self) -> str:
        return f"{self.date.year}年{self.date.month}月{self.date.day}日"

    @property
    def signature(self) -> str:
        return f"（{self.source}）"


@dataclass(frozen=True)
class Newsletter:
    """A newsletter: its name and its articles in order."""

    name: str
    reports: tuple[Report, ...]


SPRING = Newsletter(
    "南塘文化站简报",
    (
        Report(
            "活动",
            "旧戏台下的第一场读书会",
            dt.date(2024, 4, 6),
            "文化站",
            (
                "清明刚过，南塘的旧戏台重新挂上了灯。文化站把三十张竹椅摆成半圆，请来种了四十年水稻的陈伯讲“一本书怎样读薄”。"
                "陈伯说，他年轻时只有一本《农谚集》，翻到封面掉了三回，每回都用米汤糊好。",
                "他的办法不难：读第一遍画圈，读第二遍把圈擦掉一半，读第三遍只留下一句话。“留下的那一句，才是你自己的。”"
                "台下有人问，要是一句也留不下来怎么办？他想了想，答道：“那就说明还没到时候，先放一放，等收了稻再读。”",
                "散场的时候，十二位街坊在登记簿上写了名字，约好每月第一个星期六再来。站里准备了5盏台灯和120张卡片，卡片正面抄一句话，"
                "背面写这句话从哪一页来；半年以后，拿出来换着看。",
                "也有人不识字，在卡片上画了一只筛子。陈伯接过去看了半天，说这张画得最明白：读书就是过筛，漏下去的不可惜，"
                "留在筛子里的要记得拿去种。大家笑了，灯也就在这时候熄了。",
            ),
        ),
        Report(
            "活动",
            "少年组用两天画完一张水系图",
            dt.date(2024, 4, 13),
            "少年组",
            (
                "四月第二个周末，少年组的九个孩子沿着南塘走了两天，把大大小小的沟渠画在一张三米长的纸上。最小的小满只有八岁，"
                "负责数桥；她数出二十一座，比县志上多了四座，后来才弄明白，多出来的是各家自己搭的石板。",
                "带队的刘老师事先定了一条规矩：凡是没有走到的地方，一律留白，不许照着旧图补。图画完以后，纸上有六处白。"
                "有的孩子觉得不好看，刘老师却说：“白的地方最要紧，它告诉后来的人，这里还没有人看过。”",
                "这张图现在挂在文化站的东墙上，旁边放着铅笔。谁走过了一处白，就可以填上去，并在角上写日期。到4月20日，六处白已经填了两处，"
                "都是傍晚遛狗的邻居填的。",
                "下个月他们打算再走一遍，这一回只画水闸和井。刘老师说，同一条河走第二遍，看见的往往比第一遍多，因为已经知道哪里该慢下来。"
                "愿意同去的，请在文化站门口的黑板上写名字，自己带水和铅笔。",
            ),
        ),
        Report(
            "札记",
            "一口钟和三种时间",
            dt.date(2024, 4, 18),
            "何青禾",
            (
                "站里有一口从前学校用的铁钟。整理库房的那天，我们在钟的里壁看见三道粉笔印，写着“上”“下”“饭”。"
                "从前打钟的人怕记错，就把三种敲法画在钟里，别人看不见，他自己一抬头就看见了。",
                "记性这件事，大约也是如此。把要紧的话写在本子上，不如写在每天抬头看得见的地方；写得满满当当，又不如只写三道。"
                "我试着照这个办法，把一周要读的东西写成三个词，贴在水缸上面：一个是“问”，一个是“慢”，还有一个空着，等读完再填。",
                "第一个星期，空着的地方填的是“桥”；第二个星期填的是“米汤”。两个词都不在书名里，可是一看见它们，整篇文章就回来了。"
                "An old bell, it turns out, is a good index card.",
                "后来铁钟搬到了院子里，孩子们放学路过都要敲一下。敲得多了，里壁的粉笔印渐渐淡下去，只剩一个“饭”字还认得出。"
                "我们商量过要不要描一遍，最后决定不描：该记住的人已经记住了。",
            ),
        ),
        Report(
            "札记",
            "为什么要把借书证做得大一点",
            dt.date(2024, 4, 25),
            "借阅台",
            (
                "新的借书证有巴掌那么大，常有人问：做小一点，放进钱包里不好吗？我们起初也是这样想的，试了两个月，丢了四十多张，"
                "捡到的人也不知道该还到哪里去。换成大的以后，背面写得下二十本书的名字，丢的反而少了。",
                "大卡片还有一个好处。还书的人把卡片递过来，值班的人一眼就看见他读过什么，便能接着问一句：“上一本里的那个摆渡人，"
                "你觉得他该不该走？”很多话就是这样说起来的，很多书也是这样借出去的。",
                "四月里一共借出216本书，还回198本，没有一本是催回来的。值班的五个人轮流在卡片背面画一个小记号，"
                "谁画的是圆，谁画的是三角，读者后来都分得清，有事便去找画圆的那一位。",
                "当然，大卡片也有不便：衣服口袋装不下，下雨容易湿。于是有人在卡片上打了一个孔，系一根麻绳，挂在门后。"
                "“出门的时候看见它，就知道今天还有一本书在等我。”这话是修鞋的老韩说的，他今年已经借满了两张。",
            ),
        ),
    ),
)
"""Four articles in two sections, in our own words."""

LINE_EM = 30


def to_txt(newsletter: Newsletter) -> str:
    """Return the newsletter as plain text without its name: wrapped, indented, titles centred."""
    lines: list[str] = []
    for section, reports in _sections(newsletter):
        lines += ["", f"【{section}】", ""]
        for report in reports:
            lines += ["", _centred(report.title), "", _centred(report.dateline), ""]
            lines += [line for text in report.paragraphs for line in _wrapped("　　" + text)]
            lines += [_pushed_right(report.signature), ""]
    return "\n".join(lines)


def to_md(newsletter: Newsletter) -> str:
    """Return the newsletter as Markdown."""
    parts = [f"# {newsletter.name}"]
    for section, reports in _sections(newsletter):
        parts.append(f"## {section}")
        for report in reports:
            parts += [f"### {report.title}", report.dateline, *report.paragraphs, report.signature]
    return "\n\n".join(parts) + "\n"


def to_html(newsletter: Newsletter) -> str:
    """Return the newsletter as a page of HTML, headings on three levels, without anything around it."""
    inside = f"<h1>{newsletter.name}</h1>\n" + "\n".join(
        f"<h2>{section}</h2>\n" + "\n".join(map(_report_html, reports))
        for section, reports in _sections(newsletter)
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh">\n'
        f'<head><meta charset="utf-8"><title>{newsletter.name}</title></head>\n'
        f"<body>\n{inside}\n</body></html>\n"
    )


def to_docx(newsletter: Newsletter) -> bytes:
    """Return the newsletter as a Word file with Word's styles for headings."""
    parts = [word_paragraph(newsletter.name, '<w:pStyle w:val="1"/>')]
    for section, reports in _sections(newsletter):
        parts.append(word_paragraph(section, '<w:pStyle w:val="2"/>'))
        for report in reports:
            texts = [report.dateline, *report.paragraphs, report.signature]
            parts += [word_paragraph(report.title, '<w:pStyle w:val="3"/>'), *map(word_paragraph, texts)]
    return make_docx("".join(parts))


def to_epub(newsletter: Newsletter) -> bytes:
    """Return the newsletter as a book, a chapter a section."""
    sections = _sections(newsletter)
    chapters = [
        make_page(f"<h1>{section}</h1>" + "".join(_report_html(report, 2) for report in reports))
        for section, reports in sections
    ]
    return make_epub(chapters, newsletter.name, [section for section, _ in sections])


def _sections(newsletter: Newsletter) -> list[tuple[str, list[Report]]]:
    groups = groupby(newsletter.reports, key=lambda report: report.section)
    return [(section, list(reports)) for section, reports in groups]


def _report_html(report: Report, level: int = 3) -> str:
    texts = [report.dateline, *report.paragraphs, report.signature]
    return f"<h{level}>{escape(report.title)}</h{level}>\n" + "\n".join(
        f"<p>{escape(text)}</p>" for text in texts
    )


def _centred(text: str) -> str:
    return "　" * int((LINE_EM - em(text)) / 2) + text


def _pushed_right(text: str) -> str:
    return "　" * int(LINE_EM - em(text) - 1) + text


def _wrapped(text: str) -> Iterator[str]:
    """Yield the lines of a paragraph; marks that never begin a line hang."""
    line = ""
    for character in text:
        if em(line + character) > LINE_EM and character not in NEVER_FIRST and not _in_word(line, character):
            yield line
            line = ""
        line += character
    yield line


def _in_word(line: str, character: str) -> bool:
    return line[-1:].isascii() and line[-1:].isalnum() and character.isascii() and character.isalnum()
